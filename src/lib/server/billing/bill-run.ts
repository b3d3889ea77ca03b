import type { Account } from '#lib/domain/identity/account.ts';
import type { Actor, Authorized } from '#lib/domain/identity/actor.ts';
import {
	addDays,
	addMonths,
	clip,
	localDateAt,
	localDate,
	monthOf,
	monthPeriod,
	type DatePeriod,
	type LocalDate,
	type LocalMonth
} from '#lib/domain/kernel/civil-time.ts';
import { rate } from '#lib/domain/rating/rate.ts';
import type { RatingRefusal } from '#lib/domain/rating/notices.ts';
import type { CarriedState } from '#lib/domain/rating/types.ts';
import type { App } from '#lib/server/app.ts';
import { authorizeAccount } from '#lib/server/auth/policy.ts';
import type { Transaction } from '#lib/server/db/client.ts';
import { issueBill } from './bill-writing.ts';
import { currentRatingCase } from './rating-input.ts';
import * as repo from './repo.ts';
import type { BillSnapshot } from './snapshot.ts';

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
	/** Months of the scope that had their bill before. */
	readonly unchanged: number;
	/** Months that are not over yet in the supply zone. */
	readonly notDue: number;
	readonly refused: readonly { accountNo: string; month: LocalMonth; refusal: BillRefusal }[];
}

export interface BillRunProgress {
	readonly done: number;
	readonly total: number;
	readonly issued: number;
}

const OPERATOR: Actor = { kind: 'system', purpose: 'bill run' };
const PAGE_SIZE = 500;

type Tally = {
	issued: number;
	unchanged: number;
	notDue: number;
	refused: BillRunSummary['refused'][number][];
};

/**
 * Issues one bill per account and calendar month, clipped to the time of supply. Repeating a run, or running
 * twice at once, issues nothing twice. One account's refusal does not stop the others.
 */
export async function runBills(
	app: App,
	scope: BillRunScope,
	onProgress: (progress: BillRunProgress) => void = () => undefined
): Promise<BillRunSummary> {
	const tally: Tally = { issued: 0, unchanged: 0, notDue: 0, refused: [] };
	const { accountNos } = scope;
	const total = await repo.countAccounts(app.db, accountNos);
	let done = 0;
	let ids = await repo.accountIdsAfter(app.db, 0, PAGE_SIZE, accountNos);
	while (ids.length > 0) {
		for (const id of ids) {
			const account = await authorizeAccount(app, OPERATOR, id, 'view');
			await billAccount(app, account, scope, tally);
			onProgress({ done: ++done, total, issued: tally.issued });
		}
		ids = await repo.accountIdsAfter(app.db, ids.at(-1) ?? 0, PAGE_SIZE, accountNos);
	}
	return { accounts: done, ...tally };
}

/** All months of one account in one transaction, under a lock of its own. */
async function billAccount(
	app: App,
	account: Authorized<Account>,
	scope: BillRunScope,
	tally: Tally
): Promise<void> {
	const today = localDateAt(app.clock.now(), account.timeZone);
	const outcome: Tally = { issued: 0, unchanged: 0, notDue: 0, refused: [] };
	await app.db.transaction(async (tx) => {
		await repo.lockAccountForBilling(tx, account);
		for (const month of monthsOf(account, scope)) {
			if (monthPeriod(month).end > today) {
				outcome.notDue++;
				continue;
			}
			const result = await billMonth(app, tx, account, month, today);
			if (result === 'issued') outcome.issued++;
			else if (result === 'unchanged') outcome.unchanged++;
			else {
				outcome.refused.push({ accountNo: account.accountNo, month, refusal: result });
				// What follows a refused month would rest on an unknown carried state.
				break;
			}
		}
	});
	tally.issued += outcome.issued;
	tally.unchanged += outcome.unchanged;
	tally.notDue += outcome.notDue;
	tally.refused.push(...outcome.refused);
}

function monthsOf({ openedOn, closedOn }: Account, scope: BillRunScope): LocalMonth[] {
	const first = monthOf(openedOn);
	const last = closedOn === null ? null : monthOf(addDays(closedOn, -1));
	const [from, until] = 'month' in scope ? [scope.month, scope.month] : [first, scope.through];
	const months: LocalMonth[] = [];
	for (let month = from; month <= until; month = monthAfter(month)) {
		if (month >= first && (last === null || month <= last)) months.push(month);
	}
	return months;
}

async function billMonth(
	app: App,
	tx: Transaction,
	account: Authorized<Account>,
	month: LocalMonth,
	today: LocalDate
): Promise<'issued' | 'unchanged' | BillRefusal> {
	const period = suppliedDays(account, monthPeriod(month));
	if ((await repo.billStarting(tx, account, period.start)) !== undefined) return 'unchanged';
	const latest = await repo.latestBill(tx, account);
	if (latest === undefined && period.start !== account.openedOn) {
		return { code: 'EARLIER_MONTH_NOT_BILLED', month: monthOf(account.openedOn) };
	}
	if (latest !== undefined && latest.periodStart > period.start) return { code: 'LATER_MONTH_BILLED' };
	if (latest !== undefined && latest.periodEnd < period.start) {
		return { code: 'EARLIER_MONTH_NOT_BILLED', month: monthOf(latest.periodEnd) };
	}
	const terms = await repo.billingTermsOn(tx, account.supplyArea, period.start);
	if (terms === undefined) return { code: 'NO_BILLING_TERMS' };
	const carried: CarriedState =
		latest === undefined ? { tierCycle: null } : (latest.snapshot as BillSnapshot).carriedOut;
	const ratingCase = await currentRatingCase(tx, account, period, carried);
	const result = rate(ratingCase.input);
	if (!result.ok) return result.refusal;
	return issueBill(app, tx, account, terms, today, ratingCase, result);
}

/** The days of a month on which an account is supplied. */
export function suppliedDays({ openedOn, closedOn }: Account, month: DatePeriod): DatePeriod {
	return clip({ start: openedOn, end: closedOn ?? month.end }, month);
}

function monthAfter(month: LocalMonth): LocalMonth {
	return monthOf(addMonths(localDate(`${month}-01`), 1));
}
