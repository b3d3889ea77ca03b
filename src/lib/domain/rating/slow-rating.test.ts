import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	cases,
	CASES_SEED,
	FAMILIES,
	inputOf,
	NONE,
	type Case
} from '../../../../tests/support/rating-cases.ts';
import { rateSlowly, type SlowBill } from '../../../../tests/support/slow-rating/index.ts';
import { addDays } from '#lib/domain/kernel/civil-time.ts';
import { microOf, totalOf } from './lines.ts';
import { rate } from './rate.ts';
import type { RatingResult } from './types.ts';

/** What both ratings say of a bill, in one form. */
function comparable(result: RatingResult, slow: SlowBill) {
	if (!result.ok) return result.refusal.code;
	// A share without intervals of its own cannot say how much of it is estimated.
	const unknown = new Set(
		'refused' in slow
			? []
			: slow.lines.flatMap((line) => (line.estimatedMilli === null ? line.reference : []))
	);
	return {
		lines: result.lines.map((line) => ({
			reference: line.reference,
			quantityMicro: microOf(line.quantityMilli),
			unitPriceE8: line.unitPriceE8,
			estimatedMilli: unknown.has(line.reference) ? null : BigInt(line.estimatedMilli),
			amountMinor: line.amountMinor
		})),
		totalMinor: result.totalMinor,
		carried: result.carried
	};
}

function expected(slow: SlowBill) {
	if ('refused' in slow) return slow.refused;
	return {
		...slow,
		lines: slow.lines.map(({ reference, quantityMicro, unitPriceE8, estimatedMilli, amountMinor }) => ({
			reference,
			quantityMicro,
			unitPriceE8,
			estimatedMilli,
			amountMinor
		}))
	};
}

function agrees(one: Case) {
	const input = inputOf(one);
	const result = rate(input);
	const slow = rateSlowly(input);
	const [ours, theirs] = [comparable(result, slow), expected(slow)];
	// The assertion shows the difference; for ten thousand equal cases the plain comparison is quicker.
	if (!isDeepStrictEqual(ours, theirs)) expect(ours).toEqual(theirs);
	if (!result.ok) return;
	expect(totalOf(result.lines)).toBe(result.totalMinor);
	if (one.seed % 10 === 0) expect(rate(input)).toEqual(result);
}

/** Quantity by what it is charged for and at which price. */
function quantities(results: readonly RatingResult[]): Record<string, number> {
	const sums: Record<string, number> = {};
	for (const line of results.flatMap((result) => (result.ok ? result.lines : []))) {
		const key = `${line.charge} ${line.timePeriod} ${line.unitPriceE8} ${line.tariffEdition}`;
		sums[key] = (sums[key] ?? 0) + line.quantityMilli;
	}
	return sums;
}

describe('a bill in two parts', () => {
	it('is the whole bill where no tier and no demand spans it', { timeout: 120_000 }, () => {
		const family = { ...NONE, components: true, priceTable: true };
		fc.assert(
			fc.property(cases(family), fc.integer({ min: 1, max: 60 }), (one, after) => {
				const input = inputOf(one);
				const { start, end } = input.period;
				const cut = addDays(start, Math.min(after, one.days));
				const parts = [
					{ start, end: cut },
					{ start: cut, end }
				].filter((period) => period.start < period.end);
				const results = parts.map((period) => rate({ ...input, period }));
				expect(quantities(results)).toEqual(quantities([rate(input)]));
			}),
			{ numRuns: 300, seed: 20_260_102 }
		);
	});
});

describe('the engine and a slow second rating agree line by line', () => {
	// A failure prints the seed and the case, which repeat it.
	it.each(FAMILIES)('%s', { timeout: 120_000 }, (_, family, numRuns) => {
		fc.assert(fc.property(cases(family), agrees), { numRuns, seed: CASES_SEED });
	});
});
