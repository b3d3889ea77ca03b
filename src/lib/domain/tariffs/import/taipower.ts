import { z } from 'zod';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import type { TariffDocument } from '../parse.ts';
import type { LocalizedText, TimePeriod } from '../tariff.ts';
import { decimalOf, figureE8, quantityOf } from './decimal.ts';
import type { TariffImporter } from './importer.ts';
import { nameByPrice } from './periods.ts';
import { readRecord, refuse } from './refusal.ts';
import { contractCharges, householdLabels } from './taipower-charges.ts';
import {
	taipowerRecord,
	type TaipowerDayType,
	type TaipowerPlan,
	type TaipowerRecord,
	type TaipowerSeason
} from './taipower-record.ts';
import { slug, text } from './texts.ts';
import { windowsOf, type DayPattern } from './windows.ts';

const SEASONS = ['summer', 'non_summer'] as const satisfies TaipowerSeason[];
const WEEKDAYS: Readonly<Record<TaipowerDayType, readonly number[]>> = {
	weekday: [1, 2, 3, 4, 5],
	saturday: [6],
	sunday_holiday: [7]
};
const DAY_TYPES = ['weekday', 'saturday', 'sunday_holiday'] as const satisfies TaipowerDayType[];
const SLOT_MINUTES = 30;

const VOLTAGES = {
	lighting: ['below_1kv'],
	low_voltage: ['below_1kv'],
	high_voltage: ['1_to_10kv'],
	extra_high_voltage: ['35kv', '110kv', '220kv_and_above']
} as const satisfies Record<TaipowerPlan['category'], TariffDocument['voltages']>;

/** A season with its day patterns; cells are `period@price`, which is what has one price. */
export interface TaipowerDays {
	readonly season: TaipowerSeason;
	readonly days: { readonly from: string; readonly to: string };
	readonly patterns: readonly DayPattern<string>[];
	readonly names: ReadonlyMap<string, TimePeriod>;
	readonly priceE8: ReadonlyMap<string, bigint>;
}

/**
 * A plan of Taiwan Power Company, as `taipower.split` takes it out of the file of all plans, in TWD.
 * @throws AppError TARIFF_INVALID
 */
export function importTaipower(json: unknown): TariffDocument {
	const record = readRecord(taipowerRecord, json);
	const { plan, version, choice } = record;
	const validFrom = localDate(`${version.slice(0, 4)}-${version.slice(4, 6)}-${version.slice(6)}`);
	const seasons = plan.type === 'TIERED' ? null : SEASONS.map((season) => daysOf(record, season));
	const { least, tiers } = tiersOf(record);
	const suffix = choice === null ? '' : `_${choiceSlug(choice)}`;
	const chosen = choice === null ? '' : `（${choice}）`;
	const english = `Taipower: ${slug(plan.id).replaceAll('_', ' ')}`;
	return {
		schemaVersion: 1,
		code: `tw_${slug(plan.id)}${suffix}`,
		edition: validFrom,
		name: text(
			`台電 ${plan.name}${chosen}`,
			`${english}${choice === null ? '' : `, ${choiceSlug(choice).replaceAll('_', ' ')}`}`
		),
		supplyArea: 'tw_taipower',
		customerClass: plan.id.startsWith('residential') ? 'residential' : 'commercial_industrial',
		voltages: [...VOLTAGES[plan.category]],
		parts: 'single',
		currency: 'TWD',
		validFrom,
		validTo: null,
		source: {
			document: `台灣電力公司電價表 ${validFrom} ${plan.name}`,
			address: 'https://github.com/JUN-WEI-DING/tou_calculator (src/taipower_tou/data/plans.json)',
			remark:
				'Imported from the plans of tou_calculator (MIT, JUN-WEI DING). Voltage classes of this portal stand for: 1_to_10kv high voltage, 35kv and above extra high voltage.' +
				(plan.billing_rules.billing_cycle_months === 2
					? ' Read every two months: tiers and minimum are per month of the bill.'
					: '')
		},
		notes: null,
		unknown: unknownOf(plan),
		seasons: seasons === null ? tieredSeasons(record) : seasons.map(seasonOf),
		components: [],
		tiers,
		demand: null,
		charges: [...basicFee(plan), ...contractCharges(record, seasons ?? [])],
		minimum: least,
		powerFactor: powerFactorOf(plan)
	};
}

/** First and last day of a season. */
function spanOf({ definitions, plan }: TaipowerRecord, season: TaipowerSeason) {
	const found = definitions[plan.season_strategy].find(({ name }) => name === season);
	if (found === undefined) return refuse(['definitions', plan.season_strategy], `no season ${season}`);
	return { from: found.start, to: found.end };
}

