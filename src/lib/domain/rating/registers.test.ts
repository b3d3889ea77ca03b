import { describe, expect, it } from 'vitest';
import {
	amounts,
	HOME,
	month,
	days,
	PLANT,
	point,
	rated,
	ratingInput,
	series,
	shippedTariff
} from '../../../../tests/support/rating.ts';
import type { DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import { rate } from './rate.ts';
import type { LossRule, PointUsage, RegisterQuantities } from './types.ts';

const period = month('2026-06');
const flat = shippedTariff('zhejiang_residential.2024', { tiers: null });
const timed = shippedTariff('zhejiang_residential_tou.2024', { tiers: null });
const plant = shippedTariff('hubei_two_part_1_10kv_demo.2026-01-demo');

function registers(quantities: Partial<RegisterQuantities>, of: DatePeriod = period): PointUsage {
	const none = { importWh: 0, exportWh: null, laggingVarh: null, leadingVarh: null, demandW: null };
	return { ...point(of), registers: { ...none, ...quantities } };
}

const curve = (wh: number) =>
	series(period, () => wh, {
		intervalMinutes: 60
	});

describe('register readings', () => {
	it('a total is enough where the price does not depend on the time: 100 × 0.538', () => {
		expect(amounts(rated(ratingInput(flat, period, [registers({ importWh: 100_000 })])))).toEqual({
			energy: 5380n
		});
	});

	// 60 × 0.568 = 34.08; 40 × 0.288 = 11.52
	it('by period are priced by period', () => {
		const result = rated(
			ratingInput(timed, period, [registers({ importWh: { peak: 60_000, valley: 40_000 } })])
		);
		expect(amounts(result)).toEqual({ 'energy.peak': 3408n, 'energy.valley': 1152n });
		expect(result.warnings).toEqual([]);
	});

	it('by period are added up under a price without periods', () => {
		const usage = registers({ importWh: { peak: 60_000, valley: 40_000 } });
		expect(amounts(rated(ratingInput(flat, period, [usage])))).toEqual({ energy: 5380n });
	});

	// 720 hours of 100 Wh are 72 kWh by the curve: 42 peak, 30 valley; the register has 84 kWh: 49 and 35.
	it('win over the curve, which says how they are spread', () => {
		const usage = { ...registers({ importWh: 84_000 }), days: curve(100) };
		const result = rated(ratingInput(timed, period, [usage]));
		expect(result.figures.periods).toEqual([
			{ timePeriod: 'peak', energyWh: 49_000 },
			{ timePeriod: 'valley', energyWh: 35_000 }
		]);
		expect(result.warnings).toEqual([
			{ code: 'REGISTER_DIFFERS', servicePointId: 1, registerWh: 84_000, curveWh: 72_000 }
		]);
	});

	it('take away the estimate from what they counted', () => {
		const estimated = series(period, () => 100, { intervalMinutes: 60, quality: () => 'estimated' });
		const usage = { ...registers({ importWh: 72_000 }), days: estimated };
		expect(rated(ratingInput(flat, period, [usage])).lines[0]?.estimatedMilli).toBe(0);
	});

	it('make the gaps and estimates of the curve beside them no matter', () => {
		const gappy = series(period, (_, slot) => (slot === 3 ? null : 100), {
			intervalMinutes: 60,
			quality: (_, slot) => (slot === 5 ? 'estimated' : 'measured')
		});
		const usage = { ...registers({ importWh: 69_000 }), days: gappy };
		expect(rated(ratingInput(flat, period, [usage])).warnings).toEqual([]);
		const other = { ...point(period, gappy), servicePointId: 2 };
		expect(rated(ratingInput(flat, period, [usage, other])).warnings).toMatchObject([
			{ code: 'MISSING_INTERVALS', count: 30, of: 720 },
			{ code: 'ESTIMATED_INTERVALS', count: 30, quantity: 3000 }
		]);
	});

	it('a total without a curve is refused where the price depends on the time', () => {
		expect(rate(ratingInput(timed, period, [registers({ importWh: 1000 })]))).toEqual({
			ok: false,
			refusal: { code: 'REGISTER_TOO_COARSE', servicePointId: 1, reason: 'no_periods' }
		});
	});

	it('a total of nothing needs no periods', () => {
		expect(rated(ratingInput(timed, period, [registers({ importWh: 0 })])).totalMinor).toBe(0n);
	});

	it('a period that the tariff does not have is refused', () => {
		const usage = registers({ importWh: { peak: 1, sharp: 2 } });
		expect(rate(ratingInput(timed, period, [usage]))).toEqual({
			ok: false,
			refusal: { code: 'REGISTER_PERIOD_UNKNOWN', servicePointId: 1, timePeriod: 'sharp' }
		});
	});

	// 310 kWh: 10 of 31 days (100 kWh × 0.5 = 50.00), 21 of 31 days (210 kWh × 0.6 = 126.00)
	it('are shared over a change of price by calendar days, and the bill says so', () => {
		const july = month('2026-07');
		const first = { start: july.start, end: days('2026-07-11', '2026-07-12').start };
		const dearer = (price: string) =>
			shippedTariff('zhejiang_residential.2024', {
				tiers: null,
				seasons: [{ id: 'all', rest: 'flat', windows: [], pricePerKwh: { flat: price } }]
			});
		const usage = registers({ importWh: 310_000 }, july);
		const result = rated(
			ratingInput(flat, july, [usage], {
				tariffs: [
					{ period: first, tariff: dearer('0.5') },
					{ period: { start: first.end, end: july.end }, tariff: dearer('0.6') }
				]
			})
		);
		expect(amounts(result)).toEqual({ energy: 5000n, 'energy@2026-07-11': 12_600n });
		expect(result.warnings).toEqual([{ code: 'REGISTER_SPLIT_BY_DAYS', servicePointId: 1 }]);
	});

	it('of several meters are added up', () => {
		const two = { ...registers({ importWh: 30_000 }), servicePointId: 2 };
		const result = rated(ratingInput(flat, period, [registers({ importWh: 70_000 }), two]));
		expect(amounts(result)).toEqual({ energy: 5380n });
	});
});

describe('demand and reactive registers', () => {
	const importWh = { sharp: 1000, peak: 2000, flat: 3000, valley: 4000 };

	// 123.456789 kW × 42 = 5,185.185138 -> 5,185.19
	it('demand counts with six decimals', () => {
		const usage = registers({ importWh, demandW: 123_456.789 });
		const account = { ...PLANT, powerFactorStandard: null };
		const result = rated(ratingInput(plant, period, [usage], { account }));
		expect(amounts(result)['demand.actual']).toBe(518_519n);
		expect(result.warnings).toEqual([]);
	});

	// Contract 123.4567 kW, band 129.629535 kW, actual 130 kW: 0.370465 kW × 84 = 31.11906; 123.4567 × 42 = 5,185.1814
	it('a contract with decimals has a band with decimals', () => {
		const usage = registers({ importWh, demandW: 130_000 });
		const account = {
			...PLANT,
			contractedCapacityVa: null,
			powerFactorStandard: null,
			demandBasis: 'contract_demand' as const,
			contractDemandW: 123_456.7
		};
		const result = rated(ratingInput(plant, period, [usage], { account }));
		expect(amounts(result)).toMatchObject({ 'demand.contract': 518_518n, 'demand.overrun': 3112n });
	});

	it('one register is not the maximum of two months', () => {
		const long = days('2026-06-01', '2026-08-01');
		const usage = registers({ importWh, demandW: 1000 }, long);
		const refusal = { code: 'REGISTER_TOO_COARSE', servicePointId: 1, reason: 'spans_months' };
		const account = { ...PLANT, powerFactorStandard: null };
		expect(rate(ratingInput(plant, long, [usage], { account }))).toEqual({ ok: false, refusal });
		const named = shippedTariff('zhejiang_residential.2024', {
			tiers: null,
			charges: [
				{
					kind: 'demand',
					id: 'peak',
					name: { 'zh-CN': '需量', en: 'Demand' },
					tiers: [{ fromKw: '0', toKw: null, pricePerKwMonth: '10' }]
				}
			]
		});
		expect(rate(ratingInput(named, long, [usage]))).toEqual({ ok: false, refusal });
	});

	// P 10,000 kWh, Q 4,000 + 900 kvarh: Q/P 0.49 lies in (0.4701, 0.4984]: 0.90
	it('kvarh registers make the power factor, lagging and leading by magnitude', () => {
		const usage = registers({
			importWh: { flat: 10_000_000 },
			laggingVarh: 4_000_000,
			leadingVarh: 900_000,
			demandW: 0
		});
		const result = rated(ratingInput(plant, period, [usage], { account: PLANT }));
		expect(result.figures.powerFactor).toMatchObject({ hundredths: 90, percentE2: 0 });
	});

	describe('with a curve of three days beside the register of active energy', () => {
		const threeDays = { start: period.start, end: days('2026-06-04', '2026-06-04').start };
		const fragment = [
			...series(threeDays, () => 100_000),
			...series(threeDays, () => 100_000, { channel: 'reactive_import' })
		];
		const known = (parts: Partial<RegisterQuantities>, account = PLANT) =>
			rated(
				ratingInput(
					plant,
					period,
					[{ ...registers({ importWh: { peak: 288_000_000 }, ...parts }), days: fragment }],
					{ account }
				)
			);

		it('the power factor is not guessed from their reactive energy', () => {
			const { warnings, figures } = known({});
			expect(figures.powerFactor?.hundredths).toBeNull();
			expect(warnings).toContainEqual({
				code: 'POWER_FACTOR_NOT_ASSESSED',
				reason: 'reactive_incomplete',
				missingIntervals: 27 * 96
			});
		});

		it('what the maximum demand could not be found in is said', () => {
			const missing = { code: 'MISSING_INTERVALS', channel: 'active_import', count: 27 * 96, of: 30 * 96 };
			expect(known({}).warnings).toContainEqual(missing);
			expect(known({ demandW: 500_000 }).warnings).not.toContainEqual(missing);
			const byCapacity = { ...PLANT, demandBasis: 'capacity' } as const;
			expect(known({}, byCapacity).warnings).not.toContainEqual(missing);
		});
	});

	it('a plant without demand register and curve is refused', () => {
		expect(rate(ratingInput(plant, period, [registers({ importWh })], { account: PLANT }))).toEqual({
			ok: false,
			refusal: { code: 'NO_MEASURED_DEMAND' }
		});
	});

	it('a meter that only feeds in has no demand and hinders none', () => {
		const roof = {
			...point(
				period,
				series(period, () => 10, { channel: 'active_export' })
			),
			servicePointId: 2
		};
		const main = point(
			period,
			series(period, () => 250)
		);
		const account = { ...PLANT, powerFactorStandard: null };
		const result = rated(ratingInput(plant, period, [main, roof], { account }));
		expect(result.figures.demand?.maximumW).toBe(1000);
	});

	it('a second meter without any day in the month leaves the demand unknown, not zero', () => {
		const long = days('2026-06-01', '2026-08-01');
		const whole = point(
			long,
			series(long, () => 250)
		);
		const half = {
			...point(
				long,
				series(month('2026-06'), () => 250)
			),
			servicePointId: 2
		};
		const account = { ...PLANT, powerFactorStandard: null };
		expect(rate(ratingInput(plant, long, [whole, half], { account }))).toEqual({
			ok: false,
			refusal: { code: 'NO_MEASURED_DEMAND' }
		});
	});
});

it('what a curve lacks beside a register is not missing: the register counted it', () => {
	const holed = series(period, (_, slot) => (slot < 12 ? null : 1000), { intervalMinutes: 60 });
	const usage = { ...registers({ importWh: 500_000 }), days: holed };
	const result = rated(ratingInput(flat, period, [usage]));
	expect(result.warnings.map(({ code }) => code)).toEqual(['REGISTER_DIFFERS']);
	expect(result.figures.readings).toMatchObject([{ missing: 360 }]);
});

describe('an estimated register reading', () => {
	it('marks its part of the lines, shared as the total is, and says so', () => {
		const usage = registers({ importWh: { peak: 600_000, valley: 400_000 }, estimatedImportWh: 500_000 });
		const result = rated(ratingInput(timed, period, [usage]));
		expect(result.lines.map(({ timePeriod, estimatedMilli }) => [timePeriod, estimatedMilli])).toEqual([
			['peak', 300_000],
			['valley', 200_000]
		]);
		expect(result.warnings).toContainEqual({
			code: 'REGISTER_ESTIMATED',
			servicePointId: 1,
			energyWh: 500_000
		});
	});
});

it('an estimated register reading marks its part of each tier', () => {
	const tiered = shippedTariff('zhejiang_residential.2024');
	const usage = registers({ importWh: 3_000_000, estimatedImportWh: 1_000_000 });
	const result = rated(ratingInput(tiered, period, [usage], { account: HOME }));
	// 240 kWh of 3,000 lie above 2,760, and a third of them is estimated.
	expect(result.lines.find(({ tier }) => tier === 2)).toMatchObject({
		quantityMilli: 240_000,
		estimatedMilli: 80_000
	});
});

/*
 * 高供低计: iron loss by the day, copper loss by what flows, shared to the periods by their energy.
 * June: 30 × 2 kWh + 1,000 × 1.5 % = 75 kWh; peak 600 + 45, valley 400 + 30.
 * Reactive: 30 × 10 kvarh + 1,000 × 3 % = 330 kvarh.
 */
describe('losses between meter and boundary', () => {
	const losses: LossRule = {
		activeWhPerDay: 2000,
		activePercentE2: 150,
		reactiveVarhPerDay: 10_000,
		reactivePercentE2: 300
	};

	it('are added to the periods by their energy', () => {
		const usage = { ...registers({ importWh: { peak: 600_000, valley: 400_000 } }), losses };
		const result = rated(ratingInput(timed, period, [usage]));
		expect(result.figures).toMatchObject({
			energyWh: 1_075_000,
			lossWh: 75_000,
			periods: [
				{ timePeriod: 'peak', energyWh: 645_000 },
				{ timePeriod: 'valley', energyWh: 430_000 }
			]
		});
	});

	it('are added to a curve as to a register', () => {
		const usage = { ...point(period, curve(1000)), losses };
		// 720 kWh, 60 kWh iron, 10.8 kWh copper
		expect(rated(ratingInput(flat, period, [usage])).figures.lossWh).toBe(70_800);
	});

	it('count in the power factor, active and reactive', () => {
		const usage = {
			...registers({ importWh: { flat: 1_000_000 }, laggingVarh: 200_000, demandW: 0 }),
			losses
		};
		const result = rated(ratingInput(plant, period, [usage], { account: PLANT }));
		expect(result.figures.powerFactor).toMatchObject({ activeWh: 1_075_000, laggingVarh: 530_000 });
	});

	it('count in the tiers', () => {
		const tiered = shippedTariff('zhejiang_residential.2024');
		const usage = { ...registers({ importWh: 2_700_000 }), losses };
		const result = rated(ratingInput(tiered, period, [usage], { account: HOME }));
		// 2,700 + 60 + 40.5 = 2,800.5: 40.5 kWh above 2,760
		expect(result.lines.find(({ tier }) => tier === 2)?.quantityMilli).toBe(40_500);
	});
});

describe('energy fed in', () => {
	const credited = (exportPricePerKwh: Record<string, string> | null) =>
		shippedTariff('zhejiang_residential_tou.2024', { tiers: null, exportPricePerKwh });
	const usage = registers({ importWh: { peak: 10_000 }, exportWh: 100_000 });

	// 100 × 0.4153 = 41.53; 10 × 0.568 = 5.68: a bill of less than nothing
	it('a register total under one price is credited, and the bill may be negative', () => {
		const result = rated(ratingInput(credited({ peak: '0.4153', valley: '0.4153' }), period, [usage]));
		expect(amounts(result)).toEqual({ 'energy.peak': 568n, 'energy.valley': 0n, export: -4153n });
		expect(result.totalMinor).toBe(-3585n);
	});

	it('a register total under prices by period is refused', () => {
		expect(rate(ratingInput(credited({ peak: '0.5', valley: '0.2' }), period, [usage]))).toEqual({
			ok: false,
			refusal: { code: 'REGISTER_TOO_COARSE', servicePointId: 1, reason: 'export_periods' }
		});
	});

	it('a register without a price is not credited, and the bill says so', () => {
		expect(rated(ratingInput(credited(null), period, [usage])).warnings).toEqual([
			{ code: 'EXPORT_NOT_CREDITED', energyWh: 100_000 }
		]);
	});

	// One kWh in each hour: 14 × 30 = 420 kWh peak × 0.5 = 210.00; 300 kWh valley × 0.2 = 60.00
	it('a curve under prices by period is credited by period', () => {
		const fedIn = series(period, () => 1000, { intervalMinutes: 60, channel: 'active_export' });
		const input = ratingInput(credited({ peak: '0.5', valley: '0.2' }), period, [
			point(period, curve(0), fedIn)
		]);
		expect(amounts(rated(input))).toMatchObject({ 'export.peak': -21_000n, 'export.valley': -6000n });
	});

	it('an interval that a window cuts is refused where the credit depends on the time', () => {
		const halfHour = shippedTariff('zhejiang_residential.2024', {
			tiers: null,
			seasons: [
				{
					id: 'all',
					rest: 'flat',
					windows: [{ period: 'peak', from: '09:30', to: '14:00' }],
					pricePerKwh: { flat: '0.5', peak: '1' }
				}
			],
			exportPricePerKwh: { flat: '0.2', peak: '0.3' }
		});
		const fedIn = series(period, () => 1000, { intervalMinutes: 60, channel: 'active_export' });
		const taken = series(period, () => 0);
		expect(rate(ratingInput(halfHour, period, [point(period, taken, fedIn)]))).toEqual({
			ok: false,
			refusal: { code: 'INTERVAL_CROSSES_WINDOW', tariffCode: halfHour.code, intervalMinutes: 60 }
		});
	});
});
