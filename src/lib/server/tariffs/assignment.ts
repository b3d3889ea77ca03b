import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { parseTariff } from '#lib/domain/tariffs/parse.ts';
import type { App } from '#lib/server/app.ts';
import * as repo from './repo.ts';

/** Which tariff, from which day on. */
export interface TariffChoice {
	readonly tariffCode: string;
	readonly validFrom: LocalDate;
}

export type SupplyFacts = Pick<Account, 'supplyArea' | 'voltage' | 'currency'>;

/**
 * Makes sure that a published tariff is one for such an account.
 * @throws AppError VALIDATION_FAILED naming what is wrong
 */
export async function checkTariffChoice(app: App, facts: SupplyFacts, choice: TariffChoice): Promise<void> {
	const reason = await tariffMismatch(app, facts, choice);
	if (reason !== null) throw new AppError('VALIDATION_FAILED', reason, { field: 'tariff' });
}

/** Why a tariff is none for such an account; null where it is one. */
export async function tariffMismatch(
	app: App,
	facts: SupplyFacts,
	{ tariffCode, validFrom }: TariffChoice
): Promise<string | null> {
	const edition = await repo.findEditionSince(app.db, tariffCode, validFrom);
	if (edition === undefined) {
		const codes = await repo.codesOf(app.db, facts.supplyArea);
		const known = codes.length === 0 ? 'none; publish them first' : codes.join(', ');
		return `no tariff ${tariffCode} is in force on or after ${validFrom} (published for ${facts.supplyArea}: ${known})`;
	}
	const tariff = parseTariff(edition.document);
	if (tariff.supplyArea !== facts.supplyArea) {
		return `tariff ${tariffCode} is for ${tariff.supplyArea}, the account lies in ${facts.supplyArea}`;
	}
	if (!tariff.voltages.includes(facts.voltage)) {
		return `tariff ${tariffCode} is for ${tariff.voltages.join(', ')}, the account has ${facts.voltage}`;
	}
	if (tariff.currency !== facts.currency) {
		return `tariff ${tariffCode} is in ${tariff.currency}, the account in ${facts.currency}`;
	}
	return null;
}

/**
 * Puts an account on a tariff until further notice. Repeated, it changes nothing.
 * @returns whether the assignment is new
 * @throws AppError VALIDATION_FAILED as `checkTariffChoice`; CONFLICT where the account has another tariff by then
 */
export async function assignTariff(
	app: App,
	account: Authorized<Account>,
	choice: TariffChoice
): Promise<boolean> {
	await checkTariffChoice(app, account, choice);
	if (await repo.insertAssignment(app.db, account, choice)) return true;
	const current = await repo.assignmentSince(app.db, account, choice.validFrom);
	if (current?.tariffCode === choice.tariffCode && current.validTo === null) return false;
	throw new AppError(
		'CONFLICT',
		`account ${account.accountNo} is on another tariff on or after ${choice.validFrom} (${current?.tariffCode} since ${current?.validFrom})`,
		{ accountNo: account.accountNo }
	);
}
