import { assert } from '#lib/domain/kernel/assert.ts';

/** More players than this would take too many evaluations: 2 to the power of their number. */
const MAX_PLAYERS = 10;

/**
 * Shares the difference between two values out to what changed between them, whatever the order in which one
 * looks at the changes: each gets the mean of its effect over all orders (the Shapley value). Computed in whole
 * numbers; the shares are rounded so that they add up to the difference exactly.
 * @param count how many things changed
 * @param value the value with only some of them changed; bit i of the argument is the i-th
 */
export function shapleyShares(count: number, value: (changed: number) => bigint): bigint[] {
	assert(count >= 0 && count <= MAX_PLAYERS, `at most ${MAX_PLAYERS} changes`);
	const values = Array.from({ length: 1 << count }, (_, changed) => value(changed));
	const factorials = [1n];
	for (let n = 1; n <= count; n++) factorials.push((factorials[n - 1] ?? 1n) * BigInt(n));
	const orders = factorials[count] ?? 1n;
	// Each share times the number of orders.
	const sums = Array.from({ length: count }, (_, player) => {
		let sum = 0n;
		for (let others = 0; others < values.length; others++) {
			if ((others >> player) % 2 === 1) continue;
			const before = bitCount(others);
			const weight = (factorials[before] ?? 1n) * (factorials[count - before - 1] ?? 1n);
			sum += weight * ((values[others | (1 << player)] ?? 0n) - (values[others] ?? 0n));
		}
		return sum;
	});
	return roundedTogether(sums, orders);
}

function bitCount(bits: number): number {
	let count = 0;
	for (let rest = bits; rest > 0; rest >>= 1) count += rest % 2;
	return count;
}

/** Quotients rounded down, and what is left of their whole sum given to the largest remainders. */
function roundedTogether(sums: readonly bigint[], divisor: bigint): bigint[] {
	const parts = sums.map((sum) => {
		const remainder = ((sum % divisor) + divisor) % divisor;
		return { quotient: (sum - remainder) / divisor, remainder };
	});
	let left = parts.reduce((total, { remainder }) => total + remainder, 0n) / divisor;
	const shares = parts.map(({ quotient }) => quotient);
	const byRemainder = parts
		.map(({ remainder }, index) => ({ remainder, index }))
		.sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
	for (const { index } of byRemainder) {
		if (left === 0n) break;
		shares[index] = (shares[index] ?? 0n) + 1n;
		left--;
	}
	return shares;
}
