import { termsOn, type BillingTerms } from '#lib/domain/billing/due-date.ts';
import { billMonth, readingPeriod, suppliedPeriod } from '#lib/domain/billing/reading-cycle.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Actor, Authorized } from '#lib/domain/identity/actor.ts';
import { assert } from '#lib/domain/kernel/assert.ts';
import {
	localDateAt,
	monthOf,
	type DatePeriod,
	type LocalDate,
	type LocalMonth
} from '#lib/domain/kernel/civil-time.ts';
import { rate } from '#lib/domain/rating/rate.ts';
import type { RatingRefusal } from '#lib/domain/rating/notices.ts';
import type { CarriedState } from '#lib/domain/rating/types.ts';
import type { App } from '#lib/server/app.ts';
import { authorizeAccounts } from '#lib/server/auth/policy.ts';
import { isDatabaseAway, isTimedOut } from '#lib/server/db/away.ts';
import type { Transaction } from '#lib/server/db/client.ts';
import { billDates, writeBills, type RatedPeriod } from './bill-writing.ts';
import { currentRatingCases } from './rating-input.ts';
import * as repo from './repo.ts';

/** Which months to bill: one, or every complete one up to and including a month. */
export type BillRunScope = ({ readonly month: LocalMonth } | { readonly through: LocalMonth }) & {
	/** Only these accounts; without it, all. */
	readonly accountNos?: readonly string[];
};

/** Why a month of an account got no bill. */
export type BillRefusal =
	| RatingRefusal
	| { readonly code: 'NO_BILLING_TERMS' }
	/** Bills follow each other without gap from the first day of supply: an earlier month must be billed first. */
	| { readonly code: 'EARLIER_MONTH_NOT_BILLED'; readonly month: LocalMonth }
	/** A later month is billed already, so this one cannot be added without a correction. */
	| { readonly code: 'LATER_MONTH_BILLED' };

export interface BillRunSummary {
	readonly accounts: number;
	readonly issued: number;
	/** Periods of the scope that had their bill before. */
	readonly unchanged: number;
	/** Periods that are not over yet in the supply zone, or of which the last month is not asked for. */
	readonly notDue: number;
	/** By the month in which the period ends. */
	readonly refused: readonly { accountNo: string; month: LocalMonth; refusal: BillRefusal }[];
	/** Accounts that could not be billed at all: something of theirs is broken. */
	readonly failed: readonly { accountNo: string; reason: string }[];
}

export interface BillRunProgress {
	readonly done: number;
	readonly total: number;
	readonly issued: number;
}

const OPERATOR: Actor = { kind: 'system', purpose: 'bill run' };
/** Accounts of one transaction: so many that asking the database costs little beside the answers. */
export const BILL_BATCH_SIZE = 200;

interface Tally {
	issued: number;
	unchanged: number;
	notDue: number;
	readonly refused: BillRunSummary['refused'][number][];
	readonly failed: BillRunSummary['failed'][number][];
}

function emptyTally(): Tally {
	return { issued: 0, unchanged: 0, notDue: 0, refused: [], failed: [] };
}

function addTo(tally: Tally, other: Tally): void {
	tally.issued += other.issued;
	tally.unchanged += other.unchanged;
	tally.notDue += other.notDue;
	tally.refused.push(...other.refused);
	tally.failed.push(...other.failed);
}

/**
 * Issues one bill per account and reading cycle (a calendar month, or two), clipped to the time of supply.
 * Repeating a run, or running twice at once, issues nothing twice. One account's refusal or failure does not stop
 * the others.
 */
export async function runBills(
	app: App,
	scope: BillRunScope,
	onProgress: (progress: BillRunProgress) => void = () => undefined
): Promise<BillRunSummary> {
	const { accountNos } = scope;
	const total = await repo.countAccounts(app.db, accountNos);
	const tally = emptyTally();
	let done = 0;
	let ids = await repo.accountIdsAfter(app.db, 0, BILL_BATCH_SIZE, accountNos);
	while (ids.length > 0) {
		const accounts = await authorizeAccounts(app, OPERATOR, ids, 'view');
		await billAccounts(app, accounts, scope, tally);
		done += ids.length;
		onProgress({ done, total, issued: tally.issued });
		ids = await repo.accountIdsAfter(app.db, ids.at(-1) ?? 0, BILL_BATCH_SIZE, accountNos);
	}
	return { accounts: done, ...tally };
}

/** Bills accounts in one transaction; where that fails, each half by itself, until a broken account is alone. */
async function billAccounts(
	app: App,
	accounts: readonly Authorized<Account>[],
	scope: BillRunScope,
	tally: Tally
): Promise<void> {
	try {
		addTo(tally, await app.db.transaction((tx) => billBatch(app, tx, accounts, scope)));
	} catch (failure) {
		// Whoever waits for another run that is at work has no broken account to find.
		if (isDatabaseAway(failure) || isTimedOut(failure)) throw failure;
		const [first, second] = accounts;
		if (first !== undefined && second === undefined) {
			app.logger.error({ err: failure, accountNo: first.accountNo }, 'account not billed');
			tally.failed.push({ accountNo: first.accountNo, reason: reasonOf(failure) });
			return;
		}
		const middle = accounts.length >> 1;
		await billAccounts(app, accounts.slice(0, middle), scope, tally);
		await billAccounts(app, accounts.slice(middle), scope, tally);
	}
}

/** What the innermost cause says: the outer ones repeat the query with its values. */
function reasonOf(failure: unknown): string {
	let cause = failure;
	while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
	return cause instanceof Error ? cause.message : String(cause);
}

