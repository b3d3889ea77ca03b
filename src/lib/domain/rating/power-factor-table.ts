import { divideHalfUp } from '#lib/domain/kernel/money.ts';
import type { PowerFactorSegment } from '#lib/domain/tariffs/tariff.ts';

/** Percent times 100 of the adjustment for a power factor. */
export function adjustmentPercentE2(segments: readonly PowerFactorSegment[], hundredths: number): number {
	const segment = segments.find(
		({ fromHundredths, toHundredths }) => hundredths >= fromHundredths && hundredths <= toHundredths
	);
	if (segment === undefined) return 0;
	return segment.percentAtFromE2 + (hundredths - segment.fromHundredths) * segment.percentPerHundredthE2;
}

/** The adjustment of a base, rounded once. */
export function adjustmentMinor(baseMinor: bigint, percentE2: number): bigint {
	return divideHalfUp(baseMinor * BigInt(percentE2), 10_000n);
}
