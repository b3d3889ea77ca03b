import { describe, expect, it } from 'vitest';
import {
	amounts,
	days,
	HOME,
	month,
	point,
	rated,
	ratingInput,
	series,
	shippedTariff
} from '../../../../tests/support/rating.ts';
import { localDate, type DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import type { Tariff } from '#lib/domain/tariffs/tariff.ts';
import { rate } from './rate.ts';
import type { RatingInput } from './types.ts';

const FLAT = 'zhejiang_residential.2024';
const name = { 'zh-CN': '费', en: 'Charge' };

function tariffWith(charges: object[], changes: Record<string, unknown> = {}): Tariff {
	return shippedTariff(FLAT, { tiers: null, ...changes, charges: charges.map((one) => ({ name, ...one })) });
}

function bill(tariff: Tariff, period: DatePeriod, kwh = 0, parts: Partial<RatingInput> = {}) {
	const quantities = { exportWh: null, laggingVarh: null, leadingVarh: null, demandW: null };
	const usage = { ...point(period), registers: { ...quantities, importWh: kwh * 1000 } };
	return rated(ratingInput(tariff, period, [usage], parts));
}

/** Two editions that change on a date. */
function changing(period: DatePeriod, on: string, before: Tariff, after: Tariff): Partial<RatingInput> {
	const cut = localDate(on);
	return {
		tariffs: [
			{ period: { start: period.start, end: cut }, tariff: before },
			{ period: { start: cut, end: period.end }, tariff: after }
		]
	};
}

describe('standing charges', () => {
	const standing = (per: string, extra = {}) =>
		tariffWith([{ kind: 'fixed', id: 's', per, amount: '31', ...extra }]);

	it('by the day, month and bill', () => {
		expect(amounts(bill(standing('day'), month('2026-04')))['fixed.s']).toBe(93_000n);
		expect(amounts(bill(standing('month'), month('2026-04')))['fixed.s']).toBe(3100n);
		expect(amounts(bill(standing('bill'), month('2026-04')))['fixed.s']).toBe(3100n);
	});

	// 31.00 × 21/31 = 21.00; whole April; 31.00 × 10/31 = 10.00
	it('by the month: whole months together, broken ones by their calendar days', () => {
		expect(amounts(bill(standing('month'), days('2026-03-11', '2026-05-11')))).toMatchObject({
			'fixed.s': 2100n,
			'fixed.s@2026-04-01': 3100n,
			'fixed.s@2026-05-01': 1000n
		});
	});

	it('by the bill: once, also where the edition changes inside it', () => {
		const period = month('2026-04');
		const parts = changing(period, '2026-04-11', standing('bill'), standing('bill'));
		const lines = bill(standing('bill'), period, 0, parts).lines.filter(({ charge }) => charge === 'fixed');
		expect(lines.map(({ reference, amountMinor }) => [reference, amountMinor])).toEqual([
			['fixed.s@2026-04-11', 3100n]
		]);
	});

	it('of a season that begins inside a month count its days', () => {
		const summer = { days: [{ from: '04-16', to: '09-15' }] };
		expect(amounts(bill(standing('day', summer), month('2026-04')))['fixed.s']).toBe(15n * 3100n);
		expect(amounts(bill(standing('month', summer), month('2026-04')))['fixed.s@2026-04-16']).toBe(1550n);
		expect(amounts(bill(standing('month', summer), month('2026-12')))['fixed.s']).toBeUndefined();
	});
});

describe('the least that a bill comes to', () => {
	const least = (changes = {}, charges: object[] = []) =>
		tariffWith(charges, { minimum: { per: 'month', amount: '20' }, ...changes });

	// 10 × 0.538 = 5.38; 20.00 − 5.38
	it('is filled up', () => {
		const result = bill(least(), month('2026-04'), 10);
		expect(amounts(result)).toEqual({ energy: 538n, minimum: 1462n });
		expect(result.totalMinor).toBe(2000n);
	});

	it('is not added where the bill comes to as much', () => {
		// 38 kWh × 0.538 = 20.444
		expect(amounts(bill(least(), month('2026-04'), 38))).toEqual({ energy: 2044n });
	});

	it('counts the days of a broken month: 20.00 × 15 / 30', () => {
		expect(bill(least(), days('2026-04-16', '2026-05-01'), 0).totalMinor).toBe(1000n);
	});

	it('stands before percentages', () => {
		const tax = { kind: 'percent', id: 'tax', percent: '10' };
		expect(bill(least({}, [tax]), month('2026-04'), 0).totalMinor).toBe(2200n);
	});
});

describe('percentages', () => {
	const charges = [
		{ kind: 'fixed', id: 's', per: 'bill', amount: '10' },
		{ kind: 'percent', id: 'a', percent: '5.125', of: ['energy'] },
		{ kind: 'percent', id: 'b', percent: '10' }
	];

	// 100 kWh: 53.80; 5.125 % = 2.75725 -> 2.76; 10 % of 53.80 + 10.00 + 2.76 = 6.656 -> 6.66
	it('of some lines, or of everything before them, each rounded once', () => {
		const result = bill(tariffWith(charges), month('2026-04'), 100);
		expect(amounts(result)).toEqual({
			energy: 5380n,
			'fixed.s': 1000n,
			'percent.a': 276n,
			'percent.b': 666n
		});
		expect(result.lines.at(-1)).toMatchObject({ quantityMilli: 6656, unit: 'money', percentE4: 100_000 });
	});

	it('are those of the edition of the last day, of the whole bill', () => {
		const period = month('2026-04');
		const parts = changing(period, '2026-04-16', tariffWith([]), tariffWith(charges.slice(2)));
		// 50 kWh and 50 kWh: 26.90 twice; 10 % of 53.80
		expect(amounts(bill(tariffWith([]), period, 100, parts))['percent.b']).toBe(538n);
	});
});

/* 免费电量: 15 kWh a month for low-income homes. 15 × 0.538 = 8.07 */
describe('free energy of a low-income home', () => {
	const free = shippedTariff(FLAT, { tiers: null, freeBasis: { kwhPerMonth: '15', pricePerKwh: '0.538' } });
	const poor = { account: { ...HOME, lowIncome: true } };

	it('is given back at its price', () => {
		expect(amounts(bill(free, month('2026-04'), 100, poor))).toEqual({ energy: 5380n, free_basis: -807n });
	});

	it('is never more than was used', () => {
		expect(bill(free, month('2026-04'), 4, poor).totalMinor).toBe(0n);
		expect(Object.is(bill(free, month('2026-04'), 0, poor).lines.at(-1)?.quantityMilli, -0)).toBe(false);
	});

	it('counts every month of the bill once', () => {
		expect(amounts(bill(free, days('2026-04-01', '2026-06-01'), 100, poor))['free_basis']).toBe(-1614n);
		expect(amounts(bill(free, days('2026-04-15', '2026-05-15'), 100, poor))['free_basis']).toBe(-807n);
		const parts = { ...poor, ...changing(month('2026-04'), '2026-04-16', free, free) };
		expect(amounts(bill(free, month('2026-04'), 100, parts))['free_basis']).toBe(-807n);
	});

	it('is not for others', () => {
		expect(amounts(bill(free, month('2026-04'), 100))).toEqual({ energy: 5380n });
	});
});

/** 0.1 kWh in each quarter-hour (0.4 kW); on 8 April 18:00 to 18:15 2.5 kWh (10 kW), on 9 April 03:00 5 kWh (20 kW). */
function peaks(period: DatePeriod) {
	return point(
		period,
		series(period, (date, slot) =>
			date === '2026-04-08' && slot === 72 ? 2500 : date === '2026-04-09' && slot === 12 ? 5000 : 100
		)
	);
}

describe('demand charges with names of their own', () => {
	const april = month('2026-04');
	const open = [{ fromKw: '0', toKw: null, pricePerKwMonth: '3' }];
	const demand = (extra = {}) => tariffWith([{ kind: 'demand', id: 'd', tiers: open, ...extra }]);
	const evening = { windows: [{ from: '17:00', to: '21:00' }] };
	const rateApril = (tariff: Tariff, parts: Partial<RatingInput> = {}) =>
		rate(ratingInput(tariff, april, [peaks(april)], parts));
	const charged = (tariff: Tariff, period = april, parts: Partial<RatingInput> = {}) => {
		const { lines } = rated(ratingInput(tariff, period, [peaks(period)], parts));
		return Object.fromEntries(
			lines.flatMap(({ charge, reference, amountMinor }) =>
				charge === 'energy' ? [] : [[reference, amountMinor]]
			)
		);
	};

	it('at all times, or inside windows', () => {
		expect(charged(demand())).toEqual({ 'demand.d': 6000n });
		expect(charged(demand(evening))).toEqual({ 'demand.d': 3000n });
		const weekend = {
			windows: [{ from: '17:00', to: '21:00', days: { type: 'weekdays', weekdays: [6, 7] } }]
		};
		expect(charged(demand(weekend))).toEqual({ 'demand.d': 120n });
	});

	it('in tiers of kW: 15 × 1 + 5 × 4', () => {
		const tiers = [
			{ fromKw: '0', toKw: '15', pricePerKwMonth: '1' },
			{ fromKw: '15', toKw: null, pricePerKwMonth: '4' }
		];
		expect(charged(demand({ tiers }))).toEqual({ 'demand.d.tier1': 1500n, 'demand.d.tier2': 2000n });
	});

	it('month by month, each with its own maximum and its days', () => {
		// 30 April to 3 May: 0.4 kW; 0.4 × 3 × 1/30 = 0.04; × 2/31 = 0.0774
		expect(charged(demand(), days('2026-04-30', '2026-05-03'))).toEqual({
			'demand.d': 4n,
			'demand.d@2026-05-01': 8n
		});
	});

	it('of a season that begins inside a month: the maximum of the whole month, its days', () => {
		expect(charged(demand({ days: [{ from: '04-16', to: '09-30' }] }))).toEqual({
			'demand.d@2026-04-16': 3000n
		});
	});

	it('without a measured block are refused', () => {
		const estimated = point(
			april,
			series(april, () => 1, { quality: () => 'estimated' })
		);
		expect(rate(ratingInput(demand(), april, [estimated]))).toEqual({
			ok: false,
			refusal: { code: 'NO_MEASURED_DEMAND' }
		});
	});

	const contract = (extra = {}) =>
		tariffWith([{ kind: 'contract', id: 'c', contract: 'usual', pricePerKwMonth: '2', ...extra }]);
	const contracted = { account: { ...HOME, contractsW: { usual: 16_000 } } };

	it('of a contract: what is contracted, however little is used', () => {
		expect(charged(contract(), april, contracted)).toEqual({ 'contract.c': 3200n });
	});

	// 16 kW × 2; up to 110 % (17.6 kW) 1.6 kW × 2 × 2; the other 2.4 kW × 2 × 3
	it('above a contract: the first part at twice, the rest at three times the price', () => {
		const overrun = [
			{ toPercent: 110, factorPercent: 200 },
			{ toPercent: null, factorPercent: 300 }
		];
		expect(charged(contract({ overrun }), april, contracted)).toEqual({
			'contract.c': 3200n,
			'contract.c.overrun1': 640n,
			'contract.c.overrun2': 1440n
		});
	});

	it('of a contract that the account does not name are refused', () => {
		expect(rateApril(contract())).toEqual({
			ok: false,
			refusal: { code: 'ACCOUNT_FACT_MISSING', fact: 'contract.usual' }
		});
	});

	it('whose overrun does not rise is no tariff', () => {
		const overrun = [
			{ toPercent: 120, factorPercent: 200 },
			{ toPercent: 110, factorPercent: 300 },
			{ toPercent: null, factorPercent: 300 }
		];
		expect(() => contract({ overrun })).toThrow('steps must rise, and the last must be open');
	});
});
