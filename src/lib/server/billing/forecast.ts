import { unbilledPeriod } from '#lib/domain/billing/reading-cycle.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { FORECAST_LOOK_BACK_DAYS, forecastBill, type RunningBill } from '#lib/domain/billing/forecast.ts';
import {
	addDays,
	daysBetween,
	localDateAt,
	type DatePeriod,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';
import { CHANNELS, unpackLoadDay } from '#lib/domain/metering/load-day.ts';
import type { PointUsage } from '#lib/domain/rating/types.ts';
import type { App } from '#lib/server/app.ts';
import { loadDays, servicePointsOf } from '#lib/server/metering/index.ts';
import type { BillRow } from './mapping.ts';
import { currentRatingCase, frozenBasis } from './rating-input.ts';
import * as repo from './repo.ts';
import type { BillSnapshot } from './snapshot.ts';

/** Two months. */
const LONGEST_CYCLE_DAYS = 62;
/** Bills whose forecast at the same day of the month is compared with what they came to. */
const PAST_BILLS = 3;

/** The running month of an account; null where it cannot be forecast: no tariff, no history, a bill missing before. */
export async function runningBill(app: App, account: Authorized<Account>): Promise<RunningBill | null> {
	const today = localDateAt(app.clock.now(), account.timeZone);
	const past = await repo.latestBills(app.db, account, PAST_BILLS);
	const [latest] = past;
	// Nobody knows today when supply will end.
	const open = { ...account, closedOn: null };
	const period = unbilledPeriod(open, latest?.periodEnd ?? null, addDays(today, -1));
	if (period === null) return null;
	const points = await pointsWithHistory(app, account, {
		start: addDays(past.at(-1)?.periodStart ?? period.start, -FORECAST_LOOK_BACK_DAYS),
		end: today
	});
	const through = lastDayOf(points, today);
	if (through === null) return null;
	const carried = latest === undefined ? { tierCycle: null } : (latest.snapshot as BillSnapshot).carriedOut;
	const { input } = await currentRatingCase(app.db, account, period, carried);
	const forecast = forecastBill(input, suppliedIn(points, period), through);
	if (forecast === null) return null;
	const errors = await pastErrors(app, past, points, daysBetween(period.start, through));
	return {
		...forecast,
		currency: account.currency,
		past:
			errors.length === 0
				? null
				: { bills: errors.length, meanError: errors.reduce((sum, error) => sum + error, 0) / errors.length }
	};
}

/** How far forecasts of earlier bills at the same day would have been off, by the readings until that day. */
async function pastErrors(
	app: App,
	bills: readonly BillRow[],
	points: readonly PointUsage[],
	daysIn: number
): Promise<number[]> {
	const errors: number[] = [];
	for (const { periodStart: start, periodEnd: end, snapshot, totalMinor } of bills) {
		const through = addDays(start, daysIn);
		if (through >= addDays(end, -1) || totalMinor <= 0n) continue;
		const period = { start, end };
		const { basis } = await frozenBasis(app.db, period, snapshot as BillSnapshot);
		const forecast = forecastBill(basis, suppliedIn(points, period), through);
		if (forecast === null) continue;
		errors.push(Math.abs(Number(forecast.expectedMinor - totalMinor)) / Number(totalMinor));
	}
	return errors;
}

async function pointsWithHistory(
	app: App,
	account: Authorized<Account>,
	period: DatePeriod
): Promise<PointUsage[]> {
	const points = await servicePointsOf(app.db, account, period);
	return Promise.all(
		points.map(async ({ id, validFrom, validTo, losses }) => ({
			servicePointId: id,
			period: { start: validFrom, end: validTo ?? addDays(period.end, LONGEST_CYCLE_DAYS) },
			days: (await loadDays(app.db, account, id, CHANNELS, period)).map(unpackLoadDay),
			registers: null,
			losses
		}))
	);
}

/** The points that are supplied in a period. Their readings from before stay: likely days come from them. */
function suppliedIn(points: readonly PointUsage[], period: DatePeriod): PointUsage[] {
	return points.filter((point) => point.period.start < period.end && point.period.end > period.start);
}

/** The last day on which every point that takes energy today was read. */
function lastDayOf(points: readonly PointUsage[], today: LocalDate): LocalDate | null {
	const last = points
		.filter(
			({ period, days }) => period.end > today && days.some(({ channel }) => channel === 'active_import')
		)
		.map(({ days }) => days.filter(({ channel }) => channel === 'active_import').at(-1)?.localDate)
		.sort();
	return last.length === 0 || last.includes(undefined) ? null : (last[0] ?? null);
}
