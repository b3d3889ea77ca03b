/** SVG paths of small curves: one unit per interval across, 0 … 100 from top to bottom. */

type Values = readonly (number | null)[];

/** Runs [start, end) of neighbouring values that are there. */
function knownRuns(isKnown: (slot: number) => boolean, length: number): [start: number, end: number][] {
	const runs: [number, number][] = [];
	for (let slot = 0; slot < length; slot++) {
		if (!isKnown(slot)) continue;
		const last = runs.at(-1);
		if (last !== undefined && last[1] === slot) last[1] = slot + 1;
		else runs.push([slot, slot + 1]);
	}
	return runs;
}

/** A line through the middle of each interval, broken where readings are missing. */
export function linePath(values: Values, highest: number): string {
	return knownRuns((slot) => values[slot] !== null, values.length)
		.map(([start, end]) => {
			const points = values
				.slice(start, end)
				.map((value, at) => point(start + at + 0.5, value ?? 0, highest));
			// A lone reading between two gaps is a short stroke, or it would not be seen.
			return `M${points.join('L')}${points.length === 1 ? 'h0.6' : ''}`;
		})
		.join('');
}

/** The area between two curves, where both are known. */
export function areaPaths(low: Values, high: Values, highest: number): string {
	return knownRuns((slot) => low[slot] !== null && high[slot] !== null, high.length)
		.map(([start, end]) => {
			const slots = Array.from({ length: end - start }, (_, at) => start + at);
			const there = slots.map((slot) => point(slot + 0.5, high[slot] ?? 0, highest));
			const back = slots.reverse().map((slot) => point(slot + 0.5, low[slot] ?? 0, highest));
			return `M${[...there, ...back].join('L')}Z`;
		})
		.join('');
}

function point(x: number, value: number, highest: number): string {
	return `${x} ${Math.round((1 - value / highest) * 1000) / 10}`;
}
