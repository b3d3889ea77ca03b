import { describe, expect, it } from 'vitest';
import { addDays, localDate } from '#lib/domain/kernel/civil-time.ts';
import type { RangeView } from '#lib/domain/metering/curve-view.ts';
import { rangeCurve } from './load-curve.ts';

const first = localDate('2026-11-16');
const HOUR = 60;

/** Days without readings, each valley until 8 and peak from then on: the price is known all the same. */
function range(days: number): RangeView {
	const dates = Array.from({ length: days }, (_, index) => addDays(first, index));
	return {
		accountId: 1,
		meter: { meterNo: 'M1', timeZone: 'Asia/Shanghai' },
		meters: [{ meterNo: 'M1', timeZone: 'Asia/Shanghai' }],
		freshness: null,
		days: [],
		statistics: {
			energyWh: null,
			maximumDemand: null,
			minimumPowerW: null,
			loadFactor: null,
			peakValleyDifferenceW: null,
			byPeriod: [],
			quality: { missing: 24 * days, measured: 0, estimated: 0, corrected: 0 },
			intervals: 24 * days
		},
		demandTime: null,
		powerFactorHundredths: null,
		exportWh: null,
		from: first,
		to: addDays(first, days),
		totals: [],
		irregularDays: [],
		periods: dates.map((date) => ({
			localDate: date,
			runs: [
				{ startSlot: 0, endSlot: 8, period: 'valley' },
				{ startSlot: 8, endSlot: 24, period: 'peak' }
			],
			energy: []
		}))
	};
}

describe('the time-of-use periods of several days', () => {
	it('lie behind the curve of a week, day after day', () => {
		const { main } = rangeCurve(range(7), 'kW');
		expect(main.periods).toHaveLength(14);
		expect(main.periods.slice(0, 3)).toEqual([
			{ from: 0, to: 8 * HOUR, colour: 'period-valley' },
			{ from: 8 * HOUR, to: 24 * HOUR, colour: 'period-peak' },
			{ from: 24 * HOUR, to: 32 * HOUR, colour: 'period-valley' }
		]);
		expect(main.periods.at(-1)?.to).toBe(7 * 24 * HOUR);
	});

	it('would be stripes behind that of a month, and are only named there', () => {
		const curve = rangeCurve(range(30), 'kW');
		expect(curve.main.periods).toEqual([]);
		expect([curve.periodAt(24 * 29 + 7), curve.periodAt(24 * 29 + 8)]).toEqual(['valley', 'peak']);
		expect(curve.periodAt(24 * 30)).toBeNull();
	});
});
