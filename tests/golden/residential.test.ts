import { describe, expect, it } from 'vitest';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import type { CarriedState } from '#lib/domain/rating/types.ts';
import { amounts, days, month, point, rated, ratingInput, series, shippedTariff } from '../support/rating.ts';

const usedIn2026 = (kwh: number): CarriedState => ({
	tierCycle: { start: localDate('2026-01-01'), usedWh: kwh * 1000 }
});

/** One day whose first hour has all the energy. */
function oneDay(kwh: number, carriedKwh: number, file = 'zhejiang_residential.2024') {
	const period = days('2026-03-10', '2026-03-11');
	const usage = series(period, (_, slot) => (slot === 0 ? kwh * 1000 : 0), { intervalMinutes: 60 });
	return rated(
		ratingInput(shippedTariff(file), period, [point(period, usage)], { carried: usedIn2026(carriedKwh) })
	);
}

/*
 * Source: Zhejiang price table, one meter per home below 1 kV: 0.538 up to 2,760 kWh of the year, 0.588 from
 * 2,761 to 4,800, 0.838 above. As surcharges on the first tier: + 0.05 and + 0.30.
 */
describe('annual tiers of Zhejiang', () => {
	it.each([
		// use before, use in the bill, energy, tier 2, tier 3, total (fen)
		['no use at all', 0, 0, 0n, undefined, undefined, 0n],
		['the first kWh', 0, 1, 54n, undefined, undefined, 54n],
		['up to the very threshold', 2759, 1, 54n, undefined, undefined, 54n],
		['the first kWh above it', 2760, 1, 54n, 5n, undefined, 59n],
		['one kWh on either side', 2759, 2, 108n, 5n, undefined, 113n],
		['up to the second threshold', 4799, 1, 54n, 5n, undefined, 59n],
		['the first kWh of the third tier', 4800, 1, 54n, undefined, 30n, 84n],
		['through all tiers at once', 2760, 2041, 109_806n, 10_200n, 30n, 120_036n],
		// 5,000 × 0.538 = 2,690.00; 2,040 × 0.05 = 102.00; 200 × 0.30 = 60.00
		['a whole year in one day', 0, 5000, 269_000n, 10_200n, 6000n, 285_200n]
	])('%s', (_, before, kwh, energy, tier2, tier3, total) => {
		const result = oneDay(kwh, before);
		const lines = amounts(result);
		expect(lines['energy']).toBe(energy);
		expect(lines['energy.tier2_surcharge']).toBe(tier2);
		expect(lines['energy.tier3_surcharge']).toBe(tier3);
		expect(result.totalMinor).toBe(total);
		expect(result.carried.tierCycle).toEqual({ start: '2026-01-01', usedWh: (before + kwh) * 1000 });
	});

	it('equals the printed matrix: 0.588 and 0.838 for whole kWh in one tier', () => {
		// 100 × 0.588 = 58.80; 100 × 0.838 = 83.80
		expect(oneDay(100, 3000).totalMinor).toBe(5_880n);
		expect(oneDay(100, 4800).totalMinor).toBe(8_380n);
	});

	it('starts again at zero in January, and inside a bill across the new year', () => {
		const january = days('2026-01-01', '2026-01-02');
		const usage = point(
			january,
			series(january, () => 1000)
		);
		const fresh = rated(
			ratingInput(shippedTariff('zhejiang_residential.2024'), january, [usage], {
				carried: { tierCycle: { start: localDate('2025-01-01'), usedWh: 6_000_000 } }
			})
		);
		expect(fresh.lines.map(({ reference }) => reference)).toEqual(['energy']);
		const across = days('2025-12-31', '2026-01-02');
		const both = rated(
			ratingInput(
				shippedTariff('zhejiang_residential.2024'),
				across,
				[
					point(
						across,
						series(across, () => 1000)
					)
				],
				{
					carried: { tierCycle: { start: localDate('2025-01-01'), usedWh: 6_000_000 } }
				}
			)
		);
		// 96 kWh on each day: 51.648 -> 51.65 twice; the old year's 96 kWh pay 0.30 more: 28.80.
		expect(amounts(both)).toEqual({
			energy: 5165n,
			'energy@2026-01-01': 5165n,
			'energy.tier3_surcharge': 2880n
		});
		expect(both.carried.tierCycle).toEqual({ start: '2026-01-01', usedWh: 96_000 });
	});
});

