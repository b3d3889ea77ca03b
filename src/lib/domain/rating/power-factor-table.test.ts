import { describe, expect, it } from 'vitest';
import { shippedTariff } from '../../../../tests/support/rating.ts';
import { adjustmentMinor, adjustmentPercentE2 } from './power-factor-table.ts';

const rule = shippedTariff('hubei_two_part_1_10kv.2026-01').powerFactor;

function percent(standard: string, hundredths: number): number {
	return adjustmentPercentE2(rule?.standards[standard] ?? [], hundredths) / 100;
}

/* Rows of the table of (83)水电财字第215号: power factor, standards 0.90, 0.85, 0.80. */
describe('adjustment table', () => {
	it.each([
		[100, -0.75, -1.1, -1.3],
		[95, -0.75, -1.1, -1.3],
		[94, -0.6, -1.1, -1.3],
		[93, -0.45, -0.95, -1.3],
		[92, -0.3, -0.8, -1.3],
		[91, -0.15, -0.65, -1.15],
		[90, 0, -0.5, -1],
		[89, 0.5, -0.4, -0.9],
		[86, 2, -0.1, -0.6],
		[85, 2.5, 0, -0.5],
		[84, 3, 0.5, -0.4],
		[80, 5, 2.5, 0],
		[79, 5.5, 3, 0.5],
		[70, 10, 7.5, 5],
		[69, 11, 8, 5.5],
		[65, 15, 10, 7.5],
		[64, 17, 11, 8],
		[60, 25, 15, 10],
		[59, 27, 17, 11],
		[55, 35, 25, 15],
		[54, 37, 27, 17],
		[50, 45, 35, 25]
	])('0.%i', (hundredths, std90, std85, std80) => {
		expect([percent('0.90', hundredths), percent('0.85', hundredths), percent('0.80', hundredths)]).toEqual([
			std90,
			std85,
			std80
		]);
	});

	it('rounds the adjustment once, half away from zero', () => {
		expect(adjustmentMinor(10_000n, 250)).toBe(250n);
		expect(adjustmentMinor(1n, 5_000)).toBe(1n);
		expect(adjustmentMinor(100_000n, -75)).toBe(-750n);
		expect(adjustmentMinor(66n, -75)).toBe(0n);
		expect(adjustmentMinor(67n, -75)).toBe(-1n);
	});
});
