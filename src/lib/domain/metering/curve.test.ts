import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INTERVAL_MINUTES, localDate, slotWallMinutes } from '#lib/domain/kernel/civil-time.ts';
import type { IntervalMinutes, LocalDate } from '#lib/domain/kernel/civil-time.ts';
import {
	curveChange,
	curveInUnit,
	intervalEnergyWh,
	meanPowerW,
	powerAtWallMinutes,
	powerCurveW,
	powerFactorCurve,
	resampleDay
} from './curve.ts';
import { unpackLoadDay, type LoadDay } from './load-day.ts';

function day(
	quantities: string,
	options: { minutes?: IntervalMinutes; qualities?: string; date?: string } = {}
): LoadDay {
	const letters = quantities
		.split(',')
		.map((cell, slot) => options.qualities?.[slot] ?? (cell === '' ? 'x' : 'm'))
		.join('');
	return unpackLoadDay({
		channel: 'active_import',
		localDate: localDate(options.date ?? '2026-03-02'),
		intervalMinutes: options.minutes ?? 60,
		quantities,
		qualities: letters,
		version: 1
	});
}

const dayOf15 = fc
	.array(fc.option(fc.integer({ min: 0, max: 2_000_000 })), { minLength: 96, maxLength: 96 })
	.map((cells) => day(cells.map((cell) => cell ?? '').join(','), { minutes: 15 }));

describe('energy and mean power of an interval', () => {
	it.each([
		[250, 15, 1000],
		[157_180, 15, 628_720],
		[500, 60, 500],
		[1, 5, 12],
		[0, 30, 0],
		[-250, 15, -1000]
	])('%i Wh in %i min is %i W', (energyWh, minutes, powerW) => {
		expect(meanPowerW(energyWh, minutes)).toBe(powerW);
		expect(intervalEnergyWh(powerW, minutes)).toBe(energyWh);
	});

	it('a missing interval is null in every unit, and a zero is zero', () => {
		const known = day('0,,1500', { minutes: 30 });
		expect(powerCurveW(known)).toEqual([0, null, 3000]);
		expect(curveInUnit(known, 'kW')).toEqual([0, null, 3]);
		expect(curveInUnit(known, 'kWh')).toEqual([0, null, 1.5]);
	});

	it('kW times hours is kWh, whatever the interval', () => {
		fc.assert(
			fc.property(
				fc.constantFrom(...INTERVAL_MINUTES),
				fc.integer({ min: 0, max: 2 ** 31 - 1 }),
				(minutes, wh) => {
					expect((curveInUnit(day(String(wh), { minutes }), 'kW')[0]! * minutes) / 60).toBeCloseTo(
						wh / 1000,
						6
					);
				}
			)
		);
	});
});

describe('longer intervals', () => {
	it.each([
		['sums', '1,2,3,4', undefined, [10], [1]],
		['a missing part makes the whole missing', '1,,3,4', undefined, [0], [0]],
		['an estimated part makes the whole estimated', '1,2,3,4', 'mecm', [10], [2]],
		['a corrected part makes the whole corrected', '1,2,3,4', 'mmcm', [10], [3]]
	])('%s', (_, quantities, qualities, sums, codes) => {
		const resampled = resampleDay(day(quantities, { minutes: 15, qualities }), 60);
		expect([...resampled.quantities]).toEqual(sums);
		expect([...resampled.qualities]).toEqual(codes);
	});

	it('refuses to split an interval', () => {
		expect(() => resampleDay(day('1,2', { minutes: 30 }), 15)).toThrow('cannot make 15 min out of 30 min');
	});

	it('keeps the energy of complete days', () => {
		fc.assert(
			fc.property(fc.array(fc.nat(1_000_000), { minLength: 92, maxLength: 92 }), (cells) => {
				const whole = day(cells.join(','), { minutes: 15 });
				const sum = (values: Int32Array) => values.reduce((total, value) => total + value, 0);
				expect(sum(resampleDay(whole, 60).quantities)).toBe(sum(whole.quantities));
			})
		);
	});
});

