import type { TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import { fraction, rounded, times, type Fraction } from './fraction.ts';
import type { Stretch } from './model.ts';

/** A line as the slow rating finds it, to be compared with the engine's. */
export interface SlowLine {
	readonly reference: string;
	readonly kind: string;
	/** First day, for the printed order. */
	readonly start: string;
	/** Millionths of the unit. */
	readonly quantityMicro: bigint;
	readonly unitPriceE8: bigint | null;
	/** Null where a share has no intervals of its own to say it. */
	readonly estimatedMilli: bigint | null;
	readonly inBase: boolean;
	readonly amountMinor: bigint;
}

/** Lines in the order of the printed bill. */
const ORDER = [
	...['energy', 'tier_surcharge', 'free_basis', 'purchase', 'transmission', 'capacity'],
	...['contract_demand', 'demand_overrun', 'actual_demand', 'demand', 'contract', 'contract_overrun'],
	...['line_loss', 'system_operation', 'power_factor', 'government_fund', 'fixed', 'export_credit'],
	...['minimum', 'percent']
];

export const PRINTED: readonly TimePeriod[] = ['sharp', 'peak', 'flat', 'valley', 'deep'];

export function inOrder(lines: readonly SlowLine[]): SlowLine[] {
	return ORDER.flatMap((kind) => {
		const own = lines.filter((line) => line.kind === kind);
		const starts = [...new Set(own.map(({ start }) => start))].sort();
		return starts.flatMap((start) => own.filter((line) => line.start === start));
	});
}

/** Minor units of a quantity in millionths at a price in E8 per unit: exact, not yet rounded. */
export function minor(quantityMicro: bigint, priceE8: bigint): Fraction {
	return fraction(quantityMicro * priceE8 * 100n, 1_000_000n * 100_000_000n);
}

export function suffix(start: string, billStart: string): string {
	return start === billStart ? '' : `@${start}`;
}

/** What a line is made of besides its quantity and price. */
export interface Parts {
	readonly reference: string;
	readonly kind: string;
	readonly start: string;
	readonly billStart: string;
	readonly quantityMicro: bigint;
	readonly unitPriceE8: bigint;
	readonly share?: Fraction;
	readonly estimatedMilli?: bigint | null;
	readonly inBase?: boolean;
}

export function lineOf(parts: Parts): SlowLine {
	const { quantityMicro, unitPriceE8, share = fraction(1) } = parts;
	return {
		reference: parts.reference + suffix(parts.start, parts.billStart),
		kind: parts.kind,
		start: parts.start,
		quantityMicro,
		unitPriceE8,
		estimatedMilli: parts.estimatedMilli === undefined ? 0n : parts.estimatedMilli,
		inBase: parts.inBase ?? true,
		amountMinor: rounded(times(minor(quantityMicro, unitPriceE8), share))
	};
}

export function isTimed({ season }: Stretch): boolean {
	return season.windows.length > 0;
}
