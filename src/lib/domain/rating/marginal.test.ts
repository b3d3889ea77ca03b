import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	days,
	HOME,
	month,
	PLANT,
	point,
	rated,
	ratingInput,
	series,
	shippedTariff,
	tariffJson,
	type QuantityAt
} from '../../../../tests/support/rating.ts';
import { cases, inputOf } from '../../../../tests/support/rating-cases.ts';
import type { Family } from '../../../../tests/support/tariff-cases.ts';
import { rateSlowly } from '../../../../tests/support/slow-rating/index.ts';
import { addDays, localDate, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { withFinerPrices } from '#lib/domain/tariffs/finer-prices.ts';
import type { Tariff } from '#lib/domain/tariffs/tariff.ts';
import { marginalPrices, type MarginalDay } from './marginal.ts';
import { rate } from './rate.ts';
import type { AccountFacts, RatingInput } from './types.ts';

const march = month('2026-03');
const DAY = localDate('2026-03-10');
const DEMO = 'hubei_two_part_1_10kv_demo.2026-01-demo';
/** Without a power-factor standard, so that the demand stands alone. */
const DEMAND_PLANT: AccountFacts = { ...PLANT, powerFactorStandard: null };

type Priced = Extract<MarginalDay, { readonly ok: true }>;

function priced(input: RatingInput, date: LocalDate = DAY): Priced {
	const day = marginalPrices(input, 1, date);
	if (!day.ok) throw new Error(JSON.stringify(day.refusal));
	return day;
}

/** Price and parts of an interval, as decimals of a currency unit. */
type Figures = Record<string, number> | null;

function at(input: RatingInput, slot: number, date: LocalDate = DAY): Figures {
	return atEach(input, [slot], date)[0] ?? null;
}

function atEach(input: RatingInput, slots: readonly number[], date: LocalDate = DAY): Figures[] {
	const { prices } = priced(input, date);
	return slots.map((slot) => {
		const price = prices[slot];
		if (price == null) return null;
		const figures: Record<string, number> = { price: Number(price.priceE8) / 1e8 };
		for (const [part, e8] of Object.entries(price.parts)) figures[part] = Number(e8) / 1e8;
		return figures;
	});
}

function homeInput(
	usedWh: number,
	quantityAt: QuantityAt = () => 100,
	changes: Record<string, unknown> = {}
) {
	return ratingInput(
		shippedTariff('zhejiang_residential_tou.2024', changes),
		march,
		[point(march, series(march, quantityAt))],
		{ carried: { tierCycle: { start: localDate('2026-01-01'), usedWh } } }
	);
}

/** A plant whose highest block is 1,000 kW at 12:00 on the 20th. */
function plantInput(quantityAt: QuantityAt, account: AccountFacts = DEMAND_PLANT): RatingInput {
	const highest: QuantityAt = (date, slot) =>
		date === '2026-03-20' && slot === 48 ? 250_000 : quantityAt(date, slot);
	return ratingInput(shippedTariff(DEMO), march, [point(march, series(march, highest))], { account });
}

describe('the price of one more kWh', () => {
	it('is the price of its time-of-use period, to the eighth decimal', () => {
		expect(atEach(homeInput(0), [31, 32, 88])).toEqual([
			{ price: 0.288, energy: 0.288 },
			{ price: 0.568, energy: 0.568 },
			{ price: 0.288, energy: 0.288 }
		]);
	});

	// 31 days of 9.6 kWh are 297.6 kWh; the second tier begins at 2,760 kWh.
	it.each([
		['far below the tier', 1_000_000, 0],
		['ending 1 kWh below it', 2_461_400, 0],
		['ending 0.4 kWh below it', 2_462_000, 0.6 * 0.05],
		['beyond it', 2_500_000, 0.05]
	])('%s has its part of the tier surcharge', (_, usedWh, tier_surcharge) => {
		const expected = tier_surcharge === 0 ? {} : { tier_surcharge };
		expect(at(homeInput(usedWh), 40)).toEqual({ price: 0.568 + tier_surcharge, energy: 0.568, ...expected });
	});

	it('in chronological tiers pays for what it pushes beyond the threshold', () => {
		const { tiers } = tariffJson('zhejiang_residential_tou.2024') as {
			tiers: { schedules: { tiers: object[] }[] };
		};
		const [first, second, third] = tiers.schedules[0]?.tiers ?? [];
		const byPeriod = { peak: '0.20', valley: '0.02' };
		const schedules = [
			{
				tiers: [
					first,
					{ ...second, surchargePerKwh: byPeriod },
					{ ...third, surchargePerKwh: { peak: '0.40', valley: '0.30' } }
				]
			}
		];
		const changes = { tiers: { ...tiers, attribution: 'chronological', schedules } };
		// 297.6 kWh carry 2,461.9 kWh to 0.5 kWh below the threshold: of the valley's last kWh one half passes it.
		const below = homeInput(2_461_900, () => 100, changes);
		expect(at(below, 40)).toEqual({ price: 0.578, energy: 0.568, tier_surcharge: 0.01 });
		// With 2,472 kWh carried, the threshold is passed on the last day at 21:00: one more kWh in the morning
		// pushes one of the peak over it, one at night is over it itself.
		const last = localDate('2026-03-31');
		const passed = homeInput(2_472_000 - 8_800 + 2_600, () => 100, changes);
		expect(atEach(passed, [8, 90], last)).toEqual([
			{ price: 0.488, energy: 0.288, tier_surcharge: 0.2 },
			{ price: 0.308, energy: 0.288, tier_surcharge: 0.02 }
		]);
	});

	describe('with a demand charge of 42 per kW, 1,000 kW being the maximum', () => {
		it.each([
			['in the block of the maximum: 4 kW', 250_000, { demand: 168 }],
			['1 kW below it: 3 kW', 249_750, { demand: 126 }],
			['4 kW below it: nothing', 249_000, {}],
			['far below it: nothing', 10_000, {}]
		])('%s', (_, wh, demand) => {
			const input = plantInput((date, slot) => (date === DAY && slot === 40 ? wh : 10_000));
			const energy = 0.651886;
			expect(atEach(input, [40, 41])).toEqual([
				{ price: energy + ((demand as { demand?: number }).demand ?? 0), energy, ...demand },
				{ price: energy, energy }
			]);
		});

		it('an estimated block pays its energy and sets no demand', () => {
			const usage = point(
				march,
				series(march, (_, slot) => (slot === 40 ? 250_000 : 10_000), {
					quality: (date, slot) => (date === DAY && slot === 40 ? 'estimated' : 'measured')
				})
			);
			const input = ratingInput(shippedTariff(DEMO), march, [usage], { account: DEMAND_PLANT });
			expect(at(input, 40)).toEqual({ price: 0.651886, energy: 0.651886 });
		});

		it('by capacity it has no part in it', () => {
			const input = plantInput(() => 250_000, { ...DEMAND_PLANT, demandBasis: 'capacity' });
			expect(at(input, 48)).toEqual({ price: 0.432924, energy: 0.432924 });
		});

		// The band ends at 105 % of the contract: 1,050 kW for 1,000, 1,008 kW for 960.
		it.each([
			['within 105 % of the contract', 1_000_000, {}],
			['4 kW into the over-run: twice the price', 952_380.952, { demand: 4 * 42 * 2 }]
		])('%s', (_, contractDemandW, demand) => {
			const account = { ...DEMAND_PLANT, demandBasis: 'contract_demand', contractDemandW } as const;
			const input = plantInput(() => 10_000, account);
			const { price, ...parts } = at(input, 48, localDate('2026-03-20')) ?? { price: 0 };
			expect(parts).toEqual({ energy: 0.432924, ...demand });
			expect(price).toBeCloseTo(0.432924 + ((demand as { demand?: number }).demand ?? 0), 8);
		});

		it('in 5-minute intervals raises the block that the three make', () => {
			const quantityAt: QuantityAt = (date, slot) =>
				date === DAY && slot >= 120 && slot < 123 ? 80_000 : 5_000;
			const usage = point(march, series(march, quantityAt, { intervalMinutes: 5 }));
			const input = ratingInput(shippedTariff(DEMO), march, [usage], { account: DEMAND_PLANT });
			expect(atEach(input, [119, 120, 122, 123]).map((figures) => figures?.['price'])).toEqual([
				0.651886, 168.651886, 168.651886, 0.651886
			]);
		});
	});

	it('that lifts the power factor over a step saves what the step is worth', () => {
		const period = days('2026-03-10', '2026-03-11');
		// 960 kWh with so much reactive energy that the factor is 0.8949…; with one kWh more it is 0.8951….
		const active = series(period, () => 10_000);
		const reactive = series(period, (_, slot) => (slot === 95 ? 478_711 - 95 * 4_986 : 4_986), {
			channel: 'reactive_import'
		});
		const input = ratingInput(shippedTariff(DEMO), period, [point(period, active, reactive)], {
			account: { ...PLANT, demandBasis: 'capacity' }
		});
		const { powerFactor } = rated(input).figures;
		expect(powerFactor).toMatchObject({ hundredths: 89, percentE2: 50 });
		expect(at(input, 40)?.['power_factor']).toBeCloseTo(-Number(powerFactor?.amountMinor) / 100, 1);
	});

	it('beside a fixed-share meter is its part at the price of the share, and the rest at that of the main', () => {
		const untimed = shippedTariff('zhejiang_residential.2024');
		const share = {
			id: 'untimed',
			name: null,
			part: { percentE4: 250_000 },
			tariffs: [{ period: march, tariff: untimed }]
		};
		const input = { ...homeInput(0), shares: [share] };
		expect(atEach(input, [40, 10])).toEqual([
			{ price: 0.5605, energy: 0.5605 },
			{ price: 0.3505, energy: 0.3505 }
		]);
	});

	it('under a minimum charge costs nothing', () => {
		const input = homeInput(0, () => 1, { minimum: { per: 'month', amount: '50' } });
		expect(at(input, 40)).toEqual({ price: 0, energy: 0.568, minimum: -0.568 });
	});

	it('with two-monthly reading counts the tiers of both months', () => {
		const tiers = {
			cycle: 'month',
			schedules: [
				{
					tiers: [
						{ fromKwh: '0', toKwh: '300', surchargePerKwh: '0' },
						{ fromKwh: '300', toKwh: null, surchargePerKwh: '0.1' }
					]
				}
			]
		};
		const both = days('2026-03-01', '2026-05-01');
		const tariff = shippedTariff('zhejiang_residential.2024', { tiers });
		const of = (wh: number) =>
			ratingInput(
				tariff,
				both,
				[
					point(
						both,
						series(both, () => wh)
					)
				],
				{ account: { ...HOME, readingMonths: 2 } }
			);
		// 61 days: 585.6 kWh stay below 600, 614.88 kWh do not.
		expect(at(of(100), 40)).toEqual({ price: 0.538, energy: 0.538 });
		expect(at(of(105), 40)).toEqual({ price: 0.638, energy: 0.538, tier_surcharge: 0.1 });
	});
});

describe('the day', () => {
	it.each([
		['23 hours', '2026-03-29', 92],
		['25 hours', '2026-10-25', 100]
	])('of %s has a price for each of its quarter-hours', (_, text, count) => {
		const date = localDate(text);
		const period = month(text.slice(0, 7));
		const timeZone = 'Europe/London';
		const usage = point(
			period,
			series(period, () => 100, { timeZone })
		);
		const input = ratingInput(shippedTariff('zhejiang_residential_tou.2024'), period, [usage], { timeZone });
		const { prices } = priced(input, date);
		expect(prices).toHaveLength(count);
		// The peak lasts from 08:00 to 22:00 by the wall clock.
		expect(prices.filter((price) => price?.priceE8 === 56_800_000n)).toHaveLength(56);
	});

	it('has none where a reading is missing', () => {
		const input = homeInput(0, (date, slot) => (date === DAY && slot === 7 ? null : 100));
		const { prices } = priced(input);
		expect(prices[7]).toBeNull();
		expect(prices.filter((price) => price === null)).toHaveLength(1);
	});

	it.each([
		['that was not read', march, 'active_import', localDate('2026-03-12'), 'DAY_NOT_READ'],
		['of a point that only feeds in', march, 'active_export', DAY, 'DAY_NOT_READ'],
		['outside the bill', march, 'active_import', localDate('2026-04-01'), 'DAY_NOT_READ']
	] as const)('%s is refused', (_, period, channel, date, code) => {
		const read = series(period, () => 100, { channel }).filter(({ localDate: day }) => day !== '2026-03-12');
		const input = ratingInput(shippedTariff('zhejiang_residential.2024'), period, [point(period, read)]);
		expect(marginalPrices(input, 1, date)).toMatchObject({ ok: false, refusal: { code } });
	});

	it('of a point billed by registers is refused, and so is what cannot be rated', () => {
		const input = homeInput(0);
		const registers = { importWh: { peak: 200_000, valley: 100_000 }, exportWh: null };
		const none = { laggingVarh: null, leadingVarh: null, demandW: null };
		const usage = input.usage.map((one) => ({ ...one, registers: { ...registers, ...none } }));
		expect(marginalPrices({ ...input, usage }, 1, DAY)).toMatchObject({
			refusal: { code: 'BILLED_BY_REGISTERS' }
		});
		expect(marginalPrices({ ...input, tariffs: [] }, 1, DAY)).toMatchObject({
			refusal: { code: 'NO_TARIFF' }
		});
	});
});

const ALL: Family = { tiers: true, components: true, demand: true, charges: true, priceTable: true };
const PLAIN: Family = { ...ALL, demand: false, priceTable: false };
const FINER = 1_000_000n;

/** One kWh more in one interval. */
function raised(input: RatingInput, date: LocalDate, slot: number): RatingInput {
	const usage = input.usage.map((one) => {
		if (one.servicePointId !== 1) return one;
		const readings = one.days.map((day) => {
			if (day.channel !== 'active_import' || day.localDate !== date) return day;
			return { ...day, quantities: day.quantities.map((wh, place) => (place === slot ? wh + 1000 : wh)) };
		});
		return { ...one, days: readings };
	});
	return { ...input, usage };
}

function withFineTariffs(input: RatingInput): RatingInput {
	const fine = new Map<Tariff, Tariff>();
	for (const { tariff } of input.tariffs) fine.set(tariff, withFinerPrices(tariff, FINER));
	const tariffs = input.tariffs.map((span) => ({ ...span, tariff: fine.get(span.tariff) ?? span.tariff }));
	return { ...input, tariffs };
}

function totalOf(input: RatingInput): bigint | null {
	const result = rate(input);
	return result.ok ? result.totalMinor : null;
}

describe('of generated bills', () => {
	const families: [string, Family, number][] = [
		['tiers and charges', PLAIN, 30],
		['demand and all else', ALL, 10]
	];
	/** A bill of at most two days, one of them, and a place in it. */
	const days = (family: Family) => fc.tuple(cases(family), fc.boolean(), fc.integer({ min: 0, max: 10 }));

	it.each(families)('with %s: it is that of the interval rated by itself', (_, family, numRuns) => {
		expect.hasAssertions();
		fc.assert(
			fc.property(days(family), ([one, isLast, place]) => {
				const input = inputOf({ ...one, days: Math.min(one.days, 2) });
				const date = isLast ? addDays(input.period.end, -1) : input.period.start;
				const day = marginalPrices(input, 1, date);
				const fine = withFineTariffs(input);
				const without = totalOf(fine);
				expect(day.ok).toBe(without !== null);
				if (!day.ok || without === null) return;
				for (let slot = place; slot < day.prices.length; slot += 11) {
					const price = day.prices[slot];
					if (price == null) continue;
					const alone = (totalOf(raised(fine, date, slot)) ?? 0n) - without;
					expect([slot, price.priceE8]).toEqual([slot, alone]);
					expect(Object.values(price.parts).reduce((sum, part) => sum + part, 0n)).toBe(alone);
				}
			}),
			{ numRuns, seed: 20_260_103 }
		);
	});

	it.each(families)(
		'with %s: it is what the slow second rating says, to its rounding',
		(_, family, numRuns) => {
			expect.hasAssertions();
			fc.assert(
				fc.property(days(family), ([one, isLast, place]) => {
					const input = inputOf({ ...one, days: Math.min(one.days, 2) });
					const date = isLast ? addDays(input.period.end, -1) : input.period.start;
					const day = marginalPrices(input, 1, date);
					if (!day.ok) return;
					const slot = place * 2;
					const price = day.prices[slot];
					const [withIt, without] = [rateSlowly(raised(input, date, slot)), rateSlowly(input)];
					if (price == null || 'refused' in withIt || 'refused' in without) return;
					const slowMinor = Number(withIt.totalMinor - without.totalMinor);
					// Half a unit for each line of both bills, which percentages may double.
					const rounding = withIt.lines.length + without.lines.length;
					expect(Math.abs(Number(price.priceE8) / 1e6 - slowMinor)).toBeLessThanOrEqual(rounding);
				}),
				{ numRuns, seed: 20_260_104 }
			);
		}
	);
});
