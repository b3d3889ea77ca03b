import type { TimePeriod } from '../tariff.ts';
import { refuse, type RecordPath } from './refusal.ts';

/**
 * What the periods of a season are called, from the cheapest to the dearest first-tier price. Foreign tariffs
 * number their periods; ours have five names, so more than five in one season cannot be represented.
 */
const NAMES: Readonly<Record<number, readonly TimePeriod[]>> = {
	1: ['flat'],
	2: ['valley', 'peak'],
	3: ['valley', 'flat', 'peak'],
	4: ['valley', 'flat', 'peak', 'sharp'],
	5: ['deep', 'valley', 'flat', 'peak', 'sharp']
};

/** Names the periods of a season by the rank of their prices; those that cost the same keep their order. */
export function nameByPrice<Key>(
	periods: readonly { readonly key: Key; readonly priceE8: bigint }[],
	at: RecordPath
): Map<Key, TimePeriod> {
	const names = NAMES[periods.length];
	if (names === undefined) {
		return refuse(at, `${periods.length} periods in one season: at most five can be represented`);
	}
	const ranked = periods
		.map((period, index) => ({ ...period, index }))
		.sort((a, b) => (a.priceE8 === b.priceE8 ? a.index - b.index : a.priceE8 < b.priceE8 ? -1 : 1));
	return new Map(ranked.map(({ key }, rank) => [key, names[rank] ?? 'flat']));
}
