import { describe, expect, it } from 'vitest';
import { month, point, rated, ratingInput, series, shippedTariff } from '../../../../tests/support/rating.ts';
import { addDays, dayOfWeek, localDate } from '#lib/domain/kernel/civil-time.ts';
import { forecastBill } from './forecast.ts';

const timed = shippedTariff('zhejiang_residential_tou.2024');
const march = month('2026-03');
const history = { start: localDate('2026-01-01'), end: march.end };
const { usage: _, ...basis } = ratingInput(timed, march, []);
const options = { intervalMinutes: 60 } as const;

/** A household that uses more at weekends, with readings up to and with a day. */
function household(through: string, weekendWh = 900) {
	const days = series(history, (date) => (dayOfWeek(date) >= 6 ? weekendWh : 400), options);
	return [
		point(
			march,
			days.filter(({ localDate: date }) => date <= through)
		)
	];
}

describe('forecast of a running bill', () => {
	it('of a customer whose weeks are all alike is the bill itself, without a range', () => {
		const whole = rated({ ...basis, usage: household('2026-03-31') });
		const forecast = forecastBill(basis, household('2026-03-12'), localDate('2026-03-12'));
		expect(forecast).toMatchObject({
			expectedMinor: whole.totalMinor,
			lowMinor: whole.totalMinor,
			highMinor: whole.totalMinor
		});
	});

	it('so far is the bill of the days that were read', () => {
		const through = localDate('2026-03-12');
		const days = { start: march.start, end: addDays(through, 1) };
		const soFar = rated({ ...basis, period: days, usage: household('2026-03-12') });
		expect(forecastBill(basis, household('2026-03-12'), through)?.soFarMinor).toBe(soFar.totalMinor);
	});

	it('on the last day is the bill', () => {
		const whole = rated({ ...basis, usage: household('2026-03-31') });
		const forecast = forecastBill(basis, household('2026-03-31'), localDate('2026-03-31'));
		expect(forecast?.expectedMinor).toBe(whole.totalMinor);
		expect(forecast?.soFarMinor).toBe(whole.totalMinor);
	});

	it('has a range where the weeks differ, and lies inside it', () => {
		const uneven = series(history, (date) => 300 + (Number(date.slice(8)) % 5) * 100, options);
		const read = uneven.filter(({ localDate: date }) => date <= '2026-03-12');
		const forecast = forecastBill(basis, [point(march, read)], localDate('2026-03-12'));
		expect(forecast).not.toBeNull();
		if (forecast === null) return;
		expect(forecast.lowMinor < forecast.highMinor).toBe(true);
		expect(forecast.expectedMinor >= forecast.lowMinor).toBe(true);
		expect(forecast.expectedMinor <= forecast.highMinor).toBe(true);
	});

	it('is withheld without a like day, and outside the period', () => {
		const few = series({ start: march.start, end: localDate('2026-03-04') }, () => 400, options);
		expect(forecastBill(basis, [point(march, few)], localDate('2026-03-03'))).toBeNull();
		expect(forecastBill(basis, household('2026-02-20'), localDate('2026-02-20'))).toBeNull();
	});
});
