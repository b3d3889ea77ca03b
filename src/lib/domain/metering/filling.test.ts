import { describe, expect, it } from 'vitest';
import { days, series, type QuantityAt } from '../../../../tests/support/rating.ts';
import { dayOfWeek } from '#lib/domain/kernel/civil-time.ts';
import { fillDays, type FillingMethod } from './filling.ts';
import type { Quality } from './load-day.ts';
import { isWeekend } from './usual-band.ts';

/* From Monday on, four weeks. */
const period = days('2026-03-02', '2026-03-30');
const basis = { period, timeZone: 'Asia/Shanghai', isDayOff: isWeekend };

function filled(method: FillingMethod, quantityAt: QuantityAt, quality?: () => Quality) {
	const options = { intervalMinutes: 60 as const, ...(quality && { quality }) };
	const delivered = series(period, quantityAt, options);
	const before = JSON.stringify(delivered);
	const result = fillDays(delivered, method, basis);
	expect(JSON.stringify(delivered)).toBe(before);
	return result;
}

/** Quantity and quality code of an interval. */
function at({ days: all }: ReturnType<typeof filled>, date: string, slot: number) {
	const day = all.find(({ localDate }) => localDate === date);
	return day === undefined ? null : [day.quantities[slot], day.qualities[slot]];
}

const MISSING = [0, 0];

describe('no filling', () => {
	it('leaves everything as it was delivered', () => {
		const result = filled('none', (_, slot) => (slot === 5 ? null : 100));
		expect(result).toMatchObject({ intervals: 0, quantity: 0 });
		expect(at(result, '2026-03-02', 5)).toEqual(MISSING);
	});
});

describe('a straight line', () => {
	const gap =
		(date: string, slots: readonly number[]): QuantityAt =>
		(day, slot) =>
			day === date && slots.includes(slot) ? null : slot * 100;

	it('crosses an hour: the mean of its neighbours, estimated', () => {
		const result = filled('linear', gap('2026-03-03', [5]));
		expect(at(result, '2026-03-03', 5)).toEqual([500, 2]);
		expect(result).toMatchObject({ intervals: 1, quantity: 500 });
	});

	it('crosses two hours, but not three', () => {
		const two = filled('linear', gap('2026-03-03', [5, 6]));
		expect([at(two, '2026-03-03', 5), at(two, '2026-03-03', 6)]).toEqual([
			[500, 2],
			[600, 2]
		]);
		expect(filled('linear', gap('2026-03-03', [5, 6, 7]))).toMatchObject({ intervals: 0, quantity: 0 });
	});

	// 2,300 at 23:00 is missing; from 2,200 at 22:00 to 0 at 0:00 the next day.
	it('crosses midnight', () => {
		const result = filled('linear', gap('2026-03-03', [23]));
		expect(at(result, '2026-03-03', 23)).toEqual([1100, 2]);
	});

	it('rounds half up', () => {
		const odd: QuantityAt = (_, slot) => (slot === 5 ? null : slot < 5 ? 1 : 2);
		expect(at(filled('linear', odd), '2026-03-02', 5)).toEqual([2, 2]);
	});

	it('needs a neighbour on both sides', () => {
		const result = filled('linear', gap('2026-03-02', [0]));
		expect(at(result, '2026-03-02', 0)).toEqual(MISSING);
		const last = filled('linear', gap('2026-03-29', [23]));
		expect(at(last, '2026-03-29', 23)).toEqual(MISSING);
	});

	it('does not cross a day of which nothing is known', () => {
		const delivered = series(period, (date, slot) => (date === '2026-03-03' && slot === 23 ? null : 100), {
			intervalMinutes: 60
		}).filter(({ localDate }) => localDate !== '2026-03-04');
		expect(fillDays(delivered, 'linear', basis)).toMatchObject({ intervals: 0 });
	});
});

describe('like days', () => {
	/** Weekdays 100, 200, … by the week; Saturdays 7,000 and Sundays 9,000. */
	const byWeek: QuantityAt = (date) => {
		const week = Math.floor((Number(date.slice(8)) - 2) / 7) + 1;
		const weekday = dayOfWeek(date);
		return weekday === 6 ? 7000 : weekday === 7 ? 9000 : week * 100;
	};

	it('give the mean of the same interval on the other days of the kind', () => {
		const result = filled('like_days', (date, slot) =>
			date === '2026-03-04' && slot === 8 ? null : byWeek(date, slot)
		);
		// 4 days of 100 and 5 each of 200, 300 and 400: 4,900 / 19 = 257.9
		expect(at(result, '2026-03-04', 8)).toEqual([258, 2]);
	});

	it('are of the same kind: a Saturday is filled from Saturdays', () => {
		const result = filled('like_days', (date, slot) =>
			date === '2026-03-07' && slot > 3 ? null : byWeek(date, slot)
		);
		expect(at(result, '2026-03-07', 12)).toEqual([7000, 2]);
		expect(result.intervals).toBe(20);
	});

	it('are three at least', () => {
		const result = filled('like_days', (date, slot) =>
			(date === '2026-03-07' || date === '2026-03-14') && slot === 3 ? null : byWeek(date, slot)
		);
		expect(at(result, '2026-03-07', 3)).toEqual(MISSING);
	});

	it('fill a whole day that has no row', () => {
		const delivered = series(period, byWeek, { intervalMinutes: 60 }).filter(
			({ localDate }) => localDate !== '2026-03-10'
		);
		const result = fillDays(delivered, 'like_days', basis);
		expect(result.intervals).toBe(24);
		expect(result.days).toHaveLength(28);
		expect(result.days.map(({ localDate }) => localDate)).toEqual(
			result.days.map(({ localDate }) => localDate).sort()
		);
	});

	it('count what was delivered as estimated', () => {
		const result = filled(
			'like_days',
			(date, slot) => (date === '2026-03-07' && slot === 3 ? null : byWeek(date, slot)),
			() => 'estimated'
		);
		expect(at(result, '2026-03-07', 3)).toEqual([7000, 2]);
	});

	it('are compared by the wall clock where the clock changes', () => {
		// On 29 March 2026 London has 23 hours: slot 1 is two o'clock.
		const london = { ...basis, timeZone: 'Europe/London' };
		const delivered = series(
			period,
			(date, slot) => (date === '2026-03-29' ? (slot === 1 ? null : 0) : slot),
			{ intervalMinutes: 60, timeZone: 'Europe/London' }
		);
		const result = fillDays(delivered, 'like_days', london);
		expect(result.days.at(-1)?.quantities[1]).toBe(2);
	});
});
