import type { CorrectionReason } from '#lib/domain/billing/bill-state.ts';
import { correctionCauses, type CorrectionCause } from '#lib/domain/billing/correction.ts';
import { termsOn } from '#lib/domain/billing/due-date.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Actor, Authorized } from '#lib/domain/identity/actor.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import { assert } from '#lib/domain/kernel/assert.ts';
import {
	localDateAt,
	monthOf,
	monthPeriod,
	type DatePeriod,
	type LocalMonth
} from '#lib/domain/kernel/civil-time.ts';
import type { Currency } from '#lib/domain/kernel/money.ts';
import type { App } from '#lib/server/app.ts';
import { authorizeAccount } from '#lib/server/auth/policy.ts';
import type { Transaction } from '#lib/server/db/client.ts';
import { changeBillState } from './bill-states.ts';
import { billDates, writeBill, type BillDates } from './bill-writing.ts';
import {
	arePlanned,
	hasPresentFacts,
	planCorrections,
	snapshotOf,
	type CorrectionPlan,
	type Draft,
	type PlannedCorrection
} from './correction-plan.ts';
import * as corrections from './correction-repo.ts';
import type { BillEvent, BillOfOtherReadings } from './correction-repo.ts';
import type { BillRow } from './mapping.ts';
import * as repo from './repo.ts';

export interface CorrectionRequest {
	readonly accountNo: string;
	/** The bill of this month and the valid ones after it are rated anew. */
	readonly from: LocalMonth;
	/** The account's facts as they were frozen with each bill, or as they are today. */
	readonly facts: 'frozen' | 'current';
	readonly asDraft: boolean;
	readonly reason: CorrectionReason;
	readonly remark: string | null;
}

/** A bill and what it is corrected to. */
export interface CorrectedBill {
	readonly billNo: string;
	readonly corrects: string;
	readonly period: DatePeriod;
	readonly currency: Currency;
	readonly beforeMinor: bigint;
	readonly afterMinor: bigint;
	readonly causes: readonly CorrectionCause[];
}

export interface CorrectionSummary {
	readonly accountNo: string;
	/** `agrees`: no bill comes out otherwise. `unchanged`: these drafts are there already, or there is none. */
	readonly outcome: 'issued' | 'drafted' | 'agrees' | 'unchanged';
	/** How many bills were rated anew. */
	readonly rated: number;
	readonly bills: readonly CorrectedBill[];
}

const CORRECTOR: Actor = { kind: 'system', purpose: 'bill correct' };
const ISSUER: Actor = { kind: 'system', purpose: 'bill issue' };
const PAGE_SIZE = 200;

/**
 * Rates the bills of an account from a month on anew, by the readings and tariffs of today, and corrects those
 * that come out otherwise: all of them or none. Repeated, or run twice at once, it corrects nothing twice. Drafts
 * of before give way.
 * @throws AppError NOT_FOUND without such an account or bill; RATING_REFUSED naming the bill; CONFLICT where drafts
 * of earlier months wait
 */
export async function correctBills(app: App, request: CorrectionRequest): Promise<CorrectionSummary> {
	const { accountNo, from, asDraft, reason, remark } = request;
	const account = await accountNumbered(app, CORRECTOR, accountNo);
	return app.db.transaction(async (tx) => {
		await repo.lockAccountsForBilling(tx, [account]);
		const drafts = await corrections.draftsOf(tx, account);
		if (drafts.some(({ row }) => row.periodEnd <= monthPeriod(from).start)) {
			throw new AppError('CONFLICT', `drafts of months before ${from} wait: issue or cancel them first`, {
				field: 'from'
			});
		}
		const plan = await planCorrections(tx, account, from, (bill) =>
			request.facts === 'current' ? null : bill
		);
		const [first] = plan.rated;
		if (first === undefined || first.row.periodStart >= monthPeriod(from).end) {
			throw new AppError('NOT_FOUND', `account ${accountNo} has no valid bill of ${from}`, { field: 'from' });
		}
		if (asDraft && drafts.length > 0 && arePlanned(drafts, plan)) {
			return summaryOf(accountNo, 'unchanged', plan, numbersOf(drafts));
		}
		const event = { actor: CORRECTOR, at: nowOf(app), reason, remark };
		for (const { row } of drafts) {
			const gaveWay = { ...event, reason: 'outdated', remark: null } as const;
			await changeBillState(tx, account, row.id, { from: 'draft', to: 'cancelled' }, gaveWay);
		}
		const billNos: string[] = [];
		for (const planned of plan.corrections) {
			billNos.push(await writeCorrection(app, tx, planned, event, asDraft));
		}
		const outcome = billNos.length === 0 ? 'agrees' : asDraft ? 'drafted' : 'issued';
		return summaryOf(accountNo, outcome, plan, billNos);
	});
}

/**
 * Issues the account's drafts as they are, all of them.
 * @throws AppError NOT_FOUND without such an account; DRAFT_OUTDATED where they would be made otherwise today, and
 * then all stay drafts
 */
