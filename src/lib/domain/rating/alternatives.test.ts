import { expect, it } from 'vitest';
import {
	days,
	HOME,
	month,
	point,
	ratingInput,
	series,
	shippedTariff
} from '../../../../tests/support/rating.ts';
import { rateAlternatives } from './alternatives.ts';
import { rate } from './rate.ts';
import type { CarriedState } from './types.ts';

const year = days('2026-01-01', '2026-05-01');
const months = ['2026-01', '2026-02', '2026-03', '2026-04'].map(month);
// 48 kWh a day: the first tier of 2,760 kWh is passed in February.
const usage = [
	point(
		year,
		series(year, () => 500)
	)
];
const plain = shippedTariff('zhejiang_residential.2024');
const timed = shippedTariff('zhejiang_residential_tou.2024');

const { period: _, tariffs: __, ...undivided } = ratingInput(plain, year, usage, { account: HOME });
const basis = { ...undivided, shares: [] };

it('costs under each choice what its bills rated one by one cost, with the tier cycle carried on', () => {
	const costs = rateAlternatives(
		basis,
		months,
		[plain, timed].map((tariff) => [{ period: year, tariff }])
	);
	const expected = [plain, timed].map((tariff) => {
		let carried: CarriedState = { tierCycle: null };
		return months.map((period) => {
			const result = rate(ratingInput(tariff, period, usage, { account: HOME, carried }));
			if (!result.ok) throw new Error(result.refusal.code);
			carried = result.carried;
			return { period, totalMinor: result.totalMinor };
		});
	});
	expect(costs).toEqual(
		expected.map((bills) => ({
			ok: true,
			bills,
			totalMinor: bills.reduce((sum, { totalMinor }) => sum + totalMinor, 0n)
		}))
	);
	expect(costs[0]).not.toEqual(costs[1]);
});

it('a choice that cannot be rated says where and why, and leaves the others alone', () => {
	const costs = rateAlternatives(basis, months, [
		[{ period: month('2026-01'), tariff: plain }],
		[{ period: year, tariff: plain }]
	]);
	expect(costs[0]).toEqual({
		ok: false,
		period: month('2026-02'),
		refusal: { code: 'NO_TARIFF', date: '2026-02-01' }
	});
	expect(costs[1]?.ok).toBe(true);
});

it('a share is part of the bills of its days, and of no other', () => {
	const spring = days('2026-03-01', '2026-05-01');
	const share = {
		id: 'half',
		name: null,
		part: { percentE4: 500_000 },
		tariffs: [{ period: spring, tariff: timed }]
	};
	const choice = [{ period: year, tariff: plain }];
	const [without] = rateAlternatives(basis, months, [choice]);
	const [shared] = rateAlternatives({ ...basis, shares: [{ ...share, period: spring }] }, months, [choice]);
	const same = months.map((_month, index) =>
		shared?.ok && without?.ok ? shared.bills[index]?.totalMinor === without.bills[index]?.totalMinor : null
	);
	expect(same).toEqual([true, true, false, false]);
});
