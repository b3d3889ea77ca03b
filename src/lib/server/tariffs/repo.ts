import { and, asc, eq, gt, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import type { DatePeriod, LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { Executor } from '#lib/server/db/client.ts';
import { accountShare, accountTariff, tariffVersion } from '#lib/server/db/schema/index.ts';

export type TariffVersionRow = typeof tariffVersion.$inferSelect;
export type ShareRow = typeof accountShare.$inferSelect;

export async function findEdition(
	executor: Executor,
	code: string,
	edition: string
): Promise<TariffVersionRow | undefined> {
	const [row] = await executor
		.select()
		.from(tariffVersion)
		.where(and(eq(tariffVersion.code, code), eq(tariffVersion.edition, edition)));
	return row;
}

const editionHead = {
	id: tariffVersion.id,
	sha256: tariffVersion.sha256,
	validFrom: tariffVersion.validFrom,
	validTo: tariffVersion.validTo
};
export type EditionHead = Pick<TariffVersionRow, keyof typeof editionHead>;

export async function findVersion(executor: Executor, id: number): Promise<EditionHead | undefined> {
	const [row] = await executor.select(editionHead).from(tariffVersion).where(eq(tariffVersion.id, id));
	return row;
}

export function documentsOf(
	executor: Executor,
	ids: readonly number[]
): Promise<Pick<TariffVersionRow, 'sha256' | 'document'>[]> {
	return executor
		.select({ sha256: tariffVersion.sha256, document: tariffVersion.document })
		.from(tariffVersion)
		.where(inArray(tariffVersion.id, [...ids]));
}

/** @returns whether the row is new */
export async function insertEdition(
	executor: Executor,
	row: typeof tariffVersion.$inferInsert
): Promise<boolean> {
	const inserted = await executor
		.insert(tariffVersion)
		.values(row)
		.onConflictDoNothing()
		.returning({ id: tariffVersion.id });
	return inserted.length > 0;
}

/**
 * Editions that hold for the accounts on days of the period, each account's in order, with the assignment's own
 * bounds. Their documents are not read: they are few, and read once.
 */
export async function editionsOf(
	executor: Executor,
	accounts: readonly Authorized<Account>[],
	period: DatePeriod
) {
	return executor
		.select({
			accountId: accountTariff.accountId,
			version: editionHead,
			validFrom: accountTariff.validFrom,
			validTo: accountTariff.validTo
		})
		.from(accountTariff)
		.innerJoin(tariffVersion, eq(tariffVersion.code, accountTariff.tariffCode))
		.where(
			and(
				sql`${accountTariff.accountId} = any(${sql.param(accounts.map(({ id }) => id))}::bigint[])`,
				lt(accountTariff.validFrom, period.end),
				or(isNull(accountTariff.validTo), gt(accountTariff.validTo, period.start)),
				lt(tariffVersion.validFrom, period.end),
				or(isNull(tariffVersion.validTo), gt(tariffVersion.validTo, period.start))
			)
		)
		.orderBy(asc(accountTariff.validFrom), asc(tariffVersion.validFrom));
}

/** Shares of the accounts that hold on days of the period, each with the editions of its tariff, in order. */
export async function shareEditionsOf(
	executor: Executor,
	accounts: readonly Authorized<Account>[],
	period: DatePeriod
) {
	return executor
		.select({ share: accountShare, version: editionHead })
		.from(accountShare)
		.leftJoin(
			tariffVersion,
			and(
				eq(tariffVersion.code, accountShare.tariffCode),
				lt(tariffVersion.validFrom, period.end),
				or(isNull(tariffVersion.validTo), gt(tariffVersion.validTo, period.start))
			)
		)
		.where(
			and(
				sql`${accountShare.accountId} = any(${sql.param(accounts.map(({ id }) => id))}::bigint[])`,
				lt(accountShare.validFrom, period.end),
				or(isNull(accountShare.validTo), gt(accountShare.validTo, period.start))
			)
		)
		.orderBy(asc(accountShare.id), asc(accountShare.validFrom), asc(tariffVersion.validFrom));
}

/** All shares that the account ever had. */
export function sharesOf(executor: Executor, account: Authorized<Account>): Promise<ShareRow[]> {
	return executor.select().from(accountShare).where(eq(accountShare.accountId, account.id));
}

/** @returns whether the row is new; it is not where the account has a share of that id on any of its days */
export async function insertShare(
	executor: Executor,
	row: typeof accountShare.$inferInsert
): Promise<boolean> {
	const inserted = await executor
		.insert(accountShare)
		.values(row)
		.onConflictDoNothing()
		.returning({ id: accountShare.id });
	return inserted.length > 0;
}

/** The first edition that holds on the date or later. */
export async function findEditionSince(
	executor: Executor,
	code: string,
	date: LocalDate
): Promise<TariffVersionRow | undefined> {
	const [row] = await executor
		.select()
		.from(tariffVersion)
		.where(
			and(eq(tariffVersion.code, code), or(isNull(tariffVersion.validTo), gt(tariffVersion.validTo, date)))
		)
		.orderBy(asc(tariffVersion.validFrom))
		.limit(1);
	return row;
}

/** Codes of the tariffs that are published for a supply area. */
export async function codesOf(executor: Executor, supplyArea: string): Promise<string[]> {
	const rows = await executor
		.selectDistinct({ code: tariffVersion.code })
		.from(tariffVersion)
		.where(eq(sql`${tariffVersion.document} ->> 'supplyArea'`, supplyArea))
		.orderBy(asc(tariffVersion.code));
	return rows.map(({ code }) => code);
}

/** @returns whether the row is new; it is not where the account has a tariff on any of its days */
export async function insertAssignment(
	executor: Executor,
	account: Authorized<Account>,
	{ tariffCode, validFrom }: { tariffCode: string; validFrom: LocalDate }
): Promise<boolean> {
	const inserted = await executor
		.insert(accountTariff)
		.values({ accountId: account.id, tariffCode, validFrom })
		.onConflictDoNothing()
		.returning({ accountId: accountTariff.accountId });
	return inserted.length > 0;
}

/** The first assignment that holds on the date or later. */
export async function assignmentSince(executor: Executor, account: Authorized<Account>, date: LocalDate) {
	const [row] = await executor
		.select()
		.from(accountTariff)
		.where(
			and(
				eq(accountTariff.accountId, account.id),
				or(isNull(accountTariff.validTo), gt(accountTariff.validTo, date))
			)
		)
		.orderBy(asc(accountTariff.validFrom))
		.limit(1);
	return row;
}
