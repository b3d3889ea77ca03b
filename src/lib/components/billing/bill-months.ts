import type { BillSummary } from '#lib/domain/billing/bill.ts';

export type ChartMeasure = 'amount' | 'energy';

/** A month of the chart. */
export interface ChartMonth {
	/** "YYYY-MM". */
	readonly month: string;
	/** Null where the month has no bill. */
	readonly bill: BillSummary | null;
	/** Share of the highest month, 0 … 1. */
	readonly height: number;
	/** Whether the year is written under it: the first month, and each January. */
	readonly startsYear: boolean;
}

const MONTHS = 13;

/** The 13 months up to the newest bill's, oldest first. Cancelled bills do not count. */
export function chartMonths(bills: readonly BillSummary[], measure: ChartMeasure): ChartMonth[] {
	const valid = bills.filter(({ state }) => state === 'issued');
	const newest = valid[0];
	if (newest === undefined) return [];
	const last = monthIndex(newest.period.start);
	const shown = Array.from({ length: MONTHS }, (_, step) => {
		const month = monthAt(last - MONTHS + 1 + step);
		return { month, bill: valid.find(({ period }) => period.start.startsWith(month)) ?? null };
	});
	const valueOf = (bill: BillSummary | null) =>
		bill === null ? 0 : measure === 'amount' ? Number(bill.totalMinor) : bill.energyWh;
	const highest = Math.max(1, ...shown.map(({ bill }) => valueOf(bill)));
	return shown.map(({ month, bill }, index) => ({
		month,
		bill,
		height: Math.max(0, valueOf(bill)) / highest,
		startsYear: index === 0 || month.endsWith('-01')
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
