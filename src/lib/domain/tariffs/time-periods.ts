import { assert } from '#lib/domain/kernel/assert.ts';
import {
	addDays,
	dayOfWeek,
	slotWallMinutes,
	yearOf,
	type DatePeriod,
	type IntervalMinutes,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';
import type { HolidayCalendar } from './calendar.ts';
import {
	TIME_PERIODS,
	type DayRule,
	type DemandWindow,
	type Season,
	type Tariff,
	type YearSpan
} from './tariff.ts';

const MINUTES_PER_DAY = 1440;

/** The season that a date lies in. */
export function seasonOf(tariff: Tariff, date: LocalDate): Season {
	const season = tariff.seasons.find(({ spans }) => isInSpans(spans, date));
	assert(season !== undefined, `tariff ${tariff.code} has no season for ${date}`);
	return season;
}

/** Whether a date lies in one of some spans of the year. */
export function isInSpans(spans: readonly YearSpan[], date: LocalDate): boolean {
	const monthDay = Number(date.slice(5, 7)) * 100 + Number(date.slice(8));
	return spans.some(({ fromMonthDay, toMonthDay }) => monthDay >= fromMonthDay && monthDay <= toMonthDay);
}

/** Whether a window begins or ends inside an interval, so that the interval's energy has no one price. */
export function crossesWindow(tariff: Tariff, intervalMinutes: IntervalMinutes): boolean {
	return tariff.seasons.some(({ windows }) =>
		windows.some(
			({ fromMinute, toMinute }) => fromMinute % intervalMinutes !== 0 || toMinute % intervalMinutes !== 0
		)
	);
}

/**
 * The period of each interval of a local day, as its place in `TIME_PERIODS`. On a day with a clock change
 * the array has 92 or 100 quarter-hours, each placed by the wall clock. An interval that a window cuts
 * counts for the period at its start (`crossesWindow` tells). The array is shared: do not write to it.
 * @throws RangeError where the tariff needs the holidays of a year that the calendar does not have
 */
export function timePeriodsOfDay(
	tariff: Tariff,
	date: LocalDate,
	timeZone: string,
	intervalMinutes: IntervalMinutes,
	calendar: HolidayCalendar
): Uint8Array {
	return timePeriodsOfSlots(
		seasonOf(tariff, date),
		date,
		slotWallMinutes(date, timeZone, intervalMinutes),
		intervalMinutes,
		calendar
	);
}

/** As `timePeriodsOfDay` for a known season and the wall-clock minutes of the slots (null: a day of 24 hours). */
export function timePeriodsOfSlots(
	season: Season,
	date: LocalDate,
	wallMinutes: readonly number[] | null,
	intervalMinutes: IntervalMinutes,
	calendar: HolidayCalendar
): Uint8Array {
	let applying = '';
	for (const { days } of season.windows) applying += appliesOn(days, date, calendar) ? '1' : '0';
	if (wallMinutes === null || wallMinutes.length * intervalMinutes === MINUTES_PER_DAY) {
		return paintedDay(season, applying, intervalMinutes);
	}
	const minutes = paintedDay(season, applying, 1);
	return Uint8Array.from(wallMinutes, (minute) => minutes[minute] ?? 0);
}

function appliesOn(rule: DayRule, date: LocalDate, calendar: HolidayCalendar): boolean {
	switch (rule.type) {
		case 'all':
			return true;
		case 'weekdays':
			return (
				rule.plus.includes(date) || (rule.weekdays.includes(dayOfWeek(date)) && !rule.except.includes(date))
			);
		case 'rest_day':
			return calendar.isRestDay(date);
		case 'workday':
			return !calendar.isRestDay(date);
		case 'dates':
			return rule.dates.includes(date);
		case 'holiday': {
			const holiday = calendar.holidayOf(date);
			if (holiday === null || (rule.firstDays !== null && holiday.dayNo > rule.firstDays)) return false;
			// Two holidays that fall together are announced as one: "国庆节、中秋节".
			return holiday.name.split('、').some((name) => rule.names.includes(name));
		}
	}
}

/** Painted days of 24 hours by season, applying windows and interval: few, and asked for again every day. */
const painted = new WeakMap<Season, Map<string, Uint8Array>>();

function paintedDay(season: Season, applying: string, stepMinutes: number): Uint8Array {
	let days = painted.get(season);
	if (days === undefined) painted.set(season, (days = new Map<string, Uint8Array>()));
	const key = `${applying}/${stepMinutes}`;
	let codes = days.get(key);
	if (codes === undefined) {
		const minutes = paintMinutes(season, applying);
		codes = minutes.filter((_, minute) => minute % stepMinutes === 0);
		days.set(key, codes);
	}
	return codes;
}

/** A window that crosses midnight covers the end and the beginning of each day that it applies to. */
function paintMinutes(season: Season, applying: string): Uint8Array {
	const minutes = new Uint8Array(MINUTES_PER_DAY);
	const covered = new Uint8Array(MINUTES_PER_DAY);
	season.windows.forEach((window, index) => {
		if (applying[index] !== '1') return;
		const code = TIME_PERIODS.indexOf(window.period);
		const length =
			(window.toMinute - window.fromMinute + MINUTES_PER_DAY) % MINUTES_PER_DAY || MINUTES_PER_DAY;
		for (let step = 0; step < length; step++) {
			const minute = (window.fromMinute + step) % MINUTES_PER_DAY;
			if (covered[minute] === 0 || code > (minutes[minute] ?? 0)) minutes[minute] = code;
			covered[minute] = 1;
		}
	});
	const rest = TIME_PERIODS.indexOf(season.rest);
	for (let minute = 0; minute < MINUTES_PER_DAY; minute++) if (covered[minute] === 0) minutes[minute] = rest;
	return minutes;
}

/**
 * Which intervals of a local day lie in one of some windows, 1 or 0; an interval counts by its start. Without
 * any window, all do.
 */
export function intervalsInWindows(
	windows: readonly DemandWindow[],
	date: LocalDate,
	wallMinutes: readonly number[],
	calendar: HolidayCalendar
): Uint8Array {
	if (windows.length === 0) return new Uint8Array(wallMinutes.length).fill(1);
	const applying = windows.filter(({ days }) => appliesOn(days, date, calendar));
	return Uint8Array.from(wallMinutes, (minute) =>
		applying.some(({ fromMinute, toMinute }) =>
			fromMinute < toMinute
				? minute >= fromMinute && minute < toMinute
				: minute >= fromMinute || minute < toMinute
		)
			? 1
			: 0
	);
}

/** First year of a period whose holidays some windows need but which is not known; null where none. */
export function missingCalendarYear(
	windows: readonly DemandWindow[],
	period: DatePeriod,
	calendar: HolidayCalendar
): number | null {
	const asksCalendar = windows.some(
		({ days }) => days.type === 'holiday' || days.type === 'rest_day' || days.type === 'workday'
	);
	if (!asksCalendar) return null;
	const lastYear = yearOf(addDays(period.end, -1));
	for (let year = yearOf(period.start); year <= lastYear; year++) if (!calendar.hasYear(year)) return year;
	return null;
}
