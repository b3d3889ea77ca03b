import { divideHalfUp } from '#lib/domain/kernel/money.ts';
import { QUALITY_CODE, type LoadDay } from '#lib/domain/metering/load-day.ts';
import type { PowerFactorSegment } from '#lib/domain/tariffs/tariff.ts';
import type { CheckedReadings, PointReadings } from './readings.ts';

/**
 * Average power factor times 100, rounded half up: P / √(P² + Q²). In integers throughout: the result is
 * the largest n with P / √(P² + Q²) ≥ (n − ½) / 100, so no boundary depends on a square root. (Whole Wh
 * and varh never hit a boundary exactly: 200² is no sum of two odd squares.)
 * @param activeWh above zero
 */
export function powerFactorHundredths(activeWh: number, reactiveVarh: number): number {
	const active = BigInt(activeWh);
	const reactive = BigInt(reactiveVarh);
	const apparentSquared = active * active + reactive * reactive;
	const left = 40_000n * active * active;
	let n = 100n;
	while (n > 0n && left < (2n * n - 1n) * (2n * n - 1n) * apparentSquared) n--;
	return Number(n);
}

/** Percent times 100 of the adjustment for a power factor. */
export function adjustmentPercentE2(segments: readonly PowerFactorSegment[], hundredths: number): number {
	const segment = segments.find(
		({ fromHundredths, toHundredths }) => hundredths >= fromHundredths && hundredths <= toHundredths
	);
	if (segment === undefined) return 0;
	return segment.percentAtFromE2 + (hundredths - segment.fromHundredths) * segment.percentPerHundredthE2;
}

/** The adjustment of a base, rounded once. */
export function adjustmentMinor(baseMinor: bigint, percentE2: number): bigint {
	return divideHalfUp(baseMinor * BigInt(percentE2), 10_000n);
}

/** Reactive energy of the period, and how many intervals with active energy lack it. */
export interface ReactiveEnergy {
	readonly laggingVarh: number;
	readonly leadingVarh: number;
	readonly read: boolean;
	readonly missingIntervals: number;
}

/**
 * Reactive energy of the intervals whose active energy is known. Lagging and leading count by magnitude.
 * A point without a leading register has no leading energy; one that has it must have it throughout.
 */
export function reactiveEnergy(readings: CheckedReadings): ReactiveEnergy {
	let laggingVarh = 0;
	let leadingVarh = 0;
	let missingIntervals = 0;
	let read = false;
	for (const point of readings.points) {
		const lagging = reactiveOf(point, 'reactive_import');
		const leading = point.channels.has('reactive_export')
			? reactiveOf(point, 'reactive_export')
			: { varh: 0, missingIntervals: 0 };
		if (point.channels.has('reactive_import')) read = true;
		laggingVarh += lagging.varh;
		leadingVarh += leading.varh;
		missingIntervals += Math.max(lagging.missingIntervals, leading.missingIntervals);
	}
	return { laggingVarh, leadingVarh, read, missingIntervals };
}

function reactiveOf(
	point: PointReadings,
	channel: 'reactive_import' | 'reactive_export'
): { varh: number; missingIntervals: number } {
	const byDate = new Map((point.channels.get(channel) ?? []).map((day) => [day.localDate, day]));
	let varh = 0;
	let missingIntervals = 0;
	for (const active of point.channels.get('active_import') ?? []) {
		const sum = commonSum(active, byDate.get(active.localDate));
		varh += sum.varh;
		missingIntervals += sum.missing;
	}
	return { varh, missingIntervals };
}

/** Sum of the reactive intervals where active energy is known. Different interval lengths cannot be matched. */
function commonSum(active: LoadDay, reactive: LoadDay | undefined): { varh: number; missing: number } {
	let varh = 0;
	let missing = 0;
	const fits = reactive !== undefined && reactive.quantities.length === active.quantities.length;
	for (let slot = 0; slot < active.qualities.length; slot++) {
		if (active.qualities[slot] === QUALITY_CODE.missing) continue;
		if (!fits || reactive.qualities[slot] === QUALITY_CODE.missing) missing++;
		else varh += reactive.quantities[slot] ?? 0;
	}
	return { varh, missing };
}
