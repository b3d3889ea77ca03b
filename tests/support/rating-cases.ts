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
import { TIME_PERIODS, type TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import { HOME, point, ratingInput, shippedCalendar, tariffJson } from './rating.ts';

/** A price with few decimals, as printed, or with all eight. */
const price = fc
	.oneof(
		fc.integer({ min: 0, max: 15_000 }).map((value) => value * 10_000),
		fc.integer({ min: 0, max: 150_000_000 })
	)
	.map(decimalE8);

const surcharge = fc.integer({ min: -3_000, max: 5_000 }).map((value) => decimalE8(value * 10_000));

function decimalE8(value: number): string {
	const digits = String(Math.abs(value)).padStart(9, '0');
	return `${value < 0 ? '-' : ''}${digits.slice(0, -8)}.${digits.slice(-8)}`;
}

const allPeriods = (one: fc.Arbitrary<string>) =>
	fc.record(
		Object.fromEntries(TIME_PERIODS.map((period) => [period, one])) as Record<TimePeriod, typeof one>
	);

const dayRule = fc.oneof(
	{ weight: 4, arbitrary: fc.constant({ type: 'all' }) },
	{
		weight: 2,
		arbitrary: fc.record({
			type: fc.constant('weekdays'),
			weekdays: fc.constantFrom([1, 2, 3, 4, 5], [6, 7], [7]),
			except: fc.constantFrom([], ['2025-03-10']),
			plus: fc.constantFrom([], ['2025-11-01'])
		})
	},
	fc.constant({ type: 'rest_day' }),
	fc.constant({ type: 'workday' }),
	fc.constant({ type: 'holiday', names: ['春节', '国庆节', '元旦'], firstDays: 3 }),
	fc.constant({ type: 'dates', dates: ['2025-03-09', '2025-11-02', '2026-02-01'] })
);

const TIMES = { 60: 60, 30: 30, 15: 15, 5: 15, 10: 30 } as const;

function window(step: number) {
	return fc
		.record({
			from: fc.integer({ min: 0, max: 1440 / step - 1 }),
			length: fc.integer({ min: 1, max: 1440 / step - 1 }),
			days: dayRule
		})
		.map(({ from, length, days }) => ({
			from: clock(from * step),
			to: clock((from + length) * step === 1440 ? 1440 : ((from + length) * step) % 1440),
			days
		}));
}

function clock(minute: number): string {
	return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

interface Share {
	readonly months?: readonly number[];
	readonly days?: readonly { readonly from: string; readonly to: string }[];
}

/** Ways to share out the year: by months, from a day inside a month, or not at all. */
const SHARES: readonly (readonly Share[])[] = [
	[{}],
	[{ months: [6, 7, 8, 9, 10] }, { months: [1, 2, 3, 4, 5, 11, 12] }],
	[{ days: [{ from: '03-09', to: '10-31' }] }, { days: [{ from: '11-01', to: '03-08' }] }],
	[{ months: [1, 2, 12] }, { months: [3, 4, 5] }, { months: [6, 7, 8, 9, 10, 11] }]
];

function seasons(step: number) {
	const one = fc.record({
		rest: fc.constantFrom(...TIME_PERIODS),
		windows: fc.array(fc.tuple(fc.constantFrom(...TIME_PERIODS), window(step)), { maxLength: 3 }),
		prices: allPeriods(price)
	});
	return fc
		.tuple(fc.constantFrom(...SHARES), fc.array(one, { minLength: 3, maxLength: 3 }))
		.map(([shares, parts]) =>
			shares.map((share, index) => {
				const { rest, windows, prices } = parts[index] ?? { rest: 'flat', windows: [], prices: {} };
				const used = new Set<string>([rest, ...windows.map(([period]) => period)]);
				return {
					...share,
					id: `s${index}`,
					rest,
					windows: windows.map(([period, times]) => ({ period, ...times })),
					pricePerKwh: Object.fromEntries(Object.entries(prices).filter(([period]) => used.has(period)))
				};
			})
		);
}

/** Three tiers with the widths of the unit: small, so that a few days pass through all of them. */
function tierList(top: number) {
	const width = fc.integer({ min: 1, max: top * 1000 }).map((wh) => wh);
	return fc
		.tuple(width, width, fc.array(fc.oneof(surcharge, allPeriods(surcharge)), { minLength: 2, maxLength: 2 }))
		.map(([first, second, [two = '0', three = '0']]) => [
			{ fromKwh: '0', toKwh: decimal(first), surchargePerKwh: '0' },
			{ fromKwh: decimal(first), toKwh: decimal(first + second), surchargePerKwh: two },
			{ fromKwh: decimal(first + second), toKwh: null, surchargePerKwh: three }
		]);
}

function decimal(milli: number): string {
	return `${Math.floor(milli / 1000)}.${String(milli % 1000).padStart(3, '0')}`;
}

const tiers = fc
	.record({
		cycle: fc.constantFrom('year' as const, 'month' as const, 'bill' as const),
		unit: fc.constantFrom('kWh', 'kWh', 'kWh_per_day', 'kWh_per_kW', 'kWh_per_kW_per_day'),
		attribution: fc.constantFrom('pro_rata', 'chronological', 'own_period'),
		lines: fc.constantFrom('surcharge', 'by_tier'),
		shares: fc.constantFrom(...SHARES.slice(0, 3)),
		lists: fc.array(tierList(120), { minLength: 2, maxLength: 2 }),
		own: fc.option(fc.tuple(fc.constantFrom(...TIME_PERIODS), tierList(60)), { freq: 3 }),
		household: fc.boolean()
	})
	.map(({ cycle, unit, attribution, lines, shares, lists, own, household }) => {
		const isYear = cycle === 'year';
		const kept = isYear && attribution === 'own_period' ? 'chronological' : attribution;
		const hasOwn = own !== null && lines === 'by_tier' && kept !== 'chronological';
		return {
			cycle,
			unit: isYear ? 'kWh' : unit,
			attribution: kept,
			lines,
			schedules: (isYear ? [{}] : shares).map((share, index) => ({
				...share,
				tiers: lists[index],
				...(hasOwn ? { ofPeriod: { [own[0]]: own[1] } } : {})
			})),
			largeHousehold: household ? { fromPersons: 5, extraKwhPerMonth: '12.5' } : null
		};
	});

const NAME = { 'zh-CN': '费', en: 'Charge' };
const inForce = fc.constantFrom(...SHARES.map(([share = {}]) => share));

const fixed = fc.record({
	kind: fc.constant('fixed'),
	per: fc.constantFrom('day', 'month', 'bill'),
	amount: price,
	share: inForce,
	inPowerFactorBase: fc.boolean()
});

function capacity(step: number) {
	const windows = fc.array(window(step), { maxLength: 2 });
	const demand = fc
		.tuple(price, price, windows, inForce, fc.boolean())
		.map(([low, high, hours, share, isTiered]) => ({
			kind: 'demand',
			windows: hours,
			share,
			tiers: isTiered
				? [
						{ fromKw: '0', toKw: '3.5', pricePerKwMonth: low },
						{ fromKw: '3.5', toKw: null, pricePerKwMonth: high }
					]
				: [{ fromKw: '0', toKw: null, pricePerKwMonth: low }]
		}));
	const contract = fc.tuple(price, windows, inForce, fc.boolean()).map(([amount, hours, share, isOver]) => ({
		kind: 'contract',
		contract: 'usual',
		pricePerKwMonth: amount,
		windows: hours,
		share,
		overrun: isOver
			? [
					{ toPercent: 110, factorPercent: 200 },
					{ toPercent: null, factorPercent: 300 }
				]
			: []
	}));
	return fc.oneof(demand, contract);
}

const percent = fc.record({
	kind: fc.constant('percent'),
	percent: fc.integer({ min: -50_000, max: 200_000 }).map((value) => decimalE4(value)),
	of: fc.constantFrom(null, ['energy'], ['demand', 'power_factor'], ['fixed', 'government_fund', 'energy'])
});

function decimalE4(value: number): string {
	const digits = String(Math.abs(value)).padStart(5, '0');
	return `${value < 0 ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

const components = fc
	.subarray(['transmission', 'line_loss', 'system_operation', 'government_fund'])
	.chain((names) => fc.tuple(fc.constant(names), fc.array(price, { minLength: 4, maxLength: 4 })))
	.map(([names, prices]) =>
		names.map((component, index) => ({
			component,
			pricePerKwh: prices[index],
			inPowerFactorBase: component !== 'government_fund'
		}))
	);

const demandCharge = fc.record({
	demandPricePerKwMonth: price,
	capacityPricePerKvaMonth: price,
	demandIntervalMinutes: fc.constant(15),
	contract: fc.record({
		bandPercent: fc.constantFrom(100, 105, 110),
		floorPercentOfCapacity: fc.constantFrom(0, 40),
		overrunFormula: fc.constantFrom('contract', 'band')
	}),
	loadFactorDiscount: fc.option(
		fc.record({ fromKwhPerKva: fc.integer({ min: 1, max: 40 }), factorPercent: fc.constantFrom(90, 85) })
	)
});

/** What a family of tariffs is about; the rest is left out of its documents. */
export interface Family {
	readonly tiers: boolean;
	readonly components: boolean;
	readonly demand: boolean;
	readonly charges: boolean;
	readonly priceTable: boolean;
}

const base = {
	...tariffJson('zhejiang_residential.2024'),
	name: { 'zh-CN': '例', en: 'Case' },
	source: { document: 'case', address: 'case', remark: null },
	unknown: []
};
const powerFactor = tariffJson('hubei_two_part_1_10kv.2026-01')['powerFactor'];
const MONTHS = Array.from({ length: 36 }, (_, index) => {
	const month = String((index % 12) + 1).padStart(2, '0');
	return `${2024 + Math.floor(index / 12)}-${month}`;
});

interface ChargeDocument {
	readonly kind: string;
	readonly share?: Share;
}

/** A tariff document of a family, for windows on a grid of minutes. */
export function tariffs(family: Family, intervalMinutes: IntervalMinutes): fc.Arbitrary<object> {
	const step = TIMES[intervalMinutes];
	const charge: fc.Arbitrary<ChargeDocument> = fc.oneof(fixed, percent, capacity(step));
	const noCharges: fc.Arbitrary<ChargeDocument[]> = fc.constant([]);
	const when = <T>(isWanted: boolean, arbitrary: fc.Arbitrary<T>) =>
		isWanted ? fc.option(arbitrary, { freq: 4 }) : fc.constant(null);
	return fc
		.record({
			seasons: seasons(step),
			tiers: when(family.tiers, tiers),
			components: family.components ? components : fc.constant([]),
			demand: when(family.demand, demandCharge),
			charges: family.charges ? fc.array(charge, { maxLength: 4 }) : noCharges,
			minimum: when(
				family.charges,
				fc.record({ per: fc.constantFrom('day', 'month', 'bill'), amount: price })
			),
			freeBasis: when(family.tiers, fc.constant({ kwhPerMonth: '15', pricePerKwh: '0.5183' })),
			exportPrices: when(family.charges, allPeriods(price)),
			table: when(family.priceTable, fc.array(allPeriods(price), { minLength: 2, maxLength: 2 }))
		})
		.map(({ exportPrices, charges, table, seasons: parts, components: fixedParts, ...rest }) => ({
			...base,
			...rest,
			parts: rest.demand === null ? 'single' : 'two',
			seasons: table === null ? parts : parts.map((part) => ({ ...part, pricePerKwh: undefined })),
			components: table === null ? fixedParts : [],
			priceTable:
				table === null
					? null
					: MONTHS.map((month, index) => ({
							month,
							pricePerKwh: table[index % 2],
							components: index % 3 === 0 ? [] : fixedParts
						})),
			charges: charges.map(({ share, ...one }, index) => ({
				...one,
				...share,
				id: `c${index}`,
				name: NAME
			})),
			exportPricePerKwh: exportPrices,
			powerFactor: family.demand ? powerFactor : null
		}));
}

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
