import { describe, expect, it } from 'vitest';
import {
	amounts,
	days,
	HOME,
	month,
	PLANT,
	point,
	rated,
	ratingInput,
	series,
	shippedCalendar,
	shippedTariff,
	tariffJson
} from '../../../../tests/support/rating.ts';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { fillDays } from '#lib/domain/metering/filling.ts';
import { parseTariff } from '#lib/domain/tariffs/parse.ts';
import { rate } from './rate.ts';
import type { RatingRefusal } from './notices.ts';
import type { RatingInput } from './types.ts';

const period = month('2026-02');
const flat = shippedTariff('zhejiang_residential.2024');
const timed = shippedTariff('zhejiang_residential_tou.2024');
const plant = shippedTariff('hubei_two_part_1_10kv_demo.2026-01-demo');
const steady = point(
	period,
	series(period, () => 250)
);

describe('what is refused, with the reason', () => {
	const holidayTariff = parseTariff({
		...tariffJson('zhejiang_residential.2024'),
		seasons: [
			{
				id: 'all_year',
				months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
				rest: 'flat',
				windows: [{ period: 'deep', from: '10:00', to: '14:00', days: { type: 'rest_day' } }],
				pricePerKwh: { flat: '0.5', deep: '0.1' }
			}
		]
	});
	const halfHours = parseTariff({
		...tariffJson('zhejiang_residential.2024'),
		seasons: [
			{
				id: 'all_year',
				months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
				rest: 'flat',
				windows: [{ period: 'peak', from: '09:30', to: '14:00' }],
				pricePerKwh: { flat: '0.5', peak: '1' }
			}
		]
	});
	const hourly = point(
		period,
		series(period, () => 1000, { intervalMinutes: 60 })
	);
	const first = { start: period.start, end: localDate('2026-02-10') };
	const cases: [string, RatingInput, RatingRefusal][] = [
		[
			'an empty period',
			ratingInput(flat, { start: period.start, end: period.start }, [steady]),
			{ code: 'EMPTY_PERIOD' }
		],
		[
			'no tariff at all',
			ratingInput(flat, period, [steady], { tariffs: [] }),
			{ code: 'NO_TARIFF', date: period.start }
		],
		[
			'a tariff that ends early',
			ratingInput(flat, period, [steady], { tariffs: [{ period: first, tariff: flat }] }),
			{ code: 'NO_TARIFF', date: first.end }
		],
		[
			'two tariffs at once',
			ratingInput(flat, period, [steady], {
				tariffs: [
					{ period, tariff: flat },
					{ period: { start: first.end, end: period.end }, tariff: timed }
				]
			}),
			{ code: 'TARIFFS_OVERLAP', date: first.end }
		],
		[
			'a home on a plant tariff',
			ratingInput(plant, period, [steady]),
			{ code: 'TARIFF_DOES_NOT_FIT', tariffCode: plant.code, what: 'voltage' }
		],
		[
			'another currency',
			ratingInput(flat, period, [steady], { account: { ...HOME, currency: 'USD' } }),
			{ code: 'TARIFF_DOES_NOT_FIT', tariffCode: flat.code, what: 'currency' }
		],
		[
			'holidays that were not announced',
			ratingInput(holidayTariff, period, [steady], { calendar: shippedCalendar([2025]) }),
			{ code: 'CALENDAR_YEAR_MISSING', year: 2026, tariffCode: flat.code }
		],
		['no readings', ratingInput(flat, period, []), { code: 'NO_READINGS' }],
		[
			'readings that are all missing',
			ratingInput(flat, period, [
				point(
					period,
					series(period, () => null)
				)
			]),
			{ code: 'NO_READINGS' }
		],
		[
			'a day that is there twice',
			ratingInput(flat, period, [point(period, steady.days.slice(0, 2), steady.days.slice(1, 3))]),
			{
				code: 'BAD_READINGS',
				date: localDate('2026-02-02'),
				channel: 'active_import',
				reason: 'the day is there twice'
			}
		],
		[
			'a day of 96 quarter-hours where the clock changed',
			ratingInput(
				flat,
				days('2026-03-08', '2026-03-09'),
				[
					point(
						days('2026-03-08', '2026-03-09'),
						series(days('2026-03-08', '2026-03-09'), () => 1)
					)
				],
				{ timeZone: 'America/Los_Angeles' }
			),
			{
				code: 'BAD_READINGS',
				date: localDate('2026-03-08'),
				channel: 'active_import',
				reason: '96 intervals of 15 minutes in a day of 1380'
			}
		],
		[
			'negative consumption',
			ratingInput(flat, period, [
				point(
					period,
					series(period, (_, slot) => (slot === 3 ? -5 : 1))
				)
			]),
			{ code: 'BAD_READINGS', date: period.start, channel: 'active_import', reason: 'interval 3 is negative' }
		],
		[
			'an hour that a window cuts',
			ratingInput(halfHours, period, [hourly]),
			{ code: 'INTERVAL_CROSSES_WINDOW', tariffCode: flat.code, intervalMinutes: 60 }
		],
		[
			'two-part prices without a way to pay demand',
			ratingInput(plant, period, [steady], { account: { ...PLANT, demandBasis: 'none' } }),
			{ code: 'ACCOUNT_FACT_MISSING', fact: 'demand_basis' }
		],
		[
			'capacity billing without capacity',
			ratingInput(plant, period, [steady], {
				account: { ...PLANT, demandBasis: 'capacity', contractedCapacityVa: null }
			}),
			{ code: 'ACCOUNT_FACT_MISSING', fact: 'contracted_capacity' }
		],
		[
			'contract billing without contract',
			ratingInput(plant, period, [steady], { account: { ...PLANT, demandBasis: 'contract_demand' } }),
			{ code: 'ACCOUNT_FACT_MISSING', fact: 'contract_demand' }
		],
		[
			'a power-factor standard that the rule does not know',
			ratingInput(plant, period, [steady], { account: { ...PLANT, powerFactorStandard: '0.95' } }),
			{ code: 'POWER_FACTOR_STANDARD_UNKNOWN', standard: '0.95' }
		]
	];
	it.each(cases)('%s', (_, input, refusal) => {
		expect(rate(input)).toEqual({ ok: false, refusal });
	});
});

