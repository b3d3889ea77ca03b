import { describe, expect, it } from 'vitest';
import {
	amounts,
	days,
	PLANT,
	point,
	rated,
	ratingInput,
	series,
	shippedTariff,
	month
} from '../../../../tests/support/rating.ts';
import { contractDemand } from './demand.ts';
import { rate } from './rate.ts';

const tariff = shippedTariff('hubei_two_part_1_10kv_demo.2026-01-demo');
const period = month('2026-02');
const account = { ...PLANT, powerFactorStandard: null };

function demandOf(usage: ReturnType<typeof series>, intervals = period) {
	return rated(ratingInput(tariff, intervals, [point(intervals, usage)], { account })).figures.demand;
}

describe('maximum demand', () => {
	it('is the highest quarter-hour, the first of equal ones', () => {
		const demand = demandOf(
			series(period, (date, slot) => (date >= '2026-02-10' && slot === 40 ? 300 : 100))
		);
		expect(demand?.peaks).toEqual([
			{
				servicePointId: 1,
				demandW: 1200,
				at: { localDate: '2026-02-10', slot: 40, startMinute: 600 }
			}
		]);
	});

	it('adds three 5-minute intervals of one block, never of two', () => {
		const usage = series(period, (_, slot) => (slot >= 2 && slot <= 4 ? 90 : 30), { intervalMinutes: 5 });
		// Blocks 0-2: 30 + 30 + 90 = 150; 3-5: 90 + 90 + 30 = 210 Wh.
		expect(demandOf(usage)?.maximumW).toBe(840);
	});

	it('never comes from an estimated or missing interval', () => {
		const usage = series(period, (_, slot) => (slot === 10 ? 999 : slot === 11 ? null : 100), {
			quality: (_, slot) => (slot === 10 ? 'estimated' : 'measured')
		});
		const result = rated(ratingInput(tariff, period, [point(period, usage)], { account }));
		expect(result.figures.demand?.maximumW).toBe(400);
		expect(result.warnings).toContainEqual({ code: 'DEMAND_BLOCKS_EXCLUDED', count: 56, of: 2688 });
	});

	it('may come from a corrected one', () => {
		const usage = series(period, (_, slot) => (slot === 10 ? 999 : 100), { quality: () => 'corrected' });
		expect(demandOf(usage)?.maximumW).toBe(3996);
	});

	it('is taken per metering point and added', () => {
		const one = series(period, (_, slot) => (slot === 0 ? 500 : 100));
		const two = series(period, (_, slot) => (slot === 50 ? 700 : 100));
		const usage = [point(period, one), { ...point(period, two), servicePointId: 2 }];
		const result = rated(ratingInput(tariff, period, usage, { account }));
		expect(result.figures.demand?.maximumW).toBe(2000 + 2800);
		expect(amounts(result)['demand.actual']).toBe(20_160n);
	});

	it('is not added over an exchange of the meter', () => {
		const [before, after] = [days('2026-02-01', '2026-02-16'), days('2026-02-16', '2026-03-01')];
		const old = point(
			before,
			series(before, () => 25_000)
		);
		const next = {
			...point(
				after,
				series(after, () => 25_000)
			),
			servicePointId: 2
		};
		const exchanged = rated(ratingInput(tariff, period, [old, next], { account }));
		expect(exchanged.figures.demand).toMatchObject({ maximumW: 100_000, peaks: [{ servicePointId: 1 }] });
		// 100 kW × 42.0
		expect(amounts(exchanged)['demand.actual']).toBe(420_000n);
		const beside = {
			...point(
				period,
				series(period, () => 5000)
			),
			servicePointId: 3
		};
		const two = rated(ratingInput(tariff, period, [old, next, beside], { account }));
		expect(two.figures.demand?.maximumW).toBe(120_000);
	});

	it('of two meters one after the other is the larger', () => {
		const [before, after] = [days('2026-02-01', '2026-02-16'), days('2026-02-16', '2026-03-01')];
		const usage = [
			point(
				before,
				series(before, () => 100)
			),
			{
				...point(
					after,
					series(after, () => 300)
				),
				servicePointId: 2
			}
		];
		const { figures } = rated(ratingInput(tariff, period, usage, { account }));
		expect(figures.demand).toMatchObject({ maximumW: 1200, peaks: [{ servicePointId: 2 }] });
	});

	it.each([30, 60, 10] as const)('cannot be had from %i-minute intervals', (intervalMinutes) => {
		const usage = [
			point(
				period,
				series(period, () => 100, { intervalMinutes })
			)
		];
		expect(rate(ratingInput(tariff, period, usage, { account }))).toEqual({
			ok: false,
			refusal: { code: 'INTERVAL_UNFIT_FOR_DEMAND', intervalMinutes }
		});
		const capacity = rated(
			ratingInput(tariff, period, usage, { account: { ...account, demandBasis: 'capacity' } })
		);
		expect(capacity.figures.demand?.maximumW).toBeNull();
	});

	it('is refused where nothing was measured', () => {
		const usage = [
			point(
				period,
				series(period, () => 100, { quality: () => 'estimated' })
			)
		];
		expect(rate(ratingInput(tariff, period, usage, { account }))).toEqual({
			ok: false,
			refusal: { code: 'NO_MEASURED_DEMAND' }
		});
	});

	it('starts by the wall clock on a day with a clock change', () => {
		const spring = days('2026-03-08', '2026-03-09');
		const timeZone = 'America/Los_Angeles';
		const usage = series(spring, (_, slot) => (slot === 8 ? 500 : 100), { timeZone });
		const result = rated(ratingInput(tariff, spring, [point(spring, usage)], { account, timeZone }));
		expect(result.figures.demand?.peaks[0]).toMatchObject({ at: { slot: 8, startMinute: 180 } });
	});
});