export async function issueDrafts(app: App, accountNo: string): Promise<CorrectionSummary> {
	const account = await accountNumbered(app, ISSUER, accountNo);
	return app.db.transaction(async (tx) => {
		await repo.lockAccountsForBilling(tx, [account]);
		const drafts = await corrections.draftsOf(tx, account);
		const [first] = drafts;
		if (first === undefined) return { accountNo, outcome: 'unchanged', rated: 0, bills: [] };
		const draftOf = new Map(drafts.map((draft) => [draft.row.correctsBillId, draft]));
		const plan = await planCorrections(
			tx,
			account,
			monthOf(first.row.periodStart),
			(bill) => draftOf.get(bill.row.id) ?? bill
		);
		const arePresent = plan.corrections.every(({ old }) => {
			const draft = draftOf.get(old.row.id);
			return draft !== undefined && hasPresentFacts(draft, old, account);
		});
		if (!arePresent || !arePlanned(drafts, plan)) {
			throw new AppError(
				'DRAFT_OUTDATED',
				`the drafts of account ${accountNo} rest on what has changed since: draft the correction anew`,
				{ accountNo }
			);
		}
		for (const [index, { old }] of plan.corrections.entries()) {
			const draft = drafts[index];
			if (draft !== undefined) await issueDraft(app, tx, account, draft, old.row);
		}
		return summaryOf(accountNo, 'issued', plan, numbersOf(drafts));
	});
}

/** Valid bills whose readings are others now than those that were billed. Whether the amounts differ is not asked. */
export async function findBillsOfOtherReadings(
	app: App,
	onProgress: (done: number, total: number) => void = () => undefined
): Promise<BillOfOtherReadings[]> {
	const total = await repo.countAccounts(app.db);
	const found: BillOfOtherReadings[] = [];
	let done = 0;
	let ids = await repo.accountIdsAfter(app.db, 0, PAGE_SIZE);
	while (ids.length > 0) {
		found.push(...(await corrections.billsOfOtherReadings(app.db, ids)));
		done += ids.length;
		onProgress(done, total);
		ids = await repo.accountIdsAfter(app.db, ids.at(-1) ?? 0, PAGE_SIZE);
	}
	return found;
}

async function accountNumbered(app: App, actor: Actor, accountNo: string): Promise<Authorized<Account>> {
	const id = await corrections.accountIdByNo(app.db, accountNo);
	if (id === undefined) throw new AppError('NOT_FOUND', `no account ${accountNo}`, { field: 'account' });
	return authorizeAccount(app, actor, id, 'view');
}

/** @returns the number of the new bill */
async function writeCorrection(
	app: App,
	tx: Transaction,
	{ old, account, ratingCase, result }: PlannedCorrection,
	event: BillEvent,
	asDraft: boolean
): Promise<string> {
	const dates = asDraft ? null : await datesOf(app, tx, account, old.row, result.totalMinor);
	// The old bill makes room first: a period has one valid bill at any time.
	if (!asDraft) await changeBillState(tx, account, old.row.id, { from: 'issued', to: 'corrected' }, event);
	const written = await writeBill(tx, { account, ratingCase, result, dates, correctsBillId: old.row.id });
	assert(written !== undefined, 'the period has room for a correction');
	const made = { from: null, to: asDraft ? 'draft' : 'issued' } as const;
	await corrections.insertEvent(tx, account, written.id, made, event);
	return written.billNo;
}

async function issueDraft(
	app: App,
	tx: Transaction,
	account: Authorized<Account>,
	{ row }: Draft,
	old: BillRow
): Promise<void> {
	const drafting = await corrections.draftingOf(tx, account, row.id);
	assert(drafting !== undefined, 'the making of a draft is recorded');
	const event = { ...drafting, actor: ISSUER, at: nowOf(app) };
	const dates = await datesOf(app, tx, account, old, row.totalMinor);
	await changeBillState(tx, account, old.id, { from: 'issued', to: 'corrected' }, event);
	await changeBillState(tx, account, row.id, { from: 'draft', to: 'issued', dates }, event);
}

/** Where nothing more is to be paid, the day through which the corrected bill could be paid stays. */
async function datesOf(
	app: App,
	tx: Transaction,
	account: Authorized<Account>,
	old: BillRow,
	totalMinor: bigint
): Promise<BillDates> {
	const terms = termsOn(await repo.listTerms(tx), account.supplyArea, old.periodStart);
	if (terms === undefined) throw new AppError('CONFLICT', `no due date is set for ${account.supplyArea}`);
	const period = { start: old.periodStart, end: old.periodEnd };
	const dates = billDates(app, terms, period, localDateAt(app.clock.now(), account.timeZone));
	return totalMinor > old.totalMinor ? dates : { ...dates, dueOn: old.dueOn };
}

function summaryOf(
	accountNo: string,
	outcome: CorrectionSummary['outcome'],
	{ rated, corrections: planned }: CorrectionPlan,
	billNos: readonly string[]
): CorrectionSummary {
	const bills = planned.map(({ old, ratingCase, result }, index): CorrectedBill => ({
		billNo: billNos[index] ?? '',
		corrects: old.row.billNo,
		period: ratingCase.input.period,
		currency: result.currency,
		beforeMinor: old.row.totalMinor,
		afterMinor: result.totalMinor,
		causes: correctionCauses(snapshotOf(old), ratingCase.snapshot)
	}));
	return { accountNo, outcome, rated: rated.length, bills };
}

function numbersOf(drafts: readonly Draft[]): string[] {
	return drafts.map(({ row }) => row.billNo);
}

function nowOf(app: App): Date {
	return new Date(app.clock.now().epochMilliseconds);
}
