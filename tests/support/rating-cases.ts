import fc from 'fast-check';
import {
	addDays,
	datesOf,
	localDate,
	slotsInDay,
	type DatePeriod,
	type IntervalMinutes,
	type LocalDate,
	type LocalMonth
} from '#lib/domain/kernel/civil-time.ts';
import type { Channel, LoadDay } from '#lib/domain/metering/load-day.ts';
import type { AccountFacts, PointUsage, RatingInput } from '#lib/domain/rating/types.ts';
import { parseTariff } from '#lib/domain/tariffs/parse.ts';
import { HOME, point, ratingInput, shippedCalendar } from './rating-input.ts';
import { tariffs, type Family } from './tariff-cases.ts';

/** Where a bill may begin: at any time, or about New Year, a change of the clock or of a season. */
const STARTS = ['2025-01-01', '2025-03-08', '2024-03-30', '2025-10-31', '2024-11-02', '2026-02-27'];
const start = fc
	.tuple(
		fc.constantFrom(...STARTS),
		fc.oneof(fc.integer({ min: -4, max: 1 }), fc.integer({ min: -200, max: 200 }))
	)
	.map(([date, days]) => addDays(localDate(date), days))
	.filter((date) => date >= '2024-01-01' && date < '2026-10-01');

export interface Case {
	readonly documents: readonly object[];
	readonly start: LocalDate;
	readonly days: number;
	readonly changeAfter: number;
	readonly intervalMinutes: IntervalMinutes;
	readonly timeZone: string;
	readonly seed: number;
	readonly missingEvery: number;
	readonly usedKwh: number | null;
	readonly meters: number;
	readonly hasReactive: boolean;
	readonly account: Partial<AccountFacts>;
}

const account: fc.Arbitrary<Partial<AccountFacts>> = fc.record({
	demandBasis: fc.constantFrom('capacity' as const, 'contract_demand' as const, 'actual_demand' as const),
	contractDemandW: fc.integer({ min: 1_000, max: 20_000 }),
	contractedCapacityVa: fc.integer({ min: 2_000, max: 30_000 }),
	powerFactorStandard: fc.constantFrom('0.90', '0.85', '0.80', null),
	largeHousehold: fc.option(
		fc.record({
			persons: fc.integer({ min: 4, max: 7 }),
			from: fc.constantFrom('2025-01', '2025-03', '2024-07') as fc.Arbitrary<LocalMonth>
		})
	),
	lowIncome: fc.boolean(),
	readingMonths: fc.constantFrom(1 as const, 1 as const, 2 as const),
	contractsW: fc.record({ usual: fc.integer({ min: 1, max: 12_000 }) }),
	openedOn: fc.constantFrom(localDate('2020-01-01'), localDate('2025-01-10'))
});

/** Whole cases of a family. */
export function cases(family: Family): fc.Arbitrary<Case> {
	const lengths = family.demand ? ([15, 5] as const) : ([60, 60, 60, 30] as const);
	return fc.constantFrom<IntervalMinutes>(...lengths).chain((intervalMinutes) =>
		fc.record({
			documents: fc.array(tariffs(family, intervalMinutes), { minLength: 1, maxLength: 2 }),
			start,
			days: fc.oneof(
				{ weight: 9, arbitrary: fc.integer({ min: 1, max: 4 }) },
				{ weight: 1, arbitrary: fc.integer({ min: 5, max: family.demand ? 9 : 62 }) }
			),
			changeAfter: fc.integer({ min: 1, max: 3 }),
			intervalMinutes: fc.constant(intervalMinutes),
			timeZone: fc.constantFrom('Asia/Shanghai', 'America/Los_Angeles', 'Europe/London'),
			seed: fc.integer({ min: 1, max: 1_000_000 }),
			missingEvery: fc.integer({ min: 7, max: 200 }),
			usedKwh: fc.option(fc.integer({ min: 0, max: 300 })),
			meters: fc.constantFrom(1, 1, 2),
			hasReactive: fc.constant(family.demand),
			account
		})
	);
}

/** A family about time-of-use prices alone. */
export const NONE: Family = {
	tiers: false,
	components: false,
	demand: false,
	charges: false,
	priceTable: false
};

