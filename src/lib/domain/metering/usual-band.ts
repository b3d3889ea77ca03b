import { addDays, dayOfWeek, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { CurveValues } from './curve.ts';

/** Like days that make the usual band, and the fewest that make one at all. */
export const USUAL_DAYS = 8;
export const USUAL_DAYS_AT_LEAST = 3;

/** How far back like days are looked for: eight weeks hold eight of each weekday. */
export const USUAL_LOOK_BACK_DAYS = 56;

const LOW_QUANTILE = 0.1;
const HIGH_QUANTILE = 0.9;

/** Per interval the middle and the edges of what is usual, in W; null where too few days are known. */
export interface UsualBand {
	readonly low: (number | null)[];
	readonly median: (number | null)[];
	readonly high: (number | null)[];
	/** Days that the band rests on. */
	readonly days: number;
}

/** Whether a date is a day off: a weekend or holiday that is not worked. Comes from the area's calendar. */
export type IsDayOff = (date: LocalDate) => boolean;

/** Kinds of days that are used alike. Plants and offices often work on Saturdays, hardly on Sundays. */
export const DAY_KINDS = ['working', 'saturday', 'sunday_or_holiday'] as const;
export type DayKind = (typeof DAY_KINDS)[number];

/** Weekdays and worked weekend days; Saturdays that are off; Sundays, and holidays whatever the weekday. */
export function dayKind(date: LocalDate, isDayOff: IsDayOff): DayKind {
	if (!isDayOff(date)) return 'working';
	return dayOfWeek(date) === 6 ? 'saturday' : 'sunday_or_holiday';
}

/** The rule where no calendar is known: Saturdays and Sundays. */
export function isWeekend(date: LocalDate): boolean {
	return dayOfWeek(date) >= 6;
}

/**
 * The dates before `date` that are of its kind, newest first, within the look-back.
 * The caller takes the first `USUAL_DAYS` that have readings.
 */
export function likeDates(date: LocalDate, isDayOff: IsDayOff = isWeekend): LocalDate[] {
	const kind = dayKind(date, isDayOff);
	const dates: LocalDate[] = [];
	for (let back = 1; back <= USUAL_LOOK_BACK_DAYS; back++) {
		const candidate = addDays(date, -back);
		if (dayKind(candidate, isDayOff) === kind) dates.push(candidate);
	}
	return dates;
}

/**
 * Median and 10–90 % quantiles per interval. Days without any reading are left out, at most the first
 * `USUAL_DAYS` others count, and missing intervals are not values.
 * @param curves power of the like days at the same wall-clock times, newest first
 * @returns null where fewer than `USUAL_DAYS_AT_LEAST` days have readings
 */
export function usualBand(curves: readonly CurveValues[]): UsualBand | null {
	const known = curves.filter((curve) => curve.some((value) => value !== null)).slice(0, USUAL_DAYS);
	const first = known[0];
	if (first === undefined || known.length < USUAL_DAYS_AT_LEAST) return null;
	const band: UsualBand = { low: [], median: [], high: [], days: known.length };
	for (let slot = 0; slot < first.length; slot++) {
		const values = known.map((curve) => curve[slot] ?? null).filter((value) => value !== null);
		values.sort((a, b) => a - b);
		const enough = values.length >= USUAL_DAYS_AT_LEAST;
		band.low.push(enough ? quantile(values, LOW_QUANTILE) : null);
		band.median.push(enough ? quantile(values, 0.5) : null);
		band.high.push(enough ? quantile(values, HIGH_QUANTILE) : null);
	}
	return band;
}

/** Quantile of sorted values, linear between neighbours. */
function quantile(sorted: readonly number[], share: number): number {
	const place = (sorted.length - 1) * share;
	const below = Math.floor(place);
	const low = sorted[below]!;
	const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
	return low + (high - low) * (place - below);
}