describe('contract demand', () => {
	const rule = { bandPercent: 105, floorPercentOfCapacity: 40, overrunFormula: 'contract' } as const;
	const band = { ...rule, overrunFormula: 'band' } as const;
	it.each([
		['below the contract', rule, 1000, 900, [1000, 1000, 0]],
		['at 105 %', rule, 1000, 1050, [1000, 1000, 0]],
		['one watt above 105 %', rule, 1000, 1051, [1000, 1000, 1]],
		['above, by the contract formula: C + 2 (A - 1.05 C)', rule, 1000, 1200, [1000, 1000, 150]],
		['above, by the band formula: 1.05 C + 2 (A - 1.05 C)', band, 1000, 1200, [1000, 1050, 150]],
		['below the floor of 40 % of the capacity', rule, 300, 100, [400, 400, 0]]
	])('%s', (_, formula, contractKw, actualKw, [billed, single, overrun]) => {
		const isWatt = actualKw === 1051;
		const actualW = isWatt ? 1_050_001 : actualKw * 1000;
		expect(contractDemand(formula, contractKw * 1000, 1_000_000, actualW)).toEqual({
			billedContractW: (billed ?? 0) * 1000,
			contractPartW: (single ?? 0) * 1000,
			overrunW: isWatt ? 1 : (overrun ?? 0) * 1000
		});
	});

	it('prints the over-run as a line of its own at twice the price', () => {
		const usage = [
			point(
				period,
				series(period, () => 300_000)
			)
		];
		const contract = { ...account, demandBasis: 'contract_demand' as const, contractDemandW: 1_000_000 };
		const result = rated(ratingInput(tariff, period, usage, { account: contract }));
		// 806 kWh per kVA: 42 × 0.9 = 37.8. 1,000 × 37.8 = 37,800.00; 150 × 75.6 = 11,340.00
		expect(amounts(result)).toMatchObject({ 'demand.contract': 3_780_000n, 'demand.overrun': 1_134_000n });
	});
});
