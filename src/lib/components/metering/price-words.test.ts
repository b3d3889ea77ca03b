import { describe, expect, it } from 'vitest';
import type { DayPrices } from '#lib/domain/billing/day-prices.ts';
import type { MarginalPrice } from '#lib/domain/rating/marginal.ts';
import { overwriteGetLocale } from '#lib/i18n/paraglide/runtime.js';
import { priceView } from './price-words.ts';

overwriteGetLocale(() => 'en');

const HOURS = Array.from({ length: 24 }, (_, hour) => hour * 60);
const DAY = {
	wallMinutes: HOURS,
	periods: [
		{ startSlot: 0, endSlot: 8, period: 'valley' },
		{ startSlot: 8, endSlot: 24, period: 'peak' }
	]
} as const;
const energy = (priceE8: bigint): MarginalPrice => ({ priceE8, parts: { energy: priceE8 } });
const usual = (hour: number) => energy(hour < 8 ? 28_800_000n : 56_800_000n);

function pricesOf(at: (hour: number) => MarginalPrice | null): DayPrices {
	return {
		ok: true,
		billNo: null,
		currency: 'CNY',
		intervalMinutes: 60,
		prices: HOURS.map((_, hour) => at(hour))
	};
}

describe('the prices of a day', () => {
	it('are said with when they are lowest and highest', () => {
		const view = priceView(DAY, pricesOf(usual));
		expect(view.top).toBe(0.568);
		expect(view.above).toEqual([]);
		expect(view.texts[8]).toBe('1 more kWh: ¥0.568/kWh');
		expect(view.sentences).toEqual([
			'One more kWh would have cost least at 00:00–08:00 (Valley): ¥0.288/kWh.',
			'It would have cost most at 08:00–24:00 (Peak): ¥0.568/kWh.'
		]);
	});

	it('name what lies above the scale, and why', () => {
		const peak = { priceE8: 16_856_800_000n, parts: { energy: 56_800_000n, demand: 16_800_000_000n } };
		const view = priceView(
			DAY,
			pricesOf((hour) => (hour === 10 ? peak : usual(hour)))
		);
		expect(view.top).toBe(0.568);
		expect(view.values[10]).toBe(168.568);
		expect(view.texts[10]).toBe('1 more kWh: ¥168.57/kWh (energy ¥0.568/kWh, demand ¥168.00/kWh)');
		expect(view.above).toEqual([
			'10:00–11:00: ¥168.57/kWh, because it would have raised the month’s maximum demand'
		]);
	});

	it('that are all the same are one sentence, and unknown ones stay unknown', () => {
		const view = priceView(
			DAY,
			pricesOf((hour) => (hour === 3 ? null : energy(53_800_000n)))
		);
		expect(view.sentences).toEqual(['One more kWh would have cost ¥0.538/kWh at any time of the day.']);
		expect([view.values[3], view.figures[3], view.texts[3]]).toEqual([null, null, null]);
	});

	it.each([
		['refused', { ok: false, refusal: { code: 'EARLIER_MONTH_NOT_BILLED' } }, /no bill yet/],
		['of other intervals than the curve', { ...pricesOf(usual), prices: [null] }, /other intervals/],
		['of which none is known', pricesOf(() => null), /no readings/]
	] as const)('%s are refused in words', (_, prices, words) => {
		const view = priceView(DAY, prices);
		expect(view.refusal).toMatch(words);
		expect(view.sentences).toEqual([view.refusal]);
		expect(view.values).toEqual([]);
	});
});
