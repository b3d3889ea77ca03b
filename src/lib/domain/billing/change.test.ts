import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	HOME,
	month,
	PLANT,
	point,
	rated,
	ratingInput,
	series,
	shippedTariff
} from '../../../../tests/support/rating.ts';
import { localDate, type DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import type { Quality } from '#lib/domain/metering/load-day.ts';
import type { RatingInput } from '#lib/domain/rating/types.ts';
import type { Tariff } from '#lib/domain/tariffs/tariff.ts';
import { averagePriceE8, changeFromPrevious, type ComparedBill } from './change.ts';

const flat = shippedTariff('zhejiang_residential.2024');
const timed = shippedTariff('zhejiang_residential_tou.2024');
const plant = shippedTariff('hubei_two_part_1_10kv_demo.2026-01-demo');
const [march, april, may] = [month('2026-03'), month('2026-04'), month('2026-05')];

interface Use {
	readonly peakWh: number;
	readonly valleyWh: number;
	readonly reactiveVarh?: number;
	/** Of all intervals; measured where it is left out. */
	readonly quality?: Quality;
}

/** A bill of a month with the same hours every day. */
function billed(
	tariff: Tariff,
	period: DatePeriod,
	use: Use,
	parts: Partial<RatingInput> = {}
): ComparedBill {
	const isPeak = (slot: number) => slot >= 8 && slot < 22;
	const options = { intervalMinutes: 60, quality: () => use.quality ?? 'measured' } as const;
	const active = series(period, (_, slot) => (isPeak(slot) ? use.peakWh : use.valleyWh), options);
	const quarter = (channel: 'active_import' | 'reactive_import', wh: (slot: number) => number) =>
		series(period, (_, slot) => wh(slot), { channel, intervalMinutes: 15 });
	const days =
		use.reactiveVarh === undefined
			? [active]
			: [
					quarter('active_import', (slot) => (isPeak(Math.floor(slot / 4)) ? use.peakWh : use.valleyWh)),
					quarter('reactive_import', () => use.reactiveVarh ?? 0)
				];
	const { usage: _, ...basis } = ratingInput(tariff, period, [], parts);
	const { totalMinor, figures, lines } = rated({ ...basis, usage: [point(period, ...days)] });
	return { totalMinor, figures, lines, basis };
}

const effects = (bill: ComparedBill, previous: ComparedBill) =>
	Object.fromEntries(
		changeFromPrevious(bill, previous).causes.map(({ kind, effectMinor }) => [kind, effectMinor])
	);

describe('bills with a fixed-share meter', () => {
	const home = shippedTariff('zhejiang_residential.2024', { voltages: ['1_to_10kv'] });
	const withShare = (period: DatePeriod, tariff: Tariff, use: Use, percentE4: number) => {
		const share = { id: 'canteen', name: null, part: { percentE4 }, tariffs: [{ period, tariff }] };
		return billed(plant, period, { reactiveVarh: 50_000, ...use }, { account: PLANT, shares: [share] });
	};

	it.each([
		['of the same periods', plant],
		['without periods', home]
	])('under a tariff %s are split into causes that sum to the difference', (_, tariff) => {
		const before = withShare(april, tariff, { peakWh: 200_000, valleyWh: 100_000 }, 30_000);
		const now = withShare(may, tariff, { peakWh: 220_000, valleyWh: 90_000 }, 50_000);
		const { causes, differenceMinor } = changeFromPrevious(now, before);
		expect(differenceMinor).toBe(now.totalMinor - before.totalMinor);
		expect(causes.reduce((sum, { effectMinor }) => sum + effectMinor, 0n)).toBe(differenceMinor);
		expect(causes.map(({ kind }) => kind)).not.toContain('other');
	});
});

describe('what differs from the previous bill', () => {
	it('nothing', () => {
		const same = billed(flat, march, { peakWh: 300, valleyWh: 300 });
		expect(changeFromPrevious(same, same)).toEqual({ differenceMinor: 0n, causes: [] });
	});

	it('one day more at the same daily use is days alone', () => {
		const [before, now] = [april, may].map((period) => billed(flat, period, { peakWh: 100, valleyWh: 100 }));
		// 2.4 kWh of a day at 0.538: 72.0 kWh cost 38.74, 74.4 kWh cost 40.03.
		expect(effects(now!, before!)).toEqual({ days: 129n });
	});

	it('more use per day is volume, and its size in Wh per day is stated', () => {
		const before = billed(flat, march, { peakWh: 100, valleyWh: 100 });
		const change = changeFromPrevious(billed(flat, march, { peakWh: 200, valleyWh: 200 }), before);
		expect(change.causes).toEqual([
			{
				kind: 'volume',
				effectMinor: 4002n,
				fromWhPerDay: 2400,
				toWhPerDay: 4800,
				reference: 'energy'
			}
		]);
	});

	it('the same energy at other times is the mix, and says which period changed most', () => {
		const before = billed(timed, march, { peakWh: 100, valleyWh: 0 });
		const change = changeFromPrevious(billed(timed, march, { peakWh: 0, valleyWh: 140 }), before);
		// 43.4 kWh at 0.288 instead of 0.568.
		expect(change.causes).toMatchObject([
			{ kind: 'mix', effectMinor: -1215n, fromShare: 1, toShare: 0, timePeriod: 'peak' }
		]);
	});

	it('the same quantities under another edition are price', () => {
		const dearer = shippedTariff('zhejiang_residential.2024', {
			seasons: [
				{
					id: 'all',
					months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
					rest: 'flat',
					windows: [],
					pricePerKwh: { flat: '0.638' }
				}
			]
		});
		const use = { peakWh: 100, valleyWh: 100 };
		// 74.4 kWh at 0.10 more.
		expect(effects(billed(dearer, march, use), billed(flat, march, use))).toEqual({ price: 744n });
	});

	it.each([
		['corrected', 'corrections'],
		['estimated', 'estimates']
	] as const)('energy of %s readings is told from measured energy', (quality, kind) => {
		const use = { peakWh: 100, valleyWh: 100 };
		const change = changeFromPrevious(billed(flat, march, { ...use, quality }), billed(flat, march, use));
		expect(change.differenceMinor).toBe(0n);
		// 74.4 kWh at 0.538, beside nothing and beside as much again: the mean of 40.03 and 80.05 − 40.03.
		expect(change.causes).toMatchObject([
			{ kind: 'volume', effectMinor: -4002n },
			{ kind, effectMinor: 4002n, fromWh: 0, toWh: 74_400 }
		]);
	});

	it('use that fell on other days of two editions is not a change of price', () => {
		const half = localDate('2026-03-16');
		const dearer = shippedTariff('zhejiang_residential.2024', {
			edition: 'later',
			seasons: [
				{
					id: 'all',
					months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
					rest: 'flat',
					windows: [],
					pricePerKwh: { flat: '0.638' }
				}
			]
		});
		const tariffs = [
			{ period: { start: march.start, end: half }, tariff: flat },
			{ period: { start: half, end: march.end }, tariff: dearer }
		];
		// 24 kWh of one day, at 0.538 or 0.638: 12.91 or 15.31.
		const bill = (day: string) => {
			const used = series(march, (date) => (date === day ? 1000 : 0), { intervalMinutes: 60 });
			const { usage: _, ...basis } = ratingInput(flat, march, [], { tariffs });
			const { totalMinor, figures, lines } = rated({ ...basis, usage: [point(march, used)] });
			return { totalMinor, figures, lines, basis };
		};
		const change = changeFromPrevious(bill('2026-03-20'), bill('2026-03-10'));
		expect(change.causes).toEqual([{ kind: 'spread', effectMinor: 240n, reference: null }]);
	});

	it('what the year has used before is the tier', () => {
		const use = { peakWh: 300, valleyWh: 300 };
		const carried = (usedWh: number) => ({ carried: { tierCycle: { start: march.start, usedWh } } });
		const year = { start: month('2026-01').start };
		const at = (usedWh: number) =>
			billed(flat, march, use, { carried: { tierCycle: { ...carried(usedWh).carried.tierCycle, ...year } } });
		// 223.2 kWh, all of it in the second tier: 0.05 more.
		expect(effects(at(2_800_000), at(100_000))).toEqual({ tier: 1116n });
	});

	it('demand and power factor of a plant are told apart', () => {
		const account = { ...PLANT };
		const one = (use: Use) => billed(plant, march, use, { account });
		const before = one({ peakWh: 100_000, valleyWh: 50_000, reactiveVarh: 20_000 });
		const reactive = one({ peakWh: 100_000, valleyWh: 50_000, reactiveVarh: 70_000 });
		expect(Object.keys(effects(reactive, before))).toEqual(['power_factor']);
		const all = effects(one({ peakWh: 130_000, valleyWh: 20_000, reactiveVarh: 20_000 }), before);
		expect(all['demand']).toBeGreaterThan(0n);
		expect(all['mix']).toBeGreaterThan(0n);
	});

	it('the largest cause comes first, and all of them sum to the difference, to the fen', () => {
		const use = fc.record({ peakWh: fc.nat(2000), valleyWh: fc.nat(2000) });
		fc.assert(
			fc.property(use, use, fc.nat(5_000_000), fc.boolean(), (first, second, usedWh, isTimed) => {
				const tariff = isTimed ? timed : flat;
				const start = month('2026-01').start;
				const previous = billed(tariff, april, first, { account: HOME });
				const bill = billed(tariff, may, second, { carried: { tierCycle: { start, usedWh } } });
				const { causes, differenceMinor } = changeFromPrevious(bill, previous);
				expect(differenceMinor).toBe(bill.totalMinor - previous.totalMinor);
				expect(causes.reduce((sum, { effectMinor }) => sum + effectMinor, 0n)).toBe(differenceMinor);
				const sizes = causes.map(({ effectMinor }) => (effectMinor < 0n ? -effectMinor : effectMinor));
				expect(sizes).toEqual([...sizes].sort((a, b) => (a > b ? -1 : a < b ? 1 : 0)));
			}),
			{ numRuns: 30 }
		);
	});

	it('looking backwards is the same with the signs turned', () => {
		const a = billed(timed, april, { peakWh: 700, valleyWh: 300 });
		const b = billed(timed, may, { peakWh: 300, valleyWh: 900 });
		const [there, back] = [effects(b, a), effects(a, b)];
		for (const [kind, effect] of Object.entries(there)) {
			const off = effect + (back[kind] ?? 0n);
			expect(off >= -1n && off <= 1n).toBe(true);
		}
	});
});

describe('average price', () => {
	it('is the total over the energy, in E8 per kWh', () => {
		expect(averagePriceE8(5380n, 100_000)).toBe(53_800_000n);
		expect(averagePriceE8(5380n, 0)).toBeNull();
	});
});
