import { describe, expect, it } from 'vitest';
import {
	amounts,
	days,
	HOME,
	month,
	point,
	rated,
	ratingInput,
	series,
	shippedTariff
} from '../../../../tests/support/rating.ts';
import { localDate, type DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import type { Tariff } from '#lib/domain/tariffs/tariff.ts';
import { rate } from './rate.ts';
import type { PointUsage, RatingInput } from './types.ts';

const FLAT = 'zhejiang_residential.2024';
const TIMED = 'zhejiang_residential_tou.2024';

/** Tiers at 100 and 200 kWh, + 0.05 and + 0.30, unless said otherwise. */
function steps(widths = ['100', '200'], surcharges: unknown[] = ['0.05', '0.30']) {
	return [
		{ fromKwh: '0', toKwh: widths[0], surchargePerKwh: '0' },
		{ fromKwh: widths[0], toKwh: widths[1], surchargePerKwh: surcharges[0] },
		{ fromKwh: widths[1], toKwh: null, surchargePerKwh: surcharges[1] }
	];
}

function tiered(tiers: Record<string, unknown>, file = FLAT, changes = {}): Tariff {
	return shippedTariff(file, {
		tiers: { cycle: 'month', schedules: [{ tiers: steps() }], ...tiers },
		...changes
	});
}

/** A meter of which only the register is known. */
function register(period: DatePeriod, kwh: number, demandW: number | null = null): PointUsage {
	const quantities = { exportWh: null, laggingVarh: null, leadingVarh: null, demandW };
	return { ...point(period), registers: { importWh: kwh * 1000, ...quantities } };
}

/** So many kWh in the first hour of some days, nothing else. */
function hourOn(period: DatePeriod, kwhOn: Record<string, number>): PointUsage {
	const usage = series(period, (date, slot) => (slot === 0 ? (kwhOn[date] ?? 0) * 1000 : 0), {
		intervalMinutes: 60
	});
	return point(period, usage);
}

function tierWh(input: RatingInput): (number | undefined)[] {
	return rated(input).figures.tiers?.tiers.map(({ energyWh }) => energyWh) ?? [];
}

describe('when tiers start again', () => {
	const period = days('2026-04-25', '2026-05-06');
	const usage = hourOn(period, { '2026-04-26': 150, '2026-05-02': 150 });

	it('monthly tiers on the first of the month, inside a bill; what the month had before is carried in', () => {
		const carried = { tierCycle: { start: localDate('2026-04-01'), usedWh: 30_000 } };
		const result = rated(ratingInput(tiered({}), period, [usage], { carried }));
		// April: 30 before, so 80 kWh above 100; May: 50 kWh. 80 × 0.05 = 4.00; 50 × 0.05 = 2.50
		expect(amounts(result)).toMatchObject({
			'energy.tier2_surcharge': 400n,
			'energy.tier2_surcharge@2026-05-01': 250n
		});
		expect(result.carried.tierCycle).toEqual({ start: '2026-05-01', usedWh: 150_000 });
	});

	it('tiers of the bill with the bill, whatever was carried', () => {
		const carried = { tierCycle: { start: localDate('2026-04-01'), usedWh: 30_000 } };
		const result = rated(ratingInput(tiered({ cycle: 'bill' }), period, [usage], { carried }));
		// 300 kWh: 100 × 0.05 and 100 × 0.30
		expect(amounts(result)).toMatchObject({
			'energy.tier2_surcharge': 500n,
			'energy.tier3_surcharge': 3000n
		});
	});

	it('a cycle that began before the first bill is unknown, and the bill says so', () => {
		const { warnings } = rated(ratingInput(tiered({}), period, [usage]));
		expect(warnings).toEqual([{ code: 'TIER_USE_BEFORE_UNKNOWN', cycleStart: '2026-04-01' }]);
	});
});

/* The design that fits Shanghai's table (沪发改价管(2012)020号): peak + 0.06 and + 0.36, valley + 0.03 and + 0.18. */
describe('surcharges that differ by period', () => {
	const surcharges = [
		{ peak: '0.06', valley: '0.03' },
		{ peak: '0.36', valley: '0.18' }
	];
	const period = month('2026-06');
	// First 120 kWh in valley hours, then 60 kWh in peak hours: 180 kWh, 80 of them above 100.
	const usage = point(
		period,
		series(
			period,
			(date, slot) => {
				if (date === '2026-06-01' && slot < 6) return 20_000;
				return date === '2026-06-02' && slot >= 8 && slot < 14 ? 10_000 : 0;
			},
			{ intervalMinutes: 60 }
		)
	);
	const surchargesOf = (attribution: string) => {
		const tariff = tiered({ attribution, schedules: [{ tiers: steps(undefined, surcharges) }] }, TIMED);
		const { lines } = rated(ratingInput(tariff, period, [usage]));
		return lines.flatMap(({ charge, timePeriod, quantityMilli, amountMinor }) =>
			charge === 'tier_surcharge' ? [[timePeriod, quantityMilli, amountMinor]] : []
		);
	};

	// Peak is a third: 80 kWh × 60/180 = 26.667 kWh × 0.06 = 1.60002; 53.333 × 0.03 = 1.59999
	it('pro rata: each period has its share of what lies above', () => {
		expect(surchargesOf('pro_rata')).toEqual([
			['peak', 26_667, 160n],
			['valley', 53_333, 160n]
		]);
	});

	// Valley passed the threshold with 20 kWh, all peak energy came later: 60 × 0.06 = 3.60; 20 × 0.03 = 0.60
	it('chronological: what came after the threshold was passed', () => {
		expect(surchargesOf('chronological')).toEqual([
			['peak', 60_000, 360n],
			['valley', 20_000, 60n]
		]);
	});

	// Valley has 120 of its own: 20 above; peak has 60: none.
	it('own period: each period passes the thresholds by itself', () => {
		expect(surchargesOf('own_period')).toEqual([['valley', 20_000, 60n]]);
	});

	it('own period counts by period also where the surcharges are the same', () => {
		const totals = ['surcharge', 'by_tier'].map((lines) => {
			const tariff = tiered({ attribution: 'own_period', lines }, TIMED);
			return rated(ratingInput(tariff, period, [usage])).totalMinor;
		});
		// 60 × 0.568 + 120 × 0.288 + 20 × 0.05 = 34.08 + 34.56 + 1.00; by tier the 20 kWh at 0.338 = 6.76 and 28.80
		expect(totals).toEqual([6964n, 6964n]);
	});

	it('tiers of one period have thresholds and counts of their own', () => {
		const tariff = tiered(
			{
				attribution: 'own_period',
				lines: 'by_tier',
				schedules: [
					{
						tiers: [{ fromKwh: '0', toKwh: null, surchargePerKwh: '0' }],
						ofPeriod: { valley: steps(['50', '110'], surcharges) }
					}
				]
			},
			TIMED
		);
		// Peak 60 × 0.568; valley 50 × 0.288, 60 × 0.318, 10 × 0.468
		expect(amounts(rated(ratingInput(tariff, period, [usage])))).toEqual({
			'energy.peak.tier1': 3408n,
			'energy.valley.tier1': 1440n,
			'energy.valley.tier2': 1908n,
			'energy.valley.tier3': 468n
		});
	});

	it('a register has no order in time: chronological tiers then fall to the periods pro rata', () => {
		const tariff = tiered(
			{ attribution: 'chronological', schedules: [{ tiers: steps(undefined, surcharges) }] },
			TIMED
		);
		const quantities = { exportWh: null, laggingVarh: null, leadingVarh: null, demandW: null };
		const read = {
			...point(period),
			registers: { ...quantities, importWh: { peak: 60_000, valley: 120_000 } }
		};
		expect(amounts(rated(ratingInput(tariff, period, [read])))).toMatchObject({
			'energy.tier2_surcharge.peak': 160n,
			'energy.tier2_surcharge.valley': 160n
		});
	});
});

describe('thresholds by the day and by the kW', () => {
	const april = month('2026-04');
	const perDay = tiered({ unit: 'kWh_per_day', schedules: [{ tiers: steps(['10', '20']) }] });

	// 30 days × 10 = 300 and 600 kWh
	it('so many kWh a day: the days of the month make the threshold', () => {
		const input = ratingInput(perDay, april, [hourOn(april, { '2026-04-10': 650 })]);
		expect(tierWh(input)).toEqual([300_000, 300_000, 50_000]);
	});

	it('a change of edition inside the month leaves the month one', () => {
		const other = tiered({ unit: 'kWh_per_day', schedules: [{ tiers: steps(['10', '20']) }] });
		const cut = localDate('2026-04-16');
		const input = ratingInput(perDay, april, [hourOn(april, { '2026-04-10': 290, '2026-04-20': 20 })], {
			tariffs: [
				{ period: { start: april.start, end: cut }, tariff: perDay },
				{ period: { start: cut, end: april.end }, tariff: other }
			]
		});
		// 290 kWh below 300, then 10 below and 10 above
		expect(amounts(rated(input))['energy.tier2_surcharge']).toBeUndefined();
		expect(amounts(rated(input))['energy.tier2_surcharge@2026-04-16']).toBe(50n);
	});

	it('a bill from the middle of the month counts the days whose energy was carried in', () => {
		const second = days('2026-04-16', '2026-05-01');
		const carried = { tierCycle: { start: april.start, usedWh: 150_000 } };
		const input = ratingInput(perDay, second, [hourOn(second, { '2026-04-20': 160 })], { carried });
		expect(tierWh(input)).toEqual([150_000, 10_000, 0]);
	});

	it('days before the supply began do not count', () => {
		const second = days('2026-04-16', '2026-05-01');
		const account = { ...HOME, openedOn: second.start };
		const input = ratingInput(perDay, second, [hourOn(second, { '2026-04-20': 160 })], { account });
		expect(tierWh(input)).toEqual([150_000, 10_000, 0]);
	});

	// 2.5 kW × 100 h = 250 kWh, × 200 h = 500 kWh
	it('hours of use: so many kWh per kW of the maximum demand, with a register of six decimals', () => {
		const tariff = tiered({ unit: 'kWh_per_kW' });
		const input = ratingInput(tariff, april, [register(april, 600, 2500.0004)]);
		expect(tierWh(input)).toEqual([250_000, 250_000, 100_000]);
	});

	it('hours of use without a measured demand are refused', () => {
		const usage = point(
			april,
			series(april, () => 100, { quality: () => 'estimated' })
		);
		expect(rate(ratingInput(tiered({ unit: 'kWh_per_kW' }), april, [usage]))).toEqual({
			ok: false,
			refusal: { code: 'NO_MEASURED_DEMAND' }
		});
	});
});

describe('a large household', () => {
	const largeHousehold = { fromPersons: 5, extraKwhPerMonth: '100' };
	const annual = tiered({ cycle: 'year', largeHousehold, schedules: [{ tiers: steps(['2760', '4800']) }] });
	const household = (persons: number, from: string) => ({
		account: { ...HOME, largeHousehold: { persons, from: from as '2026-01' & { __brand: 'LocalMonth' } } }
	});
	const period = month('2026-12');
	const input = (tariff: Tariff, parts: Partial<RatingInput>, kwh = 4000) =>
		ratingInput(tariff, period, [hourOn(period, { '2026-12-05': kwh })], {
			carried: { tierCycle: { start: localDate('2026-01-01'), usedWh: 0 } },
			...parts
		});

	it('in the year of the application: 100 kWh from that month to December, both thresholds', () => {
		// October to December: 300 kWh wider: 3,060 and 5,100
		expect(tierWh(input(annual, household(5, '2026-10'), 5200))).toEqual([3_060_000, 2_040_000, 100_000]);
	});

	it('in later years: 1,200 kWh', () => {
		expect(tierWh(input(annual, household(5, '2025-10')))).toEqual([3_960_000, 40_000, 0]);
	});

	it('not before the application, nor with four persons', () => {
		expect(tierWh(input(annual, household(5, '2027-01')))).toEqual([2_760_000, 1_240_000, 0]);
		expect(tierWh(input(annual, household(4, '2025-01')))).toEqual([2_760_000, 1_240_000, 0]);
	});

	it('monthly: 100 kWh in every month', () => {
		expect(tierWh(input(tiered({ largeHousehold }), household(6, '2026-12'), 320))).toEqual([
			200_000, 100_000, 20_000
		]);
	});
});

describe('monthly tiers of a longer reading cycle', () => {
	const twoMonthly = { account: { ...HOME, readingMonths: 2 as const } };

	it('have the widths of both months', () => {
		const period = days('2026-06-01', '2026-08-01');
		const input = ratingInput(tiered({}), period, [register(period, 450)], twoMonthly);
		expect(tierWh(input)).toEqual([200_000, 200_000, 50_000]);
	});

	it('read on the fifteenth they count two months, not the three that they touch', () => {
		const period = days('2026-04-15', '2026-06-15');
		const input = ratingInput(tiered({}), period, [register(period, 450)], twoMonthly);
		expect(tierWh(input)).toEqual([200_000, 200_000, 50_000]);
	});

	it('a register read on the fifteenth of two months in a row counts one month', () => {
		const period = days('2026-04-15', '2026-05-15');
		expect(tierWh(ratingInput(tiered({}), period, [register(period, 250)]))).toEqual([
			100_000, 100_000, 50_000
		]);
	});

	it('are refused where the months have different numbers of tiers', () => {
		const schedules = [
			{ months: [1, 2, 3, 4, 5, 6], tiers: steps() },
			{ months: [7, 8, 9, 10, 11, 12], tiers: [{ fromKwh: '0', toKwh: null, surchargePerKwh: '0' }] }
		];
		const tariff = tiered({ schedules });
		const period = days('2026-06-01', '2026-08-01');
		expect(rate(ratingInput(tariff, period, [register(period, 1)], twoMonthly))).toEqual({
			ok: false,
			refusal: { code: 'TIERS_DIFFER_IN_CYCLE', tariffCode: tariff.code }
		});
	});
});

describe('monthly tiers of one period over a longer reading cycle', () => {
	const one = [{ fromKwh: '0', toKwh: null, surchargePerKwh: '0' }];
	const tariff = tiered(
		{
			attribution: 'own_period',
			lines: 'by_tier',
			schedules: [
				{ months: [1, 2, 3, 4, 5, 6], tiers: one, ofPeriod: { valley: steps() } },
				{ months: [7, 8, 9, 10, 11, 12], tiers: one, ofPeriod: { valley: one } }
			]
		},
		TIMED
	);

	it.each([
		['2026-05-01', true],
		['2026-06-01', false]
	])('two months from %s on are rated: %s', (start, isRated) => {
		const period = days(start, start === '2026-05-01' ? '2026-07-01' : '2026-08-01');
		const usage: PointUsage = {
			...point(period),
			registers: {
				importWh: { valley: 1000 },
				exportWh: null,
				laggingVarh: null,
				leadingVarh: null,
				demandW: null
			}
		};
		const account = { ...HOME, readingMonths: 2 as const };
		const result = rate(ratingInput(tariff, period, [usage], { account }));
		const refusal = { code: 'TIERS_DIFFER_IN_CYCLE', tariffCode: tariff.code };
		expect(result).toMatchObject(isRated ? { ok: true } : { ok: false, refusal });
	});
});

describe('tiers that are no tariff', () => {
	it.each([
		[
			'a surcharge that leaves out a period',
			() => tiered({ schedules: [{ tiers: steps(undefined, [{ peak: '1' }, '1']) }] }, TIMED),
			'tiers.schedules.0.tiers.1.surchargePerKwh: no surcharge for valley'
		],
		[
			'a surcharge that leaves out a period of a price table',
			() => tiered({ schedules: [{ tiers: steps(undefined, [{ peak: '1' }, '1']) }] }, FLAT, TABLE),
			'tiers.schedules.0.tiers.1.surchargePerKwh: no surcharge for flat'
		],
		[
			'prices of tiers where the first tier has its prices in a table',
			() =>
				tiered({ schedules: [{ tiers: [{ fromKwh: '0', toKwh: null, pricePerKwh: '0.5' }] }] }, FLAT, TABLE),
			'the first tier has its prices elsewhere: give surcharges'
		],
		[
			'annual tiers of each period',
			() => tiered({ cycle: 'year', attribution: 'own_period' }),
			'attribution'
		],
		[
			'annual tiers by the day',
			() => tiered({ cycle: 'year', unit: 'kWh_per_day' }),
			'annual tiers count kWh'
		]
	])('%s', (_, make, message) => {
		expect(make).toThrow(message);
	});
});

const TABLE = {
	seasons: [{ id: 'all', rest: 'flat', windows: [] }],
	priceTable: [{ month: '2026-01', pricePerKwh: { flat: '0.5' } }]
};
