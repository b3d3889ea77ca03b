import type { BillContent, BillTariff } from '#lib/domain/billing/bill.ts';
import { dueDate, type BillingTerms } from '#lib/domain/billing/due-date.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { addDays, daysBetween, monthOf, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { RatingInput, RatingResult } from '#lib/domain/rating/types.ts';
import type { App } from '#lib/server/app.ts';
import type { Transaction } from '#lib/server/db/client.ts';
import { toStoredJson } from './mapping.ts';
import type { RatingCase } from './rating-input.ts';
import * as repo from './repo.ts';
import type { BillSnapshot } from './snapshot.ts';

/** Writes the bill of a rated period with its lines and its frozen input; nothing where the period has one. */
export async function issueBill(
	app: App,
	tx: Transaction,
	account: Authorized<Account>,
	terms: BillingTerms,
	today: LocalDate,
	{ input, snapshot }: RatingCase,
	result: Extract<RatingResult, { ok: true }>
): Promise<'issued' | 'unchanged'> {
	const { period } = input;
	const content: BillContent = {
		account: await billAccountFacts(tx, account),
		days: daysBetween(period.start, period.end),
		figures: result.figures,
		warnings: result.warnings,
		tariffs: billTariffs(input)
	};
	const frozen: BillSnapshot = { ...snapshot, carriedOut: result.carried };
	const id = await repo.insertBill(
		tx,
		{
			accountId: account.id,
			billNo: `${account.accountNo}-${monthOf(period.start).replace('-', '')}`,
			state: 'issued',
			periodStart: period.start,
			periodEnd: period.end,
			dueOn: dueDate(terms, addDays(period.end, -1), today),
			currency: result.currency,
			totalMinor: result.totalMinor,
			energyWh: result.figures.energyWh,
			restsOnIncompleteData: result.warnings.some(
				(warning) =>
					(warning.code === 'MISSING_INTERVALS' ||
						warning.code === 'ESTIMATED_INTERVALS' ||
						warning.code === 'FILLED_INTERVALS') &&
					warning.channel === 'active_import'
			),
			snapshot: frozen,
			document: toStoredJson(content),
			issuedAt: new Date(app.clock.now().epochMilliseconds)
		},
		result.lines.map((line, index) => ({
			lineNo: index + 1,
			reference: line.reference,
			amountMinor: line.amountMinor,
			detail: toStoredJson(line)
		}))
	);
	return id === undefined ? 'unchanged' : 'issued';
}

async function billAccountFacts(
	tx: Transaction,
	account: Authorized<Account>
): Promise<BillContent['account']> {
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
		holderName: await repo.holderName(tx, account)
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
