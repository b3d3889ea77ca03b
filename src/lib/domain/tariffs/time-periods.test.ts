import { describe, expect, it } from 'vitest';
import { days, shippedCalendar, shippedTariff, tariffJson } from '../../../../tests/support/rating.ts';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { parseTariff } from './parse.ts';
import { TIME_PERIODS, type Tariff } from './tariff.ts';
import { crossesWindow, missingCalendarYear, seasonOf, timePeriodsOfDay } from './time-periods.ts';

const calendar = shippedCalendar();
const CHINA = 'Asia/Shanghai';

/** A tariff of one season with these windows and a price for every period that they use. */
function tariffWith(rest: string, windows: readonly Record<string, unknown>[]): Tariff {
	const used = [rest, ...windows.map(({ period }) => period as string)];
	return parseTariff({
		...tariffJson('zhejiang_residential.2024'),
		seasons: [
			{
				id: 'all_year',
				months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
				rest,
				windows,
				pricePerKwh: Object.fromEntries(used.map((period) => [period, '1']))
			}
		]
	});
}

/** "valley 0-8, peak 8-22 …": runs of equal periods in hours of the day's own course. */
function runs(tariff: Tariff, date: string, timeZone = CHINA, intervalMinutes: 15 | 30 | 60 = 15): string {
	const codes = timePeriodsOfDay(tariff, localDate(date), timeZone, intervalMinutes, calendar);
	const parts: string[] = [];
	let start = 0;
	for (let slot = 1; slot <= codes.length; slot++) {
		if (slot < codes.length && codes[slot] === codes[start]) continue;
		const hour = (index: number) => (index * intervalMinutes) / 60;
		parts.push(`${TIME_PERIODS[codes[start] ?? 0]} ${hour(start)}-${hour(slot)}`);
		start = slot;
	}
	return parts.join(', ');
}

