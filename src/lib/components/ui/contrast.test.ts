import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../../app.css', import.meta.url), 'utf8');

function paletteOf(block: RegExp): Map<string, string> {
	const body = block.exec(css)?.[1] ?? '';
	return new Map([...body.matchAll(/--color-([a-z-]+): (#[0-9a-f]{6});/g)].map((hit) => [hit[1]!, hit[2]!]));
}

const themes = [
	['light', paletteOf(/@theme static \{([\s\S]*?)\n\}/)],
	['dark', paletteOf(/@utility dark-palette \{([\s\S]*?)\n\}/)]
] as const;

function luminance(hex: string): number {
	const [red, green, blue] = [1, 3, 5].map((at) => {
		const share = parseInt(hex.slice(at, at + 2), 16) / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	}) as [number, number, number];
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2 contrast ratio. */
function contrast(a: string, b: string): number {
	const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
	return (high + 0.05) / (low + 0.05);
}

const PERIODS = ['sharp', 'peak', 'flat', 'valley', 'deep'];

const TEXT_PAIRS = [
	...['bg', 'surface', 'raised', 'fill'].flatMap((ground) =>
		['ink', 'ink-soft', 'ink-faint', 'accent', 'good', 'warn', 'bad'].map((text) => [text, ground])
	),
	...['good', 'warn', 'bad', 'accent'].flatMap((tone) => [
		[tone, `${tone}-soft`],
		['ink', `${tone}-soft`],
		['ink-soft', `${tone}-soft`]
	]),
	['on-accent', 'accent']
] as [string, string][];

const SHAPE_PAIRS = [
	...['bg', 'surface', 'raised'].map((ground) => ['line-strong', ground]),
	...PERIODS.map((period) => [`period-${period}`, 'surface']),
	...['active', 'reactive', 'compare', 'estimated', 'price'].flatMap((series) =>
		['surface', ...PERIODS.map((period) => `period-${period}-band`)].map((ground) => [
			`series-${series}`,
			ground
		])
	)
] as [string, string][];

describe.each(themes)('the %s theme', (_theme, palette) => {
	const ratio = ([front, back]: [string, string]) => contrast(palette.get(front)!, palette.get(back)!);

	it('names every colour of the other theme', () => {
		expect([...palette.keys()]).toEqual([...themes[0][1].keys()]);
		expect(palette.size).toBeGreaterThan(30);
	});

	it('keeps text at 4.5 to 1', () => {
		const poor = TEXT_PAIRS.filter((pair) => ratio(pair) < 4.5).map(
			(pair) => `${pair.join(' on ')}: ${ratio(pair).toFixed(2)}`
		);
		expect(poor).toEqual([]);
	});

	it('keeps control edges, period colours and chart lines at 3 to 1', () => {
		const poor = SHAPE_PAIRS.filter((pair) => ratio(pair) < 3).map(
			(pair) => `${pair.join(' on ')}: ${ratio(pair).toFixed(2)}`
		);
		expect(poor).toEqual([]);
	});

	it('tells neighbouring periods apart by lightness alone', () => {
		const order = ['deep', 'valley', 'flat', 'peak', 'sharp'].map((period) =>
			palette.get(`period-${period}`)!
		);
		expect(contrast(order[0]!, order[1]!)).toBeGreaterThan(1.25);
		expect(contrast(order[3]!, order[4]!)).toBeGreaterThan(1.25);
	});
});
