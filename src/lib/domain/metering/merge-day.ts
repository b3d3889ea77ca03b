import { QUALITY_CODE } from './load-day.ts';

const { missing: MISSING, measured: MEASURED, estimated: ESTIMATED, corrected: CORRECTED } = QUALITY_CODE;

/** Quantities and qualities of one day, one element per interval. */
export interface DaySlots {
	readonly quantities: Int32Array;
	readonly qualities: Uint8Array;
}

export interface MergedDay extends DaySlots {
	/** False where the incoming day says nothing new. */
	readonly changed: boolean;
	/** Known values that got another one. */
	readonly replaced: number;
}

/**
 * What is known of a day after a later delivery of the same interval length. A missing interval of the
 * delivery takes nothing away. A known value that is measured anew with another result becomes `corrected`,
 * and stays so when the same value comes again; an estimate that is measured becomes `measured`.
 */
export function mergeDay(existing: DaySlots, incoming: DaySlots): MergedDay {
	const quantities = existing.quantities.slice();
	const qualities = existing.qualities.slice();
	let changed = false;
	let replaced = 0;
	for (let slot = 0; slot < quantities.length; slot++) {
		const delivered = incoming.qualities[slot] ?? MISSING;
		if (delivered === MISSING) continue;
		const known = qualities[slot] ?? MISSING;
		const same = known !== MISSING && quantities[slot] === incoming.quantities[slot];
		const quality = mergedQuality(known, delivered, same);
		if (same && quality === known) continue;
		changed = true;
		if (known !== MISSING && !same) replaced++;
		quantities[slot] = incoming.quantities[slot] ?? 0;
		qualities[slot] = quality;
	}
	return { quantities, qualities, changed, replaced };
}

function mergedQuality(known: number, delivered: number, same: boolean): number {
	if (delivered !== MEASURED || known === MISSING || known === ESTIMATED) return delivered;
	return same ? known : CORRECTED;
}

/** Whether every interval of the day is known. */
export function isComplete(qualities: Uint8Array): boolean {
	return !qualities.includes(MISSING);
}

/** Number of intervals that are known. */
export function countKnown(qualities: Uint8Array): number {
	let known = 0;
	for (const quality of qualities) if (quality !== MISSING) known++;
	return known;
}

export interface CombinedDay extends DaySlots {
	/** Intervals that both parts know, with the same value. */
	readonly duplicates: number;
	/** First interval that the parts give different values; the parts cannot both be right. */
	readonly conflictSlot: number | undefined;
}

/** Two parts of one day out of the same file. Of two qualities for the same value the firmer one counts. */
export function combineDay(one: DaySlots, other: DaySlots): CombinedDay {
	const quantities = one.quantities.slice();
	const qualities = one.qualities.slice();
	let duplicates = 0;
	let conflictSlot: number | undefined;
	for (let slot = 0; slot < quantities.length; slot++) {
		const quality = other.qualities[slot] ?? MISSING;
		if (quality === MISSING) continue;
		if (qualities[slot] === MISSING) {
			quantities[slot] = other.quantities[slot] ?? 0;
			qualities[slot] = quality;
		} else if (quantities[slot] === other.quantities[slot]) {
			duplicates++;
			qualities[slot] = firmer(qualities[slot] ?? MISSING, quality);
		} else {
			conflictSlot ??= slot;
		}
	}
	return { quantities, qualities, duplicates, conflictSlot };
}

/** Measured before corrected before estimated: an order of trust within one delivery. */
export function firmer(one: number, other: number): number {
	if (one === MEASURED || other === MEASURED) return MEASURED;
	return one === CORRECTED || other === CORRECTED ? CORRECTED : ESTIMATED;
}
