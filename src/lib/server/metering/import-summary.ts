import type { Channel } from '#lib/domain/metering/load-day.ts';
import type { SeriesSummary } from '#lib/domain/metering/series-tally.ts';
import type { MergeCounts } from './import-merge.ts';

/** What a file held and what it changed. */
export interface ImportSummary {
	/** Days of all series: of one meter and channel each. */
	readonly days: number;
	readonly newDays: number;
	readonly changedDays: number;
	readonly unchangedDays: number;
	readonly intervals: number;
	/** Intervals missing between the first and the last reading of a series. */
	readonly gaps: number;
	readonly estimated: number;
	readonly duplicates: number;
	/** Known intervals that got another value. */
	readonly corrected: number;
	readonly registerReadings: number;
	readonly changedRegisterReadings: number;
	readonly meters: number;
	/** Wh and varh. */
	readonly totals: Readonly<Partial<Record<Channel, number>>>;
	/** The first series in detail. */
	readonly series: readonly SeriesSummary[];
	readonly ignored: readonly { readonly source: string; readonly reason: string }[];
	readonly notes: readonly string[];
}

export type ImportResult =
	| { readonly status: 'imported'; readonly importedAt: string; readonly summary: ImportSummary }
	/** These bytes with this meaning were taken in before: nothing changed. The summary is that import's. */
	| { readonly status: 'already_imported'; readonly importedAt: string; readonly summary: ImportSummary };

/** A file of many meters would make the summary as large as itself. */
const DETAILS_LIMIT = 100;

export function summarise(of: {
	series: readonly SeriesSummary[];
	counts: MergeCounts;
	registers: { readings: number; changed: number; meterNos: ReadonlySet<string> };
	ignored: ImportSummary['ignored'];
	notes: readonly string[];
}): ImportSummary {
	const totals: Partial<Record<Channel, number>> = {};
	const sums = { days: 0, intervals: 0, gaps: 0, estimated: 0, duplicates: 0 };
	const meters = new Set(of.registers.meterNos);
	for (const series of of.series) {
		meters.add(series.meterNo);
		totals[series.channel] = (totals[series.channel] ?? 0) + series.total;
		sums.days += series.days;
		sums.intervals += series.intervals;
		sums.gaps += series.gaps;
		sums.estimated += series.estimated;
		sums.duplicates += series.duplicates;
	}
	return {
		...sums,
		newDays: of.counts.newDays,
		changedDays: of.counts.changedDays,
		unchangedDays: of.counts.unchangedDays,
		corrected: of.counts.replacedIntervals,
		registerReadings: of.registers.readings,
		changedRegisterReadings: of.registers.changed,
		meters: meters.size,
		totals,
		series: of.series.slice(0, DETAILS_LIMIT),
		ignored: of.ignored.slice(0, DETAILS_LIMIT),
		notes: of.notes
	};
}