/*
 * Source: the same table, time of use: peak 0.568 (08:00-22:00), valley 0.288, surcharges on the total.
 * One kWh in every hour of 10 March: 14 kWh peak, 10 kWh valley; 2,750 kWh used before, so 14 kWh above.
 * 14 × 0.568 = 7.952 -> 7.95; 10 × 0.288 = 2.88; 14 × 0.05 = 0.70; total 11.53
 */
describe('time of use with tiers in Zhejiang', () => {
	const period = days('2026-03-10', '2026-03-11');
	const usage = point(
		period,
		series(period, () => 1000, { intervalMinutes: 60 })
	);
	const input = ratingInput(shippedTariff('zhejiang_residential_tou.2024'), period, [usage], {
		carried: usedIn2026(2750)
	});

	it('prices periods first and adds the surcharge to what lies above', () => {
		const result = rated(input);
		expect(amounts(result)).toEqual({
			'energy.peak': 795n,
			'energy.valley': 288n,
			'energy.tier2_surcharge': 70n
		});
		expect(result.totalMinor).toBe(1153n);
	});
});

/*
 * Source: 鲁发改价格〔2022〕158号. October: peak 08:00-22:00 0.5769, valley 0.3769; November (heating season):
 * peak 08:00-20:00 0.5769, valley 0.3469. One kWh in every hour of a day.
 * 31 October: 14 × 0.5769 = 8.0766 -> 8.08; 10 × 0.3769 = 3.769 -> 3.77; 1 November: 12 × 0.5769 = 6.9228 -> 6.92;
 * 12 × 0.3469 = 4.1628 -> 4.16
 */
describe('the heating season of Shandong', () => {
	it('changes windows and valley price inside a bill', () => {
		const period = days('2025-10-31', '2025-11-02');
		const usage = point(
			period,
			series(period, () => 1000, { intervalMinutes: 60 })
		);
		const result = rated(ratingInput(shippedTariff('shandong_residential_tou.2022-05-01'), period, [usage]));
		expect(amounts(result)).toEqual({
			'energy.peak': 808n,
			'energy.valley': 377n,
			'energy.peak@2025-11-01': 692n,
			'energy.valley@2025-11-01': 416n
		});
	});
});

/*
 * Source: Jiangsu table from 15 October 2021 with 峰谷: 08:00-21:00 0.5583, 21:00-08:00 0.3583.
 * 1 kWh per hour through February 2026 (28 days): 364 kWh peak, 308 kWh valley, no tier reached.
 * 364 × 0.5583 = 203.2212 -> 203.22; 308 × 0.3583 = 110.3564 -> 110.36; total 313.58
 */
describe('a month in Jiangsu', () => {
	it('counts 13 peak and 11 valley hours a day', () => {
		const period = month('2026-02');
		const usage = point(
			period,
			series(period, () => 1000, { intervalMinutes: 60 })
		);
		const result = rated(
			ratingInput(shippedTariff('jiangsu_residential_tou.2021-10-15'), period, [usage], {
				carried: usedIn2026(0)
			})
		);
		expect(amounts(result)).toEqual({ 'energy.peak': 20_322n, 'energy.valley': 11_036n });
		expect(result.totalMinor).toBe(31_358n);
	});
});

/* Source: Shanghai un-timed 0.617 / 0.667 / 0.917 at 3,120 and 4,800 kWh. 10 kWh from 3,115: 6.17 + 5 × 0.05. */
describe('un-timed tiers in Shanghai', () => {
	it('adds the surcharge from 3,120 kWh on', () => {
		expect(amounts(oneDay(10, 3115, 'shanghai_residential.2024'))).toEqual({
			energy: 617n,
			'energy.tier2_surcharge': 25n
		});
	});
});
