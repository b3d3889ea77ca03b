import { describe, expect, it } from 'vitest';
import { shippedCalendar, shippedTariff, tariffJson } from '../../../../tests/support/rating.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { parseTariff } from './parse.ts';
import { TIME_PERIODS, type Tariff } from './tariff.ts';
import { isInSpans, timePeriodsOfDay } from './time-periods.ts';

const calendar = shippedCalendar();

/** The bands of a day, flat ones left out: "peak 10-12". */
function bandsOf(tariff: Tariff, date: string): string {
	const codes = timePeriodsOfDay(tariff, localDate(date), 'Asia/Shanghai', 30, calendar);
	const bands: string[] = [];
	codes.forEach((code, slot) => {
		if (slot > 0 && codes[slot - 1] === code) return;
		let end = slot;
		while (codes[end] === code) end++;
		const period = TIME_PERIODS[code] ?? 'flat';
		if (period !== 'flat') bands.push(`${period} ${slot / 2}-${end / 2}`);
	});
	return bands.join(', ');
}

/** Price of 1 kWh in each tier on a date, in E8. */
function ladderOf(tariff: Tariff, date: string, period: 'flat' | 'valley'): bigint[] {
	const day = localDate(date);
	const season = tariff.seasons.find(({ spans }) => isInSpans(spans, day));
	const schedule = tariff.tiers?.schedules.find(({ spans }) => isInSpans(spans, day));
	return (schedule?.tiers ?? []).map(
		({ surchargeE8 }) => (season?.priceE8[period] ?? 0n) + (surchargeE8[period] ?? 0n)
	);
}

describe('time windows of business tariffs, as the notes of the price tables print them', () => {
	it.each([
		['zhejiang_business_windows.2024-03', '2025-03-12', 'valley 0-8, peak 8-11, valley 11-13, peak 13-17'],
		[
			'zhejiang_business_windows.2024-03',
			'2025-07-16',
			'valley 0-8, peak 8-9, sharp 9-11, valley 11-13, sharp 15-17, peak 17-23'
		],
		['zhejiang_business_windows.2024-03', '2025-10-05', 'valley 0-8, peak 8-10, deep 10-14, peak 14-17'],
		[
			'zhejiang_business_windows.2026-07',
			'2026-07-15',
			'valley 0-7, valley 11-14, peak 16-18, sharp 18-22, peak 22-23'
		],
		['zhejiang_business_windows.2026-07', '2026-10-03', 'valley 0-7, deep 9-15, peak 16-23'],
		['zhejiang_business_windows.2026-07', '2026-10-04', 'valley 0-7, valley 11-14, peak 16-23'],
		['jiangsu_business_windows.2025-06', '2026-01-14', 'valley 0-6, valley 11-13, peak 14-22'],
		['jiangsu_business_windows.2025-06', '2026-04-15', 'valley 2-6, valley 10-14, peak 15-22'],
		[
			'jiangsu_industry_windows.2025-06',
			'2025-07-16',
			'valley 0-6, valley 11-13, sharp 14-15, peak 15-19.5, sharp 19.5-21.5, peak 21.5-22'
		],
		[
			'jiangsu_industry_windows.2025-06',
			'2026-01-14',
			'valley 0-6, valley 11-13, peak 14-18, sharp 18-20, peak 20-22'
		],
		['guangdong_business_windows.2021-10', '2025-05-14', 'valley 0-8, peak 10-12, peak 14-19'],
		[
			'guangdong_business_windows.2021-10',
			'2025-08-13',
			'valley 0-8, peak 10-11, sharp 11-12, peak 14-15, sharp 15-17, peak 17-19'
		],
		[
			'shandong_business_windows.2025',
			'2026-01-14',
			'valley 2-6, peak 7-9, valley 10-11, deep 11-14, valley 14-15, sharp 16-19, peak 19-21'
		],
		['shandong_business_windows.2025', '2026-06-10', 'valley 7-12, peak 16-17, sharp 17-22, peak 22-23'],
		['shanghai_single_part_windows.2024', '2026-03-11', 'valley 0-6, peak 6-22, valley 22-24'],
		[
			'shanghai_industry_windows.2024',
			'2025-08-13',
			'valley 0-6, peak 8-12, sharp 12-14, peak 14-15, peak 18-21, valley 22-24'
		],
		['shanghai_industry_windows.2024', '2025-10-12', 'deep 0-6, peak 8-11, peak 18-21, deep 22-24'],
		['shanghai_industry_windows.2024', '2025-10-11', 'valley 0-6, peak 8-11, peak 18-21, valley 22-24'],
		[
			'shanghai_industry_windows.2024',
			'2026-01-01',
			'deep 0-6, peak 8-11, peak 18-19, sharp 19-21, deep 22-24'
		],
		[
			'beijing_business_windows.2024',
			'2025-07-16',
			'valley 0-7, peak 10-11, sharp 11-13, sharp 16-17, peak 17-22, valley 23-24'
		],
		[
			'hubei_business_windows.2024',
			'2026-03-11',
			'valley 0-6, valley 12-14, peak 16-18, sharp 18-20, peak 20-24'
		],
		['sichuan_business_windows.2025', '2025-09-10', 'valley 1-7, peak 11-18, peak 20-23'],
		['chongqing_two_part_1_10kv.2025-02', '2025-02-12', 'valley 0-8, peak 11-17, peak 20-22'],
		[
			'fujian_two_part_1_10kv.2025-08',
			'2025-08-13',
			'valley 0-8, peak 10-11, sharp 11-12, peak 15-17, sharp 17-18, peak 18-20, peak 21-22'
		]
	])('%s on %s', (file, date, bands) => {
		expect(bandsOf(shippedTariff(file), date)).toBe(bands);
	});
});

