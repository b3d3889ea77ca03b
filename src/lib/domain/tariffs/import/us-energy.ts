import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { monthNumber } from '#lib/domain/kernel/civil-time.ts';
import type { TariffDocument } from '../parse.ts';
import type { LocalizedText, TierUnit, TimePeriod } from '../tariff.ts';
import { decimalOf, quantityOf } from './decimal.ts';
import type { ImportOptions } from './importer.ts';
import { nameByPrice } from './periods.ts';
import { refuse, type RecordPath } from './refusal.ts';
import { text } from './texts.ts';
import { windowsOf, type DayPattern } from './windows.ts';

/** One step of a numbered period's prices: up to `max` (null: open). */
export interface UsTier {
	readonly priceE8: bigint;
	readonly sellE8: bigint | null;
	readonly max: string | null;
	readonly unit: TierUnit;
}

/** Period numbers by month (12) and hour (24). */
export interface UsSchedule {
	readonly weekday: readonly (readonly number[])[];
	readonly weekend: readonly (readonly number[])[];
	/** Dates on Monday to Friday that count as weekend. */
	readonly holidays: readonly LocalDate[];
}

export interface UsEnergy {
	readonly periods: readonly (readonly UsTier[])[];
	readonly schedule: UsSchedule;
	/** What is added to every price of a month, January first (fuel adjustment). */
	readonly monthlyAdderE8: readonly bigint[];
	readonly at: RecordPath;
}

type EnergyPart = Pick<TariffDocument, 'seasons' | 'tiers' | 'exportPricePerKwh'> & {
	readonly unknown: readonly LocalizedText[];
};
type TiersDocument = NonNullable<TariffDocument['tiers']>;
type Schedule = TiersDocument['schedules'][number];
type TierDocument = Schedule['tiers'][number];

/** The months that share their windows and prices. */
interface MonthGroup {
	readonly months: readonly number[];
	readonly names: ReadonlyMap<number, TimePeriod>;
	readonly patterns: readonly DayPattern<number>[];
	readonly adderE8: bigint;
}

const THRESHOLDS: LocalizedText = text(
	'阶梯如何跨时段计算未载明：按总用电量分档，各时段按电量比例分摊。',
	'How tiers apply across periods is not in the record: the total fills them and each period pays its share.'
);
const EXPORT_CONFLICT: LocalizedText = text(
	'上网电价随季节或档次不同，无法按时段表示，未录入。',
	'Prices for energy fed in differ by season or tier within a period: they are left out.'
);

/** Seasons, tiers and export prices of a record with numbered periods and 12 by 24 schedules. */
export function energyPart(energy: UsEnergy, options: ImportOptions): EnergyPart {
	const groups = monthGroups(energy);
	const seasons = groups.map((group, index) => seasonOf(group, energy, idOf(groups, index)));
	const isTiered = groups.some(({ names }) =>
		[...names.keys()].some((number) => tiersOf(energy, number).length > 1)
	);
	const sell = exportPrices(groups, energy);
	const several = groups.some(
		({ names }) => names.size > 1 && [...names.keys()].some((number) => tiersOf(energy, number).length > 1)
	);
	return {
		seasons,
		tiers: isTiered
			? {
					...options,
					unit: unitOf(energy),
					lines: 'by_tier',
					schedules: groups.map((group) => scheduleOf(group, energy))
				}
			: null,
		exportPricePerKwh: sell === 'conflict' ? null : sell,
		unknown: [...(several ? [THRESHOLDS] : []), ...(sell === 'conflict' ? [EXPORT_CONFLICT] : [])]
	};
}

/** Months with the same rows (and adder), in the order of their first month. */
function monthGroups(energy: UsEnergy): MonthGroup[] {
	const { schedule, monthlyAdderE8 } = energy;
	const byRows = new Map<string, number[]>();
	schedule.weekday.forEach((row, month) => {
		const key = `${row.join()}/${schedule.weekend[month]?.join()}/${monthlyAdderE8[month] ?? 0n}`;
		byRows.set(key, [...(byRows.get(key) ?? []), month + 1]);
	});
	return [...byRows.values()].map((months) => {
		const month = (months[0] ?? 1) - 1;
		const [weekday, weekend] = [schedule.weekday[month] ?? [], schedule.weekend[month] ?? []];
		const numbers = [...new Set([...weekday, ...weekend])].sort((a, b) => a - b);
		const periods = numbers.map((key) => ({ key, priceE8: firstTier(energy, key).priceE8 }));
		return {
			months,
			names: nameByPrice(periods, [...energy.at, `month ${month + 1}`]),
			patterns: weekPatterns(weekday, weekend, schedule.holidays, months),
			adderE8: monthlyAdderE8[month] ?? 0n
		};
	});
}

