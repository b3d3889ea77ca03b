import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDate, type IntervalMinutes } from '#lib/domain/kernel/civil-time.ts';
import { dayTotal, demandBlockMinutes, energyByPeriod, loadStatistics } from './day-statistics.ts';
import { unpackLoadDay, type LoadDay } from './load-day.ts';

function day(
	quantities: string,
	qualities: string,
	minutes: IntervalMinutes = 15,
	date = '2026-03-02'
): LoadDay {
	return unpackLoadDay({
		channel: 'active_import',
		localDate: localDate(date),
		intervalMinutes: minutes,
		quantities,
		qualities,
		version: 1
	});
}

const cells = fc.array(fc.record({ wh: fc.nat(1_000_000), letter: fc.constantFrom('x', 'm', 'e', 'c') }), {
	minLength: 96,
	maxLength: 96
});
const anyDay = cells.map((slots) =>
	day(
		slots.map(({ wh, letter }) => (letter === 'x' ? '' : wh)).join(','),
		slots.map(({ letter }) => letter).join('')
	)
);

describe('statistics of a day', () => {
	it('energy, maximum demand and when, load factor, peak-valley difference', () => {
		const statistics = loadStatistics([day('100,300,200,200', 'm')]);
		expect(statistics.energyWh).toBe(800);
		expect(statistics.maximumDemand).toEqual({
			powerW: 1200,
			localDate: '2026-03-02',
			startMinute: 15,
			blockMinutes: 15
		});
		expect(statistics.minimumPowerW).toBe(400);
		expect(statistics.peakValleyDifferenceW).toBe(800);
		expect(statistics.loadFactor).toBeCloseTo(800 / 1200, 12);
	});

	it('an estimate counts for energy and never for demand', () => {
		const statistics = loadStatistics([day('100,900,200,200', 'memc')]);
		expect(statistics.energyWh).toBe(1400);
		expect(statistics.maximumDemand?.powerW).toBe(800);
		expect(statistics.maximumDemand?.startMinute).toBe(30);
		expect(statistics.quality).toEqual({ missing: 0, measured: 2, estimated: 1, corrected: 1 });
	});

	it('missing intervals are not zero: neither the minimum nor the mean takes them', () => {
		const statistics = loadStatistics([day('100,,300', 'mxm')]);
		expect(statistics.minimumPowerW).toBe(400);
		expect(statistics.loadFactor).toBeCloseTo(800 / 1200, 12);
		expect(statistics.quality.missing).toBe(1);
	});

	it('a day without a reading has no figures at all', () => {
		const statistics = loadStatistics([day(',,,', 'x')]);
		expect(statistics).toMatchObject({
			energyWh: null,
			maximumDemand: null,
			minimumPowerW: null,
			loadFactor: null,
			peakValleyDifferenceW: null
		});
		expect(loadStatistics([]).energyWh).toBeNull();
	});

	it('a day that used nothing has zero energy and no load factor', () => {
		const statistics = loadStatistics([day('0,0', 'm')]);
		expect(statistics.energyWh).toBe(0);
		expect(statistics.maximumDemand?.powerW).toBe(0);
		expect(statistics.loadFactor).toBeNull();
	});

	it('the first of equal maxima is named, across days', () => {
		const statistics = loadStatistics([day('5,9', 'm'), day('9,9', 'm', 15, '2026-03-03')]);
		expect(statistics.maximumDemand).toMatchObject({ localDate: '2026-03-02', startMinute: 15 });
	});
});

describe('blocks that demand is taken from', () => {
	it.each([
		[5, 15],
		[10, 30],
		[15, 15],
		[30, 30],
		[60, 60]
	] as const)('%i-minute readings: %i-minute blocks', (minutes, block) => {
		expect(demandBlockMinutes(minutes)).toBe(block);
	});

	it('a spike of five minutes is spread over its quarter of an hour', () => {
		const statistics = loadStatistics([day('0,300,0,100,100,99', 'm', 5)]);
		expect(statistics.maximumDemand).toMatchObject({ powerW: 1200, startMinute: 0, blockMinutes: 15 });
	});

	it('a block with a missing part sets no demand', () => {
		expect(loadStatistics([day('900,,0,1,1,1', 'mxmmmm', 5)]).maximumDemand?.powerW).toBe(12);
	});
});

describe('share per time-of-use period', () => {
	const periodsOf = () => ['valley', 'valley', 'peak', 'peak'] as const;

	it('sums the known energy of each period', () => {
		const shares = energyByPeriod([day('100,100,300,', 'mmex')], periodsOf);
		expect(shares).toEqual([
			{ period: 'valley', energyWh: 200, share: 0.4 },
			{ period: 'peak', energyWh: 300, share: 0.6 }
		]);
	});

	it('nothing known: the periods are named, without a share', () => {
		expect(energyByPeriod([day(',,,', 'x')], periodsOf)).toEqual([
			{ period: 'valley', energyWh: 0, share: null },
			{ period: 'peak', energyWh: 0, share: null }
		]);
	});

	it('no tariff: no shares', () => {
		expect(loadStatistics([day('1,2', 'm')]).byPeriod).toEqual([]);
	});
});

describe('properties', () => {
	it('the periods together are the whole, and the days together the period', () => {
		fc.assert(
			fc.property(anyDay, anyDay, (first, second) => {
				const both = loadStatistics([first, second], (own) =>
					Array.from(own.quantities, (_, slot) => (slot % 3 === 0 ? 'peak' : 'valley'))
				);
				const parts = both.byPeriod.reduce((sum, part) => sum + part.energyWh, 0);
				expect(parts).toBe(both.energyWh ?? 0);
				const totals = [dayTotal(first), dayTotal(second)];
				expect(totals.reduce((sum, total) => sum + (total.energyWh ?? 0), 0)).toBe(both.energyWh ?? 0);
				expect(both.intervals).toBe(192);
			})
		);
	});

	it('the load factor lies between 0 and 1, and the maximum is never an estimate', () => {
		fc.assert(
			fc.property(anyDay, (own) => {
				const { loadFactor, maximumDemand } = loadStatistics([own]);
				if (loadFactor !== null) {
					expect(loadFactor).toBeGreaterThan(0);
					expect(loadFactor).toBeLessThanOrEqual(1 + 1e-12);
				}
				if (maximumDemand !== null) {
					expect([1, 3]).toContain(own.qualities[maximumDemand.startMinute / 15]);
				}
				expect(maximumDemand === null).toBe(own.qualities.every((code) => code === 0 || code === 2));
			})
		);
	});
});
