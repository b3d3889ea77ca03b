import { readingPeriod } from '#lib/domain/billing/reading-cycle.ts';
import type { Account, AccountPeriod } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import { enclosingPeriod, monthOf, type DatePeriod, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { DatedShare } from '#lib/domain/rating/alternatives.ts';
import type { MeterShare } from '#lib/domain/rating/types.ts';
import type { App } from '#lib/server/app.ts';
import type { Executor } from '#lib/server/db/client.ts';
import { tariffMismatch, type SupplyFacts } from './assignment.ts';
import * as repo from './repo.ts';
import { heldDays, storedTariffs, type StoredTariffSpan } from './service.ts';

/** A share with the stored editions of its tariff. */
export interface StoredShare extends DatedShare {
	readonly tariffs: readonly StoredTariffSpan[];
}

/** A share that an account has until further notice. */
export interface NewShare extends Pick<MeterShare, 'id' | 'name' | 'part'> {
	readonly tariffCode: string;
	readonly validFrom: LocalDate;
}

const ALL_E4 = 1_000_000;

/**
 * The fixed-share meters of many accounts at once and in their order, each account's in the order of their ids.
 * Days on which a share's tariff has no edition are simply not covered.
 */
export async function sharesOfAccounts(
	executor: Executor,
	wanted: readonly AccountPeriod[]
): Promise<StoredShare[][]> {
	const period = enclosingPeriod(wanted.map((one) => one.period));
	if (period === null) return [];
	const accounts = wanted.map(({ account }) => account);
	const rows = await repo.shareEditionsOf(executor, accounts, period);
	const stored = await storedTariffs(
		executor,
		rows.flatMap(({ version }) => version ?? [])
	);
	const byAccount = Map.groupBy(rows, ({ share }) => share.accountId);
	return wanted.map(({ account, period: own }) => {
		const editions = byAccount.get(account.id) ?? [];
		const byShare = Map.groupBy(editions, ({ share: { id, validFrom } }) => `${id} ${validFrom}`);
		return [...byShare.values()].flatMap((same) => storedShare(same, own, stored));
	});
}

/** @returns one share, or none where it does not hold on any day of the period */
function storedShare(
	editions: Awaited<ReturnType<typeof repo.shareEditionsOf>>,
	period: DatePeriod,
	stored: Awaited<ReturnType<typeof storedTariffs>>
): StoredShare[] {
	const share = editions[0]?.share;
	const held = share === undefined ? null : heldDays(period, share);
	if (share === undefined || held === null) return [];
	const tariffs = editions.flatMap(({ version }) => {
		const days = version === null ? null : heldDays(held, version);
		return version === null || days === null ? [] : [{ period: days, ...stored(version) }];
	});
	return [{ id: share.id, name: share.name, part: partOf(share), period: held, tariffs }];
}

/** The database holds that it is one of the two. */
function partOf({ percentE4, whPerMonth }: repo.ShareRow): MeterShare['part'] {
	return percentE4 === null ? { whPerMonth: whPerMonth ?? 0 } : { percentE4 };
}

type ShareFacts = SupplyFacts & Pick<Account, 'openedOn' | 'readingMonths' | 'readingParity'>;

/**
 * Makes sure that such an account can have the shares. A bill is divided as a whole, so that a share begins where
 * a bill does.
 * @throws AppError VALIDATION_FAILED naming field and reason
 */
export async function checkShares(app: App, facts: ShareFacts, shares: readonly NewShare[]): Promise<void> {
	if (new Set(shares.map(({ id }) => id)).size < shares.length) refuse('shares', 'two have the same id');
	requireNotMoreThanAll(shares.map(({ part, validFrom }) => ({ ...part, validFrom, validTo: null })));
	for (const [index, share] of shares.entries()) {
		const { validFrom } = share;
		if (validFrom < facts.openedOn) refuse(`shares.${index}.validFrom`, 'before account.openedOn');
		const cycle = readingPeriod(facts, monthOf(validFrom));
		if (validFrom !== facts.openedOn && validFrom !== cycle.start) {
			refuse(`shares.${index}.validFrom`, `not the first day of a bill (${cycle.start} or ${cycle.end})`);
		}
		const mismatch = await tariffMismatch(app, facts, share);
		if (mismatch !== null) refuse(`shares.${index}.tariffCode`, mismatch);
	}
}

/**
 * Gives an account its fixed-share meters: all of them or none. Repeated, it changes nothing.
 * @returns whether any of them is new
 * @throws AppError VALIDATION_FAILED as `checkShares`, or where they come to more than all; CONFLICT where the
 * account has another share of that id by then
 */
export async function addShares(
	app: App,
	account: Authorized<Account>,
	shares: readonly NewShare[]
): Promise<boolean> {
	await checkShares(app, account, shares);
	return app.db.transaction(async (tx) => {
		let added = 0;
		for (const { part, ...share } of shares) {
			if (await repo.insertShare(tx, { accountId: account.id, ...share, ...part })) added++;
		}
		const rows = await repo.sharesOf(tx, account);
		for (const share of shares) requireSame(account, share, rows);
		requireNotMoreThanAll(rows);
		return added > 0;
	});
}

function requireSame({ accountNo }: Account, share: NewShare, rows: readonly repo.ShareRow[]): void {
	const { id, name, tariffCode } = share;
	const isThere = rows.some(
		(row) =>
			row.id === id &&
			row.name === name &&
			row.tariffCode === tariffCode &&
			isSamePart(partOf(row), share.part) &&
			row.validFrom <= share.validFrom &&
			row.validTo === null
	);
	if (isThere) return;
	throw new AppError(
		'CONFLICT',
		`account ${accountNo} has another share ${id} on or after ${share.validFrom}`,
		{
			accountNo
		}
	);
}

function isSamePart(one: MeterShare['part'], other: MeterShare['part']): boolean {
	return 'percentE4' in one
		? 'percentE4' in other && one.percentE4 === other.percentE4
		: 'whPerMonth' in other && one.whPerMonth === other.whPerMonth;
}

interface DatedPercent {
	readonly percentE4?: number | null;
	readonly validFrom: LocalDate;
	readonly validTo: LocalDate | null;
}

/** The percentages of one day come to 100 at most: their sum rises only where a share begins. */
function requireNotMoreThanAll(shares: readonly DatedPercent[]): void {
	for (const { validFrom: date } of shares) {
		const held = shares.filter(
			({ validFrom, validTo }) => validFrom <= date && (validTo === null || validTo > date)
		);
		const percentE4 = held.reduce((sum, share) => sum + (share.percentE4 ?? 0), 0);
		if (percentE4 > ALL_E4) refuse('shares', 'their percentages come to more than 100');
	}
}

function refuse(field: string, reason: string): never {
	throw new AppError('VALIDATION_FAILED', `${field}: ${reason}`, { field });
}
