import type uPlot from 'uplot';
import { hatchPattern, withAlpha, type ChartTheme } from './chart-theme.ts';
import type { AxisRun, CurveLine, CurveModel } from './curve-model.ts';

/** Height of the coloured strip that names the period at the foot of the chart, in CSS pixels. */
const PERIOD_STRIP_PX = 4;

const x = (chart: uPlot, position: number) => chart.valToPos(position, 'x', true);
const y = (chart: uPlot, value: number) => chart.valToPos(value, 'y', true);

/** The stretch of the plot that a run covers, in canvas pixels. */
function span(chart: uPlot, run: AxisRun): [left: number, width: number] {
	const left = Math.max(chart.bbox.left, x(chart, run.from));
	const right = Math.min(chart.bbox.left + chart.bbox.width, x(chart, run.to));
	return [left, Math.max(0, right - left)];
}

/** Behind everything: the time-of-use periods, what is missing, and what is usual. */
export function drawBackground(chart: uPlot, model: CurveModel, theme: ChartTheme): void {
	const { ctx: context, bbox } = chart;
	context.save();
	context.beginPath();
	context.rect(bbox.left, bbox.top, bbox.width, bbox.height);
	context.clip();
	for (const run of model.periods) {
		const [left, width] = span(chart, run);
		context.fillStyle = theme.colour(`${run.colour}-band`);
		context.fillRect(left, bbox.top, width, bbox.height);
	}
	if (model.missing.length > 0) {
		context.fillStyle = hatchPattern(context, theme.colour('line-strong'));
		context.globalAlpha = 0.45;
		for (const run of model.missing) {
			const [left, width] = span(chart, run);
			context.fillRect(left, bbox.top, width, bbox.height);
		}
		context.globalAlpha = 1;
	}
	if (model.band !== null) {
		context.fillStyle = withAlpha(theme.colour('series-compare'), 0.28);
		context.fill(bandPath(chart, model));
	}
	context.restore();
}

/** In front, at the foot: the strip of solid period colours. */
export function drawPeriodStrip(chart: uPlot, model: CurveModel, theme: ChartTheme): void {
	const { ctx: context, bbox } = chart;
	const height = PERIOD_STRIP_PX * devicePixelRatio;
	for (const run of model.periods) {
		const [left, width] = span(chart, run);
		context.fillStyle = theme.colour(run.colour);
		context.fillRect(left, bbox.top + bbox.height - height, width, height);
	}
}

function bandPath(chart: uPlot, model: CurveModel): Path2D {
	const path = new Path2D();
	const { low, high } = model.band ?? { low: [], high: [] };
	for (let slot = 0; slot < high.length; slot++) {
		const top = high[slot];
		const bottom = low[slot];
		if (top === null || top === undefined || bottom === null || bottom === undefined) continue;
		const left = x(chart, model.edges[slot]!);
		const right = x(chart, model.edges[slot + 1]!);
		path.rect(left, y(chart, top), right - left, Math.max(1, y(chart, bottom) - y(chart, top)));
	}
	return path;
}

/** Steps of one line where `drawn` holds, joined to the neighbour whether or not that one is drawn. */
function stepPath(chart: uPlot, model: CurveModel, line: CurveLine, drawn: (slot: number) => boolean): Path2D {
	const path = new Path2D();
	let open = false;
	for (let slot = 0; slot < line.values.length; slot++) {
		const value = line.values[slot];
		if (value === null || value === undefined || !drawn(slot)) {
			open = false;
			continue;
		}
		const left = x(chart, model.edges[slot]!);
		const level = y(chart, value);
		const before = slot > 0 ? line.values[slot - 1] : null;
		if (!open) path.moveTo(left, before === null || before === undefined ? level : y(chart, before));
		path.lineTo(left, level);
		path.lineTo(x(chart, model.edges[slot + 1]!), level);
		open = true;
	}
	return path;
}

/** The ground under the main line. */
function areaPath(chart: uPlot, model: CurveModel, line: CurveLine): Path2D {
	const path = new Path2D();
	const ground = y(chart, Math.max(0, chart.scales['y']?.min ?? 0));
	for (let slot = 0; slot < line.values.length; slot++) {
		const value = line.values[slot];
		if (value === null || value === undefined) continue;
		const left = x(chart, model.edges[slot]!);
		path.rect(left, y(chart, value), x(chart, model.edges[slot + 1]!) - left, ground - y(chart, value));
	}
	return path;
}

const WIDTH_PX = { main: 2, second: 1.5, compare: 1.25 } as const;
const DASH_PX = { dotted: [1.5, 2.5], dashed: [6, 3] } as const;

/** One line: solid where read, dashed in another colour where estimated. */
export function drawLine(chart: uPlot, model: CurveModel, line: CurveLine, theme: ChartTheme): void {
	const { ctx: context, bbox } = chart;
	const ratio = devicePixelRatio;
	context.save();
	context.beginPath();
	context.rect(bbox.left, bbox.top - ratio, bbox.width, bbox.height + 2 * ratio);
	context.clip();
	if (line.style === 'main') {
		context.fillStyle = withAlpha(theme.colour(line.colour), 0.12);
		context.fill(areaPath(chart, model, line));
	}
	context.lineJoin = 'round';
	context.lineWidth = WIDTH_PX[line.style] * ratio;
	context.strokeStyle = theme.colour(line.colour);
	if (line.dash !== undefined) context.setLineDash(DASH_PX[line.dash].map((length) => length * ratio));
	const estimated = (slot: number) => line.estimated?.[slot] === true;
	context.stroke(stepPath(chart, model, line, (slot) => !estimated(slot)));
	if (line.estimated?.includes(true)) {
		context.strokeStyle = theme.colour('series-estimated');
		context.setLineDash([4 * ratio, 3 * ratio]);
		context.lineWidth = 2.25 * ratio;
		context.stroke(stepPath(chart, model, line, estimated));
	}
	context.restore();
}
