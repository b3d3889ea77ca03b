import fc from 'fast-check';
import { canonicalJson } from '#lib/domain/kernel/canonical-json.ts';
import { sha256 } from '#lib/domain/kernel/sha256.ts';
import { rate } from '#lib/domain/rating/rate.ts';
import { cases, CASES_SEED, FAMILIES, inputOf, type Case } from './rating-cases.ts';

// Runs in Node and, bundled, in a browser.

const BLOCK = 25;

/** What two places must agree on about a block of generated cases. */
export interface BlockDigest {
	/** Place of the family in `FAMILIES`, and of the block's first case in the family. */
	readonly family: number;
	readonly from: number;
	readonly count: number;
	readonly refused: number;
	/** SHA-256 of the cases themselves: where it differs, the places did not rate the same. */
	readonly ofCases: string;
	/** SHA-256 of all that the rating says of them. */
	readonly ofResults: string;
}

/**
 * Rates the generated cases.
 * @param divisor 1 for all, 10 for the first tenth of every family
 */
export async function digestCases(divisor: number): Promise<BlockDigest[]> {
	const digests: BlockDigest[] = [];
	for (const [family, [, , count]] of FAMILIES.entries()) {
		const all = firstCases(family, count / divisor);
		for (let from = 0; from < all.length; from += BLOCK) {
			const block = all.slice(from, from + BLOCK);
			const results = block.map((one) => rate(inputOf(one)));
			digests.push({
				family,
				from,
				count: block.length,
				refused: results.filter(({ ok }) => !ok).length,
				ofCases: await sha256(JSON.stringify(block)),
				ofResults: await sha256(textOf(results))
			});
		}
	}
	return digests;
}

/** The cases of a block and their results, each as JSON: to show in what two places differ. */
export function textsOfBlock({ family, from, count }: Pick<BlockDigest, 'family' | 'from' | 'count'>) {
	const block = firstCases(family, from + count).slice(from);
	return {
		ofCases: block.map((one) => JSON.stringify(one)),
		ofResults: block.map((one) => textOf(rate(inputOf(one))))
	};
}

function firstCases(family: number, numRuns: number): Case[] {
	const chosen = FAMILIES[family];
	if (chosen === undefined) throw new RangeError(`there is no family ${family}`);
	return fc.sample(cases(chosen[1]), { numRuns, seed: CASES_SEED });
}

function textOf(value: unknown): string {
	return canonicalJson(withoutBigints(value));
}

/** JSON has no bigints. */
function withoutBigints(value: unknown): unknown {
	if (typeof value === 'bigint') return `${value}n`;
	if (Array.isArray(value)) return value.map(withoutBigints);
	if (value === null || typeof value !== 'object') return value;
	return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutBigints(part)]));
}
