import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import type { Charge } from '#lib/domain/rating/types.ts';
import { averagePriceE8, changeFromPrevious, type ComparedBill } from './change.ts';

const january = { start: localDate('2026-01-01'), end: localDate('2026-02-01') };

type Amounts = Partial<Record<Charge, bigint>>;

function bill(days: number, energyWh: number, amounts: Amounts): ComparedBill {
	const lines = Object.entries(amounts).map(([charge, amountMinor]) => ({
		charge: charge as Charge,
		amountMinor,
		quantityMilli: 1000,
		unit: 'kWh' as const,
		period: january
	}));
	return {
		days,
		energyWh,
		totalMinor: lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
		lines,
		figures: { tiers: null, powerFactor: null }
	};
}

const kinds = (one: ComparedBill, before: ComparedBill) =>
	changeFromPrevious(one, before).causes.map(({ kind, effectMinor }) => [kind, effectMinor]);

describe('what differs from the previous bill', () => {
	it('nothing', () => {
		const same = bill(30, 300_000, { energy: 16_140n });
		expect(changeFromPrevious(same, same)).toEqual({ differenceMinor: 0n, causes: [] });
	});

	it('one day more at the same daily use and price is days alone', () => {
		// 300 kWh in 30 days for 161.40; 310 kWh in 31 days for 166.78: 5.38 of a day.
		expect(kinds(bill(31, 310_000, { energy: 16_678n }), bill(30, 300_000, { energy: 16_140n }))).toEqual([
			['days', 538n]
		]);
	});

	it('more use per day is volume, and its size in Wh per day is stated', () => {
		const change = changeFromPrevious(
			bill(30, 600_000, { energy: 32_280n }),
			bill(30, 300_000, { energy: 16_140n })
		);
		expect(change.causes).toEqual([
			{ kind: 'volume', effectMinor: 16_140n, fromWhPerDay: 10_000, toWhPerDay: 20_000 }
		]);
	});

	it('the same use for another amount is price', () => {
		expect(kinds(bill(30, 300_000, { energy: 17_040n }), bill(30, 300_000, { energy: 16_140n }))).toEqual([
			['price', 900n]
		]);
	});

	it('the largest cause comes first', () => {
		expect(
			kinds(
				bill(30, 300_000, {
					energy: 16_140n,
					tier_surcharge: 1500n,
					actual_demand: 9000n,
					power_factor: -100n
				}),
				bill(30, 300_000, { energy: 16_140n, actual_demand: 12_000n })
			)
		).toEqual([
			['demand', -3000n],
			['tier', 1500n],
			['power_factor', -100n]
		]);
	});

	it('a price change within the month does not add up the demand of its parts', () => {
		const line = (charge: Charge, from: string, to: string, amountMinor: bigint, quantityMilli: number) => ({
			charge,
			amountMinor,
			quantityMilli,
			unit: 'kW' as const,
			period: { start: localDate(from), end: localDate(to) }
		});
		const demandBill = (...lines: ComparedBill['lines'][number][]): ComparedBill => ({
			...bill(31, 300_000, {}),
			totalMinor: lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
			lines
		});
		const whole = demandBill(
			line('contract_demand', '2026-01-01', '2026-02-01', 420_000n, 100_000),
			line('demand_overrun', '2026-01-01', '2026-02-01', 84_000n, 10_000)
		);
		const split = demandBill(
			line('contract_demand', '2026-01-01', '2026-01-16', 200_000n, 100_000),
			line('contract_demand', '2026-01-16', '2026-02-01', 230_000n, 100_000)
		);
		expect(changeFromPrevious(split, whole).causes).toEqual([
			{ kind: 'demand', effectMinor: -74_000n, from: 110_000, to: 100_000, unit: 'kW' }
		]);
	});

	it('after a month without use everything is volume', () => {
		expect(kinds(bill(30, 10_000, { energy: 538n }), bill(31, 0, {}))).toEqual([['volume', 538n]]);
	});

	it('the causes always sum to the difference', () => {
		const money = fc.bigInt({ min: 0n, max: 10_000_000n });
		const any = fc
			.tuple(fc.integer({ min: 1, max: 62 }), fc.integer({ min: 0, max: 1e10 }), money, money, money)
			.map(([days, wh, energy, tier, demand]) =>
				bill(days, wh, { energy: wh === 0 ? 0n : energy, tier_surcharge: tier, actual_demand: demand })
			);
		fc.assert(
			fc.property(any, any, (one, before) => {
				const { differenceMinor, causes } = changeFromPrevious(one, before);
				expect(causes.reduce((sum, { effectMinor }) => sum + effectMinor, 0n)).toBe(differenceMinor);
			})
		);
	});
});

describe('average price', () => {
	it('is total over energy, unknown without energy', () => {
		expect(averagePriceE8(16_140n, 300_000)).toBe(53_800_000n);
		expect(averagePriceE8(16_140n, 0)).toBeNull();
	});
});
