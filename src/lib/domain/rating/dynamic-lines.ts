import { divideHalfUp } from '#lib/domain/kernel/money.ts';
import { QUALITY_CODE, type LoadDay } from '#lib/domain/metering/load-day.ts';
import { sumOf } from './energy.ts';
import { pricedLine } from './lines.ts';
import type { RatingRefusal } from './notices.ts';
import type { Prepared } from './prepare.ts';
import type { Segment } from './segments.ts';
import type { PriceDay, RatedLine, RatingInput } from './types.ts';

/** What a product of Wh, E8 per kWh and percent is divided by to give major units. */
const PER_MAJOR = 1_000n * 100_000_000n * 100n;
const MINOR_PER_MAJOR = 100n;

/** Energy under a price that is made for every interval: each interval at its own price, rounded once per segment. */
export function rateDynamic(input: RatingInput, prepared: Prepared): RatedLine[] | RatingRefusal {
	const lines: RatedLine[] = [];
	for (const [index, segment] of prepared.segments.entries()) {
		if (segment.tariff.dynamic === null) continue;
		const lossy = prepared.readings.points.find(({ losses }) => losses !== null);
		if (lossy !== undefined) {
			const { servicePointId } = lossy;
			return { code: 'REGISTER_TOO_COARSE', servicePointId, reason: 'price_series' };
		}
		const product = productOf(input, prepared, segment);
		if (typeof product !== 'bigint') return product;
		const buckets = prepared.energy.buckets[index];
		const line = pricedLine(segment, {
			reference: 'energy.dynamic',
			charge: 'energy',
			quantityMilli: buckets === undefined ? 0 : sumOf(buckets.importWh),
			estimatedMilli: buckets === undefined ? 0 : sumOf(buckets.estimatedWh),
			unit: 'kWh',
			unitPriceE8: 0n,
			behind: {
				kind: 'energy',
				channel: 'active_import',
				dates: segment.period,
				timePeriod: null,
				tier: null
			}
		});
		lines.push({
			...line,
			unitPriceE8: null,
			amountMinor: divideHalfUp(product * MINOR_PER_MAJOR, PER_MAJOR)
		});
	}
	return lines;
}

/** Sum of energy times price over all known intervals of a segment, in Wh × E8 per kWh × percent. */
function productOf(input: RatingInput, { readings }: Prepared, segment: Segment): bigint | RatingRefusal {
	const rule = segment.tariff.dynamic;
	if (rule === null) return 0n;
	const series = input.priceSeries.find(({ series: name }) => name === rule.series);
	const byDate = new Map((series?.days ?? []).map((day) => [day.localDate, day]));
	let product = 0n;
	for (const { channels } of readings.points) {
		for (const day of channels.get('active_import') ?? []) {
			if (day.localDate < segment.period.start || day.localDate >= segment.period.end) continue;
			const ofDay = productOfDay(day, byDate.get(day.localDate));
			if (ofDay === null) return { code: 'NO_PRICE_FOR_INTERVAL', date: day.localDate, series: rule.series };
			product += ofDay.priced * BigInt(rule.factorPercent) + ofDay.energyWh * rule.adderE8 * 100n;
		}
	}
	return product;
}

/** Null where an interval with energy has no price, or prices change inside an interval. */
function productOfDay(
	day: LoadDay,
	prices: PriceDay | undefined
): { priced: bigint; energyWh: bigint } | null {
	let priced = 0n;
	let energyWh = 0n;
	const perPrice = (prices?.intervalMinutes ?? 0) / day.intervalMinutes;
	for (let slot = 0; slot < day.quantities.length; slot++) {
		if (day.qualities[slot] === QUALITY_CODE.missing) continue;
		const wh = BigInt(day.quantities[slot] ?? 0);
		if (wh === 0n) continue;
		if (!Number.isInteger(perPrice) || perPrice < 1) return null;
		const price = prices?.pricesE8[Math.floor(slot / perPrice)];
		if (price === null || price === undefined) return null;
		priced += wh * BigInt(price);
		energyWh += wh;
	}
	return { priced, energyWh };
}
