import type { Account } from '#lib/domain/identity/account.ts';
import type { Actor, Authorized } from '#lib/domain/identity/actor.ts';
import type {
	BillChange,
	BillCorrection,
	BillDocument,
	BillLine,
	BillSummary
} from '#lib/domain/billing/bill.ts';
import { changeFromPrevious, type ComparedBill } from '#lib/domain/billing/change.ts';
import { checkedLine, makeCheckFile, type CheckFile } from '#lib/domain/billing/check-file.ts';
import type { CheckInput } from '#lib/domain/billing/check-input.ts';
import { correctionCauses, lineDifferences } from '#lib/domain/billing/correction.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import { canonicalJson } from '#lib/domain/kernel/canonical-json.ts';
import { scaledToDecimal } from '#lib/domain/kernel/money.ts';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { intervalsBehind } from '#lib/domain/rating/behind.ts';
import { rate } from '#lib/domain/rating/rate.ts';
import type { IntervalsBehind } from '#lib/domain/rating/types.ts';
import type { App } from '#lib/server/app.ts';
import { isEditionIntact, type StoredTariffSpan } from '#lib/server/tariffs/index.ts';
import { isDatabaseAway } from '#lib/server/db/away.ts';
import { authorizeAccount } from '#lib/server/auth/policy.ts';
import terms from '../../../../drizzle/seed/billing/terms.json' with { type: 'json' };
import {
	comparedFromRows,
	documentFromRows,
	lineFromRow,
	summaryFromRow,
	type BillWithLines
} from './mapping.ts';
import { frozenBasis, frozenInput, unpackedInput } from './rating-input.ts';
import * as repo from './repo.ts';
import type { BillSnapshot } from './snapshot.ts';

/** Twenty years of monthly bills. */
const MAX_LISTED = 240;

/** The account's bills, newest period first. */
export async function listBills(app: App, account: Authorized<Account>): Promise<BillSummary[]> {
	const rows = await repo.listBills(app.db, account, MAX_LISTED);
	return rows.map(summaryFromRow);
}

/** @throws AppError NOT_FOUND, also where the bill belongs to another account */
export async function getBill(app: App, account: Authorized<Account>, billId: number): Promise<BillDocument> {
	const { bill, previous } = await billWithPrevious(app, account, billId);
	const [change, correction, validBill] = await Promise.all([
		previous === null ? null : changeSince(app, bill, previous),
		correctionOf(app, account, bill),
		bill.row.state === 'issued' ? null : repo.billStarting(app.db, account, bill.row.periodStart)
	]);
	return documentFromRows(bill, { previous, change, correction, validBill: validBill ?? null });
}

async function changeSince(app: App, bill: BillWithLines, previous: BillWithLines): Promise<BillChange> {
	const [compared, before] = await Promise.all([comparedBill(app, bill), comparedBill(app, previous)]);
	return changeFromPrevious(compared, before);
}

/** What a correction bill has made of the one that it corrects. */
async function correctionOf(
	app: App,
	account: Authorized<Account>,
	{ row, lines }: BillWithLines
): Promise<BillCorrection | null> {
	if (row.correctsBillId === null) return null;
	const corrected = await requireBill(app, account, row.correctsBillId);
	const { id, billNo, totalMinor } = corrected.row;
	return {
		corrected: { id, billNo },
		beforeMinor: totalMinor,
		differenceMinor: row.totalMinor - totalMinor,
		lines: lineDifferences(corrected.lines.map(lineFromRow), lines.map(lineFromRow)),
		causes: correctionCauses(corrected.row.snapshot as BillSnapshot, row.snapshot as BillSnapshot)
	};
}

