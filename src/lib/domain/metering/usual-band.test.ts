import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { likeDates, usualBand, USUAL_DAYS } from './usual-band.ts';

describe('like days', () => {
	it('of a Wednesday are the working days before it', () => {
		expect(likeDates(localDate('2026-11-18')).slice(0, 4)).toEqual([
			'2026-11-17',
			'2026-11-16',
			'2026-11-13',
			'2026-11-12'
		]);
	});

	it.each([
		['a Saturday', '2026-11-21', ['2026-11-14', '2026-11-07']],
		['a Sunday', '2026-11-22', ['2026-11-15', '2026-11-08']]
	])('of %s are those before it, enough for the band', (_, date, expected) => {
		const dates = likeDates(localDate(date));
		expect(dates.slice(0, 2)).toEqual(expected);
		expect(dates).toHaveLength(USUAL_DAYS);
	});

	it('follow the calendar: a holiday is like a Sunday, a worked Sunday like a weekday', () => {
		const holiday = (date: string) => date === '2026-10-01' || (isSunday(date) && date !== '2026-09-20');
		const isSunday = (date: string) => new Date(`${date}T00:00:00Z`).getUTCDay() === 0;
		expect(likeDates(localDate('2026-10-01'), holiday).slice(0, 2)).toEqual(['2026-09-27', '2026-09-13']);
		expect(likeDates(localDate('2026-09-21'), holiday)[0]).toBe('2026-09-20');
	});
});

describe('usual band', () => {
	it('is the median between the 10 and 90 % quantiles', () => {
		const band = usualBand([[10], [20], [30], [40], [50]]);
		expect(band).toEqual({ low: [14], median: [30], high: [46], days: 5 });
	});

	it.each([
		['two days are too few', [[1], [2]]],
		['days without any reading do not count', [[1], [2], [null], [null]]],
		['nothing', []]
	])('%s: none', (_, curves) => {
		expect(usualBand(curves)).toBeNull();
	});

	it('missing intervals are not values; with fewer than three the interval has no band', () => {
		const band = usualBand([
			[1, 1],
			[3, null],
			[2, 5],
			[4, null]
		]);
		expect(band?.median).toEqual([2.5, null]);
		expect(band?.low[1]).toBeNull();
	});

	it('takes the eight newest days only', () => {
		const curves = [...Array.from({ length: 8 }, () => [100]), [9000], [9000]];
		expect(usualBand(curves)).toMatchObject({ high: [100], days: 8 });
	});

	it('low ≤ median ≤ high, within what was seen', () => {
		const curves = fc.array(fc.array(fc.option(fc.nat(10_000)), { minLength: 4, maxLength: 4 }), {
			minLength: 3,
			maxLength: 8
		});
		fc.assert(
			fc.property(curves, (days) => {
				const band = usualBand(days);
				if (band === null) return;
				band.median.forEach((median, slot) => {
					if (median === null) return;
					const values = days.map((day) => day[slot]).filter((value) => typeof value === 'number');
					expect(band.low[slot]!).toBeLessThanOrEqual(median);
					expect(band.high[slot]!).toBeGreaterThanOrEqual(median);
					expect(band.low[slot]!).toBeGreaterThanOrEqual(Math.min(...values));
					expect(band.high[slot]!).toBeLessThanOrEqual(Math.max(...values));
				});
			})
		);
	});
});