describe('incomplete and odd data', () => {
	it('counts a meter without any day as missing throughout, in its own time of supply', () => {
		const late = days('2026-02-11', '2026-03-01');
		const result = rated(ratingInput(flat, period, [steady, { ...point(late), servicePointId: 2 }]));
		expect(result.figures.energyWh).toBe(672_000);
		expect(result.warnings).toContainEqual({
			code: 'MISSING_INTERVALS',
			channel: 'active_import',
			count: 18 * 96,
			of: 46 * 96
		});
	});

	it('does not miss energy taken at a meter that is read for export alone', () => {
		const roof = point(
			period,
			series(period, () => 10, { channel: 'active_export' })
		);
		const result = rated(ratingInput(flat, period, [steady, { ...roof, servicePointId: 2 }]));
		expect(result.warnings.map(({ code }) => code)).not.toContain('MISSING_INTERVALS');
	});

	it('does not bill missing intervals and says how many there are', () => {
		const usage = series(period, (date, slot) => (date === '2026-02-03' && slot < 4 ? null : 250));
		const result = rated(
			ratingInput(flat, period, [
				point(
					period,
					usage.filter(({ localDate: date }) => date !== '2026-02-20')
				)
			])
		);
		expect(result.warnings[0]).toEqual({
			code: 'MISSING_INTERVALS',
			channel: 'active_import',
			count: 100,
			of: 2688
		});
		expect(result.figures.energyWh).toBe(250 * (2688 - 100));
	});

	it('bills estimated intervals and marks the part of each line that rests on them', () => {
		const usage = series(period, () => 250, {
			quality: (date, slot) => (date === '2026-02-03' && slot >= 30 && slot < 34 ? 'estimated' : 'measured')
		});
		const result = rated(ratingInput(timed, period, [point(period, usage)]));
		expect(result.warnings[0]).toEqual({
			code: 'ESTIMATED_INTERVALS',
			channel: 'active_import',
			count: 4,
			quantity: 1000
		});
		expect(result.lines.map(({ reference, estimatedMilli }) => [reference, estimatedMilli])).toEqual([
			['energy.peak', 500],
			['energy.valley', 500]
		]);
	});

	it.each(['linear', 'like_days'] as const)(
		'bills what %s fills in as the same estimate handed in',
		(filling) => {
			const gappy = series(period, (date, slot) =>
				date === '2026-02-10' && slot > 30 && slot < 35 ? null : slot
			);
			const account = { ...PLANT, powerFactorStandard: null };
			const input = ratingInput(plant, period, [point(period, gappy)], { account });
			const filled = rated({ ...input, filling });
			const { days: handed } = fillDays(gappy, filling, {
				period,
				timeZone: input.timeZone,
				isDayOff: (date) => input.calendar.isRestDay(date)
			});
			const estimated = rated({ ...input, usage: [point(period, [...handed])] });
			expect(filled.lines).toEqual(estimated.lines);
			const quantity = 31 + 32 + 33 + 34;
			expect(filled.warnings).toContainEqual({
				code: 'FILLED_INTERVALS',
				method: filling,
				channel: 'active_import',
				count: 4,
				quantity
			});
			expect(filled.warnings).toContainEqual({ code: 'DEMAND_BLOCKS_EXCLUDED', count: 4, of: 28 * 96 });
			expect(filled.warnings.map(({ code }) => code)).not.toContain('ESTIMATED_INTERVALS');
			expect(estimated.warnings).toContainEqual(
				expect.objectContaining({ code: 'ESTIMATED_INTERVALS', count: 4, quantity })
			);
		}
	);

	it('zero use is zero, not unknown', () => {
		const nothing = series(period, () => 0);
		const result = rated(ratingInput(timed, period, [point(period, nothing)]));
		expect(result.totalMinor).toBe(0n);
		expect(result.lines).toHaveLength(2);
		expect(result.warnings).toEqual([{ code: 'TIER_USE_BEFORE_UNKNOWN', cycleStart: '2026-01-01' }]);
	});

	it('does not invent a price for energy fed in', () => {
		const fedIn = series(period, (_, slot) => (slot === 48 ? 900 : 0), { channel: 'active_export' });
		const result = rated(ratingInput(flat, period, [point(period, steady.days.slice(), fedIn)]));
		expect(result.warnings).toContainEqual({ code: 'EXPORT_NOT_CREDITED', energyWh: 28 * 900 });
		expect(result.lines.map(({ charge }) => charge)).toEqual(['energy']);
	});

	it.each([
		['no reactive readings', [], 'no_reactive_readings', 2688],
		[
			'one reactive interval missing',
			series(period, (date, slot) => (date === '2026-02-05' && slot === 9 ? null : 10), {
				channel: 'reactive_import'
			}),
			'reactive_incomplete',
			1
		]
	])('does not assess the power factor with %s', (_, reactive, reason, missingIntervals) => {
		const result = rated(
			ratingInput(plant, period, [point(period, steady.days.slice(), reactive)], { account: PLANT })
		);
		expect(result.lines.some(({ charge }) => charge === 'power_factor')).toBe(false);
		expect(result.warnings).toContainEqual({ code: 'POWER_FACTOR_NOT_ASSESSED', reason, missingIntervals });
	});

	it('does not assess the power factor of a plant that stood still', () => {
		const still = [
			point(
				period,
				series(period, () => 0),
				series(period, () => 5, { channel: 'reactive_import' })
			)
		];
		const result = rated(ratingInput(plant, period, still, { account: PLANT }));
		expect(result.warnings).toContainEqual({
			code: 'POWER_FACTOR_NOT_ASSESSED',
			reason: 'no_active_energy',
			missingIntervals: 0
		});
	});

	it('rates days of 23 and 25 hours whole', () => {
		const timeZone = 'America/Los_Angeles';
		const march = month('2026-03');
		const result = rated(
			ratingInput(
				timed,
				march,
				[
					point(
						march,
						series(march, () => 1000, { timeZone, intervalMinutes: 60 })
					)
				],
				{ timeZone }
			)
		);
		expect(result.figures.periods).toEqual([
			{ timePeriod: 'peak', energyWh: 31 * 14_000 },
			{ timePeriod: 'valley', energyWh: 31 * 10_000 - 1000 }
		]);
		expect(result.warnings.map(({ code }) => code)).not.toContain('MISSING_INTERVALS');
	});
});

