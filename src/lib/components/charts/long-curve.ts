import uPlot from 'uplot';
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

/** Above so many points on screen, steps are finer than pixels and the decimated line is drawn. */
const STEPPED_UP_TO = 2000;

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
	// The first line is the one that matters: it is drawn last, on top.
	const lines = panel.lines.toReversed();
	return {
		data: [axis.starts, ...lines.map((line) => line.values)],
		onChart(chart) {
			if (current !== null) zoom.remove(current);
			current = chart;
			if (chart !== null) zoom.add(chart);
		},
		options: (theme) => ({
			...baseOptions(axis, { ...panel, lines }, theme),
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
				scales: { x: { time: false }, y: { range: () => [limits[0], limits[1]] } }
			};
		}
	};
}

function baseOptions(axis: LongAxis, panel: LongPanel, theme: ChartTheme) {
	const linear = uPlot.paths.linear!();
	const stepped = uPlot.paths.stepped!({ align: 1 });
	const paths: uPlot.Series.PathBuilder = (chart, index, from, to) =>
		(to - from > STEPPED_UP_TO ? linear : stepped)(chart, index, from, to);
	const most = (chart: uPlot) => chart.bbox.width / devicePixelRatio / (theme.fontSizePx * LABEL_ROOM);
	const ticks = (chart: uPlot) => axis.ticks(chart.scales['x']!.min!, chart.scales['x']!.max!, most(chart));
	return {
		padding: [8, 8, panel.labelled ? 0 : 8, 0] as uPlot.Padding,
		series: [
			{},
			...panel.lines.map((line) => ({
				stroke: theme.colour(line.colour),
				width: 1.25,
				fill: line.filled ? withAlpha(theme.colour(line.colour), 0.1) : undefined,
				points: { show: false },
				paths
			}))
		],
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

/** Hatching where nothing is known, and a strip on top where values are estimates. */
function drawGaps(chart: uPlot, axis: LongAxis, theme: ChartTheme): void {
	const { ctx: context, bbox } = chart;
	const { min = 0, max = 0 } = chart.scales['x'] ?? {};
	const draw = (runs: readonly AxisRun[], height: number) => {
		for (const run of runs) {
			if (run.to < min! || run.from > max!) continue;
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