describe('tiers of homes', () => {
	it('Sichuan: the second tier of the wet season costs less than the first, valley prices go by tier', () => {
		const tariff = shippedTariff('sichuan_residential_valley.2024');
		expect(ladderOf(tariff, '2026-07-01', 'flat')).toEqual([52_240_000n, 47_240_000n, 62_240_000n]);
		expect(ladderOf(tariff, '2026-01-01', 'flat')).toEqual([52_240_000n, 62_240_000n, 82_240_000n]);
		expect(ladderOf(tariff, '2026-07-01', 'valley')).toEqual([17_500_000n, 27_500_000n, 37_500_000n]);
		expect(ladderOf(tariff, '2026-01-01', 'valley')).toEqual([25_350_000n, 35_350_000n, 45_350_000n]);
	});

	it('Shenzhen: thresholds by season, prices at their full precision, allowances', () => {
		const tariff = shippedTariff('shenzhen_residential.2024');
		expect(ladderOf(tariff, '2026-07-01', 'flat')).toEqual([66_286_875n, 71_286_875n, 96_286_875n]);
		expect(tariff.tiers?.schedules.map(({ tiers }) => tiers.map(({ toWh }) => toWh))).toEqual([
			[260_000, 600_000, null],
			[200_000, 400_000, null]
		]);
		expect(tariff.tiers?.largeHousehold).toEqual({ fromPersons: 5, extraWhPerMonth: 100_000 });
		expect(tariff.freeBasis).toEqual({ whPerMonth: 15_000, priceE8: 66_286_875n });
	});

	it.each([
		['zhejiang_residential', '2024'],
		['zhejiang_residential_tou', '2024'],
		['jiangsu_residential', '2021-10-15'],
		['jiangsu_residential_tou', '2021-10-15'],
		['shandong_residential', '2022-05-01'],
		['shandong_residential_tou', '2022-05-01'],
		['shanghai_residential', '2024']
	])('%s with allowances has the prices of the edition without', (code, edition) => {
		const [plain, more] = [`${code}.${edition}`, `${code}_with_allowances.${edition}`].map((file) =>
			shippedTariff(file)
		);
		const pricesOf = (tariff: Tariff | undefined) => ({
			prices: tariff?.seasons.map(({ windows, priceE8 }) => [windows, priceE8]),
			tiers: tariff?.tiers?.schedules.map(({ tiers }) => tiers)
		});
		expect(pricesOf(more)).toEqual(pricesOf(plain));
		expect(more?.tiers?.largeHousehold).toEqual({ fromPersons: 5, extraWhPerMonth: 100_000 });
	});
});

describe('what is not known', () => {
	const reasonOf = (document: unknown) => {
		try {
			parseTariff(document);
			return null;
		} catch (error) {
			return error instanceof AppError ? error.details : error;
		}
	};

	it('demand prices that were not seen are said to be unknown, not zero', () => {
		const tariff = shippedTariff('beijing_two_part_1_10kv.2024-07');
		expect(tariff).toMatchObject({ parts: 'two', demand: null, demandIsUnknown: true });
		expect(tariff.priceTable[0]?.priceE8.sharp).toBe(105_777_700n);
		const silent = { ...tariffJson('beijing_two_part_1_10kv.2024-07'), unknown: [] };
		expect(reasonOf(silent)).toMatchObject({ path: 'unknown' });
	});

	it('windows are shipped without prices', () => {
		const tariff = shippedTariff('guangdong_business_windows.2021-10');
		expect(tariff.priceTable).toEqual([]);
		expect(tariff.seasons.every(({ priceE8 }) => Object.keys(priceE8).length === 0)).toBe(true);
		const noTable = { ...tariffJson('guangdong_business_windows.2021-10'), priceTable: null };
		expect(reasonOf(noTable)).toMatchObject({ path: 'seasons.0.pricePerKwh.flat' });
	});

	it('a month of a price table has every price that its hours need', () => {
		const document = {
			...tariffJson('fujian_two_part_1_10kv.2025-08'),
			priceTable: [{ month: '2025-08', pricePerKwh: { peak: '1', flat: '1', valley: '1' } }]
		};
		expect(reasonOf(document)).toMatchObject({ path: 'priceTable.0.pricePerKwh.sharp' });
	});
});
