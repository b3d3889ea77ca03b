import { canBecome, type BillState, type CancellationReason } from '#lib/domain/billing/bill-state.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Actor, Authorized } from '#lib/domain/identity/actor.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import { assert } from '#lib/domain/kernel/assert.ts';
import type { App } from '#lib/server/app.ts';
import { authorizeAccount } from '#lib/server/auth/policy.ts';
import type { Transaction } from '#lib/server/db/client.ts';
import type { BillDates } from './bill-writing.ts';
import * as corrections from './correction-repo.ts';
import type { BillEvent } from './correction-repo.ts';
import * as repo from './repo.ts';

/** Takes a bill from one state to the next and records it. The caller holds the account's lock. */
export async function changeBillState(
	tx: Transaction,
	account: Authorized<Account>,
	billId: number,
	change: { readonly from: BillState; readonly to: BillState; readonly dates?: BillDates },
	event: BillEvent
): Promise<void> {
	assert(canBecome(change.from, change.to), `a bill that is ${change.from} cannot become ${change.to}`);
	const isChanged = await corrections.changeState(tx, account, billId, change);
	assert(isChanged, `the bill is not ${change.from}`);
	await corrections.insertEvent(tx, account, billId, change, event);
}

export interface CancellationRequest {
	readonly billNo: string;
	readonly reason: CancellationReason;
	readonly remark: string | null;
}

export interface CancellationSummary {
	readonly billNo: string;
	/** `unchanged`: it was cancelled before. */
	readonly outcome: 'cancelled' | 'unchanged';
}

const CANCELLER: Actor = { kind: 'system', purpose: 'bill cancel' };

/**
 * Cancels a draft, or the account's latest valid bill with the draft that would correct it: those before it carry
 * others. The period can be billed anew, then with the next number.
 * @throws AppError NOT_FOUND; CONFLICT where the bill is not valid any more or another rests on it
 */
export async function cancelBill(
	app: App,
	{ billNo, reason, remark }: CancellationRequest
): Promise<CancellationSummary> {
	const notFound = () => new AppError('NOT_FOUND', `no bill ${billNo}`, { field: 'bill' });
	const accountId = await corrections.accountIdOfBill(app.db, billNo);
	if (accountId === undefined) throw notFound();
	const account = await authorizeAccount(app, CANCELLER, accountId, 'view');
	return app.db.transaction(async (tx) => {
		await repo.lockAccountsForBilling(tx, [account]);
		const bill = await corrections.billNumbered(tx, account, billNo);
		if (bill === undefined) throw notFound();
		if (bill.state === 'cancelled') return { billNo, outcome: 'unchanged' };
		if (!canBecome(bill.state, 'cancelled')) {
			throw new AppError('CONFLICT', `bill ${billNo} is ${bill.state}: another has taken its place`, {
				field: 'bill'
			});
		}
		const latest = await repo.latestBill(tx, account);
		if (bill.state === 'issued' && latest !== undefined && latest.id !== bill.id) {
			throw new AppError('CONFLICT', `later bills rest on ${billNo}: cancel ${latest.billNo} first`, {
				field: 'bill'
			});
		}
		const at = new Date(app.clock.now().epochMilliseconds);
		await changeBillState(
			tx,
			account,
			bill.id,
			{ from: bill.state, to: 'cancelled' },
			{ actor: CANCELLER, at, reason, remark }
		);
		for (const { row } of await corrections.draftsOf(tx, account)) {
			if (row.correctsBillId !== bill.id) continue;
			const event = { actor: CANCELLER, at, reason: 'outdated', remark: null } as const;
			await changeBillState(tx, account, row.id, { from: 'draft', to: 'cancelled' }, event);
		}
		return { billNo, outcome: 'cancelled' };
	});
}
