/** Colours and type of the page as a canvas needs them: the design tokens, resolved for the theme in force. */
export interface ChartTheme {
	/** The value of a design token: `colour('series-active')`. */
	readonly colour: (token: string) => string;
	/** CSS font of axis labels. */
	readonly font: string;
	/** Height of an axis label in CSS pixels. */
	readonly fontSizePx: number;
}

/** Labels follow the reader's type size, up to what an axis has room for. */
const LABEL_REM = 0.7;
const LABEL_MAX_PX = 15;

export function readChartTheme(element: Element): ChartTheme {
	const style = getComputedStyle(element);
	const rootSizePx = Number.parseInt(getComputedStyle(document.documentElement).fontSize, 10) || 16;
	const fontSizePx = Math.min(LABEL_MAX_PX, Math.round(rootSizePx * LABEL_REM));
	const cache = new Map<string, string>();
	const colour = (token: string): string => {
		let value = cache.get(token);
		if (value === undefined) {
			value = style.getPropertyValue(`--color-${token}`).trim() || style.color;
			cache.set(token, value);
		}
		return value;
	};
	return { colour, font: `${fontSizePx}px ${style.fontFamily}`, fontSizePx };
}

/** Calls `changed` when the theme or the type size changes; returns the way to stop. */
export function onThemeChange(changed: () => void): () => void {
	const observer = new MutationObserver(changed);
	observer.observe(document.documentElement, {
		attributes: true,
		attributeFilter: ['data-theme', 'data-type', 'class']
	});
	const system = matchMedia('(prefers-color-scheme: dark)');
	system.addEventListener('change', changed);
	return () => {
		observer.disconnect();
		system.removeEventListener('change', changed);
	};
}

/** A token's colour with an opacity; tokens are plain `#rrggbb`. */
export function withAlpha(hex: string, alpha: number): string {
	return `${hex}${Math.round(alpha * 255)
		.toString(16)
		.padStart(2, '0')}`;
}

/** Diagonal lines on a transparent ground: what is missing or estimated looks different without colour. */
export function hatchPattern(context: CanvasRenderingContext2D, colour: string): CanvasPattern | string {
	const size = Math.round(6 * devicePixelRatio);
	const tile = document.createElement('canvas');
	tile.width = tile.height = size;
	const pen = tile.getContext('2d');
	if (pen === null) return colour;
	pen.strokeStyle = colour;
	pen.lineWidth = Math.max(1, devicePixelRatio);
	pen.beginPath();
	for (const offset of [-size, 0, size]) {
		pen.moveTo(offset, size);
		pen.lineTo(offset + size, 0);
	}
	pen.stroke();
	return context.createPattern(tile, 'repeat') ?? colour;
}