function daysOf(record: TaipowerRecord, season: TaipowerSeason): TaipowerDays {
	const { plan } = record;
	const priceE8 = new Map<string, bigint>();
	const cellOf = (period: string, dayType: TaipowerDayType): string => {
		const rate = (plan.rates ?? []).find(
			(one) => one.season === season && one.period === period && (one.day_type ?? dayType) === dayType
		);
		if (rate === undefined) return refuse(['plan', 'rates'], `no price for ${season} ${dayType} ${period}`);
		const cell = `${period}@${rate.cost}`;
		priceE8.set(cell, figureE8(rate.cost, ['plan', 'rates', cell]));
		return cell;
	};
	const patterns = DAY_TYPES.map((dayType) => ({
		weekdays: WEEKDAYS[dayType],
		except: [],
		plus: [],
		cells: periodsOf(plan, season, dayType).map((period) => cellOf(period, dayType))
	}));
	const names = nameByPrice(
		[...priceE8].map(([key, price]) => ({ key, priceE8: price })),
		['plan', 'rates']
	);
	return { season, days: spanOf(record, season), patterns, names, priceE8 };
}

/** The period of each half-hour of a day. */
function periodsOf(plan: TaipowerPlan, season: TaipowerSeason, dayType: TaipowerDayType): string[] {
	if (plan.schedules === undefined) return ['flat'];
	const slots: (string | undefined)[] = Array.from({ length: 1440 / SLOT_MINUTES });
	for (const { season: own, day_type: day, start, end, period } of plan.schedules) {
		if (own !== season || day !== dayType) continue;
		const [first, last] = [slotAt(start), slotAt(end)];
		slots.fill(period, first, last);
	}
	return slots.map(
		(period, slot) =>
			period ??
			refuse(['plan', 'schedules'], `${season} ${dayType} has no period from minute ${slot * SLOT_MINUTES}`)
	);
}

function slotAt(clock: string): number {
	const minute = Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
	if (minute % SLOT_MINUTES !== 0) refuse(['plan', 'schedules'], `${clock} is not on a half-hour`);
	return minute / SLOT_MINUTES;
}

function seasonOf({
	season,
	days,
	patterns,
	names,
	priceE8
}: TaipowerDays): TariffDocument['seasons'][number] {
	const named = patterns.map((pattern) => ({
		...pattern,
		cells: pattern.cells.map((cell) => names.get(cell) ?? 'flat')
	}));
	return {
		id: season,
		days: [days],
		...windowsOf(named),
		pricePerKwh: Object.fromEntries(
			[...names].map(([cell, name]) => [name, decimalOf(priceE8.get(cell) ?? 0n)])
		)
	};
}

function tieredSeasons(record: TaipowerRecord): TariffDocument['seasons'] {
	const [first] = record.plan.tiers ?? [];
	if (first === undefined) return refuse(['plan', 'tiers'], 'a tiered plan without tiers');
	return SEASONS.map((season) => ({
		id: season,
		days: [spanOf(record, season)],
		rest: 'flat' as const,
		windows: [],
		pricePerKwh: { flat: decimalOf(figureE8(first[season], ['plan', 'tiers', 0, season])) }
	}));
}

/** Thresholds are per month; a bill of two months has twice as much. */
function tiersOf(record: TaipowerRecord): {
	readonly least: TariffDocument['minimum'];
	readonly tiers: TariffDocument['tiers'];
} {
	const { tiers, billing_rules: rules } = record.plan;
	const least =
		rules.min_monthly_fee === undefined
			? null
			: { per: 'month' as const, amount: decimalOf(figureE8(rules.min_monthly_fee, ['min_monthly_fee'])) };
	if (tiers !== undefined) {
		const schedules = SEASONS.map((season) => ({
			days: [spanOf(record, season)],
			tiers: tiers.map(({ max, [season]: cost }, index) => ({
				fromKwh: index === 0 ? '0' : quantityOf(tiers[index - 1]?.max ?? 0, ['plan', 'tiers', index]),
				toKwh: max === null ? null : quantityOf(max, ['plan', 'tiers', index, 'max']),
				pricePerKwh: decimalOf(figureE8(cost, ['plan', 'tiers', index, season]))
			}))
		}));
		return { least, tiers: { cycle: 'month', lines: 'by_tier', schedules } };
	}
	const over = rules.over_2000_kwh_surcharge;
	if (over === undefined) return { least, tiers: null };
	const threshold = quantityOf(over.threshold_kwh, ['over_2000_kwh_surcharge', 'threshold_kwh']);
	const surcharge = decimalOf(figureE8(over.cost_per_kwh, ['over_2000_kwh_surcharge', 'cost_per_kwh']));
	const steps = [
		{ fromKwh: '0', toKwh: threshold, surchargePerKwh: '0' },
		{ fromKwh: threshold, toKwh: null, surchargePerKwh: surcharge }
	];
	return { least, tiers: { cycle: 'month', lines: 'surcharge', schedules: [{ tiers: steps }] } };
}

