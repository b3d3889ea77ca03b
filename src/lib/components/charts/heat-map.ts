import { hatchPattern, readChartTheme } from './chart-theme.ts';

/** A year of values on a grid of days and intervals. NaN where nothing is known. */
export interface HeatGrid {
	readonly days: number;
	readonly slots: number;
	/** Value of day d and slot s at d × slots + s. */
	readonly values: Float32Array;
	/** Days [from, to) on which readings should be there: outside them nothing is missing. */
	readonly expected: readonly [from: number, to: number];
}

/** Whether days run across (wide screens) or down (phones, where a day needs a finger's room). */
export type HeatDirection = 'across' | 'down';

/** Steps of the colour ramp. */
const RAMP_STEPS = 64;

type Rgb = readonly [number, number, number];

/**
 * From little to much: the tint of the chart's own colour, the colour, and the ink on top, so that in the
 * light theme much is dark and in the dark theme much is bright.
 */
export function heatRamp(element: Element): string[] {
	const { colour } = readChartTheme(element);
	const stops = [colour('series-band'), colour('series-active'), colour('ink')].map(rgb);
	return Array.from({ length: RAMP_STEPS }, (_, step) => {
		const place = (step / (RAMP_STEPS - 1)) * (stops.length - 1);
		const below = Math.min(Math.floor(place), stops.length - 2);
		return hex(mix(stops[below]!, stops[below + 1]!, place - below));
	});
}

const rgb = (value: string): Rgb =>
	[1, 3, 5].map((at) => Number.parseInt(value.slice(at, at + 2), 16)) as never;

const mix = (from: Rgb, to: Rgb, share: number): Rgb =>
	from.map((value, index) => Math.round(value + (to[index]! - value) * share)) as never;

const hex = (value: Rgb): string => `#${value.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

/** Largest known value; 0 where nothing is known. */
export function heatMaximum(grid: HeatGrid): number {
	let maximum = 0;
	for (const value of grid.values) if (value > maximum) maximum = value;
	return maximum;
}

/**
 * Draws the grid into the canvas at its CSS size: one pixel per cell first, then scaled without smoothing,
 * and a hatching over what is not known.
 */
export function drawHeatMap(canvas: HTMLCanvasElement, grid: HeatGrid, direction: HeatDirection): void {
	const context = canvas.getContext('2d');
	if (context === null) return;
	canvas.width = Math.round(canvas.clientWidth * devicePixelRatio);
	canvas.height = Math.round(canvas.clientHeight * devicePixelRatio);
	const cells = cellImage(grid, direction, heatRamp(canvas).map(rgb));
	context.fillStyle = hatchPattern(context, readChartTheme(canvas).colour('line-strong'));
	const [from, to] = grid.expected.map((day) => day / grid.days) as [number, number];
	if (direction === 'across')
		context.fillRect(from * canvas.width, 0, (to - from) * canvas.width, canvas.height);
	else context.fillRect(0, from * canvas.height, canvas.width, (to - from) * canvas.height);
	context.imageSmoothingEnabled = false;
	context.drawImage(cells, 0, 0, canvas.width, canvas.height);
}

/** One pixel per cell; transparent where nothing is known. */
function cellImage(grid: HeatGrid, direction: HeatDirection, ramp: readonly Rgb[]): HTMLCanvasElement {
	const image = document.createElement('canvas');
	image.width = direction === 'across' ? grid.days : grid.slots;
	image.height = direction === 'across' ? grid.slots : grid.days;
	const context = image.getContext('2d');
	if (context === null) return image;
	const pixels = context.createImageData(image.width, image.height);
	const maximum = heatMaximum(grid) || 1;
	for (let day = 0; day < grid.days; day++) {
		for (let slot = 0; slot < grid.slots; slot++) {
			const value = grid.values[day * grid.slots + slot]!;
			if (Number.isNaN(value)) continue;
			const step = Math.round((Math.max(0, value) / maximum) * (RAMP_STEPS - 1));
			const at = (direction === 'across' ? slot * grid.days + day : day * grid.slots + slot) * 4;
			pixels.data.set(ramp[step]!, at);
			pixels.data[at + 3] = 255;
		}
	}
	context.putImageData(pixels, 0, 0);
	return image;
}
