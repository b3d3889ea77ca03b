import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapleyShares } from './shapley.ts';

describe('sharing a difference out', () => {
	it('one change has all of it', () => {
		expect(shapleyShares(1, (changed) => (changed === 1 ? 130n : 100n))).toEqual([30n]);
	});

	it('price and quantity share what they make together', () => {
		// 10 at 5 becomes 12 at 7: quantity alone +10, price alone +20, together +34.
		const value = (changed: number) => BigInt((changed & 1 ? 12 : 10) * (changed & 2 ? 7 : 5));
		expect(shapleyShares(2, value)).toEqual([12n, 22n]);
	});

	it('a change without effect has nothing', () => {
		expect(shapleyShares(3, (changed) => (changed & 1 ? 7n : 0n) + (changed & 4 ? -2n : 0n))).toEqual([
			7n,
			0n,
			-2n
		]);
	});

	it('adds up to the difference, and does not depend on the order of the changes', () => {
		const values = fc.array(fc.bigInt(-1_000_000n, 1_000_000n), { minLength: 8, maxLength: 8 });
		fc.assert(
			fc.property(values, (given) => {
				const at = (changed: number) => given[changed] ?? 0n;
				const shares = shapleyShares(3, at);
				expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(at(7) - at(0));
				// The same with the first and the last change swapped.
				const swap = (changed: number) => ((changed & 1) << 2) | (changed & 2) | ((changed & 4) >> 2);
				const swapped = shapleyShares(3, (changed) => at(swap(changed)));
				// What is left over from rounding may go to another one of equal remainders.
				for (const [index, share] of [...swapped].reverse().entries()) {
					const off = share - (shares[index] ?? 0n);
					expect(off >= -1n && off <= 1n).toBe(true);
				}
			})
		);
	});
});
