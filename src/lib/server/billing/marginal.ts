import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import type { DayPrices, DayPricesRefusal } from '#lib/domain/billing/day-prices.ts';
import { unbilledPeriod } from '#lib/domain/billing/reading-cycle.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { marginalPrices } from '#lib/domain/rating/marginal.ts';
import type { RatingInput } from '#lib/domain/rating/types.ts';
import type { App } from '#lib/server/app.ts';
import { servicePointsOf } from '#lib/server/metering/index.ts';
import type { BillRow } from './mapping.ts';
import { currentRatingCase, frozenInput, unpackedInput } from './rating-input.ts';
import * as repo from './repo.ts';
import type { BillSnapshot } from './snapshot.ts';

/**
 * Marginal prices of a day: by the frozen input of the bill that it is in, else by its month as it stands.
 * @throws AppError NOT_FOUND where the account has no such meter
 */
export async function dayPrices(
	app: App,
	account: Authorized<Account>,
	{ meterNo, date }: { meterNo: string; date: LocalDate }
): Promise<DayPrices> {
	const points = await servicePointsOf(app.db, account);
	const meter = points.find((point) => point.meterNo === meterNo);
	if (meter === undefined) throw new AppError('NOT_FOUND', 'the account has no such meter');
	const bill = await repo.billOfDate(app.db, account, date);
	const input = await (bill === undefined
		? unbilledInput(app, account, date)
		: billedInput(app, account, bill));
	if ('code' in input) return { ok: false, refusal: input };
	const day = marginalPrices(input, meter.id, date);
	return day.ok ? { ...day, billNo: bill?.billNo ?? null } : day;
}

async function billedInput(
	app: App,
	account: Authorized<Account>,
	{ periodStart: start, periodEnd: end, snapshot }: BillRow
): Promise<RatingInput> {
	const { input } = await frozenInput(app.db, account, { start, end }, snapshot as BillSnapshot);
	return unpackedInput(input);
}

/** The input of the whole reading cycle as it stands: its days to come have no readings. */
async function unbilledInput(
	app: App,
	account: Authorized<Account>,
	date: LocalDate
): Promise<RatingInput | DayPricesRefusal> {
	const { openedOn, closedOn } = account;
	if (date < openedOn || (closedOn !== null && date >= closedOn)) return { code: 'DAY_NOT_READ', date };
	const latest = await repo.latestBill(app.db, account);
	const period = unbilledPeriod(account, latest?.periodEnd ?? null, date);
	if (period === null) return { code: 'EARLIER_MONTH_NOT_BILLED' };
	const carried = latest === undefined ? { tierCycle: null } : (latest.snapshot as BillSnapshot).carriedOut;
	const { input } = await currentRatingCase(app.db, account, period, carried);
	return input;
}
