import fc from 'fast-check';
import type { IntervalMinutes } from '#lib/domain/kernel/civil-time.ts';
import { TIME_PERIODS, type TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import household from '../../drizzle/seed/tariffs/zhejiang_residential.2024.json' with { type: 'json' };
import plant from '../../drizzle/seed/tariffs/hubei_two_part_1_10kv.2026-01.json' with { type: 'json' };

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
	...household,
	name: { 'zh-CN': '例', en: 'Case' },
	source: { document: 'case', address: 'case', remark: null },
	unknown: []
};
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
			powerFactor: family.demand ? plant.powerFactor : null
		}));
}
