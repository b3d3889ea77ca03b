import { apportionQuantity } from '#lib/domain/kernel/apportion.ts';
import {
	TIME_PERIODS,
	TIME_PERIODS_PRINTED,
	type FixedComponent,
	type TimePeriod
} from '#lib/domain/tariffs/tariff.ts';
import { energyInOrder } from './chronology.ts';
import { sumOf, type EnergyBuckets } from './energy.ts';
import { pricedLine } from './lines.ts';
import type { Prepared } from './prepare.ts';
import type { Segment } from './segments.ts';
import { energyInTier, uniformSurchargeE8, type TierPosition } from './tiers.ts';
import type { IntervalSelector, RatedLine } from './types.ts';

/** The energy lines of every segment, tiers included. */
export function rateEnergy(prepared: Prepared): RatedLine[] {
	return prepared.segments.flatMap((segment, index) => {
		const buckets = prepared.energy.buckets[index];
		if (buckets === undefined || segment.tariff.dynamic !== null) return [];
		const position = prepared.positions[index] ?? null;
		if (segment.tariff.tiers?.lines === 'by_tier' && position !== null) {
			return byTierLines(prepared, index, segment, buckets, position);
		}
		const surcharges = position === null ? [] : surchargeLines(prepared, index, segment, buckets, position);
		return [...periodLines(segment, buckets), ...surcharges];
	});
}

/**
 * Lines per period at first-tier prices. Where the price is split into components, the first one (purchase) is
 * what the fixed components leave of each period's published price, so that the lines of a period add up to
 * that price whatever the printed components sum to.
 */
function periodLines(segment: Segment, buckets: EnergyBuckets): RatedLine[] {
	const { components } = segment;
	const charge = components.length > 0 ? 'purchase' : 'energy';
	const fixedE8 = components.reduce((sum, { priceE8 }) => sum + priceE8, 0n);
	const perPeriod = pricedPeriods(segment).map(({ timePeriod, code, priceE8 }) =>
		pricedLine(segment, {
			reference: reference(charge === 'energy' ? 'energy' : 'energy.purchase', segment, timePeriod),
			charge,
			timePeriod: isTimed(segment) ? timePeriod : null,
			quantityMilli: buckets.importWh[code] ?? 0,
			estimatedMilli: buckets.estimatedWh[code] ?? 0,
			unit: 'kWh',
			unitPriceE8: priceE8 - fixedE8,
			behind: behindEnergy(segment, timePeriod, null)
		})
	);
	return [...perPeriod, ...components.map((component) => componentLine(segment, buckets, component))];
}

function componentLine(segment: Segment, buckets: EnergyBuckets, component: FixedComponent): RatedLine {
	return pricedLine(segment, {
		reference: component.component,
		charge: component.component,
		quantityMilli: sumOf(buckets.importWh),
		estimatedMilli: sumOf(buckets.estimatedWh),
		unit: 'kWh',
		unitPriceE8: component.priceE8,
		inPowerFactorBase: component.inPowerFactorBase,
		behind: { kind: 'energy', channel: 'active_import', dates: segment.period, timePeriod: null, tier: null }
	});
}

/**
 * Tier surcharges ("先峰谷后阶梯"): all energy is priced at the first tier's prices, and what lies above a
 * threshold of the cycle's total pays the surcharge, whatever its period; where the periods' surcharges differ
 * or each period has its own count, one line per period.
 */
function surchargeLines(
	prepared: Prepared,
	segmentIndex: number,
	segment: Segment,
	buckets: EnergyBuckets,
	position: TierPosition
): RatedLine[] {
	const countsPeriods = segment.tariff.tiers?.attribution === 'own_period';
	return position.tiers.flatMap((step, index) => {
		const tier = index + 1;
		const uniformE8 = countsPeriods ? null : uniformSurchargeE8(step);
		const shared = { charge: 'tier_surcharge', tier, unit: 'kWh' } as const;
		if (uniformE8 === null) {
			const inTier = tierEnergy(prepared, segmentIndex, segment, buckets, position);
			return pricedPeriods(segment).flatMap(({ timePeriod, code }) => {
				const quantities = inTier(code);
				const quantityMilli = quantities[index] ?? 0;
				const unitPriceE8 = step.surchargeE8[timePeriod] ?? 0n;
				if (unitPriceE8 === 0n || quantityMilli === 0) return [];
				return [
					pricedLine(segment, {
						...shared,
						reference: `energy.tier${tier}_surcharge.${timePeriod}`,
						timePeriod,
						quantityMilli,
						estimatedMilli: estimatedPart(buckets, code, quantities, index),
						unitPriceE8,
						behind: behindEnergy(segment, timePeriod, tier)
					})
				];
			});
		}
		const quantityMilli = energyInTier(step, position);
		if (uniformE8 === 0n || quantityMilli === 0) return [];
		return [
			pricedLine(segment, {
				...shared,
				reference: `energy.tier${tier}_surcharge`,
				quantityMilli,
				estimatedMilli: estimatedInTier(prepared, segmentIndex, buckets, position, index),
				unitPriceE8: uniformE8,
				behind: { kind: 'energy', channel: 'active_import', dates: segment.period, timePeriod: null, tier }
			})
		];
	});
}

