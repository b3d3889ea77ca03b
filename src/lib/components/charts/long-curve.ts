import type uPlot from 'uplot';
import { hatchPattern, withAlpha, type ChartTheme } from './chart-theme.ts';
import type { AxisRun } from './curve-model.ts';
import { axisStyle, type ChartSpec } from './uplot-chart.ts';
import type { Zoom } from './zoom.ts';

/** A curve of many days: one value per interval, null where missing. */
export interface LongLine {
	readonly key: string;
	readonly colour: string;
	readonly values: (number | null)[];
	readonly filled?: boolean;
}

export interface LongPanel {
	readonly lines: readonly LongLine[];
	readonly limits: readonly [number, number];
	readonly labelled: boolean;
	readonly formatValue: (value: number) => string;
}

/** What all panels share: the axis in minutes from the first day's start, in real time. */
export interface LongAxis {
	readonly starts: number[];
	/** Ticks for what is shown: places and labels. */
	readonly ticks: (from: number, to: number, most: number) => { at: number[]; label: (at: number) => string };
	readonly missing: readonly AxisRun[];
	readonly estimated: readonly AxisRun[];
}

const LABEL_ROOM = 5;

/** Panels above each other have value axes of one width. */
export const VALUE_AXIS_PX = 52;

/** A panel that follows the zoom. `hovered` is told the interval under the mouse. */
export function longCurveSpec(
	axis: LongAxis,
	panel: LongPanel,
	zoom: Zoom,
	group: string,
	hovered: (slot: number | null) => void
): ChartSpec {
	let current: uPlot | null = null;
	return {
		data: [axis.starts, ...panel.lines.map((line) => line.values)],
		onChart(chart) {
			if (current !== null) zoom.remove(current);
			current = chart;
			if (chart !== null) zoom.add(chart);
		},
		options: (theme) => ({
			...baseOptions(axis, panel, theme),
			cursor: {
				drag: { x: false, y: false },
				sync: { key: group },
				y: false,
				points: { show: false },
				dataIdx: (chart, _series, closest, value) => {
					const start = chart.data[0][closest];
					return start !== undefined && start > value ? Math.max(0, closest - 1) : closest;
				}
			},
			scales: {
				x: { time: false, min: zoom.span()[0], max: zoom.span()[1], auto: false },
				y: { range: () => [panel.limits[0], panel.limits[1]] }
			},
			hooks: {
				drawClear: [(chart) => drawGaps(chart, axis, theme)],
				draw: [(chart) => drawLines(chart, panel.lines, theme)],
				setCursor: [(chart) => hovered(chart.cursor.idx ?? null)]
			}
		})
	};
}

/** The whole span in small, below the panels: no cursor, no labels. */
export function overviewSpec(axis: LongAxis, line: LongLine, limits: readonly [number, number]): ChartSpec {
	const panel: LongPanel = { lines: [line], limits, labelled: false, formatValue: () => '' };
	return {
		data: [axis.starts, line.values],
		options: (theme) => {
			const { axes: _axes, ...options } = baseOptions(axis, panel, theme);
			return {
				...options,
				axes: [{ show: false }, { show: false }],
				padding: [2, 0, 2, 0],
				cursor: { show: false },
				scales: { x: { time: false }, y: { range: () => [limits[0], limits[1]] } },
				hooks: { draw: [(chart) => drawLines(chart, panel.lines, theme)] }
			};
		}
	};
}

function baseOptions(axis: LongAxis, panel: LongPanel, theme: ChartTheme) {
	const most = (chart: uPlot) => chart.bbox.width / devicePixelRatio / (theme.fontSizePx * LABEL_ROOM);
	const ticks = (chart: uPlot) => axis.ticks(chart.scales['x']!.min!, chart.scales['x']!.max!, most(chart));
	return {
		padding: [8, 8, panel.labelled ? 0 : 8, 0] as uPlot.Padding,
		series: [{}, ...panel.lines.map(() => ({ points: { show: false }, paths: () => null }))],
		axes: [
			{
				...axisStyle(theme),
				show: panel.labelled,
				size: theme.fontSizePx + 14,
				splits: (chart: uPlot) => ticks(chart).at,
				values: (chart: uPlot, splits: number[]) => splits.map(ticks(chart).label)
			},
			{
				...axisStyle(theme),
				size: VALUE_AXIS_PX,
				space: theme.fontSizePx * 2.6,
				values: (_: uPlot, splits: number[]) => splits.map(panel.formatValue)
			}
		]
	};
}

