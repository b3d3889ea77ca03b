import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	amounts,
	behind,
	HOME,
	month,
	PLANT,
	point,
	rated,
	ratingInput,
	series,
	shippedTariff,
	tariffJson
} from '../../../../tests/support/rating.ts';
import { parseTariff } from '#lib/domain/tariffs/parse.ts';
import { rate } from './rate.ts';
import type { MeterShare, PointUsage, RatingInput, RegisterQuantities } from './types.ts';

const period = month('2026-01');
const twoPart = shippedTariff('hubei_two_part_1_10kv.2026-01');
const singlePart = shippedTariff('hubei_single_part_1_10kv.2026-01');
const home = shippedTariff('zhejiang_residential.2024', { voltages: ['1_to_10kv'] });
/** 0.50 a kWh at all times. */
const flat = parseTariff({
	...tariffJson('zhejiang_residential.2024'),
	seasons: [
		{
			id: 'all_year',
			months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
			rest: 'flat',
			windows: [],
			pricePerKwh: { flat: '0.5' }
		}
	],
	tiers: null
});

const share = (id: string, part: MeterShare['part'], tariff = twoPart): MeterShare => ({
	id,
	name: null,
	part,
	tariffs: [{ period, tariff }]
});
const percent = (value: number) => ({ percentE4: value * 10_000 });

const REGISTERS: RegisterQuantities = {
	importWh: { sharp: 100_000_000, peak: 200_000_000, flat: 300_000_000, valley: 250_000_000 },
	exportWh: null,
	laggingVarh: 400_000_000,
	leadingVarh: null,
	demandW: 1_812_523.4
};

function plant(shares: readonly MeterShare[], parts: Partial<RatingInput> = {}) {
	const usage: PointUsage = { ...point(period), registers: REGISTERS };
	const account = { ...PLANT, contractedCapacityVa: 3_150_000 };
	return ratingInput(twoPart, period, [usage], { account, shares, ...parts });
}

const quantityOf = (input: RatingInput, reference: string) =>
	rated(input).lines.find((line) => line.reference === reference)?.quantityMilli;