describe('time periods of a day', () => {
	it.each([
		['Zhejiang homes', 'zhejiang_residential_tou.2024', '2026-03-01', 'valley 0-8, peak 8-22, valley 22-24'],
		[
			'Jiangsu homes',
			'jiangsu_residential_tou.2021-10-15',
			'2026-03-01',
			'valley 0-8, peak 8-21, valley 21-24'
		],
		[
			'Shandong homes before the heating season',
			'shandong_residential_tou.2022-05-01',
			'2026-10-31',
			'valley 0-8, peak 8-22, valley 22-24'
		],
		[
			'Shandong homes in it',
			'shandong_residential_tou.2022-05-01',
			'2026-11-01',
			'valley 0-8, peak 8-20, valley 20-24'
		],
		['un-timed', 'shanghai_residential.2024', '2026-03-01', 'flat 0-24'],
		[
			'Hubei plants in June',
			'hubei_two_part_1_10kv_demo.2026-01-demo',
			'2026-06-30',
			'valley 0-6, flat 6-12, valley 12-14, flat 14-16, peak 16-18, sharp 18-20, peak 20-24'
		],
		[
			'Hubei plants in July',
			'hubei_two_part_1_10kv_demo.2026-01-demo',
			'2026-07-01',
			'valley 0-6, flat 6-12, valley 12-14, flat 14-16, peak 16-20, sharp 20-22, peak 22-24'
		]
	])('%s', (_, file, date, expected) => {
		expect(runs(shippedTariff(file), date)).toBe(expected);
	});

	it('a window across midnight covers both ends of the day', () => {
		const tariff = tariffWith('peak', [{ period: 'valley', from: '22:30', to: '05:30' }]);
		expect(runs(tariff, '2026-03-01')).toBe('valley 0-5.5, peak 5.5-22.5, valley 22.5-24');
	});

	it('where windows overlap, deep beats sharp, valley, peak and flat, in any order of the document', () => {
		const windows = [
			{ period: 'deep', from: '11:00', to: '13:00' },
			{ period: 'sharp', from: '12:00', to: '15:00' },
			{ period: 'valley', from: '10:00', to: '16:00' },
			{ period: 'peak', from: '08:00', to: '18:00' }
		];
		const expected =
			'flat 0-8, peak 8-10, valley 10-11, deep 11-13, sharp 13-15, valley 15-16, peak 16-18, flat 18-24';
		expect(runs(tariffWith('flat', windows), '2026-03-01')).toBe(expected);
		expect(runs(tariffWith('flat', windows.toReversed()), '2026-03-01')).toBe(expected);
	});

	it('a flat window inside the rest period counts as flat', () => {
		expect(runs(tariffWith('valley', [{ period: 'flat', from: '06:00', to: '12:00' }]), '2026-03-01')).toBe(
			'valley 0-6, flat 6-12, valley 12-24'
		);
	});

	it('follows the wall clock through days of 23 and 25 hours', () => {
		const tariff = tariffWith('valley', [{ period: 'peak', from: '08:00', to: '22:00' }]);
		expect(runs(tariff, '2026-03-08', 'America/Los_Angeles')).toBe('valley 0-7, peak 7-21, valley 21-23');
		expect(runs(tariff, '2026-11-01', 'America/Los_Angeles')).toBe('valley 0-9, peak 9-23, valley 23-25');
	});

	it.each([
		['a named holiday', { type: 'holiday', names: ['国庆节'], firstDays: null }, '2026-10-07', true],
		[
			'a holiday that shares its days with another',
			{ type: 'holiday', names: ['中秋节'], firstDays: null },
			'2025-10-03',
			true
		],
		[
			'the third of the first three days',
			{ type: 'holiday', names: ['国庆节'], firstDays: 3 },
			'2026-10-03',
			true
		],
		['the fourth day', { type: 'holiday', names: ['国庆节'], firstDays: 3 }, '2026-10-04', false],
		['another holiday', { type: 'holiday', names: ['春节'], firstDays: null }, '2026-10-01', false],
		['an ordinary Saturday as rest day', { type: 'rest_day' }, '2026-03-07', true],
		['a Saturday worked in exchange', { type: 'rest_day' }, '2026-02-14', false],
		['that Saturday as workday', { type: 'workday' }, '2026-02-14', true],
		['a Monday', { type: 'weekdays', weekdays: [1] }, '2026-03-09', true],
		['a declared date', { type: 'dates', dates: ['2026-07-15'] }, '2026-07-15', true]
	])('windows of %s', (_, dayRule, date, applies) => {
		const tariff = tariffWith('flat', [{ period: 'deep', from: '10:00', to: '14:00', days: dayRule }]);
		expect(runs(tariff, date)).toBe(applies ? 'flat 0-10, deep 10-14, flat 14-24' : 'flat 0-24');
	});

	it('an unannounced year is unknown, not ordinary', () => {
		const tariff = tariffWith('flat', [
			{ period: 'deep', from: '10:00', to: '14:00', days: { type: 'rest_day' } }
		]);
		const newYear = days('2026-12-31', '2027-01-02');
		expect(missingCalendarYear(seasonOf(tariff, newYear.start).windows, newYear, calendar)).toBe(2027);
		expect(
			missingCalendarYear(seasonOf(tariff, newYear.start).windows, days('2026-12-31', '2027-01-01'), calendar)
		).toBeNull();
		expect(() => runs(tariff, '2027-01-01')).toThrow(RangeError);
		const unasked = seasonOf(shippedTariff('zhejiang_residential_tou.2024'), newYear.start).windows;
		expect(missingCalendarYear(unasked, newYear, calendar)).toBeNull();
	});

	it('tells which interval lengths a window cuts', () => {
		const tariff = tariffWith('flat', [{ period: 'peak', from: '09:30', to: '12:00' }]);
		expect([15, 30, 60].map((minutes) => crossesWindow(tariff, minutes as 15 | 30 | 60))).toEqual([
			false,
			false,
			true
		]);
	});
});
