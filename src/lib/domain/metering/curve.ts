import { assert } from '#lib/domain/kernel/assert.ts';
import type { IntervalMinutes } from '#lib/domain/kernel/civil-time.ts';
import { QUALITY_CODE, type LoadDay } from './load-day.ts';

/** What a curve is drawn in: mean power of the interval, or its energy. */
export const CURVE_UNITS = ['kW', 'kWh'] as const;
export type CurveUnit = (typeof CURVE_UNITS)[number];

/** One value per interval; null where the reading is missing. */
export type CurveValues = readonly (number | null)[];

/** Mean power of an interval in W (the block value), from its energy in Wh; var from varh alike. */
export function meanPowerW(energyWh: number, intervalMinutes: number): number {
	return (energyWh * 60) / intervalMinutes;
}

/** Energy of an interval in Wh from its mean power in W; inverse of `meanPowerW`. */
export function intervalEnergyWh(powerW: number, intervalMinutes: number): number {
	return (powerW * intervalMinutes) / 60;
}

/** Whether the interval has a value, measured, estimated or corrected. */
export function isKnown(day: LoadDay, slot: number): boolean {
	return day.qualities[slot] !== undefined && day.qualities[slot] !== QUALITY_CODE.missing;
}

/** Whether the interval was read from the meter: demand is never taken from an estimate. */
export function isRead(day: LoadDay, slot: number): boolean {
	const code = day.qualities[slot];
	return code === QUALITY_CODE.measured || code === QUALITY_CODE.corrected;
}

/** Mean power per interval in W; null where missing. */
export function powerCurveW(day: LoadDay): (number | null)[] {
	return Array.from(day.quantities, (quantity, slot) =>
		isKnown(day, slot) ? meanPowerW(quantity, day.intervalMinutes) : null
	);
}

/** A curve in the unit shown: kW or kWh of active energy, kvar or kvarh of reactive. */
export function curveInUnit(day: LoadDay, unit: CurveUnit): (number | null)[] {
	const factor = unit === 'kW' ? 60 / day.intervalMinutes / 1000 : 1 / 1000;
	return Array.from(day.quantities, (quantity, slot) => (isKnown(day, slot) ? quantity * factor : null));
}

/** The weakest quality of several: missing, then estimated, then corrected, then measured. */
function weakestQuality(codes: Iterable<number>): number {
	const seen = new Set(codes);
	for (const code of [QUALITY_CODE.missing, QUALITY_CODE.estimated, QUALITY_CODE.corrected]) {
		if (seen.has(code)) return code;
	}
	return QUALITY_CODE.measured;
}

/**
 * The same day in longer intervals: exact sums, missing where any part is missing, estimated where any
 * part is. Counted in real time from the first instant of the day, so days of 23 and 25 hours keep theirs.
 * @throws AssertionError where the new length is no multiple of the old: shares of an interval are unknown
 */
export function resampleDay(day: LoadDay, intervalMinutes: IntervalMinutes): LoadDay {
	if (intervalMinutes === day.intervalMinutes) return day;
	const parts = intervalMinutes / day.intervalMinutes;
	assert(Number.isInteger(parts), `cannot make ${intervalMinutes} min out of ${day.intervalMinutes} min`);
	const count = day.quantities.length / parts;
	assert(Number.isInteger(count), 'a day holds whole intervals');
	const quantities = new Int32Array(count);
	const qualities = new Uint8Array(count);
	for (let slot = 0; slot < count; slot++) {
		const first = slot * parts;
		qualities[slot] = weakestQuality(day.qualities.subarray(first, first + parts));
		if (qualities[slot] === QUALITY_CODE.missing) continue;
		for (let part = first; part < first + parts; part++) quantities[slot]! += day.quantities[part]!;
	}
	return { ...day, intervalMinutes, quantities, qualities };
}

/** A day with the wall-clock minute at which each of its intervals starts (`slotWallMinutes`). */
export interface PlacedDay {
	readonly day: LoadDay;
	readonly wallMinutes: readonly number[];
}

/**
 * Mean power of `other`, in W, at the wall-clock times of another day: for comparing two days whose
 * interval lengths or numbers of hours differ. Null where any part is missing or the hour does not exist;
 * of a repeated hour the first counts.
 */
export function powerAtWallMinutes(
	other: PlacedDay,
	wallMinutes: readonly number[],
	intervalMinutes: number
): (number | null)[] {
	const step = other.day.intervalMinutes;
	const slotAt = new Map<number, number>();
	other.wallMinutes.forEach((minute, slot) => {
		if (!slotAt.has(minute)) slotAt.set(minute, slot);
	});
	return wallMinutes.map((from) => {
		let energyWh = 0;
		for (let minute = from; minute < from + intervalMinutes;) {
			const start = minute - (minute % step);
			const slot = slotAt.get(start);
			if (slot === undefined || !isKnown(other.day, slot)) return null;
			const until = Math.min(start + step, from + intervalMinutes);
			energyWh += (other.day.quantities[slot]! * (until - minute)) / step;
			minute = until;
		}
		return meanPowerW(energyWh, intervalMinutes);
	});
}

/**
 * Power factor per interval, P / √(P² + Q²) with Q = |forward| + |reverse| reactive energy (power-factor
 * rules of 1983: energy sent back counts against the customer as well). Null where a part is missing or
 * nothing flowed. All days have the same intervals; at least one reactive day is given.
 */
export function powerFactorCurve(active: LoadDay, reactive: readonly LoadDay[]): (number | null)[] {
	assert(reactive.length > 0, 'a power factor needs reactive energy');
	const count = active.quantities.length;
	for (const day of reactive) assert(day.quantities.length === count, 'channels have the same intervals');
	return Array.from({ length: count }, (_, slot) => {
		if (!isKnown(active, slot) || reactive.some((day) => !isKnown(day, slot))) return null;
		const q = reactive.reduce((sum, day) => sum + Math.abs(day.quantities[slot]!), 0);
		return powerFactor(active.quantities[slot]!, q);
	});
}

/** P / √(P² + Q²); null where both are zero. */
function powerFactor(activeWh: number, reactiveVarh: number): number | null {
	const apparent = Math.hypot(activeWh, reactiveVarh);
	return apparent === 0 ? null : Math.abs(activeWh) / apparent;
}

/** How much `current` differs from `other` over the intervals that both know. */
export interface CurveChange {
	/** (current − other) / other, e.g. 0.12 for 12 % more. */
	readonly ratio: number;
	/** Intervals known in both. */
	readonly intervals: number;
}

/** Share of the intervals that both days must know before they are compared. */
const COMPARABLE_SHARE = 0.75;

/**
 * Compares like with like: only intervals known in both curves count. Null where fewer than three quarters
 * are, or where the other used nothing: no percentage is better than a wrong one.
 */
export function curveChange(current: CurveValues, other: CurveValues): CurveChange | null {
	let sum = 0;
	let otherSum = 0;
	let intervals = 0;
	current.forEach((value, slot) => {
		const against = other[slot];
		if (value === null || against === null || against === undefined) return;
		sum += value;
		otherSum += against;
		intervals++;
	});
	if (intervals === 0 || intervals < current.length * COMPARABLE_SHARE || otherSum <= 0) return null;
	return { ratio: (sum - otherSum) / otherSum, intervals };
}
