import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideHalfUp, parseScaled, priceQuantityMinor, scaledToDecimal } from './money.ts';

describe('divideHalfUp', () => {
	it.each([
		[5n, 2n, 3n],
		[-5n, 2n, -3n],
		[4n, 3n, 1n],
		[-4n, 3n, -1n],
		[0n, 7n, 0n]
	])('%s / %s = %s, half away from zero', (numerator, denominator, quotient) => {
		expect(divideHalfUp(numerator, denominator)).toBe(quotient);
	});
	it('refuses a denominator that is not positive', () => {
		expect(() => divideHalfUp(1n, 0n)).toThrow('positive denominator');
	});
});

describe('priceQuantityMinor', () => {
	it('rounds 1 kWh at 0.735686 to 74 fen', () => {
		expect(priceQuantityMinor(1000n, parseScaled('0.735686', 8))).toBe(74n);
	});
	it('rounds exactly half a fen up', () => {
		expect(priceQuantityMinor(1000n, parseScaled('0.005', 8))).toBe(1n);
	});
	it('prices 7 of 30 days of a monthly charge', () => {
		// 589.84 kW × 42 yuan × 7/30 = 5 780.432 yuan
		expect(priceQuantityMinor(589_840n, parseScaled('42', 8), { days: 7, monthDays: 30 })).toBe(578_043n);
	});
	it('is exact for a month of a plant', () => {
		// 79 969.726 kWh × 0.651886 = 52 131.144… yuan
		expect(priceQuantityMinor(79_969_726n, parseScaled('0.651886', 8))).toBe(5_213_114n);
	});
});

describe('decimals', () => {
	it.each([
		['0', 0n],
		['12.3', 1230n],
		['-0.05', -5n],
		['1234567890123.45', 123456789012345n]
	])('parses %s', (text, scaled) => {
		expect(parseScaled(text, 2)).toBe(scaled);
	});
	it.each(['', '1.234', '1e3', '+1', '1,5', ' 1', '.5', 'NaN'])('refuses %j', (text) => {
		expect(() => parseScaled(text, 2)).toThrow();
	});
	it('prints at full precision with at least the decimals asked for', () => {
		expect(scaledToDecimal(parseScaled('0.66286875', 8), 8, 2)).toBe('0.66286875');
		expect(scaledToDecimal(parseScaled('42', 8), 8, 2)).toBe('42.00');
		expect(scaledToDecimal(-5n, 2, 2)).toBe('-0.05');
	});
	it('reads back what it prints', () => {
		fc.assert(
			fc.property(fc.bigInt(-(2n ** 62n), 2n ** 62n), fc.integer({ min: 0, max: 8 }), (value, decimals) => {
				expect(parseScaled(scaledToDecimal(value, decimals, 0), decimals)).toBe(value);
			})
		);
	});
});
