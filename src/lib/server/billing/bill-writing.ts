import type { BillContent, BillTariff } from '#lib/domain/billing/bill.ts';
import { dueDate, type BillingTerms } from '#lib/domain/billing/due-date.ts';
import { billMonth } from '#lib/domain/billing/reading-cycle.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { addDays, daysBetween, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { RatingWarning } from '#lib/domain/rating/notices.ts';
import type { RatingInput, RatingResult } from '#lib/domain/rating/types.ts';
import type { App } from '#lib/server/app.ts';
import type { Transaction } from '#lib/server/db/client.ts';
import { toStoredJson } from './mapping.ts';
import type { RatingCase } from './rating-input.ts';
import * as repo from './repo.ts';
import type { BillSnapshot } from './snapshot.ts';

/** A rated period of an account, ready to become its bill. */
export interface RatedPeriod {
	readonly account: Authorized<Account>;
	readonly terms: BillingTerms;
	/** The civil date of the issue where the account is. */
	readonly today: LocalDate;
	readonly ratingCase: RatingCase;
	readonly result: Extract<RatingResult, { ok: true }>;
}

/** Writes the bill of a rated period with its lines and its frozen input; nothing where the period has one. */
export async function issueBill(
	app: App,
	tx: Transaction,
	account: Authorized<Account>,
	terms: BillingTerms,
	today: LocalDate,
	ratingCase: RatingCase,
	result: RatedPeriod['result']
): Promise<'issued' | 'unchanged'> {
	const issued = await issueBills(app, tx, [{ account, terms, today, ratingCase, result }]);
	return issued.has(account.id) ? 'issued' : 'unchanged';
}

/**
 * As `issueBill`, for one period each of many accounts.
 * @returns the ids of the accounts whose bill is new
 */
export async function issueBills(
	app: App,
	tx: Transaction,
	rated: readonly RatedPeriod[]
): Promise<Set<number>> {
	if (rated.length === 0) return new Set();
	const holders = await repo.holderNames(
		tx,
		rated.map(({ account }) => account)
	);
	const issuedAt = new Date(app.clock.now().epochMilliseconds);
	const bills = rated.map((one) => newBill(one, holders.get(one.account.customerId) ?? '', issuedAt));
	return repo.insertBills(tx, bills);
}

function newBill(
	{ account, terms, today, ratingCase: { input, snapshot }, result }: RatedPeriod,
	holderName: string,
	issuedAt: Date
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
			billNo: `${account.accountNo}-${billMonth(period).replace('-', '')}`,
			state: 'issued',
			periodStart: period.start,
			periodEnd: period.end,
			dueOn: dueDate(terms, addDays(period.end, -1), today),
			currency: result.currency,
			totalMinor: result.totalMinor,
			energyWh: result.figures.energyWh,
			restsOnIncompleteData: result.warnings.some(isIncomplete),
			snapshot: frozen,
			document: toStoredJson(content),
			issuedAt
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

function billTariffs({ tariffs, shares, account }: RatingInput): BillTariff[] {
	return [...tariffs, ...shares.flatMap((share) => share.tariffs)].map(({ tariff, period }) => ({
		code: tariff.code,
		edition: tariff.edition,
		name: tariff.name,
		period,
		source: tariff.source,
		powerFactorSource: account.powerFactorStandard === null ? null : (tariff.powerFactor?.source ?? null),
		notes: tariff.notes
	}));
}
