import type { CurveValues } from '#lib/domain/metering/curve.ts';

/** A line of a curve chart: one value per interval, held until the next begins. */
export interface CurveLine {
	readonly key: string;
	/** Design token of its colour. */
	readonly colour: string;
	readonly values: CurveValues;
	/** `main` is filled below; `compare` is thin. */
	readonly style: 'main' | 'second' | 'compare';
	readonly dash?: 'dotted' | 'dashed';
	/** Intervals drawn dashed, because their value is an estimate. */
	readonly estimated?: readonly boolean[];
}

/** A stretch of the horizontal axis. */
export interface AxisRun {
	readonly from: number;
	readonly to: number;
}

/** Everything that one panel draws. Positions are minutes from the start of the first day, in real time. */
export interface CurveModel {
	/** Start of each interval, and the end of the last: one more than there are values. */
	readonly edges: readonly number[];
	readonly lines: readonly CurveLine[];
	/** What is usual, as a filled band. */
	readonly band: { readonly low: CurveValues; readonly high: CurveValues } | null;
	/** Time-of-use periods behind the curve: solid and band colours are tokens. */
	readonly periods: readonly (AxisRun & { readonly colour: string })[];
	/** Stretches without a reading. */
	readonly missing: readonly AxisRun[];
	/** Places on the axis that may be labelled, from coarse to fine; the finest that fits is taken. */
	readonly ticks: readonly { readonly at: readonly number[]; readonly labels: readonly string[] }[];
	/** Fixed limits of the value axis, e.g. 0 … 1 for a power factor. */
	readonly limits?: readonly [number, number];
	readonly formatValue: (value: number) => string;
}

/** Runs of neighbouring intervals for which `test` holds. */
export function runsWhere(edges: readonly number[], test: (slot: number) => boolean): AxisRun[] {
	const runs: AxisRun[] = [];
	let start: number | null = null;
	for (let slot = 0; slot < edges.length; slot++) {
		const inside = slot < edges.length - 1 && test(slot);
		if (inside && start === null) start = slot;
		if (!inside && start !== null) {
			runs.push({ from: edges[start]!, to: edges[slot]! });
			start = null;
		}
	}
	return runs;
}

/** The interval that holds `position`; null outside. */
export function slotAt(edges: readonly number[], position: number): number | null {
	if (edges.length < 2 || position < edges[0]! || position > edges.at(-1)!) return null;
	let low = 0;
	let high = edges.length - 2;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (edges[middle]! <= position) low = middle;
		else high = middle - 1;
	}
	return low;
}

/**
 * Limits of the value axis over everything drawn: from 0, or below where something is negative, to a
 * little above the highest.
 */
export function valueLimits(model: CurveModel): [number, number] {
	if (model.limits !== undefined) return [model.limits[0], model.limits[1]];
	let low = 0;
	let high = 0;
	const curves = [
		...model.lines.map((line) => line.values),
		...(model.band === null ? [] : [model.band.high])
	];
	for (const curve of curves) {
		for (const value of curve) {
			if (value === null) continue;
			if (value < low) low = value;
			if (value > high) high = value;
		}
	}
	if (low === 0 && high === 0) return [0, 1];
	const room = (high - low) * 0.06;
	return [low === 0 ? 0 : low - room, high + room];
}
