import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { dayNumberOf, localDate } from '#lib/domain/kernel/civil-time.ts';
import { days, HOME, month, point, rated, ratingInput, series, shippedTariff } from '../support/rating.ts';

const file = path.join(import.meta.dirname, 'data/ssc_residential_load_60min.csv.gz');
const [, ...rows] = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
const hoursWh = rows.map((kw) => Math.round(Number(kw) * 1000));

/*
 * Source: NREL/ssc, test Test_Residential_TOU_Rates (without generation), annual bill 771.8 ± 0.1 dollars.
 * Period 1 at 0.10; 2 at 0.05 (November to April, working days 10-15); 3 at 0.20 (the same days 15-20);
 * 4 at 0.25 (May to October, working days 15-20). A year of 365 days that begins on a Monday, as 2018 did; no
 * holidays and no clock change. The periods stand here for flat, valley, peak and sharp.
 */
const on = (period: string, from: string, to: string) => ({
	period,
	from,
	to,
	days: { type: 'weekdays', weekdays: [1, 2, 3, 4, 5] }
});
const tariff = shippedTariff('zhejiang_residential.2024', {
	currency: 'USD',
	validFrom: '2018-01-01',
	tiers: null,
	seasons: [
		{
			id: 'winter',
			months: [11, 12, 1, 2, 3, 4],
			rest: 'flat',
			windows: [on('valley', '10:00', '15:00'), on('peak', '15:00', '20:00')],
			pricePerKwh: { flat: '0.1', valley: '0.05', peak: '0.2' }
		},
		{
			id: 'summer',
			months: [5, 6, 7, 8, 9, 10],
			rest: 'flat',
			windows: [on('sharp', '15:00', '20:00')],
			pricePerKwh: { flat: '0.1', sharp: '0.25' }
		}
	]
});
const firstDay = dayNumberOf(localDate('2018-01-01'));

function bill(period: ReturnType<typeof days>) {
	const usage = series(period, (date, slot) => hoursWh[(dayNumberOf(date) - firstDay) * 24 + slot] ?? null, {
		intervalMinutes: 60
	});
	const account = { ...HOME, currency: 'USD' as const };
	return rated(ratingInput(tariff, period, [point(period, usage)], { account }));
}

describe('the residential time-of-use case of ssc', () => {
	const bills = Array.from({ length: 12 }, (_, index) =>
		bill(month(`2018-${String(index + 1).padStart(2, '0')}`))
	);

	it('comes to 771.8 dollars in twelve bills', () => {
		const total = bills.reduce((sum, { totalMinor }) => sum + totalMinor, 0n);
		expect(Math.abs(Number(total) / 100 - 771.8)).toBeLessThan(0.1);
	});

	// 4,425.98, 433.943, 238.024 and 921.953 kWh, to the rounding of the hours to whole Wh
	it('has the kWh of each period', () => {
		const kwhOf = (timePeriod: string) =>
			bills.reduce(
				(sum, { figures }) =>
					sum + (figures.periods.find((entry) => entry.timePeriod === timePeriod)?.energyWh ?? 0) / 1000,
				0
			);
		expect(kwhOf('flat')).toBeCloseTo(4425.98, 0);
		expect(kwhOf('valley')).toBeCloseTo(238.024, 0);
		expect(kwhOf('peak')).toBeCloseTo(433.943, 0);
		expect(kwhOf('sharp')).toBeCloseTo(921.953, 0);
	});

	// The twelve amounts were worked out beside the source, rounded once a month; here each of up to three lines is.
	it('month by month, to the rounding of its lines', () => {
		const once = [43.18, 37.74, 37.95, 43.24, 66.4, 94.2, 112.42, 104.85, 82.47, 68.8, 37.51, 43.0];
		bills.forEach(({ totalMinor }, index) => {
			expect(Math.abs(Number(totalMinor) - Math.round((once[index] ?? 0) * 100))).toBeLessThanOrEqual(1);
		});
	});

	// The sums are the same but for the cents that each line of each bill is rounded to.
	it('in one bill of a year', () => {
		const year = bill(days('2018-01-01', '2019-01-01'));
		expect(Math.abs(Number(year.totalMinor) / 100 - 771.78)).toBeLessThan(0.03);
	});
});
