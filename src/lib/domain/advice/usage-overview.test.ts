import { describe, expect, it } from 'vitest';
import { addDays, datesOf, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { IntervalMinutes } from '#lib/domain/kernel/civil-time.ts';
import { packLoadDay, QUALITY_CODE, type PackedLoadDay } from '#lib/domain/metering/load-day.ts';
import { changeFromWeekBefore } from './usage-overview.ts';

const LAST = '2026-11-22' as LocalDate;
const ZONE = 'Asia/Shanghai';

function day(localDate: LocalDate, intervalWh: number, lost = 0, intervalMinutes: IntervalMinutes = 60) {
	const slots = 1440 / intervalMinutes;
	return packLoadDay({
		channel: 'active_import',
		localDate,
		intervalMinutes,
		quantities: new Int32Array(slots).fill(intervalWh),
		qualities: new Uint8Array(slots).fill(QUALITY_CODE.measured).fill(QUALITY_CODE.missing, 0, lost),
		version: 1
	});
}

/** Seven days of `now` Wh an hour after seven of `before`, with changes by date. */
function twoWeeks(before: number, now: number, changes: Record<string, PackedLoadDay | null> = {}) {
	return datesOf({ start: addDays(LAST, -13), end: addDays(LAST, 1) })
		.map((date) => (date in changes ? changes[date]! : day(date, date > addDays(LAST, -7) ? now : before)))
		.filter((packed) => packed !== null);
}

describe('the week against the week before', () => {
	it('is the difference of the two sums', () => {
		expect(changeFromWeekBefore(twoWeeks(100, 112), LAST, ZONE)).toBeCloseTo(0.12, 10);
	});

	it('counts only what both weeks know: lost hours make no week look thrifty', () => {
		const gaps = { '2026-11-20': day('2026-11-20' as LocalDate, 112, 12) };
		expect(changeFromWeekBefore(twoWeeks(100, 112, gaps), LAST, ZONE)).toBeCloseTo(0.12, 10);
	});

	it('leaves out a day that one of the weeks lost altogether', () => {
		const lost = { '2026-11-12': null };
		expect(changeFromWeekBefore(twoWeeks(100, 112, lost), LAST, ZONE)).toBeCloseTo(0.12, 10);
	});

	it('is not said where less than three quarters can be compared', () => {
		const lost = { '2026-11-12': null, '2026-11-18': null };
		expect(changeFromWeekBefore(twoWeeks(100, 112, lost), LAST, ZONE)).toBeNull();
	});

	it('is not said without the week before, or against a week without use', () => {
		expect(changeFromWeekBefore(twoWeeks(100, 112).slice(7), LAST, ZONE)).toBeNull();
		expect(changeFromWeekBefore(twoWeeks(0, 112), LAST, ZONE)).toBeNull();
	});

	it('compares weeks of different interval lengths', () => {
		const finer = Object.fromEntries(
			datesOf({ start: addDays(LAST, -6), end: addDays(LAST, 1) }).map((date) => [date, day(date, 28, 0, 15)])
		);
		expect(changeFromWeekBefore(twoWeeks(100, 0, finer), LAST, ZONE)).toBeCloseTo(0.12, 10);
	});
});