function basicFee({ basic_fee: fee }: TaipowerPlan): NonNullable<TariffDocument['charges']> {
	if (fee === undefined) return [];
	return [
		{
			kind: 'fixed',
			id: 'household',
			name: text('基本电费（按户计收）', 'Basic fee per household'),
			per: 'month',
			amount: decimalOf(figureE8(fee, ['plan', 'basic_fee']))
		}
	];
}

/** Below the base each point costs a step, above it each point up to the most earns one. */
function powerFactorOf(plan: TaipowerPlan): TariffDocument['powerFactor'] {
	const rule = plan.billing_rules.power_factor_adjustment;
	const { base_percent: base, max_discount_percent: most, step_percent: step } = rule ?? {};
	if (base === undefined || most === undefined || step === undefined) return null;
	const share = (points: number) => `0.${String(points).padStart(2, '0')}`;
	const percent = (points: number) => decimalOf(figureE8(step, ['step_percent']) * BigInt(points));
	const standard = share(base);
	return {
		source: {
			document: `台灣電力公司電價表 ${plan.name}`,
			address: 'https://github.com/JUN-WEI-DING/tou_calculator (src/taipower_tou/data/plans.json)',
			remark: `${step} % per point: a surcharge below ${base} %, a discount above it up to ${most} %.`
		},
		standards: {
			[standard]: [
				{ from: '0.00', to: standard, percentAtFrom: percent(base), percentPerHundredth: percent(-1) },
				{
					from: share(base + 1),
					to: share(most),
					percentAtFrom: percent(-1),
					percentPerHundredth: percent(-1)
				},
				{
					from: share(most + 1),
					to: '1.00',
					percentAtFrom: percent(base - most),
					percentPerHundredth: '0'
				}
			]
		}
	};
}

function unknownOf({ billing_rules: rules, schedules, basic_fees: fees }: TaipowerPlan): LocalizedText[] {
	const found: LocalizedText[] = [];
	const list = (zh: string, en: string) => found.push(text(zh, en));
	if (schedules !== undefined) {
		list(
			'离峰日（公众假日）日期未载明，周一至周六的假日按平常日计。',
			'The dates of holidays that count as Sunday are not in the record: holidays on Monday to Saturday are priced as ordinary days.'
		);
	}
	if (rules.minimum_usage_rules_ref !== undefined) {
		list('按电表安培数计的底度未录入。', 'The minimum use by ampere of the meter is left out.');
	}
	if (rules.zero_usage_basic_fee_ratio !== undefined) {
		list(
			`未用电月份基本电费按${rules.zero_usage_basic_fee_ratio}倍计收的规定未录入。`,
			`The rule that the basic fee counts ${rules.zero_usage_basic_fee_ratio} times in a month without use is left out.`
		);
	}
	if (
		rules.basic_fee_formula?.weekend_ratio !== undefined &&
		fees.some(({ label }) => label === '離峰契約')
	) {
		const ratio = rules.basic_fee_formula.weekend_ratio;
		list(
			`周六半尖峰及离峰契约仅就超过其他契约${ratio}倍的部分计费：超出的千瓦数由用户资料给出（off_peak_excess）。`,
			`Saturday and off-peak contracts cost something only above ${ratio} times the other contracts: the kW above it are a fact of the account (off_peak_excess).`
		);
	}
	if (rules.over_contract_penalty !== undefined) {
		list(
			'超约附加费仅按经常契约在尖峰时段计；其他时段及有非夏月契约的月份未录入。',
			'Demand above the contract is billed for the regular contract in peak hours only; other hours, and months that a non-summer contract adds to, are left out.'
		);
	}
	const factor = rules.power_factor_adjustment;
	if (factor !== undefined && factor.base_percent === undefined) {
		list(
			'功率因数调整的数值未载明，未录入。',
			'The figures of the power-factor adjustment are not in the record.'
		);
	}
	return found;
}

const CHOICES: Readonly<Record<string, string>> = {
	'按戶計收-單相': 'single_phase',
	'按戶計收-三相': 'three_phase',
	按戶計收: 'installed',
	'按戶計收(需量)': 'demand'
};

function choiceSlug(choice: string): string {
	return CHOICES[choice] ?? refuse(['choice'], `${choice} is not known`);
}

const planFile = z.looseObject({
	version: z.unknown(),
	definitions: z.unknown(),
	plans: z.array(
		z.looseObject({
			id: z.string(),
			name: z.string(),
			basic_fees: z.array(z.looseObject({ label: z.string(), unit: z.string() })).default([])
		})
	)
});

export const taipower: TariffImporter = {
	/** A plan with several fees per household, of which one is chosen, gives a tariff for each. */
	split(json) {
		const { version, definitions, plans } = readRecord(planFile, json);
		return plans.flatMap((plan) => {
			const labels = householdLabels(plan.basic_fees);
			const choices: (string | null)[] = labels.length > 1 ? labels : [null];
			return choices.map((choice) => ({
				name: choice === null ? plan.name : `${plan.name}（${choice}）`,
				record: { version, definitions, plan, choice }
			}));
		});
	},
	convert: importTaipower
};