/** One line per tier and period at the full price of that tier. */
function byTierLines(
	prepared: Prepared,
	segmentIndex: number,
	segment: Segment,
	buckets: EnergyBuckets,
	position: TierPosition
): RatedLine[] {
	const inTier = tierEnergy(prepared, segmentIndex, segment, buckets, position);
	return pricedPeriods(segment).flatMap(({ timePeriod, code, priceE8 }) => {
		const steps = position.ofPeriod[timePeriod] ?? position.tiers;
		const quantities = inTier(code);
		return steps.flatMap((step, index) => {
			const tier = index + 1;
			const quantityMilli = quantities[index] ?? 0;
			// The first tier keeps its line, so that bills of one tariff have the same lines.
			if (quantityMilli === 0 && index > 0) return [];
			return [
				pricedLine(segment, {
					reference: `${reference('energy', segment, timePeriod)}.tier${tier}`,
					charge: 'energy',
					timePeriod: isTimed(segment) ? timePeriod : null,
					tier,
					quantityMilli,
					estimatedMilli: estimatedPart(buckets, code, quantities, index),
					unit: 'kWh',
					unitPriceE8: priceE8 + (step.surchargeE8[timePeriod] ?? 0n),
					behind: behindEnergy(segment, timePeriod, tier)
				})
			];
		});
	});
}

/** Estimated energy of a tier. That of registers has no place in time and is shared to the tiers as the energy is. */
function estimatedInTier(
	prepared: Prepared,
	segmentIndex: number,
	buckets: EnergyBuckets,
	position: TierPosition,
	index: number
): number {
	const estimatedWh = sumOf(buckets.estimatedWh);
	if (estimatedWh === 0) return 0;
	if (prepared.readings.points.every(({ registers }) => registers === null)) {
		return energyInOrder(prepared, segmentIndex, index + 1).estimatedWh;
	}
	const quantities = position.tiers.map((step) => energyInTier(step, position));
	return apportionQuantity(estimatedWh, quantities)[index] ?? 0;
}

/** Estimated energy of a period, shared to its tiers as the energy is. */
function estimatedPart(
	{ estimatedWh }: EnergyBuckets,
	code: number,
	quantities: readonly number[],
	index: number
): number {
	const estimated = estimatedWh[code] ?? 0;
	return estimated === 0 ? 0 : (apportionQuantity(estimated, quantities)[index] ?? 0);
}

/** The energy of a period (code) in each of its tiers, by the tariff's rule of attribution. */
function tierEnergy(
	prepared: Prepared,
	segmentIndex: number,
	segment: Segment,
	{ importWh }: EnergyBuckets,
	position: TierPosition
): (code: number) => readonly number[] {
	const stepsOf = (code: number) => position.ofPeriod[TIME_PERIODS[code] ?? 'flat'] ?? position.tiers;
	const attribution = segment.tariff.tiers?.attribution;
	// What a register or a loss adds has no place in time.
	const isCurveOnly = prepared.readings.points.every(
		({ registers, losses }) => registers === null && losses === null
	);
	switch (attribution === 'chronological' && !isCurveOnly ? 'pro_rata' : attribution) {
		case 'own_period':
			return (code) => {
				const fromWh = position.fromWhByPeriod[code] ?? 0;
				return stepsOf(code).map((step) =>
					energyInTier(step, { fromWh, toWh: fromWh + (importWh[code] ?? 0) })
				);
			};
		case 'chronological': {
			const perTier = position.tiers.map((_, index) => periodsInTier(prepared, segmentIndex, index + 1));
			return (code) => perTier.map((wh) => wh[code] ?? 0);
		}
		default:
			return (code) => {
				const own = importWh[code] ?? 0;
				if (own === 0) return stepsOf(code).map(() => 0);
				return apportionQuantity(
					own,
					stepsOf(code).map((step) => energyInTier(step, position))
				);
			};
	}
}

/** Energy by period code that was used while the running total passed through a tier. */
function periodsInTier(prepared: Prepared, segmentIndex: number, tier: number): Float64Array {
	const sums = new Float64Array(TIME_PERIODS.length);
	for (const { day, slots, quantities } of energyInOrder(prepared, segmentIndex, tier).entries) {
		const codes = prepared.codesOf(segmentIndex, day);
		slots.forEach((slot, index) => {
			const code = codes[slot] ?? 0;
			sums[code] = (sums[code] ?? 0) + (quantities[index] ?? 0);
		});
	}
	return sums;
}

/** The periods that the segment prices, in printed order. */
function pricedPeriods({ priceE8 }: Segment): { timePeriod: TimePeriod; code: number; priceE8: bigint }[] {
	return TIME_PERIODS_PRINTED.flatMap((timePeriod) => {
		const own = priceE8[timePeriod];
		return own === undefined ? [] : [{ timePeriod, code: TIME_PERIODS.indexOf(timePeriod), priceE8: own }];
	});
}

function isTimed({ season }: Segment): boolean {
	return season.windows.length > 0;
}

function reference(stem: string, segment: Segment, timePeriod: TimePeriod): string {
	return isTimed(segment) ? `${stem}.${timePeriod}` : stem;
}

/** Shares of a period have no intervals of their own: all of the period's stand behind them. */
function behindEnergy(segment: Segment, timePeriod: TimePeriod, tier: number | null): IntervalSelector {
	const isInTime = segment.tariff.tiers?.attribution === 'chronological' || !isTimed(segment);
	return {
		kind: 'energy',
		channel: 'active_import',
		dates: segment.period,
		timePeriod: isTimed(segment) ? timePeriod : null,
		tier: isInTime ? tier : null
	};
}
