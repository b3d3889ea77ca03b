import type { TariffDocument } from '../parse.ts';
import { decimalOf, figureE8 } from './decimal.ts';
import { refuse, type RecordPath } from './refusal.ts';
import { text } from './texts.ts';
import { upperEnd, weekPatterns } from './us-energy.ts';
import type { UrdbRecord } from './urdb-record.ts';
import { stretchesOf } from './windows.ts';

type Charge = NonNullable<TariffDocument['charges']>[number];
type DemandCharge = Extract<Charge, { kind: 'demand' }>;
type Steps = NonNullable<UrdbRecord['demandratestructure']>[number];

/** Charges for the demand of each month: at any time (flat, by month) and in windows (time of use). */
export function urdbDemandCharges(record: UrdbRecord): Charge[] {
	return [...flatCharges(record), ...timedCharges(record)];
}

function flatCharges(record: UrdbRecord): Charge[] {
	const { flatdemandstructure: structure, flatdemandmonths: months } = record;
	if (structure === undefined) return [];
	requireKw(record.flatdemandunit, ['flatdemandunit']);
	const byMonth = months ?? Array.from({ length: 12 }, () => 0);
	return [...new Set(byMonth)].flatMap((number): Charge[] => {
		const at = ['flatdemandstructure', number];
		const tiers = demandTiers(structure[number], at);
		if (tiers === null) return [];
		return [
			{
				kind: 'demand',
				id: `demand_${number}`,
				name: text('需量电费', 'Demand charge'),
				months: monthsOf(byMonth, (value) => value === number),
				tiers
			}
		];
	});
}

function timedCharges(record: UrdbRecord): Charge[] {
	const { demandratestructure: structure, demandweekdayschedule: weekday } = record;
	if (structure === undefined || weekday === undefined) return [];
	requireKw(record.demandrateunit, ['demandrateunit']);
	const weekend = record.demandweekendschedule ?? weekday;
	const keys = weekday.map((row, month) => `${row.join()}/${weekend[month]?.join()}`);
	return [...new Set(keys)].flatMap((key, group) => {
		const months = monthsOf(keys, (value) => value === key);
		const row = (months[0] ?? 1) - 1;
		const patterns = weekPatterns(weekday[row] ?? [], weekend[row] ?? [], [], months);
		const numbers = [...new Set(patterns.flatMap(({ cells }) => cells))].sort((a, b) => a - b);
		return numbers.flatMap((number): Charge[] => {
			const tiers = demandTiers(structure[number], ['demandratestructure', number]);
			if (tiers === null) return [];
			return [
				{
					kind: 'demand',
					id: `timed_demand_${number}_${group + 1}`,
					name: text(`分时需量电费（时段${number}）`, `Demand charge, period ${number}`),
					months,
					windows: stretchesOf(patterns, number),
					tiers
				}
			];
		});
	});
}

/** Null where the demand costs nothing. */
function demandTiers(steps: Steps | undefined, at: RecordPath): DemandCharge['tiers'] | null {
	if (steps === undefined) return refuse(at, 'a schedule names this period, which has no prices');
	if (steps.every(({ rate, adj }) => (rate ?? 0) === 0 && (adj ?? 0) === 0)) return null;
	const ends = steps.map(({ max }, index) =>
		upperEnd(max, index === steps.length - 1, [...at, index, 'max'])
	);
	return steps.map(({ rate, adj }, index) => ({
		fromKw: ends[index - 1] ?? '0',
		toKw: ends[index] ?? null,
		pricePerKwMonth: decimalOf(
			figureE8(rate ?? 0, [...at, index, 'rate']) + figureE8(adj ?? 0, [...at, index, 'adj'])
		)
	}));
}

function monthsOf<Value>(byMonth: readonly Value[], fits: (value: Value) => boolean): number[] {
	return byMonth.flatMap((value, month) => (fits(value) ? [month + 1] : []));
}

function requireKw(unit: string | undefined, at: RecordPath): void {
	if (unit !== undefined && unit.toLowerCase() !== 'kw')
		refuse(at, `demand in ${unit} cannot be represented`);
}
