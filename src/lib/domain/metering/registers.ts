import { dayStartMs, type DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import { QUALITY_CODE, type Channel } from './load-day.ts';

/** What a cumulative register counted between two readings, in one version. */
export interface RegisterReading {
	readonly channel: Channel;
	/** Tells apart several registers of one channel; together they count what the channel takes. */
	readonly register: string;
	readonly fromMs: number;
	readonly toMs: number;
	readonly version: number;
	/** Wh or varh. */
	readonly quantity: number;
	/** Code as in `QUALITY_CODE`. */
	readonly quality: number;
}

/** What the registers of a channel counted over a period. */
export interface RegisterTotal {
	readonly quantity: number;
	/** The part between readings of which one was estimated. */
	readonly estimatedQuantity: number;
	readonly readings: readonly RegisterReading[];
}

/**
 * The channels whose registers tell the whole period: the readings of each register follow each other without gap
 * from local midnight of the first day to local midnight after the last. A reading that reaches over either end
 * has no known part inside, so its channel is left out.
 * @param readings of one meter, all that lie in the period or overlap it
 */
export function registerTotals(
	readings: readonly RegisterReading[],
	period: DatePeriod,
	timeZone: string
): Map<Channel, RegisterTotal> {
	const totals = new Map<Channel, RegisterTotal>();
	if (readings.length === 0) return totals;
	const [startMs, endMs] = [dayStartMs(period.start, timeZone), dayStartMs(period.end, timeZone)];
	for (const [channel, own] of Map.groupBy(readings, (reading) => reading.channel)) {
		const byRegister = Map.groupBy(own, ({ register }) => register);
		if (![...byRegister.values()].every((chain) => isWhole(chain, startMs, endMs))) continue;
		totals.set(channel, {
			quantity: sumOf(own),
			estimatedQuantity: sumOf(own.filter(({ quality }) => quality === QUALITY_CODE.estimated)),
			readings: own
		});
	}
	return totals;
}

function isWhole(chain: readonly RegisterReading[], startMs: number, endMs: number): boolean {
	let atMs = startMs;
	for (const { fromMs, toMs, quality } of chain.toSorted((a, b) => a.fromMs - b.fromMs)) {
		if (fromMs !== atMs || quality === QUALITY_CODE.missing) return false;
		atMs = toMs;
	}
	return atMs === endMs;
}

function sumOf(readings: readonly RegisterReading[]): number {
	return readings.reduce((sum, { quantity }) => sum + quantity, 0);
}
