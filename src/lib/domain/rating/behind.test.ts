import { describe, expect, it } from 'vitest';
import {
	behind,
	days,
	month,
	PLANT,
	point,
	ratingInput,
	series,
	shippedTariff
} from '../../../../tests/support/rating.ts';
import { localDate } from '#lib/domain/kernel/civil-time.ts';

const period = month('2026-02');
const timed = shippedTariff('zhejiang_residential_tou.2024');
const plant = shippedTariff('hubei_two_part_1_10kv_demo.2026-01-demo');

describe('the intervals behind a line', () => {
	const carried = { tierCycle: { start: localDate('2026-01-01'), usedWh: 2_759_000 } };
	const day = days('2026-03-10', '2026-03-11');
	const input = ratingInput(
		timed,
		day,
		[
			point(
				day,
				series(day, () => 600, { intervalMinutes: 60 })
			)
		],
		{ carried }
	);

	it('are those of its period', () => {
		const opened = behind(input, 'energy.peak').days;
		expect(opened).toMatchObject([{ localDate: '2026-03-10', quantity: 8400 }]);
		expect(opened[0]?.slots).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
	});

	it('above a tier threshold begin inside the interval that passes it', () => {
		// 1,000 Wh are left below the threshold: the first hour, and 400 Wh of the second.
		const opened = behind(input, 'energy.tier2_surcharge').days;
		expect(opened[0]).toMatchObject({
			quantity: 24 * 600 - 1000
		});
		expect(opened[0]?.quantities.slice(0, 2)).toEqual([200, 600]);
		expect(opened[0]?.slots[0]).toBe(1);
	});

	it('of a demand line are the block of the maximum', () => {
		const usage = series(
			period,
			(date, slot) => (date === '2026-02-09' && slot >= 30 && slot < 33 ? 90 : 10),
			{ intervalMinutes: 5 }
		);
		const account = { ...PLANT, powerFactorStandard: null };
		expect(
			behind(ratingInput(plant, period, [point(period, usage)], { account }), 'demand.actual')
		).toMatchObject({
			days: [{ localDate: '2026-02-09', slots: [30, 31, 32], quantity: 270 }]
		});
	});
});
