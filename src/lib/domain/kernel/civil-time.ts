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
	assert(/^\d{4}-\d{2}-\d{2}$/.test(text), `not a date (YYYY-MM-DD): ${text}`);
	return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() as LocalDate;
}

export function isLocalDate(text: string): boolean {
	try {
		localDate(text);
		return true;
	} catch {
		return false;
	}
}

export function addDays(date: LocalDate, days: number): LocalDate {
	return Temporal.PlainDate.from(date).add({ days }).toString() as LocalDate;
}

export function addMonths(date: LocalDate, months: number): LocalDate {
	return Temporal.PlainDate.from(date).add({ months }).toString() as LocalDate;
}

/** Days from `start` to `end`; negative where `end` is earlier. */
export function daysBetween(start: LocalDate, end: LocalDate): number {
	return Temporal.PlainDate.from(start).until(Temporal.PlainDate.from(end), { largestUnit: 'days' }).days;
}

/** 1 = Monday … 7 = Sunday. */
export function dayOfWeek(date: LocalDate): number {
	return Temporal.PlainDate.from(date).dayOfWeek;
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
	return { start, end: addMonths(start, 1) };
}

/** Every date of [start, end), in order. */
export function datesOf(period: DatePeriod): LocalDate[] {
	const dates: LocalDate[] = [];
	for (let date = period.start; date < period.end; date = addDays(date, 1)) dates.push(date);
	return dates;
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