describe('a share of what registers counted (定比)', () => {
	const input = plant([share('lighting', percent(3))]);

	it('takes its percentage of every period, and the rest pays the account’s own tariff', () => {
		expect(quantityOf(input, 'share.lighting/energy.purchase.peak')).toBe(6_000_000);
		expect(quantityOf(input, 'energy.purchase.peak')).toBe(194_000_000);
		expect(quantityOf(input, 'share.lighting/transmission')).toBe(25_500_000);
		expect(quantityOf(input, 'transmission')).toBe(824_500_000);
	});

	// 1,812.5234 × 0.03 = 54.375702 kW
	it('takes its part of the demand, with six decimals of a kW', () => {
		expect(quantityOf(input, 'share.lighting/demand.actual')).toBe(54_375.702);
		expect(quantityOf(input, 'demand.actual')).toBe(1_758_147.698);
	});

	it('has lines of its own that name it, after those of the rest, and all sum to the total', () => {
		const { lines, totalMinor } = rated(input);
		const first = lines.findIndex((line) => line.share !== null);
		expect(lines.slice(0, first).every((line) => line.share === null)).toBe(true);
		expect(lines.slice(first).every((line) => line.share?.id === 'lighting')).toBe(true);
		expect(new Set(lines.map(({ reference }) => reference)).size).toBe(lines.length);
		expect(lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(totalMinor);
	});

	it('has its part of what was only estimated between two readings, and no more', () => {
		const usage = { ...point(period), registers: { ...REGISTERS, estimatedImportWh: 85_000_000 } };
		const { lines } = rated({ ...input, usage: [usage] });
		const estimated = (ofShare: boolean) =>
			lines
				.filter((line) => line.charge === 'purchase' && (line.share !== null) === ofShare)
				.reduce((sum, { estimatedMilli }) => sum + estimatedMilli, 0);
		expect([estimated(true), estimated(false)]).toEqual([2_550_000, 82_450_000]);
	});

	// 850,000 kWh on 3,150 kVA are 269 for the whole plant, whatever its shares.
	it('has the load-factor discount and the power factor of the whole', () => {
		const { figures, lines } = rated(input);
		expect(lines.filter(({ discountPercent }) => discountPercent === 10)).toHaveLength(2);
		expect(figures).toMatchObject({ energyWh: 850_000_000, powerFactor: { hundredths: 90 } });
		expect(lines.filter(({ charge }) => charge === 'power_factor')).toHaveLength(1);
	});

	it('costs what the plant costs without it where both are under one tariff, but for the rounding of lines', () => {
		const [with_, without] = [rated(input).totalMinor, rated(plant([])).totalMinor];
		expect(Math.abs(Number(with_ - without))).toBeLessThanOrEqual(6);
	});

	it('of nothing leaves every line of the rest as it was', () => {
		const none = rated(plant([share('none', percent(0))]));
		const own = none.lines.filter((line) => line.share === null);
		expect(own).toEqual(rated(plant([])).lines);
	});

	it('of everything leaves nothing', () => {
		const all = plant([share('all', percent(100))]);
		expect(quantityOf(all, 'transmission')).toBe(0);
		expect(quantityOf(all, 'demand.actual')).toBe(0);
	});
});

describe('the tariff of a share', () => {
	it('without demand charges leaves all demand to the rest', () => {
		const input = plant([share('shops', percent(10), singlePart)]);
		expect(quantityOf(input, 'demand.actual')).toBe(1_812_523.4);
		expect(quantityOf(input, 'share.shops/demand.actual')).toBeUndefined();
	});

	it.each<[string, typeof home, boolean]>([
		['with a power-factor rule: its lines count in the base', singlePart, true],
		['without one: they do not', home, false]
	])('%s', (_, tariff, counts) => {
		const { lines, figures } = rated(plant([share('part', percent(10), tariff)]));
		const base = lines.filter(({ inPowerFactorBase }) => inPowerFactorBase);
		expect(base.some((line) => line.share !== null)).toBe(counts);
		expect(base.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(figures.powerFactor?.baseMinor);
	});

	// 850,000 kWh × 1 % = 8,500 kWh: 2,760 in the first tier, 2,040 in the second, 3,700 in the third.
	it('may have tiers, which count its energy and are carried under its id', () => {
		const input = plant([share('flats', percent(1), home)]);
		expect(quantityOf(input, 'share.flats/energy.tier3_surcharge')).toBe(3_700_000);
		const { carried } = rated(input);
		expect(carried).toEqual({
			tierCycle: null,
			shares: { flats: { start: '2026-01-01', usedWh: 8_500_000 } }
		});
		const next = plant([share('flats', percent(1), home)], { carried });
		expect(quantityOf(next, 'share.flats/energy.tier3_surcharge')).toBe(8_500_000);
	});

	it('is refused as the account’s own where it does not fit', () => {
		const input = plant([share('homes', percent(1), flat)]);
		expect(rate(input)).toMatchObject({ ok: false, refusal: { code: 'TARIFF_DOES_NOT_FIT' } });
	});
});

describe('a fixed quantity (定量)', () => {
	it('is taken once for every month, by the periods’ energy', () => {
		const input = plant([share('office', { whPerMonth: 8_500_000 }, singlePart)]);
		expect(quantityOf(input, 'share.office/transmission')).toBe(8_500_000);
		expect(quantityOf(input, 'share.office/energy.purchase.valley')).toBe(2_500_000);
		expect(quantityOf(input, 'transmission')).toBe(841_500_000);
	});

	// 20 of 31 days of 8,500 kWh: 5,483.871
	it('counts by the calendar days of a broken month', () => {
		const broken = { start: period.start, end: '2026-01-21' as typeof period.end };
		const input = plant([share('office', { whPerMonth: 8_500_000 }, singlePart)], {
			period: broken,
			tariffs: [{ period, tariff: twoPart }]
		});
		expect(quantityOf(input, 'share.office/transmission')).toBe(5_483_871);
	});

	it('is never more than was metered', () => {
		const input = plant([share('office', { whPerMonth: 2_000_000_000 }, singlePart)]);
		expect(quantityOf(input, 'share.office/transmission')).toBe(850_000_000);
		expect(quantityOf(input, 'transmission')).toBe(0);
	});
});

describe('shares that do not fit are refused', () => {
	it.each<[string, MeterShare[], string]>([
		['more than all of it', [share('a', percent(60)), share('b', percent(50))], 'more_than_all'],
		['two of one name', [share('a', percent(1)), share('a', percent(2))], 'same_id']
	])('%s', (_, shares, reason) => {
		expect(rate(plant(shares))).toEqual({ ok: false, refusal: { code: 'SHARES_UNFIT', reason } });
	});
});

describe('a share of a curve', () => {
	const shape = (_: string, slot: number) => (slot === 7 ? null : 1000 + 37 * slot);
	const curve = point(
		period,
		series(period, shape, { quality: (_date, slot) => (slot === 9 ? 'estimated' : 'measured') })
	);
	const timed = shippedTariff('zhejiang_residential_tou.2024');
	const input = ratingInput(timed, period, [curve], {
		account: HOME,
		shares: [share('charger', percent(12.5), flat), share('pump', { whPerMonth: 90_000 }, timed)]
	});

	it('is a part of every interval, and the parts are the whole', () => {
		const split = ['energy.peak', 'energy.valley', 'share.charger/energy', 'share.pump/energy.peak'];
		const opened = [...split, 'share.pump/energy.valley'].flatMap(
			(reference) => behind(input, reference).days
		);
		const sums = new Map<string, number>();
		for (const { localDate, slots, quantities } of opened) {
			slots.forEach((slot, index) => {
				const key = `${localDate} ${slot}`;
				sums.set(key, (sums.get(key) ?? 0) + (quantities[index] ?? 0));
			});
		}
		for (const { localDate, quantities, qualities } of curve.days) {
			quantities.forEach((quantity, slot) => {
				expect(sums.get(`${localDate} ${slot}`)).toBe(qualities[slot] === 0 ? undefined : quantity);
			});
		}
	});

	it.each(['energy.peak', 'share.charger/energy', 'share.pump/energy.valley'])(
		'what is opened behind %s is its quantity',
		(reference) => {
			const opened = behind(input, reference).days.reduce((sum, { quantity }) => sum + quantity, 0);
			expect(opened).toBe(quantityOf(input, reference));
		}
	);

	it('has its part of the estimates, and the warnings count each interval once', () => {
		const { lines, warnings } = rated(input);
		const estimated = lines
			.filter(({ charge }) => charge === 'energy')
			.reduce((sum, { estimatedMilli }) => sum + estimatedMilli, 0);
		expect(estimated).toBe(31 * (1000 + 37 * 9));
		expect(warnings.map(({ code }) => code)).toEqual(['MISSING_INTERVALS', 'ESTIMATED_INTERVALS']);
	});

	it('is, with the rest, the energy of every period of the account’s tariff, whatever the parts', () => {
		fc.assert(
			fc.property(
				fc.array(fc.integer({ min: 0, max: 330_000 }), { minLength: 1, maxLength: 3 }),
				fc.integer({ min: 0, max: 400_000 }),
				(parts, whPerMonth) => {
					const shares = parts.map((percentE4, index) => share(`s${index}`, { percentE4 }, timed));
					const split = rated({ ...input, shares: [...shares, share('fixed', { whPerMonth }, timed)] });
					for (const timePeriod of ['peak', 'valley']) {
						const own = split.lines.filter(
							(line) => line.timePeriod === timePeriod && line.charge === 'energy'
						);
						const metered = split.figures.periods.find((one) => one.timePeriod === timePeriod);
						expect(own.reduce((sum, { quantityMilli }) => sum + quantityMilli, 0)).toBe(metered?.energyWh);
						expect(own.every(({ quantityMilli }) => quantityMilli >= 0)).toBe(true);
					}
				}
			),
			{ numRuns: 20, seed: 20_260_103 }
		);
	});

	it('costs as much as the whole under one flat price, but for the rounding of lines', () => {
		const whole = ratingInput(flat, period, [curve]);
		const split = { ...whole, shares: [share('a', percent(3), flat), share('b', percent(7.1), flat)] };
		expect(Math.abs(Number(rated(split).totalMinor - rated(whole).totalMinor))).toBeLessThanOrEqual(2);
		expect(Object.keys(amounts(rated(split)))).toEqual(['energy', 'share.a/energy', 'share.b/energy']);
	});
});
