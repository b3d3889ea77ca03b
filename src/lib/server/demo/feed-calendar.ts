import { addDays, daysBetween, type LocalDate } from '#lib/domain/kernel/civil-time.ts';

/** Which days of a source stand for which days of the demo. */
export interface FeedCalendar {
	/** First and last whole day of the source, both included. */
	readonly firstSourceDay: LocalDate;
	readonly lastSourceDay: LocalDate;
	/** Whole weeks added to the source's dates, so that weekdays stay. */
	readonly shiftWeeks: number;
}

const REPEAT_DAYS = 364;

/** The fewest whole weeks after which the source reaches `yesterday`. */
export function shiftWeeksFor(lastSourceDay: LocalDate, yesterday: LocalDate): number {
	return Math.ceil(daysBetween(lastSourceDay, yesterday) / 7);
}

/** The shift of a demo that begins on `firstDay`. */
export function shiftWeeksOf(firstSourceDay: LocalDate, firstDay: LocalDate): number {
	return daysBetween(firstSourceDay, firstDay) / 7;
}

/** The demo's first day. */
export function firstDayOf(calendar: FeedCalendar): LocalDate {
	return addDays(calendar.firstSourceDay, calendar.shiftWeeks * 7);
}

/** The first day for which the source has no day of its own any more. */
export function firstRepeatedDayOf(calendar: FeedCalendar): LocalDate {
	return addDays(calendar.lastSourceDay, calendar.shiftWeeks * 7 + 1);
}

/**
 * How far back a day is repeated from when the source is used up: 52 weeks, which keeps weekday and season,
 * or as many whole weeks as a shorter source has.
 */
export function repeatDaysOf(calendar: FeedCalendar): number {
	const days = daysBetween(calendar.firstSourceDay, calendar.lastSourceDay) + 1;
	return Math.min(REPEAT_DAYS, Math.floor(days / 7) * 7);
}

/** The source's day that stands for `date`; the same for ever, whenever it is asked. */
export function sourceDayOf(date: LocalDate, calendar: FeedCalendar): LocalDate {
	const unshifted = addDays(date, -calendar.shiftWeeks * 7);
	const beyond = daysBetween(calendar.lastSourceDay, unshifted);
	if (beyond <= 0) return unshifted;
	const repeatDays = repeatDaysOf(calendar);
	return addDays(unshifted, -Math.ceil(beyond / repeatDays) * repeatDays);
}
