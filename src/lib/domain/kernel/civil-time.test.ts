import { describe, expect, it } from 'vitest';
import {
	addDays,
	addMonths,
	datesOf,
	dayLengthMinutes,
	dayOfWeek,
	daysBetween,
	isLocalDate,
	localDate,
	localDateAt,
	monthPeriod,
	slotsInDay,
	slotWallMinutes,
	Temporal,
	type LocalMonth
} from './civil-time.ts';

describe('civil dates', () => {
	it.each(['2026-02-29', '2026-13-01', '2026-1-1', '20260101', ''])('refuses %j', (text) => {
		expect(isLocalDate(text)).toBe(false);
	});
	it('counts over a leap day', () => {
		expect(addDays(localDate('2024-02-28'), 2)).toBe('2024-03-01');
		expect(daysBetween(localDate('2024-01-01'), localDate('2025-01-01'))).toBe(366);
	});
	it('stays in the month when months are added to its end', () => {
		expect(addMonths(localDate('2026-01-31'), 1)).toBe('2026-02-28');
	});
	it('gives a month as [first, first of the next)', () => {
		const period = monthPeriod('2026-12' as LocalMonth);
		expect(period).toEqual({ start: '2026-12-01', end: '2027-01-01' });
		expect(datesOf(period)).toHaveLength(31);
	});
	it('numbers the week from Monday', () => {
		expect(dayOfWeek(localDate('2026-11-23'))).toBe(1);
	});
	it('depends on the zone for the date of an instant', () => {
		const instant = Temporal.Instant.from('2026-11-22T16:30:00Z');
		expect(localDateAt(instant, 'Asia/Shanghai')).toBe('2026-11-23');
		expect(localDateAt(instant, 'UTC')).toBe('2026-11-22');
	});
});

describe('days where the clock changes', () => {
	const zone = 'America/Los_Angeles';
	it('has 92 quarter-hours where the clock goes forward, and 02:00 does not exist', () => {
		const date = localDate('2017-03-12');
		expect(slotsInDay(date, zone, 15)).toBe(92);
		const minutes = slotWallMinutes(date, zone, 60);
		expect(minutes.slice(0, 4)).toEqual([0, 60, 180, 240]);
	});
	it('has 100 where it goes back, and 01:00 is there twice', () => {
		const date = localDate('2016-11-06');
		expect(slotsInDay(date, zone, 15)).toBe(100);
		expect(slotWallMinutes(date, zone, 60).slice(0, 4)).toEqual([0, 60, 60, 120]);
	});
	it('has 96 in China on every day', () => {
		expect(dayLengthMinutes(localDate('2026-07-01'), 'Asia/Shanghai')).toBe(1440);
		expect(slotWallMinutes(localDate('2026-07-01'), 'Asia/Shanghai', 15).at(-1)).toBe(1425);
	});
	it('may change by half an hour', () => {
		expect(dayLengthMinutes(localDate('2025-10-05'), 'Australia/Lord_Howe')).toBe(1410);
	});
});
