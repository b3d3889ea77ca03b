import { and, asc, eq, gt, isNull, lt, or } from 'drizzle-orm';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import type { DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import type { Executor } from '#lib/server/db/client.ts';
import { accountTariff, tariffVersion } from '#lib/server/db/schema/index.ts';

export type TariffVersionRow = typeof tariffVersion.$inferSelect;

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

export async function findVersion(executor: Executor, id: number): Promise<TariffVersionRow | undefined> {
	const [row] = await executor.select().from(tariffVersion).where(eq(tariffVersion.id, id));
	return row;
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

/** Editions that hold for the account on days of the period, in order, with the assignment's own bounds. */
export async function editionsOf(executor: Executor, account: Authorized<Account>, period: DatePeriod) {
	return executor
		.select({
			version: tariffVersion,
			assignedFrom: accountTariff.validFrom,
			assignedTo: accountTariff.validTo
		})
		.from(accountTariff)
		.innerJoin(tariffVersion, eq(tariffVersion.code, accountTariff.tariffCode))
		.where(
			and(
				eq(accountTariff.accountId, account.id),
				lt(accountTariff.validFrom, period.end),
				or(isNull(accountTariff.validTo), gt(accountTariff.validTo, period.start)),
				lt(tariffVersion.validFrom, period.end),
				or(isNull(tariffVersion.validTo), gt(tariffVersion.validTo, period.start))
			)
		)
		.orderBy(asc(accountTariff.validFrom), asc(tariffVersion.validFrom));
}
