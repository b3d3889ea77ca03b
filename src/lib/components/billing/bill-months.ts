import type { BillSummary } from '#lib/domain/billing/bill.ts';
import { lastMonth } from '#lib/i18n/billing/months.ts';

export type ChartMeasure = 'amount' | 'energy';

/** A month of the chart, or the months that are billed together. */
export interface ChartMonth {
	/** The last, "YYYY-MM". */
	readonly month: string;
	/** How many there are. */
	readonly months: number;
	/** Null where the month has no bill. */
	readonly bill: BillSummary | null;
	/** Share of the highest month, 0 … 1. */
	readonly height: number;
	/** Whether the year is written under it: the first, and where a January is. */
	readonly startsYear: boolean;
}

const MONTHS = 13;

/** The 13 months up to the newest bill's, oldest first. Cancelled bills do not count. */
export function chartMonths(bills: readonly BillSummary[], measure: ChartMeasure): ChartMonth[] {
	const valid = bills.filter(({ state }) => state === 'issued');
	const newest = valid[0];
	if (newest === undefined) return [];
	const shown: Pick<ChartMonth, 'month' | 'months' | 'bill'>[] = [];
	const last = monthIndex(lastMonth(newest.period));
	const first = last - MONTHS + 1;
	for (let to = last; to >= first; to -= shown[0]?.months ?? 1) {
		const bill = valid.find(({ period }) => monthIndex(lastMonth(period)) === to) ?? null;
		const from = bill === null ? to : Math.max(first, Math.min(to, monthIndex(bill.period.start)));
		shown.unshift({ month: monthAt(to), months: to - from + 1, bill });
	}
	const valueOf = (bill: BillSummary | null) =>
		bill === null ? 0 : measure === 'amount' ? Number(bill.totalMinor) : bill.energyWh;
	const highest = Math.max(1, ...shown.map(({ bill }) => valueOf(bill)));
	return shown.map((part, index) => ({
		...part,
		height: Math.max(0, valueOf(part.bill)) / highest,
		startsYear: index === 0 || Number(part.month.slice(5)) <= part.months
	}));
}

/** How a bill compares with the one of the month before. */
export type BillStep =
	| { readonly kind: 'change'; readonly differenceMinor: bigint; readonly share: number | null }
	| { readonly kind: 'gap' }
	| { readonly kind: 'first' };

/** @param older the next older valid bill, if any */
export function stepFrom(older: BillSummary | undefined, bill: BillSummary): BillStep {
	if (older === undefined) return { kind: 'first' };
	if (older.period.end !== bill.period.start) return { kind: 'gap' };
	const differenceMinor = bill.totalMinor - older.totalMinor;
	const share = older.totalMinor > 0n ? Number(differenceMinor) / Number(older.totalMinor) : null;
	return { kind: 'change', differenceMinor, share };
}

function monthIndex(date: string): number {
	return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
}

function monthAt(index: number): string {
	return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
}
