import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { addDays, yearOf, type DatePeriod, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { DayPeriods, PeriodRun } from '#lib/domain/metering/curve-view.ts';
import { energyByPeriod } from '#lib/domain/metering/day-statistics.ts';
import type { LoadDay } from '#lib/domain/metering/load-day.ts';
import { isWeekend } from '#lib/domain/metering/usual-band.ts';
import { TIME_PERIODS, type TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import { missingCalendarYear, seasonOf, timePeriodsOfDay } from '#lib/domain/tariffs/time-periods.ts';
import type { App } from '#lib/server/app.ts';
import { holidayCalendar, tariffSpansOf } from '#lib/server/tariffs/index.ts';

/** What the account's tariff and the holiday calendar say about the days of a period. */
export interface PeriodCalendar {
	/** Period of each interval of a day; null where the account has no tariff that day, or none can be told. */
	readonly periodsOf: (day: LoadDay) => TimePeriod[] | null;
	readonly isDayOff: (date: LocalDate) => boolean;
}

/** Reads the account's tariffs of a period once, for all its days. */
export async function periodCalendar(
	app: App,
	account: Authorized<Account>,
	timeZone: string,
	period: DatePeriod
): Promise<PeriodCalendar> {
	const spans = await tariffSpansOf(app.db, account, period);
	const calendar = holidayCalendar();
	return {
		periodsOf({ localDate, intervalMinutes }) {
			const span = spans.find((one) => one.period.start <= localDate && localDate < one.period.end);
			if (span === undefined) return null;
			const day = { start: localDate, end: addDays(localDate, 1) };
			if (missingCalendarYear(seasonOf(span.tariff, localDate).windows, day, calendar) !== null) return null;
			const codes = timePeriodsOfDay(span.tariff, localDate, timeZone, intervalMinutes, calendar);
			return Array.from(codes, (code) => TIME_PERIODS[code] ?? 'flat');
		},
		isDayOff: (date) => (calendar.hasYear(yearOf(date)) ? calendar.isRestDay(date) : isWeekend(date))
	};
}

/** Neighbouring intervals of one period, put together; none where the whole day is one period. */
export function periodRuns(periods: readonly TimePeriod[]): PeriodRun[] {
	const runs: PeriodRun[] = [];
	let startSlot = 0;
	for (let slot = 1; slot <= periods.length; slot++) {
		if (slot < periods.length && periods[slot] === periods[startSlot]) continue;
		runs.push({ startSlot, endSlot: slot, period: periods[startSlot]! });
		startSlot = slot;
	}
	return runs.length > 1 ? runs : [];
}

/** Periods and their energy day by day; none where every day is one period. */
export function dayPeriods(days: readonly LoadDay[], { periodsOf }: PeriodCalendar): DayPeriods[] {
	const all = days.map((day) => {
		const periods = periodsOf(day);
		return {
			localDate: day.localDate,
			runs: periods === null ? [] : periodRuns(periods),
			energy: energyByPeriod([day], () => periods)
		};
	});
	return all.some(({ runs }) => runs.length > 0) ? all : [];
}
