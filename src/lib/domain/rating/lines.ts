import { priceMicroMinor } from '#lib/domain/kernel/money.ts';
import type { PercentBase } from '#lib/domain/tariffs/tariff.ts';
import type { Segment } from './segments.ts';
import { CHARGES, type Charge, type MeterShare, type RatedLine } from './types.ts';

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
		share: null,
		...parts,
		reference: parts.reference + segment.suffix,
		period: segment.period,
		amountMinor,
		tariffCode: segment.tariff.code,
		tariffEdition: segment.tariff.edition,
		ruleSource: segment.tariff.source.document
	};
}

/** What a charge is paid for, as percentages name it; null for credits, minima and percentages themselves. */
export const PERCENT_BASE_OF = {
	energy: 'energy',
	tier_surcharge: 'energy',
	free_basis: 'energy',
	purchase: 'energy',
	transmission: 'energy',
	capacity: 'demand',
	contract_demand: 'demand',
	demand_overrun: 'demand',
	actual_demand: 'demand',
	demand: 'demand',
	contract: 'demand',
	contract_overrun: 'demand',
	line_loss: 'energy',
	system_operation: 'energy',
	power_factor: 'power_factor',
	government_fund: 'government_fund',
	fixed: 'fixed',
	export_credit: null,
	minimum: null,
	percent: null
} as const satisfies Record<Charge, PercentBase | null>;

const RANK = new Map<Charge, number>(CHARGES.map((charge, index) => [charge, index]));

/** Printed order: by charge, then by date, then by period; the order of making decides what is left. */
export function inPrintedOrder(lines: readonly RatedLine[]): RatedLine[] {
	const rank = (line: RatedLine) => RANK.get(line.charge) ?? 0;
	return [...lines].sort(
		(a, b) =>
			rank(a) - rank(b) || (a.period.start < b.period.start ? -1 : a.period.start > b.period.start ? 1 : 0)
	);
}

/**
 * Marks the lines of a share. They count in the base of the power-factor adjustment as their own tariff says; not
 * at all where that tariff has no such rule (homes and farms behind a plant's meter are not assessed).
 */
export function linesOfShare(
	{ id, name }: MeterShare,
	isAssessed: boolean,
	lines: readonly RatedLine[]
): RatedLine[] {
	return lines.map((line) => ({
		...line,
		reference: `share.${id}/${line.reference}`,
		share: { id, name },
		inPowerFactorBase: line.inPowerFactorBase && isAssessed
	}));
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
