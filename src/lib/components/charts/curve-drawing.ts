import { hatchPattern, withAlpha, type ChartTheme } from './chart-theme.ts';
import { valueLimits, type AxisRun, type CurveLine, type CurveModel } from './curve-model.ts';

/*
 * Draws a curve of up to a month on a canvas. The charting library comes with the zoomable year only: a day
 * needs no more than steps, bands and two axes, and half of the page's script would be the library.
 */

/** The plot inside the axes, in CSS pixels. */
export interface PlotBox {
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

export interface DrawingOptions {
	/** Whether the time axis is labelled: only the lowest of stacked panels is. */
	readonly labelled: boolean;
	/** Width of the value axis in CSS pixels; as wide as its labels where it is left out. */
	readonly axisWidth: number | undefined;
}

/** Where positions and values lie on the canvas, in CSS pixels. */
interface Plot extends PlotBox {
	readonly context: CanvasRenderingContext2D;
	readonly x: (position: number) => number;
	readonly y: (value: number) => number;
}

const MARGIN_PX = 8;
const RIGHT_PX = 20;
const LABEL_GAP_PX = 6;
/** Between two labels of the time axis, at least. */
const LABEL_SPACE_PX = 8;

/** Room that one label of the value axis needs, in multiples of its height. */
const VALUE_LABEL_ROOM = 2.6;

/** Height of the coloured strip that names the period at the foot of the chart. */
const PERIOD_STRIP_PX = 4;

const WIDTH_PX = { main: 2, second: 1.5, compare: 1.25 } as const;
const DASH_PX = { dotted: [1.5, 2.5], dashed: [6, 3] } as const;
const ESTIMATE_DASH_PX = [4, 3];

/** Draws the model into the canvas at its CSS size; returns where the plot lies. */
export function drawCurve(
	canvas: HTMLCanvasElement,
	model: CurveModel,
	theme: ChartTheme,
	options: DrawingOptions
): PlotBox {
	const { clientWidth: width, clientHeight: height } = canvas;
	canvas.width = Math.round(width * devicePixelRatio);
	canvas.height = Math.round(height * devicePixelRatio);
	const context = canvas.getContext('2d');
	const box = { left: 0, top: MARGIN_PX, width, height };
	if (context === null || width === 0) return box;
	context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
	context.font = theme.font;

	const [low, high] = valueLimits(model);
	const foot = options.labelled ? theme.fontSizePx + 2 * LABEL_GAP_PX : MARGIN_PX;
	const plotHeight = height - MARGIN_PX - foot;
	const levels = levelsOf(low, high, plotHeight / (theme.fontSizePx * VALUE_LABEL_ROOM));
	const labels = levels.map(model.formatValue);
	const widest = Math.max(0, ...labels.map((label) => context.measureText(label).width));
	const left = options.axisWidth ?? Math.ceil(widest) + 2 * LABEL_GAP_PX + MARGIN_PX;
	const plotWidth = width - left - RIGHT_PX;
	const from = model.edges[0] ?? 0;
	const to = model.edges.at(-1) ?? 1;
	const plot: Plot = {
		...{ context, left, top: MARGIN_PX, width: plotWidth, height: plotHeight },
		x: (position) => left + ((position - from) / (to - from)) * plotWidth,
		y: (value) => MARGIN_PX + ((high - value) / (high - low)) * plotHeight
	};

	context.save();
	context.beginPath();
	context.rect(plot.left, plot.top - 1, plot.width, plot.height + 2);
	context.clip();
	drawBackground(plot, model, theme);
	drawLevels(plot, levels, theme);
	if (model.band !== null) drawBand(plot, model, theme);
	for (const line of model.lines.toReversed()) drawLine(plot, model, line, theme);
	if (options.labelled) drawPeriodStrip(plot, model, theme);
	context.restore();
	drawLabels(plot, model, theme, options.labelled, { levels, labels });
	return { left: plot.left, top: plot.top, width: plot.width, height: plot.height };
}

/** Round values between the limits, at most `most` of them. */
export function levelsOf(low: number, high: number, most: number): number[] {
	const roughly = (high - low) / Math.max(1, most);
	const magnitude = 10 ** Math.floor(Math.log10(roughly));
	const step =
		[1, 2, 2.5, 5, 10].map((factor) => factor * magnitude).find((size) => size >= roughly) ?? roughly;
	const levels: number[] = [];
	for (let index = Math.ceil(low / step); index * step <= high; index++) levels.push(index * step);
	return levels;
}

/** The time-of-use periods, and what is missing. */
function drawBackground(plot: Plot, model: CurveModel, theme: ChartTheme): void {
	const { context } = plot;
	for (const run of model.periods) {
		context.fillStyle = theme.colour(`${run.colour}-band`);
		context.fillRect(...columnOf(plot, run), plot.height);
	}
	if (model.missing.length === 0) return;
	context.fillStyle = hatchPattern(context, theme.colour('line-strong'));
	context.globalAlpha = 0.45;
	for (const run of model.missing) context.fillRect(...columnOf(plot, run), plot.height);
	context.globalAlpha = 1;
}

/** Left, top and width of a run; a run never ends before it begins. */
function columnOf(plot: Plot, run: AxisRun): [left: number, top: number, width: number] {
	const left = plot.x(run.from);
	return [left, plot.top, Math.max(0, plot.x(run.to) - left)];
}

function drawLevels(plot: Plot, levels: readonly number[], theme: ChartTheme): void {
	const { context } = plot;
	context.fillStyle = theme.colour('line');
	for (const level of levels) context.fillRect(plot.left, Math.round(plot.y(level)), plot.width, 1);
}

function drawPeriodStrip(plot: Plot, model: CurveModel, theme: ChartTheme): void {
	for (const run of model.periods) {
		const [left, , width] = columnOf(plot, run);
		plot.context.fillStyle = theme.colour(run.colour);
		plot.context.fillRect(left, plot.top + plot.height - PERIOD_STRIP_PX, width, PERIOD_STRIP_PX);
	}
}

/** The finest time labels that fit, and the value labels. */
function drawLabels(
	plot: Plot,
	model: CurveModel,
	theme: ChartTheme,
	labelled: boolean,
	values: { levels: readonly number[]; labels: readonly string[] }
): void {
	const { context } = plot;
	context.fillStyle = theme.colour('ink-faint');
	context.textBaseline = 'middle';
	context.textAlign = 'right';
	values.levels.forEach((level, index) => {
		context.fillText(values.labels[index]!, plot.left - LABEL_GAP_PX, plot.y(level));
	});
	if (!labelled) return;
	const widths = (of: readonly string[]) => of.map((label) => context.measureText(label).width);
	const ticks =
		model.ticks.findLast(({ at, labels }) => {
			return plot.width / at.length > Math.max(...widths(labels)) + LABEL_SPACE_PX;
		}) ?? model.ticks[0];
	if (ticks === undefined) return;
	const halves = widths(ticks.labels).map((width) => width / 2);
	const end = plot.left + plot.width + RIGHT_PX;
	context.textBaseline = 'top';
	context.textAlign = 'center';
	ticks.at.forEach((position, index) => {
		const half = halves[index]!;
		// A label at an edge moves inwards rather than be cut.
		const middle = Math.min(Math.max(plot.x(position), half), end - half);
		context.fillText(ticks.labels[index]!, middle, plot.top + plot.height + LABEL_GAP_PX);
	});
}

/** What is usual, as a filled band. */
function drawBand(plot: Plot, model: CurveModel, theme: ChartTheme): void {
	const { low, high } = model.band ?? { low: [], high: [] };
	const path = new Path2D();
	high.forEach((top, slot) => {
		const bottom = low[slot];
		if (top === null || bottom === null || bottom === undefined) return;
		const left = plot.x(model.edges[slot]!);
		const right = plot.x(model.edges[slot + 1]!);
		path.rect(left, plot.y(top), right - left, Math.max(1, plot.y(bottom) - plot.y(top)));
	});
	plot.context.fillStyle = withAlpha(theme.colour('series-compare'), 0.28);
	plot.context.fill(path);
}

/** Steps of one line where `drawn` holds, joined to the neighbour whether or not that one is drawn. */
function stepPath(plot: Plot, model: CurveModel, line: CurveLine, drawn: (slot: number) => boolean): Path2D {
	const path = new Path2D();
	let open = false;
	line.values.forEach((value, slot) => {
		if (value === null || !drawn(slot)) {
			open = false;
			return;
		}
		const left = plot.x(model.edges[slot]!);
		const level = plot.y(value);
		const before = line.values[slot - 1] ?? null;
		if (!open) path.moveTo(left, before === null ? level : plot.y(before));
		path.lineTo(left, level);
		path.lineTo(plot.x(model.edges[slot + 1]!), level);
		open = true;
	});
	return path;
}

/** The ground under the main line. */
function areaPath(plot: Plot, model: CurveModel, line: CurveLine): Path2D {
	const path = new Path2D();
	const ground = plot.y(0);
	line.values.forEach((value, slot) => {
		if (value === null) return;
		const left = plot.x(model.edges[slot]!);
		path.rect(left, plot.y(value), plot.x(model.edges[slot + 1]!) - left, ground - plot.y(value));
	});
	return path;
}

/** One line: solid where read, dashed in another colour where estimated. */
function drawLine(plot: Plot, model: CurveModel, line: CurveLine, theme: ChartTheme): void {
	const { context } = plot;
	if (line.style === 'main') {
		context.fillStyle = withAlpha(theme.colour(line.colour), 0.12);
		context.fill(areaPath(plot, model, line));
	}
	context.lineJoin = 'round';
	context.lineWidth = WIDTH_PX[line.style];
	context.strokeStyle = theme.colour(line.colour);
	context.setLineDash(line.dash === undefined ? [] : [...DASH_PX[line.dash]]);
	const isEstimate = (slot: number) => line.estimated?.[slot] === true;
	context.stroke(stepPath(plot, model, line, (slot) => !isEstimate(slot)));
	if (!line.estimated?.includes(true)) return;
	context.lineWidth = 2.25;
	context.strokeStyle = theme.colour('series-estimated');
	context.setLineDash(ESTIMATE_DASH_PX);
	context.stroke(stepPath(plot, model, line, isEstimate));
}
