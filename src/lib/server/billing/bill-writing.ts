import type { BillContent, BillReference, BillTariff } from '#lib/domain/billing/bill.ts';
import { dueDate, type BillingTerms } from '#lib/domain/billing/due-date.ts';
import { billMonth } from '#lib/domain/billing/reading-cycle.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { addDays, daysBetween, type DatePeriod, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { RatingWarning } from '#lib/domain/rating/notices.ts';
import type { RatingInput, RatingResult } from '#lib/domain/rating/types.ts';
import type { App } from '#lib/server/app.ts';
import type { Transaction } from '#lib/server/db/client.ts';
import { toStoredJson } from './mapping.ts';
import type { RatingCase } from './rating-input.ts';
import * as repo from './repo.ts';
import type { BillSnapshot } from './snapshot.ts';

/** A rating that was not refused. */
export type Rated = Extract<RatingResult, { ok: true }>;

/** When a bill is issued, and until when it can be paid. */
export interface BillDates {
	readonly issuedAt: Date;
	readonly dueOn: LocalDate;
}

/** A rated period of an account, ready to become its bill. */
export interface RatedPeriod {
	readonly account: Authorized<Account>;
	readonly ratingCase: RatingCase;
	readonly result: Rated;
	/** Null for a draft. */
	readonly dates: BillDates | null;
	/** Null where it corrects no other bill. */
	readonly correctsBillId: number | null;
}

/** @param today the civil date of the issue where the account is */
export function billDates(app: App, terms: BillingTerms, period: DatePeriod, today: LocalDate): BillDates {
	return {
		issuedAt: new Date(app.clock.now().epochMilliseconds),
		dueOn: dueDate(terms, addDays(period.end, -1), today)
	};
}

/**
 * Writes the bill of a rated period with its lines and its frozen input.
 * @returns undefined where the period has such a bill
 */
export async function writeBill(tx: Transaction, rated: RatedPeriod): Promise<BillReference | undefined> {
	return (await writeBills(tx, [rated])).get(rated.account.id);
}

/**
 * As `writeBill`, for one period each of many accounts.
 * @returns the new bills by account id
 */
export async function writeBills(
	tx: Transaction,
	rated: readonly RatedPeriod[]
): Promise<Map<number, BillReference>> {
	if (rated.length === 0) return new Map();
	const holders = await repo.holderNames(
		tx,
		rated.map(({ account }) => account)
	);
	const numbered = rated.map(({ account, ratingCase }) => ({
		accountId: account.id,
		billNo: firstBillNo(account, ratingCase.input.period)
	}));
	const taken = await repo.countNumbered(tx, numbered);
	const bills = rated.map((one, index) => {
		const earlier = taken.get(one.account.id) ?? 0;
		const first = numbered[index]?.billNo ?? '';
		const billNo = earlier === 0 ? first : `${first}-${earlier + 1}`;
		return newBill(one, billNo, holders.get(one.account.customerId) ?? '');
	});
	return repo.insertBills(tx, bills);
}

/** `<account>-<YYYYMM>`; later bills of the period have -2, -3 … after it. */
function firstBillNo({ accountNo }: Account, period: DatePeriod): string {
	return `${accountNo}-${billMonth(period).replace('-', '')}`;
}

function newBill(
	{ account, ratingCase: { input, snapshot }, result, dates, correctsBillId }: RatedPeriod,
	billNo: string,
	holderName: string
): repo.NewBill {
	const { period } = input;
	const content: BillContent = {
		account: billAccountFacts(account, holderName),
		days: daysBetween(period.start, period.end),
		figures: result.figures,
		warnings: result.warnings,
		tariffs: billTariffs(input)
	};
	const frozen: BillSnapshot = { ...snapshot, carriedOut: result.carried };
	return {
		row: {
			accountId: account.id,
			billNo,
			state: dates === null ? 'draft' : 'issued',
			correctsBillId,
			periodStart: period.start,
			periodEnd: period.end,
			dueOn: dates?.dueOn ?? null,
			currency: result.currency,
			totalMinor: result.totalMinor,
			energyWh: result.figures.energyWh,
			restsOnIncompleteData: result.warnings.some(isIncomplete),
			snapshot: frozen,
			document: toStoredJson(content),
			issuedAt: dates?.issuedAt ?? null
		},
		lines: result.lines.map((line, index) => ({
			lineNo: index + 1,
			reference: line.reference,
			amountMinor: line.amountMinor,
			detail: toStoredJson(line)
		}))
	};
}

function isIncomplete(warning: RatingWarning): boolean {
	switch (warning.code) {
		case 'REGISTER_ESTIMATED':
			return true;
		case 'MISSING_INTERVALS':
		case 'ESTIMATED_INTERVALS':
		case 'FILLED_INTERVALS':
			return warning.channel === 'active_import';
		default:
			return false;
	}
}

function billAccountFacts(account: Authorized<Account>, holderName: string): BillContent['account'] {
	return {
		accountNo: account.accountNo,
		customerKind: account.customerKind,
		supplyArea: account.supplyArea,
		timeZone: account.timeZone,
		voltage: account.voltage,
		contractedCapacityVa: account.contractedCapacityVa,
		demandBasis: account.demandBasis,
		contractDemandW: account.contractDemandW,
		powerFactorStandard: account.powerFactorStandard,
		address: account.address,
		holderName
	};
}

/** Each edition once for its days, however many shares are under it. */
function billTariffs({ tariffs, shares, account }: RatingInput): BillTariff[] {
	const spans = new Map(
		[...tariffs, ...shares.flatMap((share) => share.tariffs)].map((span) => [
			`${span.tariff.code} ${span.tariff.edition} ${span.period.start}`,
			span
		])
	);
	return [...spans.values()].map(({ tariff, period }) => ({
		code: tariff.code,
		edition: tariff.edition,
		name: tariff.name,
		period,
		source: tariff.source,
		powerFactorSource: account.powerFactorStandard === null ? null : (tariff.powerFactor?.source ?? null),
		notes: tariff.notes
	}));
}
