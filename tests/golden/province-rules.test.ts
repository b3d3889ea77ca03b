import { describe, expect, it } from 'vitest';
import type { DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import type { ByPeriod, PointUsage, RatingInput } from '#lib/domain/rating/types.ts';
import type { Tariff } from '#lib/domain/tariffs/tariff.ts';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import {
	amounts,
	days,
	HOME,
	month,
	PLANT,
	point,
	rated,
	ratingInput,
	shippedTariff,
	tariffJson
} from '../support/rating.ts';

/** A bill of printed quantities. */
function bill(
	tariff: Tariff,
	period: DatePeriod,
	importWh: ByPeriod,
	parts: Partial<RatingInput> = {},
	registers: Partial<PointUsage['registers']> = {}
) {
	const none = { exportWh: null, laggingVarh: null, leadingVarh: null, demandW: null };
	const usage = { ...point(period), registers: { ...none, ...registers, importWh } };
	return rated(ratingInput(tariff, period, [usage], parts));
}

const used = (kwh: number) => ({
	carried: { tierCycle: { start: localDate('2026-01-01'), usedWh: kwh * 1000 } }
});

/** A tier with prices, as the published matrices print them. */
const tier = (fromKwh: string, toKwh: string | null, pricePerKwh: unknown) => ({
	fromKwh,
	toKwh,
	pricePerKwh
});

/*
 * Source: the Zhejiang table (one meter per home, below 1 kV): peak 0.568 / 0.618 / 0.868, valley
 * 0.288 / 0.338 / 0.588 up to 2,760, 4,800 and above. In the third tier from 4,800 kWh on:
 * 100 × 0.868 = 86.80; 50 × 0.588 = 29.40; together 116.20. In the second: 100 × 0.618 + 50 × 0.338 = 78.70.
 */
describe('the full price matrix of Zhejiang', () => {
	const matrix = shippedTariff('zhejiang_residential_tou.2024', {
		tiers: {
			cycle: 'year',
			lines: 'by_tier',
			schedules: [
				{
					tiers: [
						tier('0', '2760', { peak: '0.568', valley: '0.288' }),
						tier('2760', '4800', { peak: '0.618', valley: '0.338' }),
						tier('4800', null, { peak: '0.868', valley: '0.588' })
					]
				}
			]
		}
	});
	const surcharges = shippedTariff('zhejiang_residential_tou.2024');
	const quantities = { peak: 100_000, valley: 50_000 };

	it.each([
		[0, 7120n],
		[2760, 7870n],
		[4800, 11_620n]
	])('after %i kWh the matrix and the surcharges come to the same', (before, total) => {
		for (const tariff of [matrix, surcharges]) {
			expect(bill(tariff, month('2026-06'), quantities, used(before)).totalMinor).toBe(total);
		}
	});

	it('prints the prices of the matrix', () => {
		const { lines } = bill(matrix, month('2026-06'), quantities, used(4800));
		expect(lines.flatMap(({ tier: of, unitPriceE8 }) => (of === 3 ? [unitPriceE8] : []))).toEqual([
			86_800_000n,
			58_800_000n
		]);
	});
});

/*
 * Source: 鲁发改价格〔2022〕158号, printed matrix: third tier peak 0.8769; valley 0.6769, in the heating season
 * 0.6469; second tier in the heating season 0.6269 and 0.3969.
 */
describe('the printed upper tiers of Shandong', () => {
	const tariff = shippedTariff('shandong_residential_tou.2022-05-01');
	const whole = { peak: 1_000_000, valley: 1_000_000 };

	it.each([
		// 1,000 kWh each, so that the rows add up to the price itself
		['third tier in June', '2026-06', 4800, 87_690n + 67_690n],
		['third tier in December', '2026-12', 4800, 87_690n + 64_690n],
		['second tier in February', '2026-02', 2520, 62_690n + 39_690n]
	])('%s', (_, at, before, total) => {
		expect(bill(tariff, month(at), whole, used(before)).totalMinor).toBe(total);
	});
});

/*
 * Source: Sichuan (prices as printed 2019-2024), monthly 180 and 280 kWh: 0.5224; dry 0.6224 and 0.8224; wet
 * season June to October 0.4724 (cheaper than the first tier) and 0.6224. Valley 23-7, wet 0.175 / 0.275 / 0.375.
 */
describe('Sichuan, where the second tier costs less in the wet season', () => {
	const wet = [6, 7, 8, 9, 10];
	const dry = [11, 12, 1, 2, 3, 4, 5];
	const prices = (second: string, third: string) => [
		tier('0', '180', '0.5224'),
		tier('180', '280', second),
		tier('280', null, third)
	];
	const tiersOf = (extra = {}) => ({
		cycle: 'month',
		schedules: [
			{ months: wet, tiers: prices('0.4724', '0.6224') },
			{ months: dry, tiers: prices('0.6224', '0.8224') }
		],
		...extra
	});
	const flat = (extra = {}) =>
		shippedTariff('zhejiang_residential.2024', {
			seasons: [{ id: 'all', rest: 'flat', windows: [], pricePerKwh: { flat: '0.5224' } }],
			tiers: tiersOf(extra)
		});

	// 180 × 0.5224 = 94.032; 100 × 0.4724 = 47.24; 20 × 0.6224 = 12.448
	it('300 kWh in July', () => {
		expect(amounts(bill(flat({ lines: 'by_tier' }), month('2026-07'), 300_000))).toEqual({
			'energy.tier1': 9403n,
			'energy.tier2': 4724n,
			'energy.tier3': 1245n
		});
	});

	// 300 × 0.5224 = 156.72; 100 × −0.05 = −5.00; 20 × 0.10 = 2.00
	it('the same as surcharges, one of them negative', () => {
		expect(amounts(bill(flat(), month('2026-07'), 300_000))).toEqual({
			energy: 15_672n,
			'energy.tier2_surcharge': -500n,
			'energy.tier3_surcharge': 200n
		});
	});

	// 156.72 + 100 × 0.10 + 20 × 0.30
	it('300 kWh in December', () => {
		expect(bill(flat(), month('2026-12'), 300_000).totalMinor).toBe(15_672n + 1000n + 600n);
	});

	/*
	 * 200 kWh flat and 100 kWh valley in July: a third lies in the second tier, a fifteenth in the third.
	 * 200 × 0.5224 = 104.48; 100 × 0.175 = 17.50; 66.667 × −0.05 = −3.33; 33.333 × 0.10 = 3.33;
	 * 13.333 × 0.10 = 1.33; 6.667 × 0.20 = 1.33
	 */
	it('with valley prices each period has its share of every tier', () => {
		const valley = [{ period: 'valley', from: '23:00', to: '07:00' }];
		const tariff = shippedTariff('zhejiang_residential.2024', {
			seasons: [
				{
					id: 'wet',
					months: wet,
					rest: 'flat',
					windows: valley,
					pricePerKwh: { flat: '0.5224', valley: '0.175' }
				},
				{
					id: 'dry',
					months: dry,
					rest: 'flat',
					windows: valley,
					pricePerKwh: { flat: '0.5224', valley: '0.2535' }
				}
			],
			tiers: {
				cycle: 'month',
				schedules: [
					{
						months: wet,
						tiers: [
							tier('0', '180', { flat: '0.5224', valley: '0.175' }),
							tier('180', '280', { flat: '0.4724', valley: '0.275' }),
							tier('280', null, { flat: '0.6224', valley: '0.375' })
						]
					},
					{
						months: dry,
						tiers: [
							tier('0', '180', { flat: '0.5224', valley: '0.2535' }),
							tier('180', '280', { flat: '0.6224', valley: '0.3535' }),
							tier('280', null, { flat: '0.8224', valley: '0.4535' })
						]
					}
				]
			}
		});
		expect(amounts(bill(tariff, month('2026-07'), { flat: 200_000, valley: 100_000 }))).toEqual({
			'energy.flat': 10_448n,
			'energy.valley': 1750n,
			'energy.tier2_surcharge.flat': -333n,
			'energy.tier2_surcharge.valley': 333n,
			'energy.tier3_surcharge.flat': 133n,
			'energy.tier3_surcharge.valley': 133n
		});
	});
});

/*
 * Source: Guangdong, 0.61 / 0.66 / 0.91; May to October 260 and 600 kWh a month, else 200 and 400; read every
 * two months the widths double: 520 and 1,200, 400 and 800; over the change of season one month of each: 460
 * and 1,000.
 */
describe('two-monthly reading in Guangdong', () => {
	const steps = (first: string, second: string) => [
		tier('0', first, '0.61'),
		tier(first, second, '0.66'),
		tier(second, null, '0.91')
	];
	const tariff = shippedTariff('zhejiang_residential.2024', {
		seasons: [{ id: 'all', rest: 'flat', windows: [], pricePerKwh: { flat: '0.61' } }],
		tiers: {
			cycle: 'month',
			schedules: [
				{ months: [5, 6, 7, 8, 9, 10], tiers: steps('260', '600') },
				{ months: [11, 12, 1, 2, 3, 4], tiers: steps('200', '400') }
			]
		}
	});

	it.each([
		// 1,300 × 0.61 = 793.00; 680 × 0.05 = 34.00; 100 × 0.30 = 30.00
		['two summer months', '2026-06-01', '2026-08-01', 1300, 85_700n],
		// 900 × 0.61 = 549.00; 400 × 0.05 = 20.00; 100 × 0.30 = 30.00
		['two winter months', '2026-01-01', '2026-03-01', 900, 59_900n],
		// 1,100 × 0.61 = 671.00; 540 × 0.05 = 27.00; 100 × 0.30 = 30.00
		['April and May', '2026-04-01', '2026-06-01', 1100, 72_800n],
		['October and November', '2026-10-01', '2026-12-01', 1100, 72_800n],
		['read on the tenth', '2026-06-10', '2026-08-10', 1300, 85_700n]
	])('%s', (_, from, to, kwh, total) => {
		const account = { ...HOME, readingMonths: 2 as const };
		expect(bill(tariff, days(from, to), kwh * 1000, { account }).totalMinor).toBe(total);
	});
});

/*
 * Source: the rule of contract demand (合同最大需量): contract 1,000 kW, Hubei January 2026, 42.0 per kW. The words
 * "the part above 105 % doubled" have two readings; at 1,100 kW, 50 kW lie above the band of 1,050:
 * (a) 1,000 + 2 × 50 = 1,100 kW × 42.0 = 46,200; (b) 1,050 + 2 × 50 = 1,150 kW × 42.0 = 48,300.
 */
describe('contract demand, both readings of the rule', () => {
	const json = tariffJson('hubei_two_part_1_10kv.2026-01');
	const demand = json['demand'] as { contract: object };
	const tariff = (overrunFormula: string) =>
		shippedTariff('hubei_two_part_1_10kv.2026-01', {
			demand: { ...demand, contract: { ...demand.contract, overrunFormula } }
		});
	const chargedFor = (overrunFormula: string, demandW: number, contractedCapacityVa = 2_000_000) => {
		const account = {
			...PLANT,
			contractedCapacityVa,
			powerFactorStandard: null,
			demandBasis: 'contract_demand' as const,
			contractDemandW: 1_000_000
		};
		const { figures } = bill(
			tariff(overrunFormula),
			month('2026-01'),
			{ flat: 1_000_000 },
			{ account },
			{ demandW }
		);
		return figures.demand?.amountMinor;
	};

	it.each([
		['far below', 100_000, 4_200_000n, 4_200_000n],
		['at 105 %', 1_050_000, 4_200_000n, 4_200_000n],
		['above it', 1_100_000, 4_620_000n, 4_830_000n],
		// 0.000001 kW above the band costs nothing by (a); by (b) the band itself: 44,100
		['a hair above it', 1_050_000.001, 4_200_000n, 4_410_000n]
	])('%s', (_, demandW, contract, band) => {
		expect(chargedFor('contract', demandW)).toBe(contract);
		expect(chargedFor('band', demandW)).toBe(band);
	});

	it('a contract below 40 % of the capacity counts as 40 %: 3,000 kVA, 1,200 kW', () => {
		expect(chargedFor('contract', 500_000, 3_000_000)).toBe(5_040_000n);
	});
});

/*
 * Source: table of (83)水电财字第215号. 10,000 kWh at 0.10 make a base of 1,000.00, so that a percentage reads as
 * yuan: rows just inside their printed bounds of Q/P, which are rounded to four decimals (0.4108 for 0.41079).
 */
describe('power factor at the bounds of the printed rows', () => {
	const tariff = shippedTariff('zhejiang_residential.2024', {
		tiers: null,
		seasons: [{ id: 'all', rest: 'flat', windows: [], pricePerKwh: { flat: '0.1' } }],
		powerFactor: tariffJson('hubei_two_part_1_10kv.2026-01')['powerFactor']
	});
	const adjustment = (standard: string, kvarh: number) => {
		const account = { ...HOME, powerFactorStandard: standard };
		const registers = { laggingVarh: kvarh * 1000 };
		return amounts(bill(tariff, month('2026-01'), 10_000_000, { account }, registers))['power_factor'];
	};

	it.each([
		['1.00', 1004, -750n, -1100n, -1300n],
		['0.95, last', 3461, -750n, -1100n, -1300n],
		['0.94, first', 3462, -600n, -1100n, -1300n],
		['0.93, last', 4107, -450n, -950n, -1300n],
		['0.90, last', 4983, 0n, -500n, -1000n],
		['0.89, first', 4985, 500n, -400n, -900n],
		['0.66, last', 11_536, 14_000n, 9500n, 7000n],
		['0.65, first', 11_537, 15_000n, 10_000n, 7500n],
		['0.59, last', 13_863, 27_000n, 17_000n, 11_000n],
		// Q/P 3: 1 / √10 = 0.3162
		['0.32', 30_000, 81_000n, 71_000n, 61_000n]
	])('%s', (_, kvarh, std90, std85, std80) => {
		expect(['0.90', '0.85', '0.80'].map((standard) => adjustment(standard, kvarh))).toEqual([
			std90,
			std85,
			std80
		]);
	});
});

/*
 * Source: Zhejiang, 一户多人口 applied for in October: 3 × 100 kWh for the rest of the year, 1,200 in the next; the
 * second tier keeps its width. 3,100 kWh up to October's end, 100 kWh in November: all of it above 3,060.
 */
describe('a large household in Zhejiang', () => {
	const tariff = shippedTariff('zhejiang_residential.2024', {
		tiers: {
			...(tariffJson('zhejiang_residential.2024')['tiers'] as object),
			largeHousehold: { fromPersons: 5, extraKwhPerMonth: '100' }
		}
	});
	const account = {
		...HOME,
		largeHousehold: { persons: 5, from: '2026-10' as const }
	} as RatingInput['account'];

	// 100 × 0.588 with and without; 40 kWh up to 3,060 at 0.538 = 21.52 and 60 × 0.588 = 35.28
	it('pays the second price above 3,060 kWh', () => {
		expect(bill(tariff, month('2026-11'), 100_000, { account, ...used(3100) }).totalMinor).toBe(5880n);
		expect(bill(tariff, month('2026-11'), 100_000, { account, ...used(3020) }).totalMinor).toBe(
			2152n + 3528n
		);
		expect(bill(tariff, month('2026-11'), 100_000, used(3020)).totalMinor).toBe(5880n);
	});
});
