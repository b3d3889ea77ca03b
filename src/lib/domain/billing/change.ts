import { daysBetween } from '#lib/domain/kernel/civil-time.ts';
import { divideHalfUp } from '#lib/domain/kernel/money.ts';
import type { Charge, RatedLine, RatingFigures } from '#lib/domain/rating/types.ts';
import type { BillChange, BillChangeCause } from './bill.ts';

/** What the comparison needs of each of the two bills. */
export interface ComparedBill {
	readonly days: number;
	readonly energyWh: number;
	readonly totalMinor: bigint;
	readonly lines: readonly Pick<RatedLine, 'charge' | 'amountMinor' | 'quantityMilli' | 'unit' | 'period'>[];
	readonly figures: Pick<RatingFigures, 'tiers' | 'powerFactor'>;
}

type Group = 'energy' | 'tier' | 'demand' | 'power_factor';

const GROUP: Readonly<Record<Charge, Group>> = {
	energy: 'energy',
	purchase: 'energy',
	transmission: 'energy',
	line_loss: 'energy',
	system_operation: 'energy',
	government_fund: 'energy',
	tier_surcharge: 'tier',
	capacity: 'demand',
	contract_demand: 'demand',
	demand_overrun: 'demand',
	actual_demand: 'demand',
	power_factor: 'power_factor'
};

const MILLI = 1000n;
const PRICE_E8_PER_MINOR = 1_000_000n;

/** Splits the difference between two bills into causes whose effects sum to it exactly, largest first. */
export function changeFromPrevious(bill: ComparedBill, previous: ComparedBill): BillChange {
	const causes = [
		...energyCauses(bill, previous),
		tierCause(bill, previous),
		demandCause(bill, previous),
		powerFactorCause(bill, previous)
	].filter(({ effectMinor }) => effectMinor !== 0n);
	// The sort is stable: causes of equal size stay in the order above.
	causes.sort((a, b) => compare(magnitude(b.effectMinor), magnitude(a.effectMinor)));
	return { differenceMinor: bill.totalMinor - previous.totalMinor, causes };
}

/**
 * Energy lines: first the length of the period at the previous daily cost, then the energy per day at the
 * previous average price; what remains is price.
 */
function energyCauses(bill: ComparedBill, previous: ComparedBill): BillChangeCause[] {
	const before = amountOf(previous, 'energy');
	const difference = amountOf(bill, 'energy') - before;
	const [days0, days1] = [BigInt(previous.days), BigInt(bill.days)];
	const [wh0, wh1] = [BigInt(previous.energyWh), BigInt(bill.energyWh)];
	const comparable = wh0 > 0n && days0 > 0n;
	const daysEffect = comparable ? divideHalfUp(before * (days1 - days0), days0) : 0n;
	const volumeEffect = comparable
		? divideHalfUp(before * (wh1 * days0 - wh0 * days1), wh0 * days0)
		: difference;
	return [
		{ kind: 'days', effectMinor: daysEffect, from: previous.days, to: bill.days },
		{
			kind: 'volume',
			effectMinor: volumeEffect,
			fromWhPerDay: perDay(previous),
			toWhPerDay: perDay(bill)
		},
		{
			kind: 'price',
			effectMinor: difference - daysEffect - volumeEffect,
			fromPriceE8: averagePriceE8(before, previous.energyWh),
			toPriceE8: averagePriceE8(before + difference, bill.energyWh)
		}
	];
}

function tierCause(bill: ComparedBill, previous: ComparedBill): BillChangeCause {
	return {
		kind: 'tier',
		effectMinor: amountOf(bill, 'tier') - amountOf(previous, 'tier'),
		fromTier: previous.figures.tiers?.currentTier ?? 1,
		toTier: bill.figures.tiers?.currentTier ?? 1
	};
}

function demandCause(bill: ComparedBill, previous: ComparedBill): BillChangeCause {
	const byCapacity = bill.lines.some(({ unit }) => unit === 'kVA');
	return {
		kind: 'demand',
		effectMinor: amountOf(bill, 'demand') - amountOf(previous, 'demand'),
		from: demandQuantity(previous),
		to: demandQuantity(bill),
		unit: byCapacity ? 'kVA' : 'kW'
	};
}

function powerFactorCause(bill: ComparedBill, previous: ComparedBill): BillChangeCause {
	return {
		kind: 'power_factor',
		effectMinor: amountOf(bill, 'power_factor') - amountOf(previous, 'power_factor'),
		fromHundredths: previous.figures.powerFactor?.hundredths ?? null,
		toHundredths: bill.figures.powerFactor?.hundredths ?? null
	};
}

function amountOf({ lines }: ComparedBill, group: Group): bigint {
	return lines.reduce((sum, line) => (GROUP[line.charge] === group ? sum + line.amountMinor : sum), 0n);
}

/** Billed W or VA, as the mean over the days: lines of parts of the period follow each other, none adds to the next. */
function demandQuantity({ lines }: ComparedBill): number {
	let total = 0n;
	let days = 0n;
	for (const { charge, quantityMilli, period } of lines) {
		if (GROUP[charge] !== 'demand') continue;
		const lineDays = BigInt(daysBetween(period.start, period.end));
		total += BigInt(quantityMilli) * lineDays;
		// An over-run is billed on top of the contract, on the same days.
		if (charge !== 'demand_overrun') days += lineDays;
	}
	return days === 0n ? 0 : Number(divideHalfUp(total, days));
}

function perDay({ energyWh, days }: ComparedBill): number {
	return days === 0 ? 0 : Number(divideHalfUp(BigInt(energyWh), BigInt(days)));
}

/** Average price in E8 currency units per kWh, rounded half up; null without energy. */
export function averagePriceE8(amountMinor: bigint, energyWh: number): bigint | null {
	if (energyWh <= 0) return null;
	return divideHalfUp(amountMinor * PRICE_E8_PER_MINOR * MILLI, BigInt(energyWh));
}

function magnitude(value: bigint): bigint {
	return value < 0n ? -value : value;
}

function compare(a: bigint, b: bigint): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
