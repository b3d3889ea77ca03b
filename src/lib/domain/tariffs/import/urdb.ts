import { z } from 'zod';
import { VOLTAGE_CLASSES } from '#lib/domain/identity/account.ts';
import { addDays, localDate, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { TariffDocument } from '../parse.ts';
import type { LocalizedText } from '../tariff.ts';
import { decimalOf, figureE8 } from './decimal.ts';
import { USUAL_IMPORT_OPTIONS, type ImportOptions, type TariffImporter } from './importer.ts';
import { readRecord, refuse } from './refusal.ts';
import { slug, text } from './texts.ts';
import { energyPart, upperEnd, type UsEnergy, type UsTier } from './us-energy.ts';
import { urdbRecord, type UrdbRecord } from './urdb-record.ts';
import { urdbDemandCharges } from './urdb-demand.ts';

const TIER_UNITS = {
	kwh: 'kWh',
	'kwh daily': 'kWh_per_day',
	'kwh/kw': 'kWh_per_kW',
	'kwh/kw daily': 'kWh_per_kW_per_day'
} as const;

/** For records that do not say when they begin. */
const UNKNOWN_START = localDate('2000-01-01');

type Charges = NonNullable<TariffDocument['charges']>;

/**
 * A record of the U.S. Utility Rate Database, as its API (version 3 to 8) gives it, in USD.
 * @throws AppError TARIFF_INVALID
 */
export function importUrdb(json: unknown, options: ImportOptions = USUAL_IMPORT_OPTIONS): TariffDocument {
	const record = readRecord(urdbRecord, json);
	refuseUnsupported(record);
	const start = record.startdate === undefined ? null : dateOf(record.startdate);
	const utility = record.utility ?? 'URDB';
	const plan = record.name ?? record.label ?? 'record';
	const energy = energyPart(usEnergy(record), options);
	const sector = record.sector?.toLowerCase();
	return {
		schemaVersion: 1,
		code: `us_${slug(utility)}_${slug(plan)}`,
		edition: start ?? (record.label === undefined ? 'undated' : record.label.toLowerCase()),
		name: text(`${utility}: ${plan}`, `${utility}: ${plan}`),
		supplyArea: `us_${slug(utility)}`,
		customerClass: sector === 'residential' ? 'residential' : 'commercial_industrial',
		voltages: sector === 'residential' ? ['below_1kv'] : [...VOLTAGE_CLASSES],
		parts: 'single',
		currency: 'USD',
		validFrom: start ?? UNKNOWN_START,
		validTo: record.enddate === undefined ? null : addDays(dateOf(record.enddate), 1),
		source: sourceOf(record, `${utility}: ${plan}`),
		notes: null,
		components: [],
		...energy,
		unknown: [...energy.unknown, ...unknownOf(record)],
		demand: null,
		charges: [...fixedCharges(record, options), ...urdbDemandCharges(record)],
		minimum: minimumOf(record, options),
		powerFactor: null
	};
}

/** What changes a bill and has no place in the document. */
function refuseUnsupported(record: UrdbRecord): void {
	const unfit = (field: keyof UrdbRecord, reason: string) => {
		const value = record[field];
		const figures = (Array.isArray(value) ? value : [value]) as readonly unknown[];
		if (figures.some((figure) => typeof figure === 'number' && figure !== 0)) refuse([field], reason);
	};
	unfit('lookbackpercent', 'demand of earlier months (ratchet) cannot be represented');
	unfit('lookbackmonths', 'demand of earlier months (ratchet) cannot be represented');
	unfit('demandratchetpercentage', 'demand of earlier months (ratchet) cannot be represented');
	unfit('demandreactivepowercharge', 'a charge for reactive power cannot be represented');
	const coincident = record.coincidentratestructure?.flat() ?? [];
	if (coincident.some(({ rate, adj }) => (rate ?? 0) !== 0 || (adj ?? 0) !== 0)) {
		refuse(['coincidentratestructure'], "demand at the system's peak cannot be represented");
	}
}

function usEnergy(record: UrdbRecord): UsEnergy {
	const { energyratestructure: structure, energyweekdayschedule: weekday } = record;
	if (structure === undefined || weekday === undefined) {
		return refuse(['energyratestructure'], 'the record has no energy prices');
	}
	return {
		periods: structure.map((tiers, period) =>
			tiers.map(({ rate, adj, sell, max, unit }, index): UsTier => {
				const at = ['energyratestructure', period, index];
				const known = TIER_UNITS[(unit ?? 'kWh').toLowerCase() as keyof typeof TIER_UNITS];
				return {
					priceE8: figureE8(rate ?? 0, [...at, 'rate']) + figureE8(adj ?? 0, [...at, 'adj']),
					sellE8: sell === undefined ? null : figureE8(sell, [...at, 'sell']),
					max: upperEnd(max, index === tiers.length - 1, [...at, 'max']),
					unit: known ?? refuse([...at, 'unit'], `tiers in ${unit} cannot be represented`)
				};
			})
		),
		schedule: { weekday, weekend: record.energyweekendschedule ?? weekday, holidays: [] },
		monthlyAdderE8: (record.fueladjustmentsmonthly ?? []).map((adder, month) =>
			figureE8(adder, ['fueladjustmentsmonthly', month])
		),
		at: ['energyratestructure']
	};
}

function fixedCharges(record: UrdbRecord, options: ImportOptions): Charges {
	const first = record.fixedchargefirstmeter ?? record.fixedmonthlycharge;
	if (first === undefined || first === 0) return [];
	const field = record.fixedchargefirstmeter === undefined ? 'fixedmonthlycharge' : 'fixedchargefirstmeter';
	const unit =
		record.fixedchargefirstmeter === undefined ? '$/month' : (record.fixedchargeunits ?? '$/month');
	const yearly = unit === '$/year';
	const figure = figureE8(first, [field]);
	if (yearly && figure % 12n !== 0n) refuse([field], 'a twelfth of the yearly charge has no eight decimals');
	return [
		{
			kind: 'fixed',
			id: 'fixed',
			name: text('固定电费', 'Fixed charge'),
			per: unit === '$/day' ? 'day' : options.cycle,
			amount: decimalOf(yearly ? figure / 12n : figure)
		}
	];
}

function minimumOf(record: UrdbRecord, options: ImportOptions): TariffDocument['minimum'] {
	const least = record.mincharge ?? record.minmonthlycharge ?? 0;
	const unit = record.mincharge === undefined ? '$/month' : (record.minchargeunits ?? '$/month');
	if (least === 0 || unit === '$/year') return null;
	return {
		per: unit === '$/day' ? 'day' : options.cycle,
		amount: decimalOf(figureE8(least, ['mincharge']))
	};
}

/** Dates are seconds since 1970 in UTC. */
function dateOf(seconds: number): LocalDate {
	return localDate(new Date(seconds * 1000).toISOString().slice(0, 10));
}

function sourceOf(record: UrdbRecord, name: string): TariffDocument['source'] {
	const address =
		record.uri ??
		(record.label === undefined
			? 'https://apps.openei.org/IURDB/'
			: `https://apps.openei.org/IURDB/rate/view/${record.label}`);
	const from = record.source === undefined ? '' : ` Source of the record: ${record.source}.`;
	return {
		document: record.label === undefined ? name : `${name} (URDB ${record.label})`,
		address,
		remark: `Imported from the U.S. Utility Rate Database (CC0).${from}`
	};
}

function unknownOf(record: UrdbRecord): LocalizedText[] {
	const found: LocalizedText[] = [];
	const list = (zh: string, en: string) => found.push(text(zh, en));
	if (record.startdate === undefined) {
		list(
			'生效日期未载明，起始日期为设置。',
			'The first day is not in the record: the one here is a setting.'
		);
	}
	if (record.sector === undefined) {
		list('用户类别未载明，按工商业计。', 'The customer class is not in the record: taken as business.');
	}
	if (isTimed(record)) {
		list(
			'节假日如何计价未载明，按平常日计。',
			'How holidays are priced is not in the record: as ordinary days.'
		);
	}
	const yearly =
		record.annualmincharge ?? (record.minchargeunits === '$/year' ? record.mincharge : undefined) ?? 0;
	if (yearly !== 0) {
		list(`年最低电费${yearly}美元未录入。`, `The minimum of ${yearly} dollars a year is left out.`);
	}
	if ((record.fixedchargeeaaddl ?? 0) !== 0) {
		list('每增加一只电表的费用未录入。', 'The charge for each further meter is left out.');
	}
	const rule = record.dgrules ?? (record.usenetmetering === true ? 'Net Metering' : undefined);
	if (rule !== undefined) {
		list(
			`上网电量的结算方式（${rule}）未录入。`,
			`The rule for energy fed in (${rule}) is left out: it is credited at the export prices listed, if any.`
		);
	}
	if (record.demandwindow !== undefined && record.demandwindow !== 15) {
		list(
			`需量周期为${record.demandwindow}分钟，按电能表记录的周期计。`,
			`Demand counts over ${record.demandwindow} minutes; it is billed over the intervals that were metered.`
		);
	}
	for (const words of [
		record.description,
		record.basicinformationcomments,
		record.energycomments,
		record.demandcomments
	]) {
		if (words !== undefined && words.trim() !== '') {
			list(`记录中的文字说明未录入：${words}`, `Words of the record that are not evaluated: ${words}`);
		}
	}
	list('税费未录入。', 'Taxes and local fees are not in the record.');
	return found;
}

function isTimed({ energyweekdayschedule: weekday, energyweekendschedule: weekend }: UrdbRecord): boolean {
	return weekday?.some((row, month) => row.join() !== (weekend ?? weekday)[month]?.join()) ?? false;
}

/** The API answers with a list of items. */
const answer = z.object({ items: z.array(z.unknown()).min(1) });
const named = z.object({ name: z.string().optional(), label: z.string().optional() });

export const urdb: TariffImporter = {
	split(json) {
		const items = answer.safeParse(json);
		return (items.success ? items.data.items : [json]).map((record) => {
			const known = named.safeParse(record);
			return {
				name: (known.success ? (known.data.name ?? known.data.label) : undefined) ?? '(record)',
				record
			};
		});
	},
	convert: importUrdb
};
