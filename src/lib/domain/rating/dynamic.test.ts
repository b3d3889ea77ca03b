import { describe, expect, it } from 'vitest';
import {
	amounts,
	days,
	point,
	rated,
	ratingInput,
	series,
	shippedTariff
} from '../../../../tests/support/rating.ts';
import { rate } from './rate.ts';
import type { PriceDay, PriceSeries } from './types.ts';

const season = { id: 'all', rest: 'flat', windows: [] };

describe('a monthly price table', () => {
	const tariff = shippedTariff('zhejiang_residential.2024', {
		tiers: null,
		seasons: [season],
		priceTable: [
			{ month: '2026-01', pricePerKwh: { flat: '0.735686' } },
			{
				month: '2026-02',
				pricePerKwh: { flat: '0.7' },
				components: [{ component: 'transmission', pricePerKwh: '0.2', inPowerFactorBase: true }]
			}
		]
	});
	const period = days('2026-01-31', '2026-02-02');
	const usage = point(
		period,
		series(period, () => 1000, { intervalMinutes: 60 })
	);

	// 24 × 0.735686 = 17.656464 -> 17.66; 24 × 0.5 = 12.00 and 24 × 0.2 = 4.80
	it('prices each month by its own row, with its own components', () => {
		expect(amounts(rated(ratingInput(tariff, period, [usage])))).toEqual({
			energy: 1766n,
			'energy.purchase@2026-02-01': 1200n,
			'transmission@2026-02-01': 480n
		});
	});

	it('a month that is not in the table is refused', () => {
		const later = days('2026-02-28', '2026-03-02');
		const result = rate(
			ratingInput(tariff, later, [
				point(
					later,
					series(later, () => 1)
				)
			])
		);
		expect(result).toEqual({
			ok: false,
			refusal: { code: 'NO_PRICE_FOR_MONTH', month: '2026-03', tariffCode: tariff.code }
		});
	});

	it('a row without a price for a period with hours is no tariff', () => {
		const windows = [{ period: 'valley', from: '22:00', to: '08:00' }];
		expect(() =>
			shippedTariff('zhejiang_residential.2024', {
				tiers: null,
				seasons: [{ ...season, windows }],
				priceTable: [{ month: '2026-01', pricePerKwh: { flat: '1' } }]
			})
		).toThrow('priceTable.0.pricePerKwh.valley: no price for a period with hours');
	});
});

describe('a real-time price series', () => {
	const tariff = shippedTariff('zhejiang_residential.2024', {
		tiers: null,
		seasons: [season],
		dynamic: { series: 'spot', factorPercent: 150, adderPerKwh: '0.1' }
	});
	const period = days('2026-01-05', '2026-01-06');
	const prices = (priceOf: (slot: number) => number | null, intervalMinutes = 60): PriceSeries[] => {
		const count = 1440 / intervalMinutes;
		const pricesE8 = Array.from({ length: count }, (_, slot) => priceOf(slot));
		const day: PriceDay = { localDate: period.start, intervalMinutes, pricesE8 };
		return [{ series: 'spot', days: [day] }];
	};
	const use = (at: Record<number, number>, intervalMinutes: 15 | 60 = 60) =>
		point(
			period,
			series(period, (_, slot) => at[slot] ?? 0, { intervalMinutes })
		);

	// (1 kWh × 0.40 + 2 kWh × −0.05) × 1.5 + 3 × 0.1 = 0.45 + 0.30 = 0.75
	it('each interval has its own price, negative ones too', () => {
		const input = ratingInput(tariff, period, [use({ 3: 1000, 5: 2000 })], {
			priceSeries: prices((slot) => (slot === 3 ? 40_000_000 : -5_000_000))
		});
		const result = rated(input);
		expect(amounts(result)).toEqual({ 'energy.dynamic': 75n });
		expect(result.lines[0]).toMatchObject({ quantityMilli: 3000, unitPriceE8: null });
	});

	it('a price of an hour holds for its quarter-hours', () => {
		const input = ratingInput(tariff, period, [use({ 12: 500, 15: 500, 16: 1000 }, 15)], {
			priceSeries: prices((slot) => (slot === 3 ? 40_000_000 : 0))
		});
		// 1 kWh × 0.40 × 1.5 + 2 × 0.1
		expect(rated(input).totalMinor).toBe(80n);
	});

	const refusal = { code: 'NO_PRICE_FOR_INTERVAL', date: '2026-01-05', series: 'spot' };
	it.each([
		['no series', []],
		['an hour without a price', prices((slot) => (slot === 3 ? null : 1))],
		['prices shorter than the intervals', prices(() => 1, 30)]
	])('%s: refused', (_, priceSeries) => {
		const input = ratingInput(tariff, period, [use({ 3: 1000 })], { priceSeries });
		expect(rate(input)).toEqual({ ok: false, refusal });
	});

	it('an hour without a price does no harm where nothing was used', () => {
		const priceSeries = prices((slot) => (slot === 3 ? null : 0));
		expect(rated(ratingInput(tariff, period, [use({ 4: 1000 })], { priceSeries })).totalMinor).toBe(10n);
	});

	it('registers and losses have no place in time: refused', () => {
		const registers = { importWh: 1, exportWh: null, laggingVarh: null, leadingVarh: null, demandW: null };
		const losses = {
			activeWhPerDay: 1,
			activePercentE2: 0,
			reactiveVarhPerDay: 0,
			reactivePercentE2: 0
		};
		const refused = {
			ok: false,
			refusal: { code: 'REGISTER_TOO_COARSE', servicePointId: 1, reason: 'price_series' }
		};
		const priceSeries = prices(() => 1);
		for (const parts of [{ registers }, { losses }]) {
			const usage = { ...use({ 4: 1000 }), ...parts };
			expect(rate(ratingInput(tariff, period, [usage], { priceSeries }))).toEqual(refused);
		}
	});

	it('has no tiers', () => {
		const tiers = {
			cycle: 'month',
			schedules: [
				{
					tiers: [
						{ fromKwh: '0', toKwh: '1', surchargePerKwh: '0' },
						{ fromKwh: '1', toKwh: null, surchargePerKwh: '1' }
					]
				}
			]
		};
		const document = { seasons: [season], dynamic: { series: 'spot' }, tiers };
		expect(() => shippedTariff('zhejiang_residential.2024', document)).toThrow(
			'tiers: a price series has no tiers'
		);
	});
});
