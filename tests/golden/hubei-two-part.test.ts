import { describe, expect, it } from 'vitest';
import { addDays, dayOfWeek } from '#lib/domain/kernel/civil-time.ts';
import {
	amounts,
	month,
	PLANT,
	point,
	rated,
	ratingInput,
	series,
	shippedTariff
} from '../support/rating.ts';

/*
 * Source: State Grid Hubei, agent-purchase prices of 1-31 January 2026 (two-part, 1-10 (20) kV), windows of
 * 鄂发改价管〔2024〕77号, power factor by (83)水电财字第215号, standard 0.90.
 *
 * Usage: every quarter-hour of January 25 kWh (100 kW), except 18:00-18:15 on 15 January: 50 kWh (200 kW).
 * Reactive: 10 kvarh lagging and 2 kvarh leading in every quarter-hour.
 *
 * Hours per day (months other than July and August): sharp 18-20 = 2 h, peak 16-18 and 20-24 = 6 h,
 * flat 6-12 and 14-16 = 8 h, valley 0-6 and 12-14 = 8 h.
 * Energy: sharp 31 × 2 × 100 + 25 = 6,225 kWh; peak 18,600; flat 24,800; valley 24,800; together 74,425 kWh.
 * Purchase price = published price - 0.1263 - 0.013643 - 0.082273 - 0.0452 (0.267416):
 *   sharp  1.049999 - 0.267416 = 0.782583 × 6,225  = 4,871.579175  -> 4,871.58
 *   peak   0.848961 - 0.267416 = 0.581545 × 18,600 = 10,816.737    -> 10,816.74
 *   flat   0.651886 - 0.267416 = 0.384470 × 24,800 = 9,534.856     -> 9,534.86
 *   valley 0.432924 - 0.267416 = 0.165508 × 24,800 = 4,104.5984    -> 4,104.60
 * Transmission     0.1263   × 74,425 = 9,399.8775     -> 9,399.88
 * Demand           200 kW × 42.0     = 8,400.00       (74 kWh per kVA of 1,000 kVA: no discount)
 * Line loss        0.013643 × 74,425 = 1,015.380275   -> 1,015.38
 * System operation 0.082273 × 74,425 = 6,123.168025   -> 6,123.17
 * Funds            0.0452   × 74,425 = 3,364.01
 * Power factor: P = 74,425, Q = (10 + 2) × 96 × 31 = 35,712; Q/P = 0.47984 lies in (0.4701, 0.4984]: 0.90,
 *   adjustment 0 %. Base: all but funds =
 *   4,871.58 + 10,816.74 + 9,534.86 + 4,104.60 + 9,399.88 + 8,400.00 + 1,015.38 + 6,123.17 = 54,266.21
 * Total = 54,266.21 + 0 + 3,364.01 = 57,630.22
 */
