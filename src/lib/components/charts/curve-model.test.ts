import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelsOf } from './curve-drawing.ts';
import { runsWhere, slotAt, valueLimits, type CurveModel } from './curve-model.ts';

const edges = [0, 15, 30, 45, 60];
const model = (values: (number | null)[], more: Partial<CurveModel> = {}): CurveModel => ({
	edges,
	lines: [{ key: 'active_import', colour: 'series-active', style: 'main', values }],
	band: null,
	periods: [],
	missing: [],
	ticks: [],
	formatValue: String,
	...more
});

describe('runs of intervals', () => {
	it.each([
		['none', [], []],
		['one in the middle', [1, 2], [{ from: 15, to: 45 }]],
		[
			'two, one up to the end',
			[0, 2, 3],
			[
				{ from: 0, to: 15 },
				{ from: 30, to: 60 }
			]
		],
		['all', [0, 1, 2, 3], [{ from: 0, to: 60 }]]
	])('%s', (_, slots, expected) => {
		expect(runsWhere(edges, (slot) => slots.includes(slot))).toEqual(expected);
	});
});

describe('the interval at a place', () => {
	it.each([
		[-1, null],
		[0, 0],
		[14.9, 0],
		[15, 1],
		[60, 3],
		[61, null]
	])('%d: %s', (position, slot) => {
		expect(slotAt(edges, position)).toBe(slot);
	});
});

describe('limits of the value axis', () => {
	it.each([
		['from zero to a little above the highest', [1, null, 100, 3], [0, 106]],
		['nothing known', [null, null, null, null], [0, 1]],
		['energy fed in reaches below zero', [-100, 0, 0, 100], [-112, 112]]
	])('%s', (_, values, limits) => {
		expect(valueLimits(model(values))).toEqual(limits);
	});

	it('make room for the usual band, and obey fixed limits', () => {
		const band = { low: [0, 0, 0, 0], high: [0, 200, 0, null] };
		expect(valueLimits(model([1, 1, 1, 1], { band }))).toEqual([0, 212]);
		expect(valueLimits(model([5], { limits: [0, 1] }))).toEqual([0, 1]);
	});
});

describe('levels of the value axis', () => {
	it('are round, inside the limits, and no more than fit', () => {
		expect(levelsOf(0, 630, 8)).toEqual([0, 100, 200, 300, 400, 500, 600]);
		fc.assert(
			fc.property(
				fc.double({ min: 0.01, max: 1e6, noNaN: true }),
				fc.integer({ min: 2, max: 15 }),
				(high, most) => {
					const levels = levelsOf(0, high, most);
					expect(levels.length).toBeLessThanOrEqual(most + 1);
					expect(levels.length).toBeGreaterThanOrEqual(2);
					for (const level of levels) expect(level).toBeLessThanOrEqual(high);
				}
			)
		);
	});
});
