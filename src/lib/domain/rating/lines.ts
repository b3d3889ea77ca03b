import { priceMicroMinor } from '#lib/domain/kernel/money.ts';
import type { Segment } from './segments.ts';
import { CHARGES, type Charge, type RatedLine } from './types.ts';

/** What the makers of lines leave at its usual value. */
type LineParts = Pick<RatedLine, 'reference' | 'charge' | 'quantityMilli' | 'unit' | 'behind'> & {
	readonly unitPriceE8: bigint;
} & Partial<
		Pick<RatedLine, 'name' | 'timePeriod' | 'tier' | 'estimatedMilli' | 'proration' | 'discountPercent'>
	> & {
		readonly inPowerFactorBase?: boolean;
	};

/** Millionths of a quantity in thousandths: demand registers are printed with up to six decimals. */
export function microOf(quantityMilli: number): bigint {
	return BigInt(Math.round(quantityMilli * 1000));
}

/** A line priced per unit: quantity times price, times the share of the month, rounded once half up. */
export function pricedLine(segment: Segment, parts: LineParts): RatedLine {
	const amountMinor = priceMicroMinor(
		microOf(parts.quantityMilli),
		parts.unitPriceE8,
		parts.proration ?? undefined
	);
	return {
		name: null,
		timePeriod: null,
		tier: null,
		estimatedMilli: 0,
		proration: null,
		discountPercent: null,
		inPowerFactorBase: true,
		percentE4: null,
		...parts,
		reference: parts.reference + segment.suffix,
		period: segment.period,
		amountMinor,
		tariffCode: segment.tariff.code,
		tariffEdition: segment.tariff.edition,
		ruleSource: segment.tariff.source.document
	};
}

const RANK = new Map<Charge, number>(CHARGES.map((charge, index) => [charge, index]));

/** Printed order: by charge, then by date, then by period; the order of making decides what is left. */
export function inPrintedOrder(lines: readonly RatedLine[]): RatedLine[] {
	const rank = (line: RatedLine) => RANK.get(line.charge) ?? 0;
	return [...lines].sort(
		(a, b) =>
			rank(a) - rank(b) || (a.period.start < b.period.start ? -1 : a.period.start > b.period.start ? 1 : 0)
	);
}

export function totalOf(lines: readonly RatedLine[]): bigint {
	return lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

/** Amounts added up by charge. */
export function totalsByCharge(lines: readonly RatedLine[]): Partial<Record<Charge, bigint>> {
	const totals: Partial<Record<Charge, bigint>> = {};
	for (const { charge, amountMinor } of lines) totals[charge] = (totals[charge] ?? 0n) + amountMinor;
	return totals;
}
