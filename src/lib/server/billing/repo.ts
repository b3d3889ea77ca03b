import { and, asc, desc, eq, gt, inArray, isNotNull, lt, lte, sql, type SQL } from 'drizzle-orm';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import type { BillReference } from '#lib/domain/billing/bill.ts';
import type { BillingTerms } from '#lib/domain/billing/due-date.ts';
import type { DatePeriod, LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { CarriedState } from '#lib/domain/rating/types.ts';
import type { Executor } from '#lib/server/db/client.ts';
import { account, bill, billingTerms, billLine, customer } from '#lib/server/db/schema/index.ts';
import type { BillLineRow, BillRow, BillWithLines } from './mapping.ts';

type OwnAccount = Authorized<Account>;

/** All but drafts, which are nobody's bills yet: nothing that a customer sees reads them. */
const wasIssued = isNotNull(bill.issuedAt);

/** Namespace of the advisory locks that keep two runs from billing one account at once. */
const BILL_RUN_LOCK = 0x62_69_6c_6c;

/**
 * Waits until no other transaction bills any of the accounts; held to the end of this one. Everybody takes the
 * locks in the order of ids, so two runs wait for each other and never in a circle.
 */
export async function lockAccountsForBilling(
	executor: Executor,
	accounts: readonly OwnAccount[]
): Promise<void> {
	await executor.execute(sql`select pg_advisory_xact_lock(${BILL_RUN_LOCK}, id)
		from (select id from unnest(${sql.param(idsOf(accounts))}::integer[]) as id order by id) as ordered`);
}

function idsOf(accounts: readonly OwnAccount[]): number[] {
	return accounts.map(({ id }) => id);
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

/** Names of the accounts' customers, by customer id. */
export async function holderNames(
	executor: Executor,
	accounts: readonly OwnAccount[]
): Promise<Map<number, string>> {
	const ids = accounts.map(({ customerId }) => customerId);
	const rows = await executor
		.select({ id: customer.id, displayName: customer.displayName })
		.from(customer)
		.where(sql`${customer.id} = any(${sql.param(ids)}::bigint[])`);
	return new Map(rows.map(({ id, displayName }) => [id, displayName]));
}

/** All terms of all areas. */
export function listTerms(executor: Executor): Promise<BillingTerms[]> {
	return executor.select().from(billingTerms);
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
export async function latestBills(executor: Executor, own: OwnAccount, limit: number): Promise<BillRow[]> {
	const rows = await executor
		.select()
		.from(bill)
		.where(and(eq(bill.accountId, own.id), eq(bill.state, 'issued')))
		.orderBy(desc(bill.periodStart))
		.limit(limit);
	return rows as BillRow[];
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
	return row as BillRow | undefined;
}

/** The valid bill of the period that begins on the date. */
export async function billStarting(
	executor: Executor,
	own: OwnAccount,
	periodStart: LocalDate
): Promise<BillReference | undefined> {
	const [row] = await executor
		.select({ id: bill.id, billNo: bill.billNo })
		.from(bill)
		.where(and(eq(bill.accountId, own.id), eq(bill.periodStart, periodStart), eq(bill.state, 'issued')));
	return row;
}

/** How many bills of each account have its number or begin it so, whatever became of them. */
export async function countNumbered(
	executor: Executor,
	wanted: readonly { readonly accountId: number; readonly billNo: string }[]
): Promise<Map<number, number>> {
	const ids = sql.param(wanted.map(({ accountId }) => accountId));
	const numbers = sql.param(wanted.map(({ billNo }) => billNo));
	const { rows } = await executor.execute<{ accountId: number; count: number }>(sql`
		select wanted.id::integer as "accountId", count(*)::integer as count
		from unnest(${ids}::bigint[], ${numbers}::text[]) as wanted (id, bill_no)
		join bill on bill.account_id = wanted.id and starts_with(bill.bill_no, wanted.bill_no)
		group by wanted.id`);
	return new Map(rows.map(({ accountId, count }) => [accountId, count]));
}

/** What an account was billed for so far. */
export interface BilledSoFar {
	/** Days with an issued bill, in order; bills without a gap between them make one period. */
	readonly periods: readonly DatePeriod[];
	/** What the bill with the latest period hands on. */
	readonly carried: CarriedState;
}

/** By account id; accounts without any bill are absent. */
export async function billedSoFar(
	executor: Executor,
	accounts: readonly OwnAccount[]
): Promise<Map<number, BilledSoFar>> {
	const ids = sql.param(idsOf(accounts));
	const { rows } = await executor.execute<{
		accountId: number;
		periods: DatePeriod[];
		carried: CarriedState;
	}>(sql`
		select wanted.id::integer as "accountId", latest.carried, (
			select json_agg(json_build_object('start', lower(days), 'end', upper(days)) order by days)
			from (select unnest(range_agg(daterange(period_start, period_end))) as days
				from bill where account_id = wanted.id and state = 'issued') as billed
		) as periods
		from unnest(${ids}::bigint[]) as wanted (id)
		cross join lateral (select snapshot -> 'carriedOut' as carried from bill
			where account_id = wanted.id and state = 'issued' order by period_start desc limit 1) as latest`);
	return new Map(rows.map(({ accountId, ...billed }) => [accountId, billed]));
}

/** A bill to be stored with its lines. */
export interface NewBill {
	readonly row: typeof bill.$inferInsert;
	readonly lines: readonly Omit<typeof billLine.$inferInsert, 'accountId' | 'billId'>[];
}

/** @returns the new bills by account id; absent where the period has such a bill already */
export async function insertBills(
	executor: Executor,
	bills: readonly NewBill[]
): Promise<Map<number, BillReference>> {
	const inserted = await executor
		.insert(bill)
		.values(bills.map(({ row }) => row))
		.onConflictDoNothing()
		.returning({ accountId: bill.accountId, id: bill.id, billNo: bill.billNo });
	const written = new Map(inserted.map(({ accountId, ...reference }) => [accountId, reference]));
	const lines = bills.flatMap(({ row: { accountId }, lines: own }) => {
		const billId = written.get(accountId)?.id;
		return billId === undefined ? [] : own.map((line) => ({ accountId, billId, ...line }));
	});
	await insertLines(executor, lines);
	return written;
}

/** All lines as one parameter: a statement with one for each value of thousands of lines is slow to make and to plan. */
async function insertLines(
	executor: Executor,
	lines: readonly (typeof billLine.$inferInsert)[]
): Promise<void> {
	if (lines.length === 0) return;
	const json = JSON.stringify(lines, (_, value: unknown) =>
		typeof value === 'bigint' ? value.toString() : value
	);
	await executor.execute(sql`
		insert into bill_line (account_id, bill_id, line_no, reference, amount_minor, detail)
		select "accountId", "billId", "lineNo", reference, "amountMinor", detail
		from json_to_recordset(${json}::json) as line ("accountId" bigint, "billId" bigint, "lineNo" integer,
			reference text, "amountMinor" bigint, detail jsonb)`);
}

const summaryColumns = {
	accountId: bill.accountId,
	id: bill.id,
	billNo: bill.billNo,
	state: bill.state,
	correctsBillId: bill.correctsBillId,
	periodStart: bill.periodStart,
	periodEnd: bill.periodEnd,
	dueOn: bill.dueOn,
	currency: bill.currency,
	totalMinor: bill.totalMinor,
	energyWh: bill.energyWh,
	restsOnIncompleteData: bill.restsOnIncompleteData,
	issuedAt: bill.issuedAt
};

/** Issued bills of any accounts, picked at random: also those that are not valid any more. */
export async function sampleBills(
	executor: Executor,
	size: number
): Promise<{ accountId: number; billId: number; billNo: string }[]> {
	return executor
		.select({ accountId: bill.accountId, billId: bill.id, billNo: bill.billNo })
		.from(bill)
		.where(wasIssued)
		.orderBy(sql`random()`)
		.limit(size);
}

/** Summaries, newest period first. */
export async function listBills(
	executor: Executor,
	own: OwnAccount,
	limit: number
): Promise<Omit<BillRow, 'snapshot' | 'document'>[]> {
	const rows = await executor
		.select(summaryColumns)
		.from(bill)
		.where(and(eq(bill.accountId, own.id), wasIssued))
		.orderBy(desc(bill.periodStart), desc(bill.id))
		.limit(limit);
	return rows as Omit<BillRow, 'snapshot' | 'document'>[];
}

export async function findBill(
	executor: Executor,
	own: OwnAccount,
	billId: number
): Promise<BillWithLines | undefined> {
	const [row] = await executor
		.select()
		.from(bill)
		.where(and(eq(bill.accountId, own.id), eq(bill.id, billId), wasIssued));
	return row === undefined ? undefined : { row: row as BillRow, lines: await linesOf(executor, own, billId) };
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
	return row === undefined ? undefined : { row: row as BillRow, lines: await linesOf(executor, own, row.id) };
}

/** In printed order. */
export function linesOf(executor: Executor, own: OwnAccount, billId: number): Promise<BillLineRow[]> {
	return executor
		.select()
		.from(billLine)
		.where(and(eq(billLine.accountId, own.id), eq(billLine.billId, billId)))
		.orderBy(asc(billLine.lineNo));
}