describe('another day at the same clock times', () => {
	const walls = (count: number, minutes: number) =>
		Array.from({ length: count }, (_, slot) => slot * minutes);

	it('holds the mean power of longer intervals and averages shorter ones', () => {
		const hourly = { day: day('1000,2000', { minutes: 60 }), wallMinutes: walls(2, 60) };
		expect(powerAtWallMinutes(hourly, walls(4, 30), 30)).toEqual([1000, 1000, 2000, 2000]);
		const halfHourly = { day: day('500,1000,,200', { minutes: 30 }), wallMinutes: walls(4, 30) };
		expect(powerAtWallMinutes(halfHourly, walls(2, 60), 60)).toEqual([1500, null]);
	});

	it('weights intervals that do not fit into each other by their minutes', () => {
		const tens = { day: day('100,200,300', { minutes: 10 }), wallMinutes: walls(3, 10) };
		expect(powerAtWallMinutes(tens, walls(2, 15), 15)).toEqual([800, 1600]);
	});

	it.each([
		['spring: the hour that does not exist is null', '2026-03-08', '2026-03-09', 120, null, 92],
		['autumn: of the repeated hour the first counts', '2026-11-01', '2026-11-02', 60, 4 * 4, 100]
	])('%s', (_, changed, plain, wallMinute, expected, count) => {
		const zone = 'America/Los_Angeles';
		const slots = slotWallMinutes(localDate(changed), zone, 15);
		expect(slots).toHaveLength(count);
		const quantities = slots.map((__, slot) => slot).join(',');
		const placed = { day: day(quantities, { minutes: 15, date: changed }), wallMinutes: slots };
		const plainWalls = slotWallMinutes(plain as LocalDate, zone, 15);
		const power = powerAtWallMinutes(placed, plainWalls, 15);
		expect(power).toHaveLength(96);
		expect(power[wallMinute / 15]).toBe(expected);
	});

	it('a day against itself is its own curve', () => {
		fc.assert(
			fc.property(dayOf15, (own) => {
				const wallMinutes = walls(96, 15);
				expect(powerAtWallMinutes({ day: own, wallMinutes }, wallMinutes, 15)).toEqual(powerCurveW(own));
			})
		);
	});
});

describe('power factor', () => {
	it.each([
		['lagging only', '80', ['60'], 0.8],
		['leading counts against the customer as well', '80', ['30', '30'], 0.8],
		['a reverse reading with a minus sign counts by its size', '80', ['30', '-30'], 0.8],
		['no reactive energy', '80', ['0'], 1],
		['nothing flowed', '0', ['0'], null],
		['reactive missing', '80', [''], null],
		['active missing', '', ['60'], null]
	])('%s', (_, active, reactive, expected) => {
		const factor = powerFactorCurve(
			day(active),
			reactive.map((quantities) => day(quantities))
		);
		expect(factor).toEqual([expected]);
	});

	it('lies between 0 and 1', () => {
		fc.assert(
			fc.property(dayOf15, dayOf15, (active, reactive) => {
				for (const factor of powerFactorCurve(active, [reactive])) {
					if (factor === null) continue;
					expect(factor).toBeGreaterThanOrEqual(0);
					expect(factor).toBeLessThanOrEqual(1);
				}
			})
		);
	});
});

describe('how much a day differs from another', () => {
	it.each([
		['twelve per cent more', [112, 112], [100, 100], 0.12],
		['the same', [5, 5], [5, 5], 0],
		['only intervals known in both count', [2, 2, 2, null], [1, 1, 1, 50], 1],
		['too little known in common', [2, 2, null, null], [1, 1, 1, 1], null],
		['the other used nothing', [1, 1], [0, 0], null],
		['nothing known', [null], [null], null]
	])('%s', (_, current, other, ratio) => {
		const change = curveChange(current, other);
		if (ratio === null) expect(change).toBeNull();
		else expect(change?.ratio).toBeCloseTo(ratio, 12);
	});
});