/** Name, family and number of cases: together 10,000 and more. */
export const FAMILIES: readonly [string, Family, number][] = [
	['time of use, seasons, day types, clock changes', { ...NONE, components: true }, 2000],
	['tiers of every cycle, unit, attribution and layout', { ...NONE, tiers: true }, 3500],
	['demand three ways and the power factor', { ...NONE, components: true, demand: true }, 1500],
	['charges, minimum, export credit, percentages', { ...NONE, charges: true }, 1750],
	['monthly price tables', { ...NONE, tiers: true, components: true, priceTable: true }, 1000],
	['all of it at once', { tiers: true, components: true, demand: true, charges: true, priceTable: true }, 500]
];

/** Of the cases of each family; with it and its number in the family, a case can be made again. */
export const CASES_SEED = 20_260_101;

/** A small generator of quantities, so that a case stays cheap to shrink. */
function noise(seed: number, day: number, slot: number): number {
	let x = Math.imul(seed ^ Math.imul(day * 300 + slot, 0x9e3779b1), 0x85ebca6b);
	x ^= x >>> 15;
	x = Math.imul(x, 0xc2b2ae35);
	return ((x ^ (x >>> 13)) >>> 0) % 3000;
}

/** One day of a channel; an interval now and then is missing where `missingEvery` says so. */
function dayOf(one: Case, channel: Channel, date: LocalDate, salt: number, missingEvery: number): LoadDay {
	const { intervalMinutes, timeZone, seed } = one;
	const count = slotsInDay(date, timeZone, intervalMinutes);
	const quantities = new Int32Array(count);
	const qualities = new Uint8Array(count);
	const day = Number(date.replaceAll('-', ''));
	const divisor = intervalMinutes === 60 ? 1 : 3;
	for (let slot = 0; slot < count; slot++) {
		const value = noise(seed + salt, day, slot);
		const isMissing = (slot + 3) % missingEvery === 1;
		quantities[slot] = isMissing ? 0 : Math.floor(value / divisor);
		qualities[slot] = isMissing ? 0 : value % 9 === 0 ? 2 : slot % 5 === 0 ? 3 : 1;
	}
	return { channel, localDate: date, intervalMinutes, quantities, qualities, version: 1 };
}

function usageOf(one: Case, period: DatePeriod): PointUsage[] {
	const { seed } = one;
	const channels: Channel[] = ['active_import'];
	if (one.hasReactive) channels.push('reactive_import');
	if (one.hasReactive && seed % 2 === 0) channels.push('reactive_export');
	if (seed % 5 === 0) channels.push('active_export');
	return Array.from({ length: one.meters }, (_, meter) => {
		// A second meter may have come a day later.
		const from = meter === 1 && seed % 3 === 0 ? addDays(period.start, 1) : period.start;
		const own = { start: from < period.end ? from : period.start, end: period.end };
		const days = channels.map((channel, index) =>
			datesOf(own).map((date) =>
				dayOf(one, channel, date, index + meter * 17, index === 0 ? one.missingEvery : 1_000)
			)
		);
		return { ...point(own, ...days), servicePointId: meter + 1 };
	});
}

const calendar = shippedCalendar();

/** The rating input that a case stands for. */
export function inputOf(one: Case): RatingInput {
	const period = { start: one.start, end: addDays(one.start, one.days) };
	const [first, second] = one.documents.map((document) => parseTariff(document));
	if (first === undefined) throw new Error('a case has a tariff');
	const change = addDays(one.start, one.changeAfter);
	const spans =
		second === undefined || change >= period.end
			? [{ period, tariff: first }]
			: [
					{ period: { start: period.start, end: change }, tariff: first },
					{ period: { start: change, end: period.end }, tariff: second }
				];
	const cycleStart = [`${one.start.slice(0, 4)}-01-01`, `${one.start.slice(0, 7)}-01`][one.seed % 2] ?? '';
	const carried =
		one.usedKwh === null
			? { tierCycle: null }
			: { tierCycle: { start: localDate(cycleStart), usedWh: one.usedKwh * 1000 } };
	return ratingInput(first, period, usageOf(one, period), {
		account: { ...HOME, ...one.account },
		timeZone: one.timeZone,
		tariffs: spans,
		carried,
		calendar
	});
}
