import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { datesOf, slotsInDay, type DatePeriod, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { dayTotal, type DayTotal } from '#lib/domain/metering/day-statistics.ts';
import { unpackLoadDay } from '#lib/domain/metering/load-day.ts';
import type { App } from '#lib/server/app.ts';
import { DEFAULT_INTERVAL_MINUTES } from './mapping.ts';
import { loadDays, servicePointsOf, type AccountServicePoint } from './repo.ts';

/**
 * Energy taken by the whole account on each day of [start, end) that it is supplied on: the sum of all its
 * meters, each for as long as it belongs to the account. A day of a meter without readings counts as missing.
 */
export async function accountDayTotals(
	app: App,
	account: Authorized<Account>,
	period: DatePeriod
): Promise<DayTotal[]> {
	const points = await servicePointsOf(app.db, account, period);
	const totals = await Promise.all(points.map((point) => pointTotals(app, account, point, period)));
	const byDate = new Map<LocalDate, DayTotal>();
	for (const total of totals.flat()) {
		const sum = byDate.get(total.localDate);
		byDate.set(total.localDate, sum === undefined ? total : added(sum, total));
	}
	return [...byDate.values()].sort((a, b) => a.localDate.localeCompare(b.localDate));
}

async function pointTotals(
	app: App,
	account: Authorized<Account>,
	{ id, timeZone, validFrom, validTo }: AccountServicePoint,
	period: DatePeriod
): Promise<DayTotal[]> {
	const supplied = {
		start: validFrom > period.start ? validFrom : period.start,
		end: validTo !== null && validTo < period.end ? validTo : period.end
	};
	const days = await loadDays(app.db, account, id, ['active_import'], supplied);
	const byDate = new Map(days.map((day) => [day.localDate, dayTotal(unpackLoadDay(day))]));
	const intervalMinutes = days[0]?.intervalMinutes ?? DEFAULT_INTERVAL_MINUTES;
	return datesOf(supplied).map(
		(localDate) =>
			byDate.get(localDate) ?? {
				localDate,
				energyWh: null,
				estimated: 0,
				missing: slotsInDay(localDate, timeZone, intervalMinutes)
			}
	);
}

function added(one: DayTotal, other: DayTotal): DayTotal {
	const known = [one.energyWh, other.energyWh].filter((energyWh) => energyWh !== null);
	return {
		localDate: one.localDate,
		energyWh: known.length === 0 ? null : known.reduce((sum, energyWh) => sum + energyWh, 0),
		estimated: one.estimated + other.estimated,
		missing: one.missing + other.missing
	};
}