describe('a month of the two-part Hubei tariff by hand', () => {
	const period = month('2026-01');
	const tariff = shippedTariff('hubei_two_part_1_10kv.2026-01');
	const active = series(period, (date, slot) => (date === '2026-01-15' && slot === 72 ? 50_000 : 25_000));
	const leading = series(period, () => 2_000, { channel: 'reactive_export' });
	const lagging = (varh: number) => series(period, () => varh, { channel: 'reactive_import' });

	it('gives every line and the total to the fen', () => {
		const input = ratingInput(tariff, period, [point(period, active, lagging(10_000), leading)], {
			account: PLANT
		});
		const result = rated(input);
		expect(amounts(result)).toEqual({
			'energy.purchase.sharp': 487_158n,
			'energy.purchase.peak': 1_081_674n,
			'energy.purchase.flat': 953_486n,
			'energy.purchase.valley': 410_460n,
			transmission: 939_988n,
			'demand.actual': 840_000n,
			line_loss: 101_538n,
			system_operation: 612_317n,
			power_factor: 0n,
			government_fund: 336_401n
		});
		expect(result.totalMinor).toBe(5_763_022n);
		expect(result.figures.powerFactor).toMatchObject({ hundredths: 90, baseMinor: 5_426_621n, percentE2: 0 });
		expect(result.figures.demand).toMatchObject({ maximumW: 200_000, kwhPerKva: 74, discountPercent: null });
		expect(result.figures.demand?.peaks).toEqual([
			{
				servicePointId: 1,
				demandW: 200_000,
				at: { localDate: '2026-01-15', slot: 72, startMinute: 18 * 60 }
			}
		]);
	});

	/*
	 * 14 + 2 kvarh per quarter-hour: Q = 16 × 2,976 = 47,616; Q/P = 0.63979 lies in (0.6329, 0.6590]: 0.84, +3 %.
	 * 54,266.21 × 3 % = 1,627.9863 -> 1,627.99; total 57,630.22 + 1,627.99 = 59,258.21
	 */
	it('adds 3 % at a power factor of 0.84', () => {
		const input = ratingInput(tariff, period, [point(period, active, lagging(14_000), leading)], {
			account: PLANT
		});
		const result = rated(input);
		expect(amounts(result)['power_factor']).toBe(162_799n);
		expect(result.totalMinor).toBe(5_925_821n);
	});

	/*
	 * A capacity of 280 kVA: 74,425 / 280 = 265.8 kWh per kVA, at least 260, so the demand price is
	 * 42.0 × 0.9 = 37.8: 200 × 37.8 = 7,560.00. The base falls by 840.00 and with it nothing else (0 %).
	 */
	it('takes a tenth off the demand price from 260 kWh per kVA on', () => {
		const account = { ...PLANT, contractedCapacityVa: 280_000 };
		const result = rated(
			ratingInput(tariff, period, [point(period, active, lagging(10_000), leading)], { account })
		);
		expect(amounts(result)['demand.actual']).toBe(756_000n);
		expect(result.figures.demand).toMatchObject({ kwhPerKva: 265, discountPercent: 10 });
		expect(result.totalMinor).toBe(5_763_022n - 84_000n);
	});

	/* Capacity: 1,000 kVA × 26.3 = 26,300.00 in place of 8,400.00. */
	it('charges the capacity where the account chose it', () => {
		const account = { ...PLANT, demandBasis: 'capacity' as const };
		const result = rated(
			ratingInput(tariff, period, [point(period, active, lagging(10_000), leading)], { account })
		);
		expect(amounts(result)['demand.capacity']).toBe(2_630_000n);
		expect(result.totalMinor).toBe(5_763_022n - 840_000n + 2_630_000n);
	});

	/* Supply from 11 January: 21 of 31 days. 1,000 × 26.3 × 21 / 31 = 17,816.129 -> 17,816.13 */
	it('prorates the capacity by the calendar days of the month', () => {
		const part = { start: addDays(period.start, 10), end: period.end };
		const account = { ...PLANT, demandBasis: 'capacity' as const, openedOn: part.start };
		const result = rated(
			ratingInput(tariff, part, [point(part, active, lagging(10_000), leading)], { account })
		);
		expect(amounts(result)['demand.capacity']).toBe(1_781_613n);
		expect(result.lines.find(({ charge }) => charge === 'capacity')?.proration).toEqual({
			days: 21,
			monthDays: 31
		});
	});
});

/*
 * July and August: sharp 20-22, peak 16-20 and 22-24. One kWh in each quarter-hour of one day:
 * sharp 8, peak 24, flat 32, valley 32 kWh.
 */
describe('the summer windows of Hubei', () => {
	it('move the sharp hours to 20:00-22:00', () => {
		const period = { start: month('2025-07').start, end: addDays(month('2025-07').start, 1) };
		const tariff = shippedTariff('hubei_two_part_1_10kv_demo.2026-01-demo');
		const result = rated(
			ratingInput(
				tariff,
				period,
				[
					point(
						period,
						series(period, () => 1_000)
					)
				],
				{ account: PLANT }
			)
		);
		expect(dayOfWeek(period.start)).toBe(2);
		expect(result.figures.periods).toEqual([
			{ timePeriod: 'sharp', energyWh: 8_000 },
			{ timePeriod: 'peak', energyWh: 24_000 },
			{ timePeriod: 'flat', energyWh: 32_000 },
			{ timePeriod: 'valley', energyWh: 32_000 }
		]);
	});
});
