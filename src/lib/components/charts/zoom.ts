import type uPlot from 'uplot';
import type { Attachment } from 'svelte/attachments';

export type Span = readonly [from: number, to: number];

/** The part of a long axis that several charts show together. */
export interface Zoom {
	readonly whole: Span;
	readonly span: () => Span;
	/** Adds a chart; `remove` it before it goes. */
	readonly add: (chart: uPlot) => void;
	readonly remove: (chart: uPlot) => void;
	/** Shows [from, to), kept inside the whole and not below the smallest span. */
	readonly show: (from: number, to: number) => void;
	/** Zooms by a factor (2: twice as close) around a place; the middle where none is given. */
	readonly zoomBy: (factor: number, around?: number) => void;
	/** Moves by a part of what is shown. */
	readonly panBy: (share: number) => void;
}

/**
 * Charts follow at most once per frame, however many events there are: panning stays smooth over any number
 * of points.
 */
export function createZoom(whole: Span, smallest: number, changed: (span: Span) => void): Zoom {
	const charts = new Set<uPlot>();
	let span = whole;
	let frame = 0;

	const follow = () => {
		frame = 0;
		for (const chart of charts) chart.setScale('x', { min: span[0], max: span[1] });
		changed(span);
	};
	const show = (from: number, to: number) => {
		const length = Math.min(whole[1] - whole[0], Math.max(smallest, to - from));
		const centred = (from + to - length) / 2;
		const start = Math.min(whole[1] - length, Math.max(whole[0], centred));
		span = [start, start + length];
		frame ||= requestAnimationFrame(follow);
	};
	return {
		whole,
		span: () => span,
		add: (chart) => charts.add(chart),
		remove: (chart) => charts.delete(chart),
		show,
		zoomBy(factor, around = (span[0] + span[1]) / 2) {
			const length = Math.min(whole[1] - whole[0], Math.max(smallest, (span[1] - span[0]) / factor));
			const share = (around - span[0]) / (span[1] - span[0]);
			show(around - share * length, around - share * length + length);
		},
		panBy(share) {
			const by = (span[1] - span[0]) * share;
			const limited = Math.min(whole[1] - span[1], Math.max(whole[0] - span[0], by));
			show(span[0] + limited, span[1] + limited);
		}
	};
}

const WHEEL_STEP = 0.0016;

/**
 * Wheel and pinch zoom, drag pans. `plotOf` gives the plot's left edge and width in CSS pixels. Upright
 * movements of a finger stay with the page.
 */
export function zoomGestures(
	zoom: Zoom,
	plotOf: () => { readonly left: number; readonly width: number }
): Attachment<HTMLElement> {
	return (element) => {
		const fingers = new Map<number, number>();
		const valueAt = (clientX: number) => {
			const { left, width } = plotOf();
			const [from, to] = zoom.span();
			return from + ((clientX - left) / width) * (to - from);
		};
		const wheel = (event: WheelEvent) => {
			event.preventDefault();
			if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) zoom.panBy(event.deltaX / plotOf().width);
			else
				zoom.zoomBy(Math.exp(-event.deltaY * WHEEL_STEP * (event.ctrlKey ? 6 : 1)), valueAt(event.clientX));
		};
		const down = (event: PointerEvent) => {
			fingers.set(event.pointerId, event.clientX);
			element.setPointerCapture(event.pointerId);
		};
		const move = (event: PointerEvent) => {
			const before = fingers.get(event.pointerId);
			if (before === undefined) return;
			const others = [...fingers].filter(([id]) => id !== event.pointerId).map(([, clientX]) => clientX);
			fingers.set(event.pointerId, event.clientX);
			const other = others[0];
			if (other === undefined) return zoom.panBy((before - event.clientX) / plotOf().width);
			const apart = Math.abs(event.clientX - other);
			const apartBefore = Math.abs(before - other);
			if (apart > 8 && apartBefore > 8)
				zoom.zoomBy(apart / apartBefore, valueAt((event.clientX + other) / 2));
		};
		const up = (event: PointerEvent) => fingers.delete(event.pointerId);
		element.addEventListener('wheel', wheel, { passive: false });
		element.addEventListener('pointerdown', down);
		element.addEventListener('pointermove', move);
		element.addEventListener('pointerup', up);
		element.addEventListener('pointercancel', up);
		return () => {
			element.removeEventListener('wheel', wheel);
			element.removeEventListener('pointerdown', down);
			element.removeEventListener('pointermove', move);
			element.removeEventListener('pointerup', up);
			element.removeEventListener('pointercancel', up);
		};
	};
}
