import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cases, inputOf } from '../../../../tests/support/rating-cases.ts';
import { shippedTariff } from '../../../../tests/support/rating.ts';
import { rate } from '#lib/domain/rating/rate.ts';
import { withFinerPrices } from './finer-prices.ts';

const FINER = 1_000_000n;

describe('a tariff with finer prices', () => {
	it('has every price times the factor, and thresholds and percentages as they were', () => {
		const tariff = shippedTariff('zhejiang_residential_tou.2024', {
			charges: [{ kind: 'percent', id: 'tax', name: { 'zh-CN': '税', en: 'Tax' }, percent: '9' }],
			minimum: { per: 'month', amount: '5' }
		});
		const finer = withFinerPrices(tariff, FINER);
		expect(finer.seasons[0]?.priceE8).toEqual({ peak: 56_800_000_000_000n, valley: 28_800_000_000_000n });
		expect(finer.tiers?.schedules[0]?.tiers[1]).toMatchObject({
			fromWh: 2_760_000,
			toWh: 4_800_000,
			surchargeE8: { peak: 5_000_000_000_000n, valley: 5_000_000_000_000n }
		});
		expect(finer.minimum?.amountE8).toBe(500_000_000n * FINER);
		expect(finer.charges).toEqual(tariff.charges);
	});

	it('rates to the same total, but for the rounding of its lines', { timeout: 120_000 }, () => {
		expect.hasAssertions();
		const family = { tiers: true, components: true, demand: true, charges: true, priceTable: true };
		fc.assert(
			fc.property(cases(family), (one) => {
				const input = inputOf({ ...one, days: Math.min(one.days, 2) });
				const fineTariffs = new Map(
					input.tariffs.map(({ tariff }) => [tariff, withFinerPrices(tariff, FINER)])
				);
				const tariffs = input.tariffs.map((span) => ({
					...span,
					tariff: fineTariffs.get(span.tariff) ?? span.tariff
				}));
				const [real, fine] = [rate(input), rate({ ...input, tariffs })];
				expect(fine.ok).toBe(real.ok);
				if (!real.ok || !fine.ok) return;
				expect(fine.lines.map(({ reference }) => reference)).toEqual(
					real.lines.map(({ reference }) => reference)
				);
				// Half a unit a line, which percentages may double.
				const distance = Math.abs(Number(fine.totalMinor) / Number(FINER) - Number(real.totalMinor));
				expect(distance).toBeLessThanOrEqual(real.lines.length);
			}),
			{ numRuns: 80, seed: 20_260_105 }
		);
	});
});
