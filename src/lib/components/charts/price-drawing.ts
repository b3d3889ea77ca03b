import type { ChartTheme } from './chart-theme.ts';
import { levelsOf, type PlotBox } from './curve-drawing.ts';

/** A line of prices over a curve, with a scale of its own. */
export interface PriceLine {
	/** Start of each interval, and the end of the last. */
	readonly edges: readonly number[];
	/** Currency units per kWh; null where there is no price. */
	readonly values: readonly (number | null)[];
	/** The highest price on the scale: higher ones are drawn at its top, with a mark. */
	readonly top: number;
	readonly formatValue: (value: number) => string;
}

const WIDTH_PX = 2;
/** Ground around line and labels, so that they stand out from the curve below. */
const HALO_PX = 3;
const MARK_PX = 5;
/** Room above the highest price, for the marks. */
const ROOM = 0.12;
const MOST_LEVELS = 4;
const LABEL_GAP_PX = 4;

/** Draws the line into a canvas that lies on the curve's; the scale stands inside the plot, at its right. */
export function drawPriceLine(
	canvas: HTMLCanvasElement,
	box: PlotBox,
	line: PriceLine,
	theme: ChartTheme
): void {
	canvas.width = Math.round(canvas.clientWidth * devicePixelRatio);
	canvas.height = Math.round(canvas.clientHeight * devicePixelRatio);
	const context = canvas.getContext('2d');
	if (context === null || box.width === 0) return;
	context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
	context.font = theme.font;
	const lowest = Math.min(0, ...line.values.filter((value) => value !== null));
	const high = line.top + (line.top - lowest || 1) * ROOM;
	const from = line.edges[0] ?? 0;
	const to = line.edges.at(-1) ?? 1;
	const x = (position: number) => box.left + ((position - from) / (to - from)) * box.width;
	const y = (value: number) => box.top + ((high - Math.min(value, line.top)) / (high - lowest)) * box.height;

	const path = stepsOf(line, x, y);
	context.lineJoin = 'round';
	context.strokeStyle = theme.colour('surface');
	context.lineWidth = WIDTH_PX + HALO_PX;
	context.stroke(path);
	context.strokeStyle = context.fillStyle = theme.colour('series-price');
	context.lineWidth = WIDTH_PX;
	context.stroke(path);
	line.values.forEach((value, slot) => {
		if (value !== null && value > line.top) {
			drawMark(context, (x(line.edges[slot]!) + x(line.edges[slot + 1]!)) / 2, y(value));
		}
	});
	context.textAlign = 'right';
	context.textBaseline = 'middle';
	context.strokeStyle = theme.colour('surface');
	context.lineWidth = HALO_PX;
	for (const level of levelsOf(lowest, line.top, MOST_LEVELS)) {
		const place = [line.formatValue(level), box.left + box.width - LABEL_GAP_PX, y(level)] as const;
		context.strokeText(...place);
		context.fillText(...place);
	}
}

/** An arrow upwards: the price lies above the scale. */
function drawMark(context: CanvasRenderingContext2D, x: number, y: number): void {
	context.beginPath();
	context.moveTo(x, y - 2 * MARK_PX);
	context.lineTo(x + MARK_PX, y - MARK_PX / 2);
	context.lineTo(x - MARK_PX, y - MARK_PX / 2);
	context.fill();
}

function stepsOf(
	{ edges, values }: PriceLine,
	x: (position: number) => number,
	y: (value: number) => number
): Path2D {
	const path = new Path2D();
	let open = false;
	values.forEach((value, slot) => {
		if (value === null) {
			open = false;
			return;
		}
		if (open) path.lineTo(x(edges[slot]!), y(value));
		else path.moveTo(x(edges[slot]!), y(value));
		path.lineTo(x(edges[slot + 1]!), y(value));
		open = true;
	});
	return path;
}
