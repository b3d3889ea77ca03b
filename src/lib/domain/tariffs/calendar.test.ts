import { describe, expect, it } from 'vitest';
import { shippedCalendar } from '../../../../tests/support/rating.ts';
import { datesOf, localDate } from '#lib/domain/kernel/civil-time.ts';
import { createCalendar } from './calendar.ts';

const calendar = shippedCalendar();

describe('holiday calendar', () => {
	it.each([
		['a Saturday', '2026-03-07', true],
		['a Tuesday', '2026-03-10', false],
		['a holiday on a weekday', '2026-10-07', true],
		['a Sunday worked in exchange', '2026-01-04', false],
		['a Saturday worked in exchange', '2026-10-10', false]
	])('rest day or not: %s', (_, date, rest) => {
		expect(calendar.isRestDay(localDate(date))).toBe(rest);
	});

	it('counts the days of a holiday from its first', () => {
		expect(calendar.holidayOf(localDate('2026-02-15'))).toEqual({ name: '春节', dayNo: 1 });
		expect(calendar.holidayOf(localDate('2026-02-23'))).toEqual({ name: '春节', dayNo: 9 });
		expect(calendar.holidayOf(localDate('2026-02-14'))).toBeNull();
		expect(calendar.holidayOf(localDate('2026-02-24'))).toBeNull();
	});

	it.each([
		['in the middle of a holiday', '2026-02-20', '2026-03-01'],
		['over a turn of the year', '2025-12-01', '2026-02-01'],
		['without a holiday', '2026-07-01', '2026-08-01']
	])('an excerpt of a period %s says the same of its days', (_, from, to) => {
		const period = { start: localDate(from), end: localDate(to) };
		const excerpt = createCalendar(calendar.excerpt(period));
		for (const date of datesOf(period)) {
			expect(excerpt.isRestDay(date)).toBe(calendar.isRestDay(date));
			expect(excerpt.holidayOf(date)).toEqual(calendar.holidayOf(date));
		}
		expect(calendar.excerpt(period).flatMap(({ days }) => days).length).toBeLessThan(20);
	});

	it('refuses to guess a year that was not announced', () => {
		expect(calendar.hasYear(2027)).toBe(false);
		expect(() => calendar.isRestDay(localDate('2027-01-01'))).toThrow('no holiday calendar for 2027');
	});
});
