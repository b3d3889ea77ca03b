import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuantity, type QuantityUnit } from './quantity.ts';

describe('a quantity of a file', () => {
	it.each<[string, QuantityUnit, number]>([
		['1.234', 'kWh', 1234],
		['.005', 'kWh', 5],
		['0', 'kWh', 0],
		['5.', 'kWh', 5000],
		[' 0.2 ', 'kWh', 200],
		['0.0004', 'kWh', 0],
		['0.0005', 'kWh', 1],
		['0.00049999999999999999999', 'kWh', 0],
		['2.1884999999999999', 'kWh', 2188],
		['9.833333e-08', 'kWh', 0],
		['1.5E-3', 'MWh', 1500],
		['1e3', 'Wh', 1000],
		['-0', 'kWh', 0],
		['-0.0006', 'kWh', -1],
		['12', 'kvarh', 12_000],
		['4', 'kW', 1000],
		['0.001', 'kW', 0],
		['0.002', 'kW', 1]
	])('"%s" %s is %i (of a quarter of an hour)', (text, unit, expected) => {
		expect(parseQuantity(text, unit, 15)).toBe(expected);
	});

	it.each(['', ' ', '.', '-', '1,5', '1.2.3', '0x10', 'NaN', '1e', '1 2', '--1'])('"%s" is none', (text) => {
		expect(parseQuantity(text, 'kWh', 15)).toBeNaN();
		expect(parseQuantity(text, 'kW', 15)).toBeNaN();
	});

	it('is rounded half up, exactly, whatever the number of its digits', () => {
		const digits = fc.stringMatching(/^\d{1,9}$/);
		fc.assert(
			fc.property(digits, fc.stringMatching(/^\d{0,20}$/), (whole, fraction) => {
				const scaled = BigInt(whole + fraction.padEnd(24, '0').slice(0, 24));
				const exact = (scaled * 1000n * 2n + 10n ** 24n) / (2n * 10n ** 24n);
				expect(parseQuantity(fraction === '' ? whole : `${whole}.${fraction}`, 'kWh', 60)).toBe(
					Number(exact)
				);
			})
		);
	});
});
