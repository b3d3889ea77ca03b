import type { LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import { divideHalfUp } from '#lib/domain/kernel/money.ts';
import type { DemandCharge } from '#lib/domain/tariffs/tariff.ts';
import { contractDemand, maximumDemand, unfitInterval, type MaximumDemand } from './demand.ts';
import { sumOf, type EnergyBuckets } from './energy.ts';
import { pricedLine, totalOf } from './lines.ts';
import type { CheckedReadings } from './readings.ts';
import { prorationOf, type Segment } from './segments.ts';
import type { Block } from './shares.ts';
import type { RatingRefusal, RatingWarning } from './notices.ts';
import type { DemandFigures, RatedLine, RatingInput } from './types.ts';

type Basis = DemandFigures['basis'];

export interface DemandResult {
	readonly lines: readonly RatedLine[];
	readonly figures: DemandFigures | null;
	readonly warnings: readonly RatingWarning[];
}

/** A segment with demand charges: what its month measured and which prices hold. */
interface DemandSegment {
	readonly segment: Segment;
	readonly charge: DemandCharge;
	readonly maximum: MaximumDemand | null;
	readonly kwhPerKva: number | null;
	readonly discountPercent: number | null;
}

/** Demand or capacity charges of every segment that has them, by the way of paying that the account chose. */
export function rateDemand({ input, whole, portionOf }: Block): DemandResult | RatingRefusal {
	const { readings, segments } = whole;
	if (segments.every(({ tariff }) => tariff.demand === null))
		return { lines: [], figures: null, warnings: [] };
	const basis = input.account.demandBasis;
	const refusal = checkFacts(input, basis);
	if (refusal !== null) return refusal;
	if (basis === 'none') return { code: 'ACCOUNT_FACT_MISSING', fact: 'demand_basis' };
	const unfit = unfitInterval(readings);
	if (unfit !== null && basis !== 'capacity') {
		return { code: 'INTERVAL_UNFIT_FOR_DEMAND', intervalMinutes: unfit };
	}
	const registered = monthsOfRegister(readings, segments);
	if (registered !== null && basis !== 'capacity') return registered;
	const parts = demandSegments(input, readings, segments, whole.energy.buckets, unfit === null);
	if (basis !== 'capacity' && parts.some(({ maximum }) => maximum === null))
		return { code: 'NO_MEASURED_DEMAND' };
	const lines = parts.flatMap((part) => linesOf(input, part, basis, portionOf));
	return { lines, figures: figuresOf(input, parts, basis, lines), warnings: warningsOf(parts, basis) };
}

/** One register value cannot be the maximum of several months. */
export function monthsOfRegister(
	readings: CheckedReadings,
	segments: readonly Segment[]
): RatingRefusal | null {
	const months = new Set(segments.flatMap(({ month }) => (month === null ? [] : [month])));
	const point = readings.points.find(({ registers }) => registers !== null && registers.demandW !== null);
	if (months.size < 2 || point === undefined) return null;
	return { code: 'REGISTER_TOO_COARSE', servicePointId: point.servicePointId, reason: 'spans_months' };
}

function checkFacts(
	{ account }: RatingInput,
	basis: RatingInput['account']['demandBasis']
): RatingRefusal | null {
	if (basis === 'capacity' && account.contractedCapacityVa === null) {
		return { code: 'ACCOUNT_FACT_MISSING', fact: 'contracted_capacity' };
	}
	if (basis === 'contract_demand' && account.contractDemandW === null) {
		return { code: 'ACCOUNT_FACT_MISSING', fact: 'contract_demand' };
	}
	return null;
}

function demandSegments(
	input: RatingInput,
	readings: CheckedReadings,
	segments: readonly Segment[],
	buckets: readonly EnergyBuckets[],
	measurable: boolean
): DemandSegment[] {
	const capacityVa = input.account.contractedCapacityVa;
	const monthWh = new Map<LocalMonth, number>();
	const maxima = new Map<LocalMonth, MaximumDemand | null>();
	segments.forEach(({ month }, index) => {
		const bucket = buckets[index];
		if (month === null || bucket === undefined) return;
		monthWh.set(month, (monthWh.get(month) ?? 0) + sumOf(bucket.importWh));
	});
	return segments.flatMap((segment) => {
		const { month, tariff } = segment;
		if (month === null || tariff.demand === null) return [];
		let maximum = maxima.get(month);
		if (maximum === undefined) {
			const days = segments.filter((other) => other.month === month);
			const dates = {
				start: days[0]?.period.start ?? segment.period.start,
				end: days.at(-1)?.period.end ?? segment.period.end
			};
			maximum = measurable ? maximumDemand(readings, dates, input.timeZone) : null;
			maxima.set(month, maximum);
		}
		const energyWh = monthWh.get(month) ?? 0;
		const rule = tariff.demand.loadFactorDiscount;
		// Wh per VA is kWh per kVA; comparing products avoids the division.
		const earned = rule !== null && capacityVa ? energyWh >= rule.fromKwhPerKva * capacityVa : false;
		return [
			{
				segment,
				charge: tariff.demand,
				maximum,
				kwhPerKva: capacityVa ? Math.floor(energyWh / capacityVa) : null,
				discountPercent: earned && rule !== null ? 100 - rule.factorPercent : null
			}
		];
	});
}

/** Demand is found for all that was metered; the lines are of the block's portion of it. */
function linesOf(
	input: RatingInput,
	part: DemandSegment,
	basis: Basis,
	portionOf: Block['portionOf']
): RatedLine[] {
	const { segment, charge, maximum } = part;
	const { account } = input;
	const shared = { proration: prorationOf(segment.period) };
	if (basis === 'capacity') {
		return [
			pricedLine(segment, {
				...shared,
				reference: 'demand.capacity',
				charge: 'capacity',
				quantityMilli: portionOf(account.contractedCapacityVa ?? 0),
				unit: 'kVA',
				unitPriceE8: charge.capacityPriceE8PerKva,
				behind: { kind: 'none' }
			})
		];
	}
	const priced = {
		...shared,
		unit: 'kW',
		unitPriceE8: discountedE8(charge.demandPriceE8PerKw, part.discountPercent),
		discountPercent: part.discountPercent,
		behind: { kind: 'demand', dates: segment.period, charge: null }
	} as const;
	const actualW = maximum?.maximumW ?? 0;
	if (basis === 'actual_demand') {
		return [
			pricedLine(segment, {
				...priced,
				reference: 'demand.actual',
				charge: 'actual_demand',
				quantityMilli: portionOf(actualW)
			})
		];
	}
	const contractW = account.contractDemandW ?? 0;
	const due = contractDemand(charge.contract, contractW, account.contractedCapacityVa, actualW);
	const lines = [
		pricedLine(segment, {
			...priced,
			reference: 'demand.contract',
			charge: 'contract_demand',
			quantityMilli: portionOf(due.contractPartW)
		})
	];
	if (due.overrunW > 0) {
		lines.push(
			pricedLine(segment, {
				...priced,
				reference: 'demand.overrun',
				charge: 'demand_overrun',
				quantityMilli: portionOf(due.overrunW),
				unitPriceE8: priced.unitPriceE8 * 2n
			})
		);
	}
	return lines;
}

function discountedE8(priceE8: bigint, discountPercent: number | null): bigint {
	return discountPercent === null ? priceE8 : divideHalfUp(priceE8 * BigInt(100 - discountPercent), 100n);
}

/** The box on the bill shows the last month of the bill. */
function figuresOf(
	{ account }: RatingInput,
	parts: readonly DemandSegment[],
	basis: Basis,
	lines: readonly RatedLine[]
): DemandFigures | null {
	const last = parts.at(-1);
	if (last === undefined) return null;
	const contractW = account.contractDemandW;
	const due =
		contractW === null
			? null
			: contractDemand(
					last.charge.contract,
					contractW,
					account.contractedCapacityVa,
					last.maximum?.maximumW ?? 0
				);
	return {
		basis,
		maximumW: last.maximum?.maximumW ?? null,
		peaks: last.maximum?.peaks ?? [],
		contractW,
		billedContractW: due?.billedContractW ?? null,
		capacityVa: account.contractedCapacityVa,
		demandPriceE8: last.charge.demandPriceE8PerKw,
		capacityPriceE8: last.charge.capacityPriceE8PerKva,
		kwhPerKva: last.kwhPerKva,
		discountPercent: basis === 'capacity' ? null : last.discountPercent,
		amountMinor: totalOf(lines)
	};
}

function warningsOf(parts: readonly DemandSegment[], basis: Basis): RatingWarning[] {
	if (basis === 'capacity') return [];
	const maxima = [...new Set(parts.map(({ maximum }) => maximum))];
	const warnings: RatingWarning[] = [];
	if (maxima.some((maximum) => maximum?.fromCurve)) warnings.push({ code: 'DEMAND_IS_LOWER_BOUND' });
	const count = maxima.reduce((sum, maximum) => sum + (maximum?.excludedBlocks ?? 0), 0);
	const of = maxima.reduce((sum, maximum) => sum + (maximum?.blocks ?? 0), 0);
	if (count > 0) warnings.push({ code: 'DEMAND_BLOCKS_EXCLUDED', count, of });
	return warnings;
}