/** An account on its way through the run. */
interface AccountRun {
	readonly account: Authorized<Account>;
	/** The civil date where the account is. */
	readonly today: LocalDate;
	/** What is asked for and was not looked at yet, in order. */
	readonly queue: DatePeriod[];
	/** Days with a bill, in order. */
	readonly billed: readonly DatePeriod[];
	readonly carried: CarriedState;
}

/** All periods of some accounts, under locks of their own: the first of each, then the second of each, and so on. */
async function billBatch(
	app: App,
	tx: Transaction,
	accounts: readonly Authorized<Account>[],
	scope: BillRunScope
): Promise<Tally> {
	await repo.lockAccountsForBilling(tx, accounts);
	const billed = await repo.billedSoFar(tx, accounts);
	const terms = await repo.listTerms(tx);
	const tally = emptyTally();
	let waiting: readonly AccountRun[] = accounts.map((account) => {
		const today = localDateAt(app.clock.now(), account.timeZone);
		const { due, notDue } = periodsIn(scope, account, today);
		const { periods, carried } = billed.get(account.id) ?? NEVER_BILLED;
		tally.notDue += notDue;
		return { account, today, queue: due, billed: periods, carried };
	});
	while (waiting.length > 0) waiting = await billRound(app, tx, waiting, terms, tally);
	return tally;
}

const NEVER_BILLED: repo.BilledSoFar = { periods: [], carried: { tierCycle: null } };

/** The next period of each account. @returns the accounts that got their bill and may have another to come */
async function billRound(
	app: App,
	tx: Transaction,
	runs: readonly AccountRun[],
	terms: readonly BillingTerms[],
	tally: Tally
): Promise<AccountRun[]> {
	const due = runs.map((run) => nextDue(run, terms, tally)).filter((next) => next !== null);
	const cases = await currentRatingCases(
		tx,
		due.map(({ run: { account, carried }, period }) => ({ account, period, carried }))
	);
	const rated: (RatedPeriod & { readonly run: AccountRun })[] = [];
	for (const [index, { run, period, terms: own }] of due.entries()) {
		const ratingCase = cases[index];
		assert(ratingCase !== undefined, 'a case for each account');
		const result = rate(ratingCase.input);
		// What follows a refused month would rest on an unknown carried state.
		if (!result.ok) refuse(tally, run, period, result.refusal);
		else {
			const dates = billDates(app, own, period, run.today);
			rated.push({ run, account: run.account, ratingCase, result, dates, correctsBillId: null });
		}
	}
	const issued = await writeBills(tx, rated);
	tally.issued += issued.size;
	tally.unchanged += rated.length - issued.size;
	return rated
		.filter(({ account }) => issued.has(account.id))
		.map(({ run, ratingCase: { input }, result }) => ({
			...run,
			billed: [...run.billed, input.period],
			carried: result.carried
		}));
}

/** Which reading cycles of an account a run asks for, clipped to the time of supply. */
function periodsIn(
	scope: BillRunScope,
	account: Account,
	today: LocalDate
): { due: DatePeriod[]; notDue: number } {
	const [first, last] =
		'month' in scope ? [scope.month, scope.month] : [monthOf(account.openedOn), scope.through];
	const due: DatePeriod[] = [];
	let notDue = 0;
	for (let month = first; month <= last; month = monthOf(readingPeriod(account, month).end)) {
		const period = suppliedPeriod(account, month);
		if (period === null || billMonth(period) < first || monthOf(period.start) > last) continue;
		if (billMonth(period) <= last && period.end <= today) due.push(period);
		else notDue++;
	}
	return { due, notDue };
}

interface DueBill {
	readonly run: AccountRun;
	readonly period: DatePeriod;
	readonly terms: BillingTerms;
}

/** The account's next period without a bill; null where there is none, or it is refused. */
function nextDue(run: AccountRun, terms: readonly BillingTerms[], tally: Tally): DueBill | null {
	const { account, queue, billed } = run;
	for (let asked = queue.shift(); asked !== undefined; asked = queue.shift()) {
		const { start, end } = asked;
		if (billed.some((known) => known.start <= start && known.end >= end)) {
			tally.unchanged++;
			continue;
		}
		const latest = billed.at(-1);
		// Where the reading cycle was changed, bills may end inside the new one.
		const period = latest !== undefined && latest.end > start ? { start: latest.end, end } : asked;
		const own = termsOn(terms, account.supplyArea, period.start);
		const refusal = outOfOrder(account, latest, asked) ?? (own === undefined ? NO_TERMS : null);
		if (refusal === null && own !== undefined) return { run, period, terms: own };
		refuse(tally, run, asked, refusal ?? NO_TERMS);
		return null;
	}
	return null;
}

const NO_TERMS: BillRefusal = { code: 'NO_BILLING_TERMS' };

/** Why a period cannot follow the bills that are there. */
function outOfOrder(
	{ openedOn }: Account,
	latest: DatePeriod | undefined,
	{ start, end }: DatePeriod
): BillRefusal | null {
	if (latest === undefined) {
		return start === openedOn ? null : { code: 'EARLIER_MONTH_NOT_BILLED', month: monthOf(openedOn) };
	}
	if (latest.end >= end) return { code: 'LATER_MONTH_BILLED' };
	return latest.end < start ? { code: 'EARLIER_MONTH_NOT_BILLED', month: monthOf(latest.end) } : null;
}

function refuse(tally: Tally, { account }: AccountRun, period: DatePeriod, refusal: BillRefusal): void {
	tally.refused.push({ accountNo: account.accountNo, month: billMonth(period), refusal });
}
