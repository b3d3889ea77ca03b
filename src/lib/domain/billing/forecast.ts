import {
	addDays,
	datesOf,
	daysBetween,
	irregularDaysOf,
	type DatePeriod,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';
import type { Currency } from '#lib/domain/kernel/money.ts';
import type { LoadDay } from '#lib/domain/metering/load-day.ts';
import { rate } from '#lib/domain/rating/rate.ts';
import type { PointUsage, RatingInput } from '#lib/domain/rating/types.ts';

/** Weeks of the customer's own history that the days to come are taken from. */
const LOOK_BACK_WEEKS = 8;
const WEEK_DAYS = 7;
const MINUTES_PER_DAY = 1440;

/** Days before a bill whose readings a forecast of it may use. */
export const FORECAST_LOOK_BACK_DAYS = LOOK_BACK_WEEKS * WEEK_DAYS;

/** A running bill: what it comes to so far, and what it is expected to come to. */
export interface BillForecast {
	readonly period: DatePeriod;
	/** Last day whose readings count. */
	readonly through: LocalDate;
	/** The bill of the days up to and with `through`; monthly charges count for those days. */
	readonly soFarMinor: bigint;
	readonly soFarWh: number;
	/** Middle, lowest and highest bill of the month if the days to come are as in one of the weeks before. */
	readonly expectedMinor: bigint;
	readonly lowMinor: bigint;
	readonly highMinor: bigint;
	/** Weeks that were tried. */
	readonly weeks: number;
}

/** The running bill of an account, and how good such forecasts were. */
export interface RunningBill extends BillForecast {
	readonly currency: Currency;
	/** Mean distance of earlier forecasts from their bills, as a share of the bill; null without any. */
	readonly past: { readonly bills: number; readonly meanError: number } | null;
}

/**
 * Forecasts the bill of a period by the engine that will issue it: the days to come are those of the same
 * weekday in the weeks before, once for each week, so the range is what this customer's own weeks would cost.
 * @param points readings of the period and of `FORECAST_LOOK_BACK_DAYS` before `through`
 * @returns null where a day to come has no like day, or the rating refuses
 */
export function forecastBill(
	basis: Omit<RatingInput, 'usage'>,
	points: readonly PointUsage[],
	through: LocalDate
): BillForecast | null {
	const { period } = basis;
	const tomorrow = addDays(through, 1);
	if (through < period.start || tomorrow > period.end) return null;
	const soFar = rate({
		...basis,
		period: { start: period.start, end: tomorrow },
		usage: upTo(points, tomorrow)
	});
	if (!soFar.ok) return null;
	const totals: bigint[] = [];
	for (let week = 0; week < weeksOfHistory(points, through); week++) {
		const usage = points.map((point) => continued(point, basis, through, week));
		if (usage.some((point) => point === null)) continue;
		const result = rate({ ...basis, usage: usage.filter((point) => point !== null) });
		if (!result.ok) return null;
		totals.push(result.totalMinor);
	}
	totals.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
	const [low] = totals;
	const high = totals.at(-1);
	const expected = totals[totals.length >> 1];
	if (low === undefined || high === undefined || expected === undefined) return null;
	return {
		period,
		through,
		soFarMinor: soFar.totalMinor,
		soFarWh: soFar.figures.energyWh,
		expectedMinor: expected,
		lowMinor: low,
		highMinor: high,
		weeks: totals.length
	};
}

/** Weeks that have any reading, the running one included: each is tried once. */
function weeksOfHistory(points: readonly PointUsage[], through: LocalDate): number {
	const first = points.flatMap(({ days }) => days.map(({ localDate }) => localDate)).sort()[0];
	if (first === undefined) return 0;
	return Math.min(LOOK_BACK_WEEKS, Math.floor((daysBetween(first, through) + 1) / WEEK_DAYS));
}

function upTo(points: readonly PointUsage[], end: LocalDate): PointUsage[] {
	return points.map((point) => ({ ...point, days: point.days.filter(({ localDate }) => localDate < end) }));
}

/** A point's days of the period, those to come taken from `week` weeks before; null where one has no like day. */
function continued(
	point: PointUsage,
	{ period, timeZone }: Omit<RatingInput, 'usage'>,
	through: LocalDate,
	week: number
): PointUsage | null {
	const byDate = new Map<LocalDate, LoadDay[]>();
	for (const day of point.days) {
		if (day.localDate > through) continue;
		const sameDay = byDate.get(day.localDate);
		if (sameDay === undefined) byDate.set(day.localDate, [day]);
		else sameDay.push(day);
	}
	const irregular = irregularDaysOf(period, timeZone);
	const to = point.period.end < period.end ? point.period.end : period.end;
	const days = point.days.filter(({ localDate }) => localDate >= period.start && localDate <= through);
	for (const date of datesOf({ start: addDays(through, 1), end: to })) {
		const like = likeDays(byDate, date, through, irregular.get(date) ?? MINUTES_PER_DAY);
		const chosen = like[week % Math.max(1, like.length)];
		if (chosen === undefined) return null;
		days.push(...chosen.map((day) => ({ ...day, localDate: date })));
	}
	return { ...point, days };
}

/** Days of the same weekday and length in the weeks before, newest first. */
function likeDays(
	byDate: ReadonlyMap<LocalDate, LoadDay[]>,
	date: LocalDate,
	through: LocalDate,
	minutes: number
): LoadDay[][] {
	const found: LoadDay[][] = [];
	const earliest = addDays(through, -FORECAST_LOOK_BACK_DAYS);
	for (let back = addDays(date, -WEEK_DAYS); back > earliest; back = addDays(back, -WEEK_DAYS)) {
		const days = byDate.get(back);
		const fits = days?.every((day) => day.quantities.length * day.intervalMinutes === minutes);
		if (days !== undefined && fits) found.push(days);
	}
	return found;
}
