import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	behind,
	HOME,
	month,
	PLANT,
	point,
	rated,
	ratingInput,
	series,
	shippedTariff
} from '../../../../tests/support/rating.ts';
import { addDays, localDate, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { QUALITIES } from '#lib/domain/metering/load-day.ts';
import { totalOf } from './lines.ts';
import type { RatingInput } from './types.ts';

const period = month('2026-03');
const TARIFFS = [
	{ file: 'zhejiang_residential.2024', account: HOME },
	{ file: 'zhejiang_residential_tou.2024', account: HOME },
	{ file: 'shandong_residential_tou.2022-05-01', account: HOME },
	{ file: 'hubei_two_part_1_10kv_demo.2026-01-demo', account: PLANT },
	{ file: 'hubei_single_part_below_1kv.2026-01', account: { ...HOME, powerFactorStandard: '0.85' } }
] as const;

/** A deterministic series from a seed: a small generator, so that a case stays cheap to shrink. */
function noise(seed: number, salt: number) {
	return (date: LocalDate, slot: number): number => {
		let x = Math.imul(seed ^ Math.imul(Number(date.slice(8)) * 128 + slot + salt, 0x9e3779b1), 0x85ebca6b);
		x ^= x >>> 15;
		return (x >>> 0) % 4000;
	};
}

/** Small on purpose: a failing case prints as one line. */
const cases = fc.record({
	tariff: fc.integer({ min: 0, max: TARIFFS.length - 1 }),
	seed: fc.integer({ min: 1, max: 1_000_000 }),
	intervalMinutes: fc.constantFrom(5 as const, 15 as const),
	missingEvery: fc.integer({ min: 40, max: 500 }),
	usedKwh: fc.integer({ min: 0, max: 6000 })
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function inputOf({ tariff, seed, intervalMinutes, missingEvery, usedKwh }: Case): RatingInput {
	const { file, account } = TARIFFS[tariff] ?? TARIFFS[0];
	const active = noise(seed, 0);
	const reactive = noise(seed, 7);
	const usage = point(
		period,
		series(period, (date, slot) => (slot % missingEvery === 1 ? null : active(date, slot)), {
			intervalMinutes,
			quality: (date, slot) => (reactive(date, slot) % 10 === 0 ? 'estimated' : 'measured')
		}),
		series(period, reactive, { intervalMinutes, channel: 'reactive_import' })
	);
	return ratingInput(shippedTariff(file), period, [usage], {
		account,
		carried: { tierCycle: { start: localDate('2026-01-01'), usedWh: usedKwh * 1000 } }
	});
}

describe('whatever is rated', { timeout: 60_000 }, () => {
	it('lines sum to the total, and rating twice gives the same', () => {
		fc.assert(
			fc.property(cases, (one) => {
				const input = inputOf(one);
				const result = rated(input);
				expect(totalOf(result.lines)).toBe(result.totalMinor);
				expect(rated(input)).toEqual(result);
			}),
			{ numRuns: 25 }
		);
	});

	it('the intervals behind the lines of the periods are each interval once', () => {
		fc.assert(
			fc.property(cases, (one) => {
				const input = inputOf(one);
				const result = rated(input);
				const energyLines = result.lines.filter(({ charge }) => charge === 'energy' || charge === 'purchase');
				let sum = 0;
				for (const line of energyLines) {
					const quantity = behind(input, line.reference).days.reduce((total, day) => total + day.quantity, 0);
					expect(quantity).toBe(line.quantityMilli);
					sum += quantity;
				}
				expect(sum).toBe(result.figures.energyWh);
			}),
			{ numRuns: 15 }
		);
	});

	it('the intervals behind a tier surcharge are its very quantity and estimated part', () => {
		fc.assert(
			fc.property(cases, (one) => {
				const input = inputOf(one);
				for (const line of rated(input).lines.filter(({ charge }) => charge === 'tier_surcharge')) {
					const { days } = behind(input, line.reference);
					expect(days.reduce((total, day) => total + day.quantity, 0)).toBe(line.quantityMilli);
					const estimated = days.flatMap(({ quantities, qualities }) =>
						quantities.filter((_, index) => qualities[index] === QUALITIES.indexOf('estimated'))
					);
					expect(estimated.reduce((total, wh) => total + wh, 0)).toBe(line.estimatedMilli);
				}
			}),
			{ numRuns: 20 }
		);
	});

	it('a period in two parts has the energy per period and per tier of the whole', () => {
		fc.assert(
			fc.property(cases, fc.integer({ min: 1, max: 30 }), (one, cutAfter) => {
				const input = inputOf(one);
				const whole = rated(input);
				const cut = addDays(period.start, cutAfter);
				const part = (start: LocalDate, end: LocalDate, carried: RatingInput['carried']) =>
					rated({ ...input, period: { start, end }, carried });
				const first = part(period.start, cut, input.carried);
				const second = part(cut, period.end, first.carried);
				for (const { timePeriod, energyWh } of whole.figures.periods) {
					const of = ({ figures }: typeof first) =>
						figures.periods.find((entry) => entry.timePeriod === timePeriod)?.energyWh ?? 0;
					expect(of(first) + of(second)).toBe(energyWh);
				}
				whole.figures.tiers?.tiers.forEach(({ energyWh }, index) => {
					const of = ({ figures }: typeof first) => figures.tiers?.tiers[index]?.energyWh ?? 0;
					expect(of(first) + of(second)).toBe(energyWh);
				});
				expect(second.carried).toEqual(whole.carried);
			}),
			{ numRuns: 20 }
		);
	});

	it('hours of the sums of quarter-hours cost the same where no window cuts an hour', () => {
		const tariff = shippedTariff('zhejiang_residential_tou.2024');
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
				const quarter = noise(seed, 0);
				const hour = (date: LocalDate, slot: number) =>
					[0, 1, 2, 3].reduce((sum, step) => sum + quarter(date, slot * 4 + step), 0);
				const quarters = rated(ratingInput(tariff, period, [point(period, series(period, quarter))]));
				const hours = rated(
					ratingInput(tariff, period, [point(period, series(period, hour, { intervalMinutes: 60 }))])
				);
				expect(hours.lines).toEqual(quarters.lines);
			}),
			{ numRuns: 10 }
		);
	});
});
