import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { BillEventReason, BillState } from '#lib/domain/billing/bill-state.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Actor, Authorized } from '#lib/domain/identity/actor.ts';
import type { DatePeriod, LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { Executor } from '#lib/server/db/client.ts';
import { account, bill, billEvent } from '#lib/server/db/schema/index.ts';
import type { BillDates } from './bill-writing.ts';
import type { BillRow, BillWithLines, StoredBillRow } from './mapping.ts';
import { linesOf } from './repo.ts';

type OwnAccount = Authorized<Account>;

export async function accountIdByNo(executor: Executor, accountNo: string): Promise<number | undefined> {
	const [row] = await executor
		.select({ id: account.id })
		.from(account)
		.where(eq(account.accountNo, accountNo));
	return row?.id;
}

/** The account of the bill with a number, which begins with the account's. */
export async function accountIdOfBill(executor: Executor, billNo: string): Promise<number | undefined> {
	const [row] = await executor
		.select({ id: account.id })
		.from(bill)
		.innerJoin(account, eq(account.id, bill.accountId))
		.where(and(eq(bill.billNo, billNo), sql`starts_with(${billNo}, ${account.accountNo})`));
	return row?.id;
}

/** Also a draft. */
export async function billNumbered(
	executor: Executor,
	own: OwnAccount,
	billNo: string
): Promise<StoredBillRow | undefined> {
	const [row] = await executor
		.select()
		.from(bill)
		.where(and(eq(bill.accountId, own.id), eq(bill.billNo, billNo)));
	return row;
}

/** The valid bills of the account that end after the date, with their lines, in order. */
export function validBillsAfter(
	executor: Executor,
	own: OwnAccount,
	date: LocalDate
): Promise<BillWithLines[]> {
	return billsInState(executor, own, 'issued', date) as Promise<BillWithLines<BillRow>[]>;
}

/** The account's drafts with their lines, in order. */
export function draftsOf(executor: Executor, own: OwnAccount): Promise<BillWithLines<StoredBillRow>[]> {
	return billsInState(executor, own, 'draft');
}

async function billsInState(
	executor: Executor,
	own: OwnAccount,
	state: BillState,
	after?: LocalDate
): Promise<BillWithLines<StoredBillRow>[]> {
	const rows = await executor
		.select()
		.from(bill)
		.where(
			and(
				eq(bill.accountId, own.id),
				eq(bill.state, state),
				after === undefined ? undefined : gt(bill.periodEnd, after)
			)
		)
		.orderBy(asc(bill.periodStart));
	const bills: BillWithLines<StoredBillRow>[] = [];
	for (const row of rows) bills.push({ row, lines: await linesOf(executor, own, row.id) });
	return bills;
}

export interface BillEvent {
	readonly actor: Actor;
	readonly at: Date;
	readonly reason: BillEventReason;
	readonly remark: string | null;
}

/** @returns whether the bill was in the state `from` */
export async function changeState(
	executor: Executor,
	own: OwnAccount,
	billId: number,
	{ from, to, dates }: { from: BillState; to: BillState; dates?: BillDates }
): Promise<boolean> {
	const changed = await executor
		.update(bill)
		.set({ state: to, ...dates })
		.where(and(eq(bill.accountId, own.id), eq(bill.id, billId), eq(bill.state, from)))
		.returning({ id: bill.id });
	return changed.length > 0;
}

export async function insertEvent(
	executor: Executor,
	own: OwnAccount,
	billId: number,
	{ from, to }: { from: BillState | null; to: BillState },
	{ actor, at, reason, remark }: BillEvent
): Promise<void> {
	await executor.insert(billEvent).values({
		accountId: own.id,
		billId,
		fromState: from,
		toState: to,
		at,
		actorKind: actor.kind,
		actorPurpose: actor.kind === 'system' ? actor.purpose : null,
		reason,
		remark
	});
}

/** Why a draft was made. */
export async function draftingOf(
	executor: Executor,
	own: OwnAccount,
	billId: number
): Promise<Pick<BillEvent, 'reason' | 'remark'> | undefined> {
	const [row] = await executor
		.select({ reason: billEvent.reason, remark: billEvent.remark })
		.from(billEvent)
		.where(
			and(eq(billEvent.accountId, own.id), eq(billEvent.billId, billId), eq(billEvent.toState, 'draft'))
		);
	return row;
}

export interface BillOfOtherReadings {
	readonly accountNo: string;
	readonly billNo: string;
	readonly period: DatePeriod;
}

/**
 * Valid bills of some accounts some of whose days have another version now, or were read since. Versions only
 * rise and days only come: bill and readings are the same where the sums of the versions are.
 */
export async function billsOfOtherReadings(
	executor: Executor,
	accountIds: readonly number[]
): Promise<BillOfOtherReadings[]> {
	return executor
		.select({
			accountNo: account.accountNo,
			billNo: bill.billNo,
			period: { start: bill.periodStart, end: bill.periodEnd }
		})
		.from(bill)
		.innerJoin(account, eq(account.id, bill.accountId))
		.where(
			and(
				inArray(bill.accountId, [...accountIds]),
				eq(bill.state, 'issued'),
				sql`(select coalesce(sum(version), 0) from load_day d where d.account_id = ${bill.accountId}
						and d.local_date >= ${bill.periodStart} and d.local_date < ${bill.periodEnd})
					is distinct from (select coalesce(sum(version::numeric), 0)
						from jsonb_path_query(${bill.snapshot}, '$.points[*].series[*].versions[*].version') version)`
			)
		)
		.orderBy(asc(account.accountNo), asc(bill.periodStart));
}
