import { deserialize, serialize, type SuperJSONResult } from 'superjson';
import type {
	BillChange,
	BillContent,
	BillCorrection,
	BillDocument,
	BillLine,
	BillReference,
	BillSummary
} from '#lib/domain/billing/bill.ts';
import { averagePriceE8, type ComparedBill } from '#lib/domain/billing/change.ts';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { RatedLine } from '#lib/domain/rating/types.ts';
import type { bill, billLine } from '#lib/server/db/schema/index.ts';

export type StoredBillRow = typeof bill.$inferSelect;
/** A bill that was issued once, whatever became of it. */
export type BillRow = StoredBillRow & { readonly dueOn: LocalDate; readonly issuedAt: Date };
export type BillLineRow = typeof billLine.$inferSelect;

/** Stored JSON keeps big integers as text, with a note of where they are. */
export function toStoredJson(value: BillContent | RatedLine): unknown {
	return serialize(value);
}

function contentFromRow(row: Pick<BillRow, 'document'>): BillContent {
	const content = deserialize<BillContent>(row.document as SuperJSONResult);
	const readings = content.figures.readings.map((channel) => ({ ...READINGS_ONCE, ...channel }));
	return { ...content, figures: { ...content.figures, readings } };
}

export function lineFromRow(row: BillLineRow): BillLine {
	const line = deserialize<RatedLine>(row.detail as SuperJSONResult);
	return { ...LINE_ONCE, ...line, lineNo: row.lineNo };
}

/** What bills did not say yet when the first of them were issued: they never change. */
const LINE_ONCE = { share: null } as const;
const READINGS_ONCE = { correctedQuantity: 0, filled: 0, filledQuantity: 0 } as const;

export function summaryFromRow(row: Omit<BillRow, 'snapshot' | 'document'>): BillSummary {
	return {
		id: row.id,
		billNo: row.billNo,
		state: row.state,
		correctsBillId: row.correctsBillId,
		period: { start: row.periodStart, end: row.periodEnd },
		dueOn: row.dueOn,
		currency: row.currency,
		totalMinor: row.totalMinor,
		energyWh: row.energyWh,
		restsOnIncompleteData: row.restsOnIncompleteData
	};
}

/** A bill with its lines. */
export interface BillWithLines<Row extends StoredBillRow = BillRow> {
	readonly row: Row;
	readonly lines: readonly BillLineRow[];
}

/** What a bill is compared by: all but the document's view of it. */
export function comparedFromRows({ row, lines }: BillWithLines, basis: ComparedBill['basis']): ComparedBill {
	const { figures } = contentFromRow(row);
	return { totalMinor: row.totalMinor, figures, lines: lines.map(lineFromRow), basis };
}

/** What a bill says beside its own rows. */
export interface BillContext {
	readonly previous: BillWithLines | null;
	readonly change: BillChange | null;
	readonly correction: BillCorrection | null;
	readonly validBill: BillReference | null;
}

export function documentFromRows(bill: BillWithLines, { previous, ...context }: BillContext): BillDocument {
	const summary = summaryFromRow(bill.row);
	return {
		...summary,
		...contentFromRow(bill.row),
		issuedAt: bill.row.issuedAt.toISOString(),
		averagePriceE8: averagePriceE8(summary.totalMinor, summary.energyWh),
		lines: bill.lines.map(lineFromRow),
		previous: previous === null ? null : summaryFromRow(previous.row),
		...context
	};
}
