import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import type { DatePeriod, LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { PeriodRun } from '#lib/domain/metering/curve-view.ts';
import type { LoadDay } from '#lib/domain/metering/load-day.ts';
import { isWeekend } from '#lib/domain/metering/usual-band.ts';
import type { TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import type { App } from '#lib/server/app.ts';

/** What the account's tariff and the area's calendar say about the days of a period. */
export interface PeriodCalendar {
	/** Period of each interval of a day; null where the account has no tariff with periods that day. */
	readonly periodsOf: (day: LoadDay) => (TimePeriod | null)[] | null;
	readonly isDayOff: (date: LocalDate) => boolean;
}

export async function periodCalendar(
	_app: App,
	_account: Authorized<Account>,
	_period: DatePeriod
): Promise<PeriodCalendar> {
	return { periodsOf: () => null, isDayOff: isWeekend };
}

/** Neighbouring intervals of one period, put together. */
export function periodRuns(periods: readonly (TimePeriod | null)[]): PeriodRun[] {
	const runs: PeriodRun[] = [];
	let startSlot = 0;
	for (let slot = 1; slot <= periods.length; slot++) {
		if (slot < periods.length && periods[slot] === periods[startSlot]) continue;
		const period = periods[startSlot];
		if (period) runs.push({ startSlot, endSlot: slot, period });
		startSlot = slot;
	}
	return runs;
}
