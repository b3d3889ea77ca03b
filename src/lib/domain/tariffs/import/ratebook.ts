import { z } from 'zod';
import { addDays, isLocalDate, localDate, yearOf, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { TariffDocument } from '../parse.ts';
import type { LocalizedText } from '../tariff.ts';
import { decimalOf, figureE8 } from './decimal.ts';
import { USUAL_IMPORT_OPTIONS, type ImportOptions, type TariffImporter } from './importer.ts';
import { readRecord, refuse } from './refusal.ts';
import { slug, text } from './texts.ts';
import { energyPart, upperEnd, type UsSchedule, type UsTier } from './us-energy.ts';
import { holidayDates, US_HOLIDAYS, US_OBSERVANCES } from './us-holidays.ts';

/** Holidays are listed up to this year where the tariff has no end. */
const LAST_HOLIDAY_YEAR = 2035;
const UNITS = { kWh: 'kWh', 'kWh daily': 'kWh_per_day', 'kWh/kW': 'kWh_per_kW' } as const;

const hours = z.array(z.array(z.int().min(0)).length(24)).length(12);
const date = z.string().refine(isLocalDate, 'not a date').transform(localDate);
const amount = <Unit extends string>(units: readonly [Unit, ...Unit[]]) =>
	z.object({ amount: z.string(), unit: z.enum(units) });

const ratebookRecord = z.object({
	identity: z.object({
		utility_id: z.string().min(1),
		plan_code: z.string(),
		plan_name: z.string().min(1),
		sector: z.enum(['residential', 'commercial', 'industrial'])
	}),
	effective_range: z.object({ start: date, end: date.nullable(), scheduled_end: date.nullable() }),
	energy: z.object({
		periods: z.array(
			z.object({
				tiers: z
					.array(
						z.object({
							rate: z.string(),
							adj: z.string(),
							max: z.string().nullable(),
							max_unit: z.enum(['kWh', 'kWh daily', 'kWh/kW']),
							sell: z.string().nullable()
						})
					)
					.min(1)
			})
		)
	}),
	schedule: z.object({
		weekday: hours,
		weekend: hours,
		holiday_policy: z.enum(['unknown', 'as_weekend', 'as_weekday']),
		holidays: z.array(z.enum(US_HOLIDAYS)).default([]),
		holiday_observance: z.enum(US_OBSERVANCES).default('sunday_to_monday')
	}),
	fixed_charges: z.array(amount(['$/month', '$/day'])),
	min_charge: amount(['$/month', '$/day', '$/year']).nullable(),
	unsupported: z.array(z.object({ kind: z.string(), detail: z.string().nullish() })),
	metering: z.string(),
	source_documents: z.array(z.object({ url: z.string(), role: z.string() })),
	provenance: z.object({
		urdb_label: z.string().nullable(),
		last_verified: z.string().nullable(),
		confidence: z.union([z.string(), z.number()]).nullable()
	})
});
type RatebookRecord = z.output<typeof ratebookRecord>;

/**
 * A tariff of the ratebook data set (github.com/cbetz/ratebook, schema version 0): United States, energy
 * prices by numbered period, in USD.
 * @throws AppError TARIFF_INVALID
 */
export function importRatebook(json: unknown, options: ImportOptions = USUAL_IMPORT_OPTIONS): TariffDocument {
	const record = readRecord(ratebookRecord, json);
	const { identity, effective_range: range, fixed_charges: fixed } = record;
	const [unsupported] = record.unsupported;
	if (unsupported !== undefined) {
		refuse(
			['unsupported', 0],
			`${unsupported.kind} is not in the record (${unsupported.detail ?? 'no detail'})`
		);
	}
	const plan = identity.plan_code === '' ? identity.plan_name : identity.plan_code;
	const name = `${identity.utility_id}: ${identity.plan_name}`;
	const energy = energyPart(
		{
			periods: record.energy.periods.map(({ tiers }, period) => usTiers(tiers, period)),
			schedule: usSchedule(record),
			monthlyAdderE8: [],
			at: ['energy', 'periods']
		},
		options
	);
	return {
		schemaVersion: 1,
		code: `us_${slug(identity.utility_id)}_${slug(plan)}`,
		edition: range.start,
		name: text(name, name),
		supplyArea: `us_${slug(identity.utility_id)}`,
		customerClass: identity.sector === 'residential' ? 'residential' : 'commercial_industrial',
		voltages: ['below_1kv'],
		parts: 'single',
		currency: 'USD',
		validFrom: range.start,
		validTo: range.end === null ? null : addDays(range.end, 1),
		source: sourceOf(record, name),
		notes: null,
		components: [],
		...energy,
		unknown: [...energy.unknown, ...unknownOf(record)],
		demand: null,
		charges: fixed.map(({ amount: due, unit }, index) => ({
			kind: 'fixed' as const,
			id: fixed.length === 1 ? 'fixed' : `fixed_${index + 1}`,
			name: text('固定电费', 'Fixed charge'),
			per: perOf(unit, options),
			amount: decimalOf(figureE8(due, ['fixed_charges', index, 'amount']))
		})),
		minimum: minimumOf(record, options),
		powerFactor: null
	};
}

function usTiers(tiers: RatebookRecord['energy']['periods'][number]['tiers'], period: number): UsTier[] {
	return tiers.map(({ rate, adj, max, max_unit, sell }, index) => {
		const at = ['energy', 'periods', period, 'tiers', index];
		return {
			priceE8: figureE8(rate, [...at, 'rate']) + figureE8(adj, [...at, 'adj']),
			sellE8: sell === null ? null : figureE8(sell, [...at, 'sell']),
			max: upperEnd(max, index === tiers.length - 1, [...at, 'max']),
			unit: UNITS[max_unit]
		};
	});
}

function usSchedule({ schedule, effective_range: { start, end } }: RatebookRecord): UsSchedule {
	const { weekday, weekend, holiday_policy: policy, holidays, holiday_observance: observance } = schedule;
	const years = { first: yearOf(start), last: end === null ? LAST_HOLIDAY_YEAR : yearOf(end) };
	const dates: LocalDate[] = policy === 'as_weekend' ? holidayDates(holidays, observance, years) : [];
	return { weekday, weekend, holidays: dates };
}

/** A month of a United States bill is its reading cycle. */
function perOf(unit: '$/month' | '$/day', { cycle }: ImportOptions): 'day' | 'bill' | 'month' {
	return unit === '$/day' ? 'day' : cycle;
}

function minimumOf({ min_charge: least }: RatebookRecord, options: ImportOptions): TariffDocument['minimum'] {
	if (least === null || least.unit === '$/year') return null;
	const amountDue = decimalOf(figureE8(least.amount, ['min_charge', 'amount']));
	return { per: perOf(least.unit, options), amount: amountDue };
}

function sourceOf(record: RatebookRecord, name: string): TariffDocument['source'] {
	const { urdb_label: label, last_verified: verified, confidence } = record.provenance;
	const sheet =
		record.source_documents.find(({ role }) => role === 'rate_sheet') ?? record.source_documents[0];
	const openEi = label === null ? null : `https://apps.openei.org/IURDB/rate/view/${label}`;
	return {
		document: label === null ? name : `${name} (URDB ${label})`,
		address: sheet?.url ?? openEi ?? 'https://github.com/cbetz/ratebook',
		remark: [
			'Imported from the ratebook data set (CC0, from the U.S. Utility Rate Database).',
			verified === null ? 'The record was not audited.' : `Last verified ${verified}.`,
			...(confidence === null ? [] : [`Confidence ${confidence}.`])
		].join(' ')
	};
}

function unknownOf({ schedule, min_charge, metering, effective_range }: RatebookRecord): LocalizedText[] {
	const { holiday_policy: policy, holidays } = schedule;
	const timed = schedule.weekday.some((row, month) => row.join() !== schedule.weekend[month]?.join());
	const found: LocalizedText[] = [];
	if (timed && (policy === 'unknown' || (policy === 'as_weekend' && holidays.length === 0))) {
		found.push(
			text(
				'节假日如何计价未载明，按平常日计。',
				'How holidays are priced is not in the record: as ordinary days.'
			)
		);
	}
	if (timed && policy === 'as_weekend' && holidays.length > 0 && effective_range.end === null) {
		found.push(
			text(
				`节假日日期列至${LAST_HOLIDAY_YEAR}年。`,
				`Dates of holidays are listed up to ${LAST_HOLIDAY_YEAR}.`
			)
		);
	}
	if (metering !== 'none') {
		found.push(
			text(
				`上网电量的结算方式（${metering}）未录入：仅按所列上网电价计，无电价者不计。`,
				`The rule for energy fed in (${metering}) is left out: it is credited at the export prices listed, if any.`
			)
		);
	}
	if (min_charge?.unit === '$/year') {
		found.push(
			text(
				`年最低电费${min_charge.amount}美元未录入。`,
				`The minimum of ${min_charge.amount} dollars a year is left out.`
			)
		);
	}
	if (effective_range.scheduled_end !== null) {
		found.push(
			text(
				`价格预计于${effective_range.scheduled_end}更新。`,
				`The prices are expected to be replaced on ${effective_range.scheduled_end}.`
			)
		);
	}
	found.push(text('税费未录入。', 'Taxes and local fees are not in the record.'));
	return found;
}

/** The data set's own list of its files. */
const manifest = z.object({ snapshot: z.string(), tariffs: z.array(z.unknown()) });

export const ratebook: TariffImporter = {
	split: (json) => (manifest.safeParse(json).success ? [] : [{ name: nameOf(json), record: json }]),
	convert: importRatebook
};

function nameOf(json: unknown): string {
	const found = z.object({ identity: z.object({ plan_name: z.string() }) }).safeParse(json);
	return found.success ? found.data.identity.plan_name : '(record)';
}
