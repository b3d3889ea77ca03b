import { assert } from '#lib/domain/kernel/assert.ts';
import type { DatePeriod, IntervalMinutes, LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { Currency } from '#lib/domain/kernel/money.ts';
import { QUALITY_CODE, type LoadDay } from '#lib/domain/metering/load-day.ts';
import { withFinerPrices } from '#lib/domain/tariffs/finer-prices.ts';
import type { Tariff } from '#lib/domain/tariffs/tariff.ts';
import { PERCENT_BASE_OF } from './lines.ts';
import { marginalClasses } from './marginal-classes.ts';
import type { RatingRefusal } from './notices.ts';
import { prepare } from './prepare.ts';
import { rate } from './rate.ts';
import {
	CHARGES,
	type Charge,
	type PointUsage,
	type RatingInput,
	type RatingResult,
	type TariffSpan
} from './types.ts';

const ONE_KWH = 1000;

/** Prices times so much make minor units into E8 units, so that no line is rounded before the eighth decimal. */
const FINER = 1_000_000n;

/** What the price of one more kWh is made of. */
export const MARGINAL_PARTS = [
	'energy',
	'tier_surcharge',
	'demand',
	'power_factor',
	'minimum',
	'percent'
] as const;
export type MarginalPart = (typeof MARGINAL_PARTS)[number];

/**
 * As percentages name them, but for what they tell apart otherwise. Null: one more kWh changes neither standing
 * charges nor what is fed in.
 */
const PART_OF: Readonly<Record<Charge, MarginalPart | null>> = {
	...PERCENT_BASE_OF,
	tier_surcharge: 'tier_surcharge',
	government_fund: 'energy',
	fixed: null,
	minimum: 'minimum',
	percent: 'percent'
};

/** What one more kWh in an interval would have added to the bill. */
export interface MarginalPrice {
	/** E8 currency units per kWh; may be negative. */
	readonly priceE8: bigint;
	/** Its parts that are not zero; they add up to it. */
	readonly parts: Readonly<Partial<Record<MarginalPart, bigint>>>;
}

export type MarginalRefusal =
	| RatingRefusal
	/** The point has no curve of energy taken on that day of the input. */
	| { readonly code: 'DAY_NOT_READ'; readonly date: LocalDate }
	/** The point is billed by its registers: what the curve says does not change the bill's energy. */
	| { readonly code: 'BILLED_BY_REGISTERS'; readonly servicePointId: number };

export type MarginalDay =
	| { readonly ok: false; readonly refusal: MarginalRefusal }
	| {
			readonly ok: true;
			readonly currency: Currency;
			readonly intervalMinutes: IntervalMinutes;
			/** By interval of the day; null where it is missing, or no price is known for it. */
			readonly prices: readonly (MarginalPrice | null)[];
	  };

/**
 * What one more kWh would have cost in each interval of a point's local day: the bill with it less the bill
 * without it, so that tiers, demand, power factor and percentages are in it as they are in the bill. The kWh
 * is taken within the interval: in a block of 15 minutes it is 4 kW more.
 */
export function marginalPrices(input: RatingInput, servicePointId: number, date: LocalDate): MarginalDay {
	const point = input.usage.find(
		({ servicePointId: id, period }) => id === servicePointId && holds(period, date)
	);
	const day = point?.days.find((one) => one.channel === 'active_import' && one.localDate === date);
	if (point === undefined || day === undefined || !holds(input.period, date)) {
		return { ok: false, refusal: { code: 'DAY_NOT_READ', date } };
	}
	if (point.registers !== null) {
		return { ok: false, refusal: { code: 'BILLED_BY_REGISTERS', servicePointId } };
	}
	const fine = withFineAmounts(input);
	const without = rate(fine);
	if (!without.ok) return without;
	const classOf = classesOf(fine, servicePointId, day);
	const byClass = new Map<string, MarginalPrice | null>();
	const prices = Array.from(day.qualities, (quality, slot) => {
		if (quality === QUALITY_CODE.missing) return null;
		const label = classOf(slot);
		let price = byClass.get(label);
		if (price === undefined) {
			const withIt = rate(withOneKwhMore(fine, point, day, slot));
			price = withIt.ok ? difference(withIt, without) : null;
			byClass.set(label, price);
		}
		return price;
	});
	return { ok: true, currency: without.currency, intervalMinutes: day.intervalMinutes, prices };
}

/** Intervals of one label share a rating. */
function classesOf(input: RatingInput, servicePointId: number, day: LoadDay): (slot: number) => string {
	const prepared = prepare(input);
	assert(!('code' in prepared), 'what was rated can be prepared');
	const point = prepared.readings.points.find(
		({ servicePointId: id, period }) => id === servicePointId && holds(period, day.localDate)
	);
	assert(point !== undefined, 'a point of this input');
	return marginalClasses(input, prepared, day, point, ONE_KWH);
}

function holds({ start, end }: DatePeriod, date: LocalDate): boolean {
	return start <= date && date < end;
}

/** The same input, rated to the eighth decimal. */
function withFineAmounts(input: RatingInput): RatingInput {
	const known = new Map<Tariff, Tariff>();
	const fineTariff = (tariff: Tariff) => {
		// An edition that holds twice stays one edition.
		const fine = known.get(tariff) ?? withFinerPrices(tariff, FINER);
		known.set(tariff, fine);
		return fine;
	};
	const fineSpans = (spans: readonly TariffSpan[]) =>
		spans.map(({ period, tariff }) => ({ period, tariff: fineTariff(tariff) }));
	return {
		...input,
		tariffs: fineSpans(input.tariffs),
		shares: input.shares.map((share) => ({ ...share, tariffs: fineSpans(share.tariffs) })),
		priceSeries: input.priceSeries.map(({ series, days }) => ({
			series,
			days: days.map((day) => ({
				...day,
				pricesE8: day.pricesE8.map((price) => (price === null ? null : price * Number(FINER)))
			}))
		}))
	};
}

function withOneKwhMore(input: RatingInput, point: PointUsage, day: LoadDay, slot: number): RatingInput {
	const quantities = day.quantities.slice();
	quantities[slot] = (quantities[slot] ?? 0) + ONE_KWH;
	const days = point.days.map((one) => (one === day ? { ...day, quantities } : one));
	return { ...input, usage: input.usage.map((one) => (one === point ? { ...point, days } : one)) };
}

type Rated = Extract<RatingResult, { readonly ok: true }>;

function difference(withIt: Rated, without: Rated): MarginalPrice {
	const parts: Partial<Record<MarginalPart, bigint>> = {};
	for (const part of MARGINAL_PARTS) {
		const changed = amountOf(withIt, part) - amountOf(without, part);
		if (changed !== 0n) parts[part] = changed;
	}
	return { priceE8: withIt.totalMinor - without.totalMinor, parts };
}

function amountOf({ figures: { totals } }: Rated, part: MarginalPart): bigint {
	return CHARGES.reduce((sum, charge) => (PART_OF[charge] === part ? sum + (totals[charge] ?? 0n) : sum), 0n);
}
