import type { DayPrices, DayPricesRefusal } from '#lib/domain/billing/day-prices.ts';
import type { DayView } from '#lib/domain/metering/curve-view.ts';
import { divideHalfUp, type Currency } from '#lib/domain/kernel/money.ts';
import { MARGINAL_PARTS, type MarginalPart, type MarginalPrice } from '#lib/domain/rating/marginal.ts';
import { formatDecimal, formatTimeRange, formatUnitPrice, moneyParts } from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import { periodName } from './names.ts';
import type { PriceView } from './price-view.ts';

/*
 * Written on the server, as the summary is.
 */

type Priced = Extract<DayPrices, { readonly ok: true }>;
type Day = Pick<DayView, 'wallMinutes' | 'periods'>;

/** Prices so many times the middle one lie above the scale: one that sets the demand is a hundred times as high. */
const ABOVE_MIDDLE = 6;
/** Prices above the scale that are named in words. */
const MOST_NAMED = 3;
/** Stretches of equal price that a sentence names. */
const MOST_STRETCHES = 3;
const E8 = 100_000_000;
/** From ten currency units on, two decimals say enough; below, four. */
const LARGE_E8 = 1_000_000_000n;

const PART_NAMES: Readonly<Record<MarginalPart, () => string>> = {
	energy: m.metering_price_part_energy,
	tier_surcharge: m.metering_price_part_tier_surcharge,
	demand: m.metering_price_part_demand,
	power_factor: m.metering_price_part_power_factor,
	minimum: m.metering_price_part_minimum,
	percent: m.metering_price_part_percent
};

/** The prices of a day as its page shows them. */
export function priceView(day: Day, prices: DayPrices): PriceView {
	if (!prices.ok) return withoutPrices(refusalInWords(prices.refusal));
	// The bill may rest on readings of another interval length than the corrected curve.
	if (prices.prices.length !== day.wallMinutes.length) return withoutPrices(m.metering_price_none_length());
	const known = knownPrices(day, prices);
	if (known.length === 0) return withoutPrices(m.metering_price_none_readings());
	const top = topOfScale(known.map(({ price }) => price.priceE8));
	const unit = `${moneyParts(0n, prices.currency).symbol}/kWh`;
	const texts = prices.prices.map((price) => price && priceInWords(price, prices.currency));
	return {
		refusal: null,
		values: prices.prices.map((price) => price && Number(price.priceE8) / E8),
		figures: prices.prices.map((price) => price && figureOf(price.priceE8, prices.currency)),
		texts,
		top: Number(top) / E8,
		column: m.metering_price_column({ unit }),
		legend: m.metering_price_legend({ unit }),
		above: aboveInWords(known, top, prices.currency),
		basis:
			prices.billNo === null
				? m.metering_price_basis_running()
				: m.metering_price_basis_bill({ billNo: prices.billNo }),
		sentences: sentencesOf(day, known, prices.currency)
	};
}

function withoutPrices(refusal: string): PriceView {
	return {
		refusal,
		values: [],
		figures: [],
		texts: [],
		top: 0,
		column: '',
		legend: '',
		above: [],
		basis: '',
		sentences: [refusal]
	};
}

function refusalInWords({ code }: DayPricesRefusal): string {
	switch (code) {
		case 'DAY_NOT_READ':
		case 'NO_READINGS':
			return m.metering_price_none_readings();
		case 'BILLED_BY_REGISTERS':
			return m.metering_price_none_registers();
		case 'EARLIER_MONTH_NOT_BILLED':
			return m.metering_price_none_earlier();
		default:
			return m.metering_price_none_rating();
	}
}

/** An interval with its price, in wall-clock minutes. */
interface Known {
	readonly slot: number;
	readonly start: number;
	readonly end: number;
	readonly price: MarginalPrice;
}

function knownPrices({ wallMinutes }: Day, { prices, intervalMinutes }: Priced): Known[] {
	return prices.flatMap((price, slot) => {
		const start = wallMinutes[slot];
		return price === null || start === undefined
			? []
			: [{ slot, start, end: start + intervalMinutes, price }];
	});
}

