import { Temporal } from 'temporal-polyfill';
import { assert } from './assert.ts';

/** A civil date "YYYY-MM-DD" in the service point's time zone. Compares and sorts as text. */
export type LocalDate = string & { readonly __brand: 'LocalDate' };

/** A calendar month "YYYY-MM". */
export type LocalMonth = string & { readonly __brand: 'LocalMonth' };

/** Civil dates [start, end): the end is not part of the period. */
export interface DatePeriod {
	readonly start: LocalDate;
	readonly end: LocalDate;
}

/** Minutes that an interval of load data may last. */
export const INTERVAL_MINUTES = [5, 10, 15, 30, 60] as const;
export type IntervalMinutes = (typeof INTERVAL_MINUTES)[number];

/** @throws AssertionError where the text is no real date of the ISO calendar */
export function localDate(text: string): LocalDate {
	assert(isLocalDate(text), `not a date (YYYY-MM-DD): ${text}`);
	return text as LocalDate;
}

export function isLocalDate(text: string): boolean {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
	const time = Date.parse(`${text}T00:00:00Z`);
	// The parser takes 30 February for 2 March.
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** First day of the month that a date lies in. */
export function monthStart(date: LocalDate): LocalDate {
	return `${date.slice(0, 7)}-01` as LocalDate;
}

/** First day of the month after the one that a date lies in. */
export function nextMonthStart(date: LocalDate): LocalDate {
	const month = monthNumber(date);
	if (month === 12) return `${String(yearOf(date) + 1).padStart(4, '0')}-01-01` as LocalDate;
	return `${date.slice(0, 5)}${String(month + 1).padStart(2, '0')}-01` as LocalDate;
}

const DAY_MS = 86_400_000;

/** Days since 1970-01-01: counts and compares dates where there are many. */
export function dayNumberOf(date: LocalDate): number {
	return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

export function dateOfDayNumber(dayNumber: number): LocalDate {
	return new Date(dayNumber * DAY_MS).toISOString().slice(0, 10) as LocalDate;
}

export function addDays(date: LocalDate, days: number): LocalDate {
	return dateOfDayNumber(dayNumberOf(date) + days);
}

export function addMonths(date: LocalDate, months: number): LocalDate {
	return Temporal.PlainDate.from(date).add({ months }).toString() as LocalDate;
}

/** Days from `start` to `end`; negative where `end` is earlier. */
export function daysBetween(start: LocalDate, end: LocalDate): number {
	return dayNumberOf(end) - dayNumberOf(start);
}

/** 1 = Monday … 7 = Sunday. */
export function dayOfWeek(date: LocalDate): number {
	// 1970-01-01 was a Thursday.
	return ((((dayNumberOf(date) + 3) % 7) + 7) % 7) + 1;
}

export function monthOf(date: LocalDate): LocalMonth {
	return date.slice(0, 7) as LocalMonth;
}

/** 1 … 12. */
export function monthNumber(date: LocalDate): number {
	return Number(date.slice(5, 7));
}

export function yearOf(date: LocalDate): number {
	return Number(date.slice(0, 4));
}

/** [first day of the month, first day of the next). */
export function monthPeriod(month: LocalMonth): DatePeriod {
	const start = localDate(`${month}-01`);
	return { start, end: nextMonthStart(start) };
}

/** Every date of [start, end), in order. */
export function datesOf(period: DatePeriod): LocalDate[] {
	const dates: LocalDate[] = [];
	for (let date = period.start; date < period.end; date = addDays(date, 1)) dates.push(date);
	return dates;
}

/** The part of `period` inside `within`; empty (its start not before its end) where they do not meet. */
export function clip(period: DatePeriod, within: DatePeriod): DatePeriod {
	return {
		start: period.start > within.start ? period.start : within.start,
		end: period.end < within.end ? period.end : within.end
	};
}

/** The shortest period with all the days of some periods; null where there are none. */
export function enclosingPeriod(periods: readonly DatePeriod[]): DatePeriod | null {
	const [first] = periods;
	if (first === undefined) return null;
	let { start, end } = first;
	for (const period of periods) {
		if (period.start < start) start = period.start;
		if (period.end > end) end = period.end;
	}
	return { start, end };
}

/** The civil date of an instant in a zone. */
export function localDateAt(instant: Temporal.Instant, timeZone: string): LocalDate {
	return instant.toZonedDateTimeISO(timeZone).toPlainDate().toString() as LocalDate;
}

/** First instant of a local day, in epoch milliseconds. */
export function dayStartMs(date: LocalDate, timeZone: string): number {
	return Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds;
}

/** Real length of a local day in minutes: 1440, or 1380 and 1500 where the clock changes. */
export function dayLengthMinutes(date: LocalDate, timeZone: string): number {
	return (dayStartMs(addDays(date, 1), timeZone) - dayStartMs(date, timeZone)) / 60_000;
}

/** Lengths of the days of a year in a zone that do not last 24 hours. */
const irregularByZone = new Map<string, ReadonlyMap<LocalDate, number>>();

/** Local days of [start, end) that do not last 24 hours, with their length in minutes. */
export function irregularDaysOf(period: DatePeriod, timeZone: string): Map<LocalDate, number> {
	const irregular = new Map<LocalDate, number>();
	for (let year = yearOf(period.start); year <= yearOf(addDays(period.end, -1)); year++) {
		for (const [date, minutes] of irregularDaysOfYear(year, timeZone)) {
			if (date >= period.start && date < period.end) irregular.set(date, minutes);
		}
	}
	return irregular;
}

function irregularDaysOfYear(year: number, timeZone: string): ReadonlyMap<LocalDate, number> {
	const key = `${year} ${timeZone}`;
	const known = irregularByZone.get(key);
	if (known !== undefined) return known;
	const irregular = new Map<LocalDate, number>();
	const end = localDate(`${year + 1}-01-01`);
	let startMs = dayStartMs(localDate(`${year}-01-01`), timeZone);
	for (let date = localDate(`${year}-01-01`); date < end; date = addDays(date, 1)) {
		const nextMs = dayStartMs(addDays(date, 1), timeZone);
		if (nextMs - startMs !== DAY_MS) irregular.set(date, (nextMs - startMs) / 60_000);
		startMs = nextMs;
	}
	irregularByZone.set(key, irregular);
	return irregular;
}

/** Number of intervals in a local day: 96 of 15 minutes, or 92 and 100 where the clock changes. */
export function slotsInDay(date: LocalDate, timeZone: string, intervalMinutes: IntervalMinutes): number {
	return dayLengthMinutes(date, timeZone) / intervalMinutes;
}

/**
 * Local wall-clock minute (0 … 1439) at which each interval of the day starts. On a day with a clock
 * change the wall clock jumps or repeats, so this is not index × length.
 */
export function slotWallMinutes(
	date: LocalDate,
	timeZone: string,
	intervalMinutes: IntervalMinutes
): number[] {
	const startMs = dayStartMs(date, timeZone);
	const count = slotsInDay(date, timeZone, intervalMinutes);
	if (count * intervalMinutes === 1440) {
		return Array.from({ length: count }, (_, slot) => slot * intervalMinutes);
	}
	return Array.from({ length: count }, (_, slot) => {
		const local = Temporal.Instant.fromEpochMilliseconds(
			startMs + slot * intervalMinutes * 60_000
		).toZonedDateTimeISO(timeZone);
		return local.hour * 60 + local.minute;
	});
}

export { Temporal };