/** A bill and the one whose period ends where its own begins. */
async function billWithPrevious(
	app: App,
	account: Authorized<Account>,
	billId: number
): Promise<{ bill: BillWithLines; previous: BillWithLines | null }> {
	const bill = await requireBill(app, account, billId);
	const before = await repo.findBillBefore(app.db, account, bill.row.periodStart);
	const adjoins = before !== undefined && before.row.periodEnd === bill.row.periodStart;
	return { bill, previous: adjoins ? before : null };
}

/** A bill with everything that it was rated with but the readings. */
async function comparedBill(app: App, bill: BillWithLines): Promise<ComparedBill> {
	const { periodStart: start, periodEnd: end, snapshot } = bill.row;
	const { basis } = await frozenBasis(app.db, { start, end }, snapshot as BillSnapshot);
	return comparedFromRows(bill, basis);
}

/** The issued bill with the latest period, without the causes of its change; null before the first. */
export async function newestBill(app: App, account: Authorized<Account>): Promise<NewestBill | null> {
	const latest = await repo.latestBill(app.db, account);
	if (latest === undefined) return null;
	const { bill, previous } = await billWithPrevious(app, account, latest.id);
	return documentFromRows(bill, { previous, change: null, correction: null, validBill: null });
}

/** As a glance at the home page needs it: finding the causes means rating the bill many times. */
export type NewestBill = Omit<BillDocument, 'change' | 'correction' | 'validBill'>;

/** A line of a bill and the days and intervals behind it. */
export interface BillLineIntervals {
	readonly line: BillLine;
	readonly intervals: IntervalsBehind;
}

/**
 * Opens the days and intervals behind a line of an issued bill, from the readings as they were billed.
 * @throws AppError NOT_FOUND where bill or line does not exist
 */
export async function billLineIntervals(
	app: App,
	account: Authorized<Account>,
	billId: number,
	reference: string
): Promise<BillLineIntervals> {
	const { row, lines } = await requireBill(app, account, billId);
	const stored = lines.find((line) => line.reference === reference);
	if (stored === undefined) throw new AppError('NOT_FOUND', 'no such line');
	const line = lineFromRow(stored);
	const period = { start: row.periodStart, end: row.periodEnd };
	const { input } = await frozenInput(app.db, account, period, row.snapshot as BillSnapshot);
	const intervals = intervalsBehind(unpackedInput(input), line);
	if ('code' in intervals) throw new AppError('RATING_REFUSED', intervals.code, { refusal: intervals.code });
	return { line, intervals };
}

/**
 * A bill with everything that it was rated from, for anyone to compute again.
 * @throws AppError NOT_FOUND
 */
export async function billCheckFile(
	app: App,
	account: Authorized<Account>,
	billId: number
): Promise<CheckFile> {
	const { row, lines } = await requireBill(app, account, billId);
	const period = { start: row.periodStart, end: row.periodEnd };
	const snapshot = row.snapshot as BillSnapshot;
	const { input } = await frozenInput(app.db, account, period, snapshot);
	return makeCheckFile(
		{
			billNo: row.billNo,
			currency: row.currency,
			total: scaledToDecimal(row.totalMinor, 2, 2),
			lines: lines.map((line) => checkedLine(lineFromRow(line)))
		},
		{
			account: input.account,
			timeZone: input.timeZone,
			period,
			tariffs: documentSpans(input.tariffs),
			usage: input.usage,
			shares: input.shares.map(({ tariffs, ...share }) => ({ ...share, tariffs: documentSpans(tariffs) })),
			filling: input.filling,
			carried: input.carried,
			calendar: snapshot.calendar
		}
	);
}

function documentSpans(tariffs: readonly StoredTariffSpan[]): CheckInput['tariffs'] {
	return tariffs.map(({ document, period }) => ({ period, document }));
}

export interface RecomputedBill {
	/** Whether editions and readings are the very ones that were billed. */
	readonly inputsIntact: boolean;
	/** Whether every line with quantity and price, the total and the carried state came out the same. */
	readonly agrees: boolean;
	readonly totalMinor: bigint | null;
}