/** Lines from the last to the first: the first is the one that matters, and lies on top. */
function drawLines(chart: uPlot, lines: readonly LongLine[], theme: ChartTheme): void {
	const { ctx: context, bbox } = chart;
	context.save();
	context.beginPath();
	context.rect(bbox.left, bbox.top, bbox.width, bbox.height);
	context.clip();
	for (const line of lines.toReversed()) {
		const colour = theme.colour(line.colour);
		drawColumns(chart, line, colour, line.filled ? withAlpha(colour, 0.1) : null);
	}
	context.restore();
}

/**
 * The line as one upright bar per pixel column, from the lowest to the highest value that falls into it and
 * on to where the column before ended. A bar on whole pixels costs a fraction of a stroked path, which is
 * what keeps panning over a year smooth; it is a step curve as soon as an interval is wider than a pixel.
 */
function drawColumns(chart: uPlot, line: LongLine, colour: string, below: string | null): void {
	const { ctx: context, bbox } = chart;
	const starts = chart.data[0];
	const { min: from = 0, max: to = 1 } = chart.scales['x'] ?? {};
	const { min: low = 0, max: high = 1 } = chart.scales['y'] ?? {};
	const perPixel = (to - from) / bbox.width;
	const level = (value: number) => Math.round(bbox.top + ((high - value) / (high - low)) * bbox.height);
	const ground = level(Math.max(0, low));
	const thick = Math.max(1, Math.round(1.5 * devicePixelRatio));
	let index = Math.max(0, firstAfter(starts, from) - 1);
	let before: number | null = null;
	for (let column = 0; column < bbox.width; column++) {
		const end = from + (column + 1) * perPixel;
		let lowest = Number.POSITIVE_INFINITY;
		let highest = Number.NEGATIVE_INFINITY;
		let last: number | null = null;
		for (let at = index; at < starts.length && starts[at]! < end; at++) {
			last = line.values[at] ?? null;
			index = at;
			if (last === null) continue;
			if (last < lowest) lowest = last;
			if (last > highest) highest = last;
		}
		if (highest === Number.NEGATIVE_INFINITY) {
			before = null;
			continue;
		}
		const top = level(before === null ? highest : Math.max(highest, before));
		const bottom = level(before === null ? lowest : Math.min(lowest, before));
		const left = Math.round(bbox.left) + column;
		if (below !== null) {
			context.fillStyle = below;
			context.fillRect(left, top, 1, ground - top);
		}
		context.fillStyle = colour;
		context.fillRect(left, top, 1, Math.max(thick, bottom - top + thick));
		before = last;
	}
}

/** Index of the first start after `position`. */
function firstAfter(starts: ArrayLike<number>, position: number): number {
	let low = 0;
	let high = starts.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (starts[middle]! <= position) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** Hatching where nothing is known, and a strip on top where values are estimates. */
function drawGaps(chart: uPlot, axis: LongAxis, theme: ChartTheme): void {
	const { ctx: context, bbox } = chart;
	const { min = 0, max = 0 } = chart.scales['x'] ?? {};
	const draw = (runs: readonly AxisRun[], height: number) => {
		for (const run of runs) {
			if (run.to < min || run.from > max) continue;
			const left = Math.max(bbox.left, chart.valToPos(run.from, 'x', true));
			const right = Math.min(bbox.left + bbox.width, chart.valToPos(run.to, 'x', true));
			context.fillRect(left, bbox.top, Math.max(1, right - left), height);
		}
	};
	context.save();
	if (axis.missing.length > 0) {
		context.globalAlpha = 0.45;
		context.fillStyle = hatchPattern(context, theme.colour('line-strong'));
		draw(axis.missing, bbox.height);
		context.globalAlpha = 1;
	}
	context.fillStyle = theme.colour('series-estimated');
	draw(axis.estimated, 4 * devicePixelRatio);
	context.restore();
}
