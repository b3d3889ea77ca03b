import { checkedLine } from '#lib/domain/billing/check-file.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import { canonicalJson } from '#lib/domain/kernel/canonical-json.ts';
import { monthPeriod, type LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import { rate } from '#lib/domain/rating/rate.ts';
import type { CarriedState, RatedLine } from '#lib/domain/rating/types.ts';
import type { Transaction } from '#lib/server/db/client.ts';
import type { Rated } from './bill-writing.ts';
import * as corrections from './correction-repo.ts';
import { lineFromRow, type BillWithLines, type StoredBillRow } from './mapping.ts';
import { currentRatingCase, withLossesOf, type RatingCase } from './rating-input.ts';
import * as repo from './repo.ts';
import type { BillSnapshot } from './snapshot.ts';

/** What a valid bill comes to now, where that is something else than was billed. */
export interface PlannedCorrection {
	readonly old: BillWithLines;
	/** With the facts that it was rated with. */
	readonly account: Authorized<Account>;
	readonly ratingCase: RatingCase;
	readonly result: Rated;
}

export interface CorrectionPlan {
	/** The valid bills that were rated anew, in order. */
	readonly rated: readonly BillWithLines[];
	readonly corrections: readonly PlannedCorrection[];
}

export type Draft = BillWithLines<StoredBillRow>;

/**
 * Rates the valid bills from a month on anew, in order, each with the use that the one before it carries.
 * @param factsOf the bill whose frozen facts a bill is rated with; null for those of today
 * @throws AppError RATING_REFUSED naming the bill
 */
export async function planCorrections(
	tx: Transaction,
	account: Authorized<Account>,
	from: LocalMonth,
	factsOf: (bill: BillWithLines) => Draft | null
): Promise<CorrectionPlan> {
	const rated = await corrections.validBillsAfter(tx, account, monthPeriod(from).start);
	const [first] = rated;
	const before =
		first === undefined ? undefined : await repo.findBillBefore(tx, account, first.row.periodStart);
	let carried: CarriedState = before === undefined ? { tierCycle: null } : snapshotOf(before).carriedOut;
	const planned: PlannedCorrection[] = [];
	for (const old of rated) {
		const facts = factsOf(old);
		const owner = facts === null ? account : withFactsOf(account, facts);
		const period = { start: old.row.periodStart, end: old.row.periodEnd };
		const present = await currentRatingCase(tx, owner, period, carried);
		const ratingCase = facts === null ? present : withLossesOf(present, snapshotOf(facts));
		const result = rate(ratingCase.input);
		if (!result.ok) {
			const { billNo } = old.row;
			throw new AppError('RATING_REFUSED', `${billNo}: ${JSON.stringify(result.refusal)}`, {
				billNo,
				refusal: result.refusal.code
			});
		}
		if (!isAsBilled(old, result)) planned.push({ old, account: owner, ratingCase, result });
		carried = result.carried;
	}
	return { rated, corrections: planned };
}

/** The account with the facts that were frozen with a bill. */
function withFactsOf(account: Authorized<Account>, bill: Draft): Authorized<Account> {
	const { account: facts, timeZone } = snapshotOf(bill);
	return { ...account, ...facts, openedOn: facts.openedOn ?? account.openedOn, timeZone };
}

/**
 * Whether the drafts are the very corrections that are to be made: of the same bills, from the same readings,
 * editions, facts and holidays, with the same lines.
 */
export function arePlanned(drafts: readonly Draft[], plan: CorrectionPlan): boolean {
	if (drafts.length !== plan.corrections.length) return false;
	return plan.corrections.every(({ old, ratingCase, result }, index) => {
		const draft = drafts[index];
		if (draft?.row.correctsBillId !== old.row.id) return false;
		const frozen: BillSnapshot = { ...ratingCase.snapshot, carriedOut: result.carried };
		return (
			canonicalJson(draft.row.snapshot) === canonicalJson(frozen) &&
			linesText(draft.lines.map(lineFromRow)) === linesText(result.lines)
		);
	});
}

/** Whether a draft was rated with the facts that it should be: those of its bill, or those of today. */
export function hasPresentFacts(draft: Draft, old: BillWithLines, account: Authorized<Account>): boolean {
	const own = canonicalJson(snapshotOf(draft).account);
	const today = canonicalJson(withFactsOf(account, draft)) === canonicalJson(account);
	return today || own === canonicalJson(snapshotOf(old).account);
}

/** Use carried in that neither a line nor the use carried out tells is that of a tier cycle that is over. */
function isAsBilled(old: BillWithLines, { lines, carried }: Rated): boolean {
	return (
		linesText(old.lines.map(lineFromRow)) === linesText(lines) &&
		canonicalJson(snapshotOf(old).carriedOut) === canonicalJson(carried)
	);
}

function linesText(lines: readonly RatedLine[]): string {
	return canonicalJson(lines.map(checkedLine));
}

export function snapshotOf({ row }: Draft): BillSnapshot {
	return row.snapshot as BillSnapshot;
}