/** Weekdays and weekend with a row each; holidays in these months are weekend. */
export function weekPatterns<Cell>(
	weekday: readonly Cell[],
	weekend: readonly Cell[],
	holidays: readonly LocalDate[],
	months: readonly number[]
): DayPattern<Cell>[] {
	const moved = holidays.filter((date) => months.includes(monthNumber(date)));
	return [
		{ weekdays: [1, 2, 3, 4, 5], except: moved, plus: [], cells: weekday },
		{ weekdays: [6, 7], except: [], plus: moved, cells: weekend }
	];
}

function idOf(groups: readonly unknown[], index: number): string {
	return groups.length === 1 ? 'all_year' : `season_${index + 1}`;
}

function seasonOf(group: MonthGroup, energy: UsEnergy, id: string): TariffDocument['seasons'][number] {
	const named = group.patterns.map((pattern) => ({
		...pattern,
		cells: pattern.cells.map((number) => group.names.get(number) ?? 'flat')
	}));
	return {
		id,
		months: [...group.months],
		...windowsOf(named),
		pricePerKwh: byName(group, (number) => decimalOf(firstTier(energy, number).priceE8 + group.adderE8))
	};
}

function scheduleOf(group: MonthGroup, energy: UsEnergy): Schedule {
	const numbers = [...group.names.keys()];
	const months = [...group.months];
	const limits = (number: number) =>
		tiersOf(energy, number)
			.map(({ max }) => max ?? '')
			.join();
	const [first = 0] = numbers;
	if (numbers.every((number) => limits(number) === limits(first))) {
		const tiers = steps(tiersOf(energy, first), (position) =>
			byName(group, (number) => decimalOf((tiersOf(energy, number)[position]?.priceE8 ?? 0n) + group.adderE8))
		);
		return { months, tiers };
	}
	const ofPeriod: Partial<Record<TimePeriod, TierDocument[]>> = {};
	for (const [number, name] of group.names) {
		const tiers = tiersOf(energy, number);
		if (tiers.length > 1) ofPeriod[name] = surcharges(tiers);
	}
	return { months, tiers: [{ fromKwh: '0', toKwh: null, surchargePerKwh: '0' }], ofPeriod };
}

/** Tiers between the maxima of some steps, with a price for each. */
function steps(
	tiers: readonly UsTier[],
	priceOf: (position: number) => NonNullable<TierDocument['pricePerKwh']>
): TierDocument[] {
	return tiers.map(({ max }, position) => ({
		fromKwh: tiers[position - 1]?.max ?? '0',
		toKwh: max,
		pricePerKwh: priceOf(position)
	}));
}

function surcharges(tiers: readonly UsTier[]): TierDocument[] {
	const base = tiers[0]?.priceE8 ?? 0n;
	return tiers.map(({ max, priceE8 }, position) => ({
		fromKwh: tiers[position - 1]?.max ?? '0',
		toKwh: max,
		surchargePerKwh: decimalOf(priceE8 - base)
	}));
}

function byName(
	{ names }: MonthGroup,
	value: (number: number) => string
): Partial<Record<TimePeriod, string>> {
	return Object.fromEntries([...names].map(([number, name]) => [name, value(number)]));
}

/** Prices fed in by named period: null where there are none, "conflict" where one name has several. */
function exportPrices(
	groups: readonly MonthGroup[],
	energy: UsEnergy
): Partial<Record<TimePeriod, string>> | null | 'conflict' {
	const prices: Partial<Record<TimePeriod, string>> = {};
	for (const { names } of groups) {
		for (const [number, name] of names) {
			const all = new Set(tiersOf(energy, number).map(({ sellE8 }) => sellE8 ?? 0n));
			const [sell = 0n] = all;
			const written = decimalOf(sell);
			if (all.size > 1 || (prices[name] ?? written) !== written) return 'conflict';
			prices[name] = written;
		}
	}
	return Object.values(prices).every((price) => price === '0') ? null : prices;
}

/** What all thresholds count. */
function unitOf({ periods, at }: UsEnergy): TierUnit {
	const units = new Set(periods.flatMap((tiers) => tiers.slice(0, -1).map(({ unit }) => unit)));
	if (units.size > 1) refuse(at, `tiers count ${[...units].join(' and ')}: only one unit can be represented`);
	return [...units][0] ?? 'kWh';
}

function tiersOf({ periods, at }: UsEnergy, number: number): readonly UsTier[] {
	return periods[number] ?? refuse(at, `the schedule names period ${number}, which has no prices`);
}

function firstTier(energy: UsEnergy, number: number): UsTier {
	return tiersOf(energy, number)[0] ?? refuse([...energy.at, number], 'no prices');
}

/** The upper end of a step; the last is open, whatever it says (URDB writes 1e38 or a soft limit). */
export function upperEnd(
	max: number | string | null | undefined,
	isLast: boolean,
	at: RecordPath
): string | null {
	if (isLast) return null;
	if (max === null || max === undefined || Number(max) >= 1e15) {
		return refuse(at, 'only the last tier may be open');
	}
	return quantityOf(max, at);
}
