import { and, asc, desc, eq, gt, inArray, lt, lte, sql, type SQL } from 'drizzle-orm';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import type { BillingTerms } from '#lib/domain/billing/due-date.ts';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { Executor } from '#lib/server/db/client.ts';
import { account, bill, billingTerms, billLine, customer } from '#lib/server/db/schema/index.ts';
import type { BillLineRow, BillRow, BillWithLines } from './mapping.ts';

type OwnAccount = Authorized<Account>;

/** Namespace of the advisory locks that keep two runs from billing one account at once. */
const BILL_RUN_LOCK = 0x62_69_6c_6c;

/** Waits until no other transaction bills the account; held to the end of this one. */
export async function lockAccountForBilling(executor: Executor, account: OwnAccount): Promise<void> {
	await executor.execute(sql`select pg_advisory_xact_lock(${BILL_RUN_LOCK}, ${account.id}::integer)`);
}

/** The next accounts after `afterId`, oldest first; only those with the numbers where some are given. */
export async function accountIdsAfter(
	executor: Executor,
	afterId: number,
	limit: number,
	accountNos?: readonly string[]
): Promise<number[]> {
	const rows = await executor
		.select({ id: account.id })
		.from(account)
		.where(and(gt(account.id, afterId), withNumbers(accountNos)))
		.orderBy(asc(account.id))
		.limit(limit);
	return rows.map(({ id }) => id);
}

export async function countAccounts(executor: Executor, accountNos?: readonly string[]): Promise<number> {
	return executor.$count(account, withNumbers(accountNos));
}

function withNumbers(accountNos: readonly string[] | undefined): SQL | undefined {
	return accountNos === undefined ? undefined : inArray(account.accountNo, [...accountNos]);
}

export async function holderName(executor: Executor, { customerId }: OwnAccount): Promise<string> {
	const [row] = await executor
		.select({ displayName: customer.displayName })
		.from(customer)
		.where(eq(customer.id, customerId));
	return row?.displayName ?? '';
}

/** The area's own terms on a date, else those for every area ("*"). */
export async function billingTermsOn(
	executor: Executor,
	supplyArea: string,
	date: LocalDate
): Promise<BillingTerms | undefined> {
	const rows = await executor
		.select()
		.from(billingTerms)
		.where(and(inArray(billingTerms.supplyArea, [supplyArea, '*']), lte(billingTerms.validFrom, date)))
		.orderBy(desc(billingTerms.validFrom));
	return rows.find((row) => row.supplyArea === supplyArea) ?? rows[0];
}

/** @returns whether the terms are new */
export async function insertTerms(
	executor: Executor,
	row: typeof billingTerms.$inferInsert
): Promise<boolean> {
	const inserted = await executor
		.insert(billingTerms)
		.values(row)
		.onConflictDoNothing()
		.returning({ dueDay: billingTerms.dueDay });
	return inserted.length > 0;
}

/** The account's issued bill with the latest period; undefined before the first. */
export async function latestBill(executor: Executor, own: OwnAccount): Promise<BillRow | undefined> {
	const [row] = await latestBills(executor, own, 1);
	return row;
}

/** Issued bills, newest period first. */
export function latestBills(executor: Executor, own: OwnAccount, limit: number): Promise<BillRow[]> {
	return executor
		.select()
		.from(bill)
		.where(and(eq(bill.accountId, own.id), eq(bill.state, 'issued')))
		.orderBy(desc(bill.periodStart))
		.limit(limit);
}

/** The issued bill whose period holds a date. */
export async function billOfDate(
	executor: Executor,
	own: OwnAccount,
	date: LocalDate
): Promise<BillRow | undefined> {
	const [row] = await executor
		.select()
		.from(bill)
		.where(
			and(
				eq(bill.accountId, own.id),
				eq(bill.state, 'issued'),
				lte(bill.periodStart, date),
				gt(bill.periodEnd, date)
			)
		);
	return row;
}

export async function billStarting(
	executor: Executor,
	own: OwnAccount,
	periodStart: LocalDate
): Promise<number | undefined> {
	const [row] = await executor
		.select({ id: bill.id })
		.from(bill)
		.where(and(eq(bill.accountId, own.id), eq(bill.periodStart, periodStart), eq(bill.state, 'issued')));
	return row?.id;
}

/** @returns the new bill's id, or undefined where the period has a bill already */
export async function insertBill(
	executor: Executor,
	row: typeof bill.$inferInsert,
	lines: readonly Omit<typeof billLine.$inferInsert, 'accountId' | 'billId'>[]
): Promise<number | undefined> {
	const [inserted] = await executor.insert(bill).values(row).onConflictDoNothing().returning({ id: bill.id });
	if (inserted === undefined) return undefined;
	if (lines.length > 0) {
		await executor
			.insert(billLine)
			.values(lines.map((line) => ({ ...line, accountId: row.accountId, billId: inserted.id })));
	}
	return inserted.id;
}

const summaryColumns = {
	accountId: bill.accountId,
	id: bill.id,
	billNo: bill.billNo,
	state: bill.state,
	periodStart: bill.periodStart,
	periodEnd: bill.periodEnd,
	dueOn: bill.dueOn,
	currency: bill.currency,
	totalMinor: bill.totalMinor,
	energyWh: bill.energyWh,
	restsOnIncompleteData: bill.restsOnIncompleteData,
	issuedAt: bill.issuedAt
};

/** Issued bills of any accounts, picked at random. */
export async function sampleBills(
	executor: Executor,
	size: number
): Promise<{ accountId: number; billId: number; billNo: string }[]> {
	return executor
		.select({ accountId: bill.accountId, billId: bill.id, billNo: bill.billNo })
		.from(bill)
		.where(eq(bill.state, 'issued'))
		.orderBy(sql`random()`)
		.limit(size);
}

/** Summaries, newest period first. */
export async function listBills(
	executor: Executor,
	own: OwnAccount,
	limit: number
): Promise<Omit<BillRow, 'snapshot' | 'document'>[]> {
	return executor
		.select(summaryColumns)
		.from(bill)
		.where(eq(bill.accountId, own.id))
		.orderBy(desc(bill.periodStart), desc(bill.id))
		.limit(limit);
}

export async function findBill(
	executor: Executor,
	own: OwnAccount,
	billId: number
): Promise<BillWithLines | undefined> {
	const [row] = await executor
		.select()
		.from(bill)
		.where(and(eq(bill.accountId, own.id), eq(bill.id, billId)));
	return row === undefined ? undefined : { row, lines: await linesOf(executor, own, billId) };
}

/** The latest issued bill whose period begins before `periodStart`. */
export async function findBillBefore(
	executor: Executor,
	own: OwnAccount,
	periodStart: LocalDate
): Promise<BillWithLines | undefined> {
	const [row] = await executor
		.select()
		.from(bill)
		.where(and(eq(bill.accountId, own.id), eq(bill.state, 'issued'), lt(bill.periodStart, periodStart)))
		.orderBy(desc(bill.periodStart))
		.limit(1);
	return row === undefined ? undefined : { row, lines: await linesOf(executor, own, row.id) };
}

function linesOf(executor: Executor, own: OwnAccount, billId: number): Promise<BillLineRow[]> {
	return executor
		.select()
		.from(billLine)
		.where(and(eq(billLine.accountId, own.id), eq(billLine.billId, billId)))
		.orderBy(asc(billLine.lineNo));
}
