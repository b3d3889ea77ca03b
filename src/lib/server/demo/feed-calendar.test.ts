import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, dayOfWeek, daysBetween, localDate } from '#lib/domain/kernel/civil-time.ts';
import {
	firstDayOf,
	firstRepeatedDayOf,
	repeatDaysOf,
	shiftWeeksFor,
	sourceDayOf,
	type FeedCalendar
} from './feed-calendar.ts';

const year2018 = {
	firstSourceDay: localDate('2018-01-01'),
	lastSourceDay: localDate('2018-12-31')
};

describe('the weeks that a source is shifted by', () => {
	it.each([
		['the source ends yesterday', '2018-12-31', 0],
		['one day later the whole week is needed', '2019-01-01', 1],
		['seven days later it still is one week', '2019-01-07', 1],
		['eight days later it is two', '2019-01-08', 2]
	])('%s', (_name, yesterday, weeks) => {
		expect(shiftWeeksFor(year2018.lastSourceDay, localDate(yesterday))).toBe(weeks);
	});
});

describe('the source day that stands for a day', () => {
	const shifted: FeedCalendar = { ...year2018, shiftWeeks: 412 };

	it('is the day that many weeks earlier while the source lasts', () => {
		expect(firstDayOf(shifted)).toBe('2025-11-24');
		expect(sourceDayOf(localDate('2025-11-24'), shifted)).toBe('2018-01-01');
		expect(sourceDayOf(localDate('2026-11-23'), shifted)).toBe('2018-12-31');
	});

	it('is the day 52 weeks earlier, and 104, when the source is used up', () => {
		expect(firstRepeatedDayOf(shifted)).toBe('2026-11-24');
		expect(sourceDayOf(localDate('2026-11-24'), shifted)).toBe('2018-01-02');
		expect(sourceDayOf(addDays(localDate('2026-11-24'), 364), shifted)).toBe('2018-01-02');
		expect(sourceDayOf(addDays(localDate('2026-11-24'), 363), shifted)).toBe('2018-12-31');
	});

	it('repeats as many whole weeks as there are of a source shorter than a year', () => {
		const elevenMonths: FeedCalendar = {
			firstSourceDay: localDate('2016-11-01'),
			lastSourceDay: localDate('2017-09-30'),
			shiftWeeks: 0
		};
		expect(repeatDaysOf(elevenMonths)).toBe(47 * 7);
		expect(sourceDayOf(localDate('2017-10-01'), elevenMonths)).toBe('2016-11-06');
	});

	it('always lies in the source and has the same weekday, for any source of a week or more', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 7, max: 900 }),
				fc.integer({ min: -200, max: 800 }),
				fc.integer({ min: 0, max: 4000 }),
				(sourceDays, shiftWeeks, dayIndex) => {
					const calendar: FeedCalendar = {
						firstSourceDay: localDate('2012-10-13'),
						lastSourceDay: addDays(localDate('2012-10-13'), sourceDays - 1),
						shiftWeeks
					};
					const date = addDays(firstDayOf(calendar), dayIndex);
					const sourceDay = sourceDayOf(date, calendar);
					expect(sourceDay >= calendar.firstSourceDay).toBe(true);
					expect(sourceDay <= calendar.lastSourceDay).toBe(true);
					expect(dayOfWeek(sourceDay)).toBe(dayOfWeek(date));
				}
			)
		);
	});

	it('ends less than a week after yesterday, for any yesterday', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 20_000 }), (days) => {
				const yesterday = addDays(year2018.lastSourceDay, days);
				const shiftWeeks = shiftWeeksFor(year2018.lastSourceDay, yesterday);
				const withheld = daysBetween(yesterday, firstRepeatedDayOf({ ...year2018, shiftWeeks })) - 1;
				expect(withheld).toBeGreaterThanOrEqual(0);
				expect(withheld).toBeLessThan(7);
			})
		);
	});
});
