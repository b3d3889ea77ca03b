import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import {
	addDays,
	clip,
	datesOf,
	dayLengthMinutes,
	daysBetween,
	localDateAt,
	slotsInDay,
	slotWallMinutes,
	type DatePeriod,
	type IntervalMinutes,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';
import { curveChange, powerAtWallMinutes, powerCurveW } from '#lib/domain/metering/curve.ts';
import type {
	ComparisonCurve,
	DayView,
	Freshness,
	MeterFreshness,
	MeterView,
	RangeView,
	YearView
} from '#lib/domain/metering/curve-view.ts';
import {
	dayTotal,
	knownQuantity,
	loadStatistics,
	type MaximumDemand
} from '#lib/domain/metering/day-statistics.ts';
import {
	CHANNELS,
	unpackLoadDay,
	type Channel,
	type LoadDay,
	type PackedLoadDay
} from '#lib/domain/metering/load-day.ts';
import { averagePowerFactorHundredths } from '#lib/domain/metering/power-factor.ts';
import { dayKind, likeDates, usualBand, USUAL_LOOK_BACK_DAYS } from '#lib/domain/metering/usual-band.ts';
import type { App } from '#lib/server/app.ts';
import { dayPeriods, periodCalendar, periodRuns, type PeriodCalendar } from './curve-periods.ts';
import { DEFAULT_INTERVAL_MINUTES } from './mapping.ts';
import { meterInUse } from './meter-choice.ts';
import { latestDay, loadDays, seriesOf, servicePointsOf, type AccountServicePoint } from './repo.ts';

/** One day's rows, by channel. */
const ONE_DAY = 1;

/** Which meter of an account, as the address names it; the one in use where it names none. */
export interface MeterChoice {
	readonly meterNo?: string | undefined;
}

interface MeterInView {
	readonly meter: AccountServicePoint;
	readonly meters: readonly MeterView[];
	readonly freshness: Freshness | null;
	readonly today: LocalDate;
}

/**
 * The curve of one day with its statistics, its periods and what it is compared with.
 * @param choice.date the newest day with readings where it is absent
 * @throws AppError NOT_FOUND where the account has no such meter
 */
export async function dayView(
	app: App,
	account: Authorized<Account>,
	choice: MeterChoice & { date?: LocalDate | undefined }
): Promise<DayView> {
	const inView = await meterInView(app, account, choice);
	const { meter, freshness, today } = inView;
	const date = choice.date ?? freshness?.lastDate ?? addDays(today, -1);
	const [days, earlier, calendar] = await Promise.all([
		loadDays(app.db, account, meter.id, CHANNELS, { start: date, end: addDays(date, ONE_DAY) }),
		loadDays(app.db, account, meter.id, ['active_import'], {
			start: addDays(date, -USUAL_LOOK_BACK_DAYS),
			end: date
		}),
		periodCalendar(app, account, meter.timeZone, { start: date, end: addDays(date, ONE_DAY) })
	]);
	const packed = days.find((day) => day.channel === 'active_import');
	const intervalMinutes =
		packed?.intervalMinutes ?? earlier.at(-1)?.intervalMinutes ?? DEFAULT_INTERVAL_MINUTES;
	const active =
		packed === undefined ? absentDay(date, meter.timeZone, intervalMinutes) : unpackLoadDay(packed);
	const wallMinutes = slotWallMinutes(date, meter.timeZone, intervalMinutes);
	const periods = calendar.periodsOf(active);
	return {
		...readings(account, inView, days, [active], calendar),
		localDate: date,
		wallMinutes,
		periods: periods === null ? [] : periodRuns(periods),
		...comparisons(active, wallMinutes, earlier, meter.timeZone, calendar)
	};
}

/**
 * Days [start, end) with their totals and the statistics of the whole.
 * @param options.withDays whether the curve itself is wanted, or only what it comes to
 * @throws AppError NOT_FOUND where the account has no such meter
 */
export async function rangeView(
	app: App,
	account: Authorized<Account>,
	period: DatePeriod,
	options: MeterChoice & { withDays: boolean }
): Promise<RangeView> {
	const inView = await meterInView(app, account, options);
	const { meter } = inView;
	const [days, calendar] = await Promise.all([
		loadDays(app.db, account, meter.id, CHANNELS, period),
		periodCalendar(app, account, meter.timeZone, period)
	]);
	const active = completed(inView, channelDays(days, 'active_import'), period);
	return {
		...readings(account, inView, days, active, calendar),
		days: options.withDays ? days : [],
		from: period.start,
		to: period.end,
		totals: active.map(dayTotal),
		periods: options.withDays ? dayPeriods(active, calendar) : [],
		irregularDays: irregularDays(period, meter.timeZone)
	};
}

/** Which readings the meter has. @throws AppError NOT_FOUND where the account has no such meter */
export async function meterFreshness(
	app: App,
	account: Authorized<Account>,
	choice: MeterChoice
): Promise<MeterFreshness> {
	const { meter, freshness } = await meterInView(app, account, choice);
	return {
		accountId: account.id,
		meter: { meterNo: meter.meterNo, timeZone: meter.timeZone },
		freshness
	};
}

/** Every channel of at most 366 days, in the stored form: the client unpacks what it draws. */
export async function yearView(
	app: App,
	account: Authorized<Account>,
	period: DatePeriod,
	choice: MeterChoice
): Promise<YearView> {
	const { meter } = await chooseMeter(app, account, choice);
	const days = await loadDays(app.db, account, meter.id, CHANNELS, period);
	return { from: period.start, to: period.end, days };
}

/** The meter in view and all the account has. @throws AppError NOT_FOUND where there is no such meter */
export async function chooseMeter(app: App, account: Authorized<Account>, choice: MeterChoice) {
	const all = await servicePointsOf(app.db, account);
	const meters = all.filter((point, index) => all.findIndex(({ id }) => id === point.id) === index);
	const meter =
		choice.meterNo === undefined
			? meterInUse(all, app.clock.now())
			: meters.find(({ meterNo }) => meterNo === choice.meterNo);
	if (meter === undefined) throw new AppError('NOT_FOUND', 'the account has no such meter');
	return { meter, meters: meters.map(({ meterNo, timeZone }) => ({ meterNo, timeZone })) };
}

async function meterInView(
	app: App,
	account: Authorized<Account>,
	choice: MeterChoice
): Promise<MeterInView> {
	const { meter, meters } = await chooseMeter(app, account, choice);
	const today = localDateAt(app.clock.now(), meter.timeZone);
	return { meter, meters, today, freshness: await freshnessOf(app, account, meter, today) };
}

async function freshnessOf(
	app: App,
	account: Authorized<Account>,
	meter: AccountServicePoint,
	today: LocalDate
): Promise<Freshness | null> {
	const lastDate = await latestDay(app.db, account, meter.id);
	if (lastDate === null) return null;
	const [series, newest] = await Promise.all([
		seriesOf(app.db, account, meter.id),
		loadDays(app.db, account, meter.id, ['active_import'], {
			start: lastDate,
			end: addDays(lastDate, ONE_DAY)
		})
	]);
	const day = newest[0] === undefined ? null : unpackLoadDay(newest[0]);
	const lastSlot = day?.qualities.findLastIndex((code) => code > 0) ?? -1;
	return {
		firstDate: series.find(({ channel }) => channel === 'active_import')?.firstDate ?? lastDate,
		lastDate,
		lastMinute: (lastSlot + 1) * (day?.intervalMinutes ?? 0),
		ageDays: daysBetween(lastDate, today)
	};
}

/** What every view of a meter's readings says. `active` holds absent days as days that are missing. */
function readings(
	account: Authorized<Account>,
	inView: MeterInView,
	days: readonly PackedLoadDay[],
	active: readonly LoadDay[],
	calendar: PeriodCalendar
) {
	const lagging = channelDays(days, 'reactive_import');
	const leading = channelDays(days, 'reactive_export');
	const statistics = loadStatistics(active, calendar.periodsOf);
	return {
		accountId: account.id,
		meter: { meterNo: inView.meter.meterNo, timeZone: inView.meter.timeZone },
		meters: inView.meters,
		freshness: inView.freshness,
		days,
		statistics,
		demandTime: demandTimeOf(statistics.maximumDemand, inView.meter.timeZone),
		powerFactorHundredths:
			lagging.length === 0
				? null
				: averagePowerFactorHundredths(active, lagging, leading.length === 0 ? null : leading),
		exportWh: knownQuantity(channelDays(days, 'active_export'))
	};
}

/** What the wall clock showed at the maximum: on a day with a clock change not the minutes since midnight. */
function demandTimeOf(demand: MaximumDemand | null, timeZone: string) {
	if (demand === null) return null;
	const { localDate, startMinute, blockMinutes } = demand;
	const wall = slotWallMinutes(localDate, timeZone, blockMinutes)[startMinute / blockMinutes] ?? startMinute;
	return { startMinute: wall, endMinute: wall + blockMinutes };
}

function channelDays(days: readonly PackedLoadDay[], channel: Channel): LoadDay[] {
	return days.filter((day) => day.channel === channel).map(unpackLoadDay);
}

/** A day of which nothing is known. */
function absentDay(localDate: LocalDate, timeZone: string, intervalMinutes: IntervalMinutes): LoadDay {
	const slots = slotsInDay(localDate, timeZone, intervalMinutes);
	return {
		channel: 'active_import',
		localDate,
		intervalMinutes,
		quantities: new Int32Array(slots),
		qualities: new Uint8Array(slots),
		version: 0
	};
}

/**
 * The days of the period with the absent ones between the first and last reading put in as missing. Before
 * the first and after the last reading nothing is expected yet.
 */
function completed(inView: MeterInView, days: readonly LoadDay[], period: DatePeriod): LoadDay[] {
	const { freshness, meter } = inView;
	if (freshness === null) return [];
	const { firstDate, lastDate } = freshness;
	const expected = clip(period, { start: firstDate, end: addDays(lastDate, ONE_DAY) });
	const byDate = new Map(days.map((day) => [day.localDate, day]));
	const intervalMinutes = days[0]?.intervalMinutes ?? DEFAULT_INTERVAL_MINUTES;
	return datesOf(expected).map(
		(date) => byDate.get(date) ?? absentDay(date, meter.timeZone, intervalMinutes)
	);
}

/** The day before, the same weekday of the week before, and what is usual. */
function comparisons(
	active: LoadDay,
	wallMinutes: readonly number[],
	earlier: readonly PackedLoadDay[],
	timeZone: string,
	calendar: PeriodCalendar
): Pick<DayView, 'dayBefore' | 'weekBefore' | 'usual'> {
	const current = powerCurveW(active);
	const byDate = new Map(earlier.map((packed) => [packed.localDate, packed]));
	const powerOn = (date: LocalDate): (number | null)[] | null => {
		const packed = byDate.get(date);
		if (packed === undefined) return null;
		const day = unpackLoadDay(packed);
		const placed = { day, wallMinutes: slotWallMinutes(date, timeZone, day.intervalMinutes) };
		return powerAtWallMinutes(placed, wallMinutes, active.intervalMinutes);
	};
	const comparison = (date: LocalDate): ComparisonCurve | null => {
		const powerW = powerOn(date);
		if (powerW === null) return null;
		return { localDate: date, powerW: powerW.map(roundedW), change: curveChange(current, powerW) };
	};
	const like = likeDates(active.localDate, calendar.isDayOff).map(powerOn);
	const band = usualBand(like.filter((curve) => curve !== null));
	return {
		dayBefore: comparison(addDays(active.localDate, -1)),
		weekBefore: comparison(addDays(active.localDate, -7)),
		usual: band && {
			low: band.low.map(roundedW),
			median: band.median.map(roundedW),
			high: band.high.map(roundedW),
			days: band.days,
			kind: dayKind(active.localDate, calendar.isDayOff),
			change: curveChange(current, band.median)
		}
	};
}

/** Whole watts travel: a tenth of a pixel of the smallest household is more. */
function roundedW(powerW: number | null): number | null {
	return powerW === null ? null : Math.round(powerW);
}

function irregularDays(period: DatePeriod, timeZone: string): RangeView['irregularDays'] {
	return datesOf(period)
		.map((localDate) => ({ localDate, lengthMinutes: dayLengthMinutes(localDate, timeZone) }))
		.filter(({ lengthMinutes }) => lengthMinutes !== 1440);
}