describe('changes inside the period', () => {
	it('a tariff change gives the later lines the day from which they count', () => {
		const start = localDate('2026-02-15');
		const result = rated(
			ratingInput(flat, period, [steady], {
				tariffs: [
					{ period: { start: period.start, end: start }, tariff: flat },
					{ period: { start, end: period.end }, tariff: timed }
				]
			})
		);
		// 14 days × 24 kWh = 336: 336 × 0.538 = 180.768; peak 14 × 14 = 196 × 0.568 = 111.328; valley 140 × 0.288 = 40.32
		expect(amounts(result)).toEqual({
			energy: 18_077n,
			'energy.peak@2026-02-15': 11_133n,
			'energy.valley@2026-02-15': 4032n
		});
	});

	it('two editions in a month share the demand charge by days', () => {
		const start = localDate('2026-02-08');
		const dearer = parseTariff({
			...tariffJson('hubei_two_part_1_10kv_demo.2026-01-demo'),
			demand: {
				...(tariffJson('hubei_two_part_1_10kv_demo.2026-01-demo')['demand'] as object),
				demandPricePerKwMonth: '84'
			}
		});
		const usage = point(
			period,
			series(period, (date, slot) => (date === '2026-02-20' && slot === 0 ? 500 : 250))
		);
		const result = rated(
			ratingInput(plant, period, [usage], {
				account: { ...PLANT, powerFactorStandard: null },
				tariffs: [
					{ period: { start: period.start, end: start }, tariff: plant },
					{ period: { start, end: period.end }, tariff: dearer }
				]
			})
		);
		// 2 kW (of the whole month) × 42 × 7/28 = 21.00; 2 × 84 × 21/28 = 126.00
		expect(amounts(result)).toMatchObject({ 'demand.actual': 2100n, 'demand.actual@2026-02-08': 12_600n });
	});
});
