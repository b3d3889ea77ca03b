import { assert } from './assert.ts';

/**
 * Shares a whole out in proportion to weights, in whole units that add up to it exactly: every part is rounded
 * down, and what is left goes to the largest remainders (of equal ones the first).
 * @param total whole number, may be negative
 * @param weights whole numbers, not negative, not all zero
 */
export function apportion(total: bigint, weights: readonly bigint[]): bigint[] {
	const sum = weights.reduce((all, weight) => all + weight, 0n);
	assert(sum > 0n && weights.every((weight) => weight >= 0n), 'apportion needs a positive weight');
	const magnitude = total < 0n ? -total : total;
	const parts = weights.map((weight) => (magnitude * weight) / sum);
	const byRemainder = weights
		.map((weight, index) => ({ index, remainder: (magnitude * weight) % sum }))
		.sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
	let left = Number(magnitude - parts.reduce((all, part) => all + part, 0n));
	for (const { index } of byRemainder) {
		if (left === 0) break;
		parts[index] = (parts[index] ?? 0n) + 1n;
		left--;
	}
	return total < 0n ? parts.map((part) => -part) : parts;
}

/** As `apportion`, for quantities in Wh, W or varh. */
export function apportionQuantity(total: number, weights: readonly number[]): number[] {
	return apportion(BigInt(total), weights.map(BigInt)).map(Number);
}
