import { priceQuantityMinor } from '#lib/domain/kernel/money.ts';
import {
	TIME_PERIODS,
	TIME_PERIODS_PRINTED,
	type FixedComponent,
	type TimePeriod
} from '#lib/domain/tariffs/tariff.ts';
import { sumOf, type EnergyBuckets } from './energy.ts';
import type { Segment } from './segments.ts';
import { energyInTier, type TierPosition } from './tiers.ts';
import { CHARGES, type RatedLine } from './types.ts';

/** What the makers of lines leave at its usual value. */
type LineParts = Pick<RatedLine, 'reference' | 'charge' | 'quantityMilli' | 'unit' | 'behind'> & {
	readonly unitPriceE8: bigint;
} & Partial<Pick<RatedLine, 'timePeriod' | 'tier' | 'estimatedMilli' | 'proration' | 'discountPercent'>> & {
		readonly inPowerFactorBase?: boolean;
	};

/** A line priced per unit: quantity times price, times the share of the month, rounded once half up. */
export function pricedLine(segment: Segment, parts: LineParts): RatedLine {
	const amountMinor = priceQuantityMinor(
		BigInt(parts.quantityMilli),
		parts.unitPriceE8,
		parts.proration ?? undefined
	);
	return {
		timePeriod: null,
		tier: null,
		estimatedMilli: 0,
		proration: null,
		discountPercent: null,
		inPowerFactorBase: true,
		percentE2: null,
		...parts,
		reference: parts.reference + segment.suffix,
		period: segment.period,
		amountMinor,
		tariffCode: segment.tariff.code,
		tariffEdition: segment.tariff.edition,
		ruleSource: segment.tariff.source.document
	};
}

/**
 * The energy lines of a segment. Where the price is split into components, the first one (purchase) is what
 * the fixed components leave of each period's published price, so that the lines of a period add up to
 * that price whatever the printed components sum to.
 */
export function energyLines(segment: Segment, buckets: EnergyBuckets): RatedLine[] {
	const { components } = segment.tariff;
	const split = components.length > 0;
	const fixedE8 = components.reduce((sum, { priceE8 }) => sum + priceE8, 0n);
	const perPeriod = TIME_PERIODS_PRINTED.flatMap((timePeriod) => {
		const priceE8 = segment.season.priceE8[timePeriod];
		return priceE8 === undefined
			? []
			: [periodLine(segment, buckets, timePeriod, priceE8 - fixedE8, split ? 'purchase' : 'energy')];
	});
	return [...perPeriod, ...components.map((component) => componentLine(segment, buckets, component))];
}

function periodLine(
	segment: Segment,
	buckets: EnergyBuckets,
	timePeriod: TimePeriod,
	unitPriceE8: bigint,
	charge: 'energy' | 'purchase'
): RatedLine {
	const code = TIME_PERIODS.indexOf(timePeriod);
	const timed = segment.season.windows.length > 0;
	return pricedLine(segment, {
		reference: [charge === 'energy' ? 'energy' : 'energy.purchase', ...(timed ? [timePeriod] : [])].join('.'),
		charge,
		timePeriod: timed ? timePeriod : null,
		quantityMilli: buckets.energyWh[code] ?? 0,
		estimatedMilli: buckets.estimatedWh[code] ?? 0,
		unit: 'kWh',
		unitPriceE8,
		behind: {
			kind: 'energy',
			channel: 'active_import',
			dates: segment.period,
			timePeriod: timed ? timePeriod : null,
			tier: null
		}
	});
}

function componentLine(segment: Segment, buckets: EnergyBuckets, component: FixedComponent): RatedLine {
	return pricedLine(segment, {
		reference: component.component,
		charge: component.component,
		quantityMilli: sumOf(buckets.energyWh),
		estimatedMilli: sumOf(buckets.estimatedWh),
		unit: 'kWh',
		unitPriceE8: component.priceE8,
		inPowerFactorBase: component.inPowerFactorBase,
		behind: { kind: 'energy', channel: 'active_import', dates: segment.period, timePeriod: null, tier: null }
	});
}

/**
 * Tier surcharges ("先峰谷后阶梯"): all energy is priced at the first tier's prices, and what lies above a
 * threshold of the cycle's total pays the surcharge, whatever its period.
 * @param estimatedInTier Wh of estimated intervals in a tier of the segment
 */
export function tierLines(
	segment: Segment,
	position: TierPosition | null,
	estimatedInTier: (tier: number) => number
): RatedLine[] {
	if (segment.tierCycle === null || position === null) return [];
	return segment.tierCycle.tiers.flatMap((step, index) => {
		const tier = index + 1;
		const energyWh = energyInTier(step, position);
		if (step.surchargeE8 === 0n || energyWh === 0) return [];
		return [
			pricedLine(segment, {
				reference: `energy.tier${tier}_surcharge`,
				charge: 'tier_surcharge',
				tier,
				quantityMilli: energyWh,
				estimatedMilli: estimatedInTier(tier),
				unit: 'kWh',
				unitPriceE8: step.surchargeE8,
				behind: { kind: 'energy', channel: 'active_import', dates: segment.period, timePeriod: null, tier }
			})
		];
	});
}

/** Printed order: by charge, then by date, then by period; the order of making decides what is left. */
export function inPrintedOrder(lines: readonly RatedLine[]): RatedLine[] {
	const rank = (line: RatedLine) => CHARGES.indexOf(line.charge);
	return [...lines].sort(
		(a, b) =>
			rank(a) - rank(b) || (a.period.start < b.period.start ? -1 : a.period.start > b.period.start ? 1 : 0)
	);
}

export function totalOf(lines: readonly RatedLine[]): bigint {
	return lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}
