import type { Tariff } from './tariff.ts';

/** The bigints of a tariff that are no prices. */
const NO_PRICES: ReadonlySet<string> = new Set(['percentE4']);

/**
 * A tariff whose prices are `factor` times as high: every amount rated with it is rounded that much finer.
 * Percentages and thresholds stay.
 */
export function withFinerPrices(tariff: Tariff, factor: bigint): Tariff {
	return finer(tariff, factor) as Tariff;
}

function finer(value: unknown, factor: bigint): unknown {
	if (typeof value === 'bigint') return value * factor;
	if (Array.isArray(value)) return value.map((part) => finer(part, factor));
	if (value === null || typeof value !== 'object') return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, part]) => [key, NO_PRICES.has(key) ? part : finer(part, factor)])
	);
}
