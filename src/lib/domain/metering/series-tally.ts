import type { Channel, Quality } from './load-day.ts';
import { QUALITY_CODE } from './load-day.ts';
import type { DaySlots } from './merge-day.ts';
import type { ZoneDay } from './zone-days.ts';

const MINUTE_MS = 60_000;

/** What a file held of one channel of one meter. */
export interface SeriesSummary {
	readonly meterNo: string;
	readonly channel: Channel;
	/** The file's own name for the series. */
	readonly source: string;
	/** Local days with at least one reading. */
	readonly days: number;
	/** Intervals with a value, each counted once. */
	readonly intervals: number;
	/** Intervals without a value between the first and the last one of the file. */
	readonly gaps: number;
	readonly estimated: number;
	/** Intervals that the file itself marks as corrected. */
	readonly corrected: number;
	/** Readings that repeat an interval with the same value. */
	readonly duplicates: number;
	/** Sum in Wh or varh. */
	readonly total: number;
	/** First and end instant, ISO 8601. */
	readonly from: string;
	readonly to: string;
}

/** Counts of some intervals. */
export interface IntervalCounts {
	readonly intervals: number;
	readonly quantity: number;
	readonly estimated: number;
	readonly corrected: number;
}

/** Counts a series while its days go by. */
export class SeriesTally {
	private days = 0;
	private intervals = 0;
	private coveredMinutes = 0;
	private estimated = 0;
	private corrected = 0;
	private duplicates = 0;
	private total = 0;
	private firstMs = Number.POSITIVE_INFINITY;
	private endMs = Number.NEGATIVE_INFINITY;
	private intervalMinutes = 60;

	noteExtent(startMs: number, endMs: number, intervalMinutes: number): void {
		if (startMs < this.firstMs) this.firstMs = startMs;
		if (endMs > this.endMs) this.endMs = endMs;
		this.intervalMinutes = intervalMinutes;
	}

	noteDuplicate(): void {
		this.duplicates++;
	}

	noteDay(zoneDay: ZoneDay, intervalMinutes: number, slots: DaySlots): void {
		const counts = countIntervals(slots);
		this.days++;
		this.intervals += counts.intervals;
		this.coveredMinutes += counts.intervals * intervalMinutes;
		this.estimated += counts.estimated;
		this.corrected += counts.corrected;
		this.total += counts.quantity;
		const first = slots.qualities.findIndex((quality) => quality !== QUALITY_CODE.missing);
		const last = slots.qualities.findLastIndex((quality) => quality !== QUALITY_CODE.missing);
		const lengthMs = intervalMinutes * MINUTE_MS;
		this.noteExtent(
			zoneDay.startMs + first * lengthMs,
			zoneDay.startMs + (last + 1) * lengthMs,
			intervalMinutes
		);
	}

	/** Two parts of one day were put together: takes back what was counted twice. */
	noteOverlap(overlap: IntervalCounts): void {
		this.days--;
		this.duplicates += overlap.intervals;
		this.intervals -= overlap.intervals;
		this.coveredMinutes -= overlap.intervals * this.intervalMinutes;
		this.estimated -= overlap.estimated;
		this.corrected -= overlap.corrected;
		this.total -= overlap.quantity;
	}

	summary(of: { meterNo: string; channel: Channel; source: string }): SeriesSummary {
		const spanMinutes = this.endMs > this.firstMs ? (this.endMs - this.firstMs) / MINUTE_MS : 0;
		return {
			...of,
			days: this.days,
			intervals: this.intervals,
			gaps: Math.round((spanMinutes - this.coveredMinutes) / this.intervalMinutes),
			estimated: this.estimated,
			corrected: this.corrected,
			duplicates: this.duplicates,
			total: this.total,
			from: spanMinutes > 0 ? new Date(this.firstMs).toISOString() : '',
			to: spanMinutes > 0 ? new Date(this.endMs).toISOString() : ''
		};
	}
}

export function countIntervals({ quantities, qualities }: DaySlots): IntervalCounts {
	const counts = { intervals: 0, quantity: 0, estimated: 0, corrected: 0 };
	for (let slot = 0; slot < qualities.length; slot++) {
		const quality = qualities[slot] as (typeof QUALITY_CODE)[Quality];
		if (quality === QUALITY_CODE.missing) continue;
		counts.intervals++;
		counts.quantity += quantities[slot] ?? 0;
		if (quality === QUALITY_CODE.estimated) counts.estimated++;
		else if (quality === QUALITY_CODE.corrected) counts.corrected++;
	}
	return counts;
}
