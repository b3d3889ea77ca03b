import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apportion, apportionQuantity } from './apportion.ts';

describe('apportioning a whole', () => {
	it.each([
		['evenly', 9, [1, 1, 1], [3, 3, 3]],
		['what is left goes to the largest remainder', 10, [5, 4, 1], [5, 4, 1]],
		['of equal remainders to the first', 10, [1, 1, 1], [4, 3, 3]],
		['nothing to a weight of zero', 7, [0, 1, 1], [0, 4, 3]],
		['a credit as the charge', -10, [1, 1, 1], [-4, -3, -3]]
	])('%s', (_, total, weights, parts) => {
		expect(apportionQuantity(total, weights)).toEqual(parts);
	});

	it('refuses weights that are all zero', () => {
		expect(() => apportion(5n, [0n, 0n])).toThrow('positive weight');
	});

	it('adds up, and no part is a whole unit off its share', () => {
		const weights = fc.array(fc.bigInt(0n, 10n ** 12n), { minLength: 1, maxLength: 8 });
		fc.assert(
			fc.property(fc.bigInt(-(10n ** 15n), 10n ** 15n), weights, (total, given) => {
				fc.pre(given.some((weight) => weight > 0n));
				const sum = given.reduce((all, weight) => all + weight, 0n);
				const parts = apportion(total, given);
				expect(parts.reduce((all, part) => all + part, 0n)).toBe(total);
				parts.forEach((part, index) => {
					const off = part * sum - total * (given[index] ?? 0n);
					expect(off < sum && off > -sum).toBe(true);
				});
			})
		);
	});
});