/**
 * Rates an issued bill again from its snapshot.
 * @throws AppError NOT_FOUND
 */
export async function recomputeBill(
	app: App,
	account: Authorized<Account>,
	billId: number
): Promise<RecomputedBill> {
	const { row, lines } = await requireBill(app, account, billId);
	const period = { start: row.periodStart, end: row.periodEnd };
	const snapshot = row.snapshot as BillSnapshot;
	const { input, intact } = await frozenInput(app.db, account, period, snapshot);
	const { tariffs, shares = [] } = snapshot;
	const editions = await Promise.all(
		[...tariffs, ...shares.flatMap((share) => share.tariffs)].map(({ versionId }) =>
			isEditionIntact(app.db, versionId)
		)
	);
	const inputsIntact = intact && editions.every(Boolean);
	const result = rate(unpackedInput(input));
	if (!result.ok) return { inputsIntact, agrees: false, totalMinor: null };
	const agrees =
		result.totalMinor === row.totalMinor &&
		result.lines.length === lines.length &&
		canonicalJson(result.carried) === canonicalJson(snapshot.carriedOut) &&
		canonicalJson(result.lines.map(checkedLine)) ===
			canonicalJson(lines.map((line) => checkedLine(lineFromRow(line))));
	return { inputsIntact, agrees, totalMinor: result.totalMinor };
}

export interface BillAudit {
	readonly checked: number;
	/** Bills that came out otherwise, or whose editions or readings are no longer the ones that were billed. */
	readonly differing: readonly {
		readonly billNo: string;
		readonly inputsIntact: boolean;
		readonly agrees: boolean;
		/** Why it could not be rated at all; null where it could. */
		readonly failure: string | null;
	}[];
}

const AUDITOR: Actor = { kind: 'system', purpose: 'bill audit' };

/**
 * Rates a random sample of issued bills again from their snapshots.
 * @param options.signal stops between two bills: what was checked until then is the answer
 */
export async function auditBills(
	app: App,
	size: number,
	options: { onProgress?: (done: number, total: number) => void; signal?: AbortSignal } = {}
): Promise<BillAudit> {
	const sample = await repo.sampleBills(app.db, size);
	const differing: BillAudit['differing'][number][] = [];
	let checked = 0;
	for (const one of sample) {
		if (options.signal?.aborted) break;
		const outcome = await auditBill(app, one);
		if (outcome !== null) differing.push(outcome);
		checked++;
		options.onProgress?.(checked, sample.length);
	}
	return { checked, differing };
}

/** @returns what is wrong with a bill; null where nothing is */
async function auditBill(
	app: App,
	{ accountId, billId, billNo }: { accountId: number; billId: number; billNo: string }
): Promise<BillAudit['differing'][number] | null> {
	try {
		const account = await authorizeAccount(app, AUDITOR, accountId, 'view');
		const { inputsIntact, agrees } = await recomputeBill(app, account, billId);
		return inputsIntact && agrees ? null : { billNo, inputsIntact, agrees, failure: null };
	} catch (error) {
		// One broken bill must not hide the others. Without the database there is nothing to say of any.
		if (isDatabaseAway(error)) throw error;
		const failure = error instanceof Error ? error.message : String(error);
		return { billNo, inputsIntact: false, agrees: false, failure };
	}
}

/** Puts the shipped due-date settings into an empty table; terms that are there stay as they are. */
export async function loadBillingTerms(app: App): Promise<{ loaded: number }> {
	let loaded = 0;
	for (const row of terms) {
		if (await repo.insertTerms(app.db, { ...row, validFrom: localDate(row.validFrom) })) loaded++;
	}
	return { loaded };
}

async function requireBill(app: App, account: Authorized<Account>, billId: number): Promise<BillWithLines> {
	const found = await repo.findBill(app.db, account, billId);
	if (found === undefined) throw new AppError('NOT_FOUND', 'no such bill');
	return found;
}
