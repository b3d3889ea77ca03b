import type { Attachment } from 'svelte/attachments';

/** A finger that rests this long before it moves chooses on the chart; one that moves at once swipes. */
const HOLD_MS = 180;
const MOVED_PX = 10;

const SWIPE_PX = 60;
const SWIPE_MS = 500;

/**
 * Choosing along an element: hovering with a mouse, tapping, or holding and dragging with a finger or pen.
 * Swipes and vertical scrolling pass through.
 */
export function scrub(choose: (event: PointerEvent) => void): Attachment<HTMLElement> {
	return (element) => {
		let held: { x: number; y: number; since: number; choosing: boolean } | null = null;
		const down = (event: PointerEvent) => {
			held = { x: event.clientX, y: event.clientY, since: event.timeStamp, choosing: false };
		};
		const move = (event: PointerEvent) => {
			if (event.pointerType === 'mouse') return choose(event);
			if (held === null) return;
			const moved = Math.hypot(event.clientX - held.x, event.clientY - held.y) > MOVED_PX;
			if (!held.choosing && moved) {
				if (event.timeStamp - held.since < HOLD_MS) held = null;
				else held.choosing = true;
			}
			if (held?.choosing) choose(event);
		};
		const up = (event: PointerEvent) => {
			if (held !== null) choose(event);
			held = null;
		};
		const cancel = () => (held = null);
		return listen(element, { pointerdown: down, pointermove: move, pointerup: up, pointercancel: cancel });
	};
}

/** A quick sideways flick with a finger: −1 to the earlier (finger moves right), +1 to the later. */
export function swipe(swiped: (direction: -1 | 1) => void): Attachment<HTMLElement> {
	return (element) => {
		let start: { x: number; y: number; since: number; moved: boolean } | null = null;
		const down = (event: PointerEvent) => {
			const usable = event.pointerType === 'touch' && event.isPrimary;
			start = usable ? { x: event.clientX, y: event.clientY, since: event.timeStamp, moved: false } : null;
		};
		const move = (event: PointerEvent) => {
			if (start === null || start.moved) return;
			if (Math.hypot(event.clientX - start.x, event.clientY - start.y) <= MOVED_PX) return;
			if (event.timeStamp - start.since < HOLD_MS) start.moved = true;
			else start = null;
		};
		const up = (event: PointerEvent) => {
			if (start === null || event.timeStamp - start.since > SWIPE_MS) return;
			const sideways = event.clientX - start.x;
			const upright = Math.abs(event.clientY - start.y);
			start = null;
			if (Math.abs(sideways) > SWIPE_PX && Math.abs(sideways) > 2 * upright) swiped(sideways > 0 ? -1 : 1);
		};
		const cancel = () => (start = null);
		return listen(element, { pointerdown: down, pointermove: move, pointerup: up, pointercancel: cancel });
	};
}

type PointerEventName = 'pointerdown' | 'pointermove' | 'pointerup' | 'pointercancel';

function listen(
	element: HTMLElement,
	handlers: Record<PointerEventName, (event: PointerEvent) => void>
): () => void {
	const entries = Object.entries(handlers) as [PointerEventName, (event: PointerEvent) => void][];
	for (const [name, handler] of entries) element.addEventListener(name, handler, { passive: true });
	return () => {
		for (const [name, handler] of entries) element.removeEventListener(name, handler);
	};
}
