import type { HolidayCalendar } from '#lib/domain/tariffs/calendar.ts';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { DayRule, DemandWindow, Season, TimePeriod, YearSpan } from '#lib/domain/tariffs/tariff.ts';

const DAY_MS = 86_400_000;

function utc(date: string): number {
	return Date.parse(`${date}T00:00:00Z`);
}

function dateOf(ms: number): LocalDate {
	return new Date(ms).toISOString().slice(0, 10) as LocalDate;
}

export function dayAfter(date: LocalDate): LocalDate {
	return dateOf(utc(date) + DAY_MS);
}

/** The dates of [start, end), one by one. */
export function everyDate(start: LocalDate, end: LocalDate): LocalDate[] {
	const dates: LocalDate[] = [];
	for (let date = start; date < end; date = dayAfter(date)) dates.push(date);
	return dates;
}

export function daysFrom(start: LocalDate, end: LocalDate): number {
	return everyDate(start, end).length;
}

export function daysOfMonth(date: LocalDate): number {
	return new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)), 0)).getUTCDate();
}

/** Months counted from a day on: 15 January to 15 March are two, begun on 15 January and 15 February. */
export function monthsFrom(start: LocalDate, end: LocalDate): LocalDate[] {
	const starts: LocalDate[] = [];
	for (let count = 0; ; count++) {
		const months = Number(start.slice(0, 4)) * 12 + Number(start.slice(5, 7)) - 1 + count;
		const first = `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}-01` as LocalDate;
		const day = Math.min(Number(start.slice(8)), daysOfMonth(first));
		const at = `${first.slice(0, 8)}${String(day).padStart(2, '0')}` as LocalDate;
		if (at >= end) return starts;
		starts.push(at);
	}
}

export function holds(spans: readonly YearSpan[], date: LocalDate): boolean {
	const monthDay = Number(date.slice(5).replace('-', ''));
	return spans.some((span) => span.fromMonthDay <= monthDay && monthDay <= span.toMonthDay);
}

function weekday(date: LocalDate): number {
	return new Date(utc(date)).getUTCDay() || 7;
}

function ruleHolds(rule: DayRule, date: LocalDate, calendar: HolidayCalendar): boolean {
	if (rule.type === 'all') return true;
	if (rule.type === 'dates') return rule.dates.includes(date);
	if (rule.type === 'rest_day') return calendar.isRestDay(date);
	if (rule.type === 'workday') return !calendar.isRestDay(date);
	if (rule.type === 'weekdays') {
		if (rule.plus.includes(date)) return true;
		return rule.weekdays.includes(weekday(date)) && !rule.except.includes(date);
	}
	const holiday = calendar.holidayOf(date);
	if (holiday === null) return false;
	const isNamed = rule.names.some((name) => holiday.name.split('、').includes(name));
	return isNamed && (rule.firstDays === null || holiday.dayNo <= rule.firstDays);
}

/** Whether a minute of a day lies in a window: [from, to), or from..24:00 and 0:00..to of that very day. */
export function isInWindow(
	window: DemandWindow,
	date: LocalDate,
	minute: number,
	calendar: HolidayCalendar
): boolean {
	const { fromMinute: from, toMinute: to } = window;
	const isInside = from < to ? from <= minute && minute < to : minute >= from || minute < to;
	return isInside && ruleHolds(window.days, date, calendar);
}

const WEAKEST_FIRST: readonly TimePeriod[] = ['flat', 'peak', 'valley', 'sharp', 'deep'];

/** The strongest period whose window holds; deep > sharp > valley > peak > flat. */
export function periodAt(
	season: Season,
	date: LocalDate,
	minute: number,
	calendar: HolidayCalendar
): TimePeriod {
	const periods = season.windows
		.filter((window) => isInWindow(window, date, minute, calendar))
		.map(({ period }) => period);
	return WEAKEST_FIRST.findLast((period) => periods.includes(period)) ?? season.rest;
}

const clocks = new Map<string, number[]>();
const HOUR_MS = 3_600_000;

/** The wall-clock minute at which each hour of a local day begins, read off a clock hour by hour. */
function hoursOf(date: LocalDate, timeZone: string): number[] {
	const key = `${date} ${timeZone}`;
	const known = clocks.get(key);
	if (known !== undefined) return known;
	const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
	const minutes: number[] = [];
	// No zone is further from UTC than 14 hours.
	for (let at = utc(date) - 14 * HOUR_MS; at < utc(date) + 38 * HOUR_MS; at += HOUR_MS) {
		const [day, time = ''] = clock.format(at).split(' ');
		if (day === date) minutes.push(Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
	}
	clocks.set(key, minutes);
	return minutes;
}

/** The wall-clock minute at which each interval of a local day begins, for zones that change by whole hours. */
export function wallClock(date: LocalDate, timeZone: string, stepMinutes: number): number[] {
	return hoursOf(date, timeZone).flatMap((hour) =>
		Array.from({ length: 60 / stepMinutes }, (_, step) => hour + step * stepMinutes)
	);
}
