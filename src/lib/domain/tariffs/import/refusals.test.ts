import { describe, expect, it } from 'vitest';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import { decimalOf, figureE8 } from './decimal.ts';
import { importRatebook, importTariffs, importUrdb } from './index.ts';
import { holidayDates } from './us-holidays.ts';

const year = (row: number[]) => Array.from({ length: 12 }, () => row);
const allDay = (period: number) => Array.from({ length: 24 }, () => period);

function urdbRecord(changes: Record<string, unknown>): unknown {
	return {
		name: 'Test',
		utility: 'Test',
		sector: 'Commercial',
		startdate: 1_335_880_800,
		energyratestructure: [[{ rate: 0.1 }]],
		energyweekdayschedule: year(allDay(0)),
		energyweekendschedule: year(allDay(0)),
		...changes
	};
}

function ratebookRecord(changes: Record<string, unknown>): Record<string, unknown> {
	return {
		identity: { utility_id: 'Test', plan_code: '', plan_name: 'Test', sector: 'residential' },
		effective_range: { start: '2026-01-01', end: null, scheduled_end: null },
		energy: {
			periods: [{ tiers: [{ rate: '0.1', adj: '0', max: null, max_unit: 'kWh', sell: null }] }]
		},
		schedule: { weekday: year(allDay(0)), weekend: year(allDay(0)), holiday_policy: 'unknown' },
		fixed_charges: [],
		min_charge: null,
		unsupported: [],
		metering: 'none',
		source_documents: [],
		provenance: { urdb_label: null, last_verified: null, confidence: null },
		...changes
	};
}

function refusalOf(run: () => unknown): unknown {
	try {
		run();
		return null;
	} catch (error) {
		return error instanceof AppError ? { code: error.code, ...error.details } : error;
	}
}

describe('a URDB record that cannot be represented is refused with the reason', () => {
	const ratchet = Array.from({ length: 12 }, () => 0.8);
	it.each([
		[
			'six periods in one season',
			{
				energyratestructure: Array.from({ length: 6 }, (_, at) => [{ rate: at / 10 }]),
				energyweekdayschedule: year(allDay(0).map((_, hour) => hour % 6))
			},
			/6 periods/
		],
		['a ratchet', { demandratchetpercentage: ratchet }, /ratchet/],
		['look-back', { lookbackpercent: 50 }, /ratchet/],
		['coincident demand', { coincidentratestructure: [[{ rate: 3 }]] }, /system's peak/],
		['reactive power', { demandreactivepowercharge: 0.4 }, /reactive/],
		['demand in horsepower', { flatdemandstructure: [[{ rate: 3 }]], flatdemandunit: 'hp' }, /hp/],
		[
			'tiers per horsepower',
			{ energyratestructure: [[{ rate: 1, max: 3, unit: 'kWh/hp' }, { rate: 2 }]] },
			/kWh\/hp/
		],
		['an open tier before the last', { energyratestructure: [[{ rate: 1 }, { rate: 2 }]] }, /only the last/],
		['a period without prices', { energyweekdayschedule: year(allDay(3)) }, /period 3/],
		['no energy prices', { energyratestructure: undefined }, /no energy prices/],
		[
			'two units of tiers',
			{
				energyratestructure: [
					[{ rate: 1, max: 3, unit: 'kWh' }, { rate: 2 }],
					[{ rate: 1, max: 3, unit: 'kWh daily' }, { rate: 2 }]
				]
			},
			/one unit/
		],
		['too many decimals', { energyratestructure: [[{ rate: 0.123456789012 }]] }, /8 decimals/]
	])('%s', (_, changes, reason) => {
		expect(refusalOf(() => importUrdb(urdbRecord(changes)))).toMatchObject({
			code: 'TARIFF_INVALID',
			reason: expect.stringMatching(reason) as string
		});
	});

	it('names the path', () => {
		expect(
			refusalOf(() =>
				importUrdb(urdbRecord({ energyratestructure: [[{ rate: 1, max: 2, unit: 'kVA' }, { rate: 1 }]] }))
			)
		).toMatchObject({ path: 'energyratestructure.0.0.unit' });
	});
});

describe('a ratebook record', () => {
	it('with an unsupported feature is refused', () => {
		const record = ratebookRecord({ unsupported: [{ kind: 'demand', detail: 'kW' }] });
		expect(refusalOf(() => importRatebook(record))).toMatchObject({ path: 'unsupported.0' });
	});

	it('that is none is refused, in a list with the others', () => {
		expect(importTariffs({ count: 46 }, 'ratebook')).toEqual([
			{ name: '(record)', refusal: { path: 'identity', reason: expect.any(String) as string } }
		]);
	});

	it('whose periods have other tiers in one season keeps them by period', () => {
		const tier = (rate: string, max: string | null) => ({ rate, adj: '0', max, max_unit: 'kWh', sell: null });
		const record = ratebookRecord({
			energy: {
				periods: [{ tiers: [tier('0.1', null)] }, { tiers: [tier('0.2', '100'), tier('0.3', null)] }]
			},
			schedule: {
				weekday: year(allDay(0).map((_, hour) => (hour < 8 ? 0 : 1))),
				weekend: year(allDay(0)),
				holiday_policy: 'as_weekday'
			}
		});
		const [schedule] = importRatebook(record).tiers?.schedules ?? [];
		expect(schedule?.tiers).toEqual([{ fromKwh: '0', toKwh: null, surchargePerKwh: '0' }]);
		expect(schedule?.ofPeriod).toEqual({
			peak: [
				{ fromKwh: '0', toKwh: '100', surchargePerKwh: '0' },
				{ fromKwh: '100', toKwh: null, surchargePerKwh: '0.1' }
			]
		});
	});
});

describe('figures', () => {
	it.each([
		[0.07076899707317352, '0.070769'],
		[0.1 + 0.2, '0.3'],
		[1e-7, '0.0000001'],
		['0.1500', '0.15'],
		[-0.0038, '-0.0038'],
		[19.538999557495117, '19.539']
	])('%s is %s', (given, exact) => {
		expect(decimalOf(figureE8(given, []))).toBe(exact);
	});
});

describe('United States holidays', () => {
	it('of 2026 and 2027, with and without the Monday after a Sunday', () => {
		const named = ['independence_day', 'memorial_day', 'thanksgiving', 'labor_day', 'christmas'] as const;
		expect(holidayDates(named, 'sunday_to_monday', { first: 2026, last: 2027 })).toEqual([
			'2026-05-25',
			'2026-09-07',
			'2026-11-26',
			'2026-12-25',
			'2027-05-31',
			'2027-07-05',
			'2027-09-06',
			'2027-11-25'
		]);
		expect(holidayDates(named, 'actual_day', { first: 2027, last: 2027 })).not.toContain('2027-07-05');
	});
});