function topOfScale(pricesE8: readonly bigint[]): bigint {
	const sorted = pricesE8.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
	const middle = sorted[sorted.length >> 1] ?? 0n;
	const ordinary = middle <= 0n ? sorted : sorted.filter((price) => price <= middle * BigInt(ABOVE_MIDDLE));
	return ordinary.at(-1) ?? 0n;
}

/** "¥0.8413/kWh": as many decimals as tell neighbouring prices apart. */
function figureOf(priceE8: bigint, currency: Currency): string {
	const magnitude = priceE8 < 0n ? -priceE8 : priceE8;
	const step = magnitude >= LARGE_E8 ? 1_000_000n : 10_000n;
	return formatUnitPrice(divideHalfUp(priceE8, step) * step, currency, 'kWh');
}

function priceInWords(price: MarginalPrice, currency: Currency): string {
	const figure = figureOf(price.priceE8, currency);
	const parts = MARGINAL_PARTS.flatMap((part) => {
		const ofPart = price.parts[part];
		if (ofPart === undefined) return [];
		return [m.metering_price_part({ part: PART_NAMES[part](), price: figureOf(ofPart, currency) })];
	});
	return parts.length < 2
		? m.metering_price_text({ price: figure })
		: m.metering_price_text_parts({ price: figure, parts: parts.join(m.metering_list_separator()) });
}

/** The dearest prices above the scale, in order of time, and how many there are beside them. */
function aboveInWords(known: readonly Known[], top: bigint, currency: Currency): string[] {
	const above = known.filter(({ price }) => price.priceE8 > top);
	const named = above
		.toSorted((a, b) => (a.price.priceE8 > b.price.priceE8 ? -1 : a.price.priceE8 < b.price.priceE8 ? 1 : 0))
		.slice(0, MOST_NAMED)
		.sort((a, b) => a.slot - b.slot)
		.map(({ start, end, price }) => {
			const text = { time: formatTimeRange(start, end), price: figureOf(price.priceE8, currency) };
			return isForDemand(price) ? m.metering_price_above_demand(text) : m.metering_price_above(text);
		});
	const others = above.length - named.length;
	return others === 0 ? named : [...named, m.metering_price_above_more({ count: formatDecimal(others) })];
}

/** Whether most of the price is what a higher maximum demand costs. */
function isForDemand({ priceE8, parts }: MarginalPrice): boolean {
	return (parts.demand ?? 0n) * 2n > priceE8;
}

/** When one more kWh was cheapest, when dearest, and why. */
function sentencesOf(day: Day, known: readonly Known[], currency: Currency): string[] {
	const prices = known.map(({ price }) => price.priceE8);
	const low = prices.reduce((least, price) => (price < least ? price : least));
	const high = prices.reduce((most, price) => (price > most ? price : most));
	const dearest = known.find(({ price }) => price.priceE8 === high);
	if (low === high) return [m.metering_price_sum_same({ price: figureOf(low, currency) })];
	const of = (priceE8: bigint) => ({
		time: timesOf(day, known, priceE8),
		price: figureOf(priceE8, currency)
	});
	return [
		m.metering_price_sum_lowest(of(low)),
		dearest !== undefined && isForDemand(dearest.price)
			? m.metering_price_sum_highest_demand(of(high))
			: m.metering_price_sum_highest(of(high))
	];
}

/** The stretches of time with a price, each with its period where the day has several. */
function timesOf({ periods }: Day, known: readonly Known[], priceE8: bigint): string {
	const stretches: { start: number; end: number; slot: number; period: string | null }[] = [];
	for (const { slot, start, end, price } of known) {
		if (price.priceE8 !== priceE8) continue;
		const run = periods.find(({ startSlot, endSlot }) => slot >= startSlot && slot < endSlot);
		const period = run === undefined ? null : periodName(run.period);
		const last = stretches.at(-1);
		if (last !== undefined && last.slot === slot - 1 && last.period === period && last.end === start) {
			last.slot = slot;
			last.end = end;
		} else stretches.push({ start, end, slot, period });
	}
	const named = stretches.slice(0, MOST_STRETCHES).map(({ start, end, period }) => {
		const time = formatTimeRange(start, end);
		return period === null ? time : m.metering_price_time({ time, period });
	});
	const text = named.join(m.metering_list_separator());
	const others = stretches.length - named.length;
	return others === 0 ? text : m.metering_price_times_more({ times: text, count: formatDecimal(others) });
}
