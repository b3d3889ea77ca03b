import type { TariffDocument } from '../parse.ts';
import { decimalOf, figureE8 } from './decimal.ts';
import { refuse } from './refusal.ts';
import type { TaipowerDays } from './taipower.ts';
import type { TaipowerPlan, TaipowerRecord, TaipowerSeason } from './taipower-record.ts';
import { text } from './texts.ts';
import { stretchesOf, type Stretch } from './windows.ts';

type Charge = NonNullable<TariffDocument['charges']>[number];
type ContractCharge = Extract<Charge, { kind: 'contract' }>;
type Fee = TaipowerPlan['basic_fees'][number];

/** How the plans call the contracts, and what the account facts call them. */
const CONTRACTS: Readonly<Record<string, { readonly contract: string; readonly en: string }>> = {
	裝置契約: { contract: 'installed', en: 'installed capacity' },
	經常契約: { contract: 'regular', en: 'regular contract' },
	需量經常契約: { contract: 'regular', en: 'regular contract' },
	非夏月契約: { contract: 'non_summer', en: 'non-summer contract' },
	需量非夏月契約: { contract: 'non_summer', en: 'non-summer contract' },
	半尖峰契約: { contract: 'semi_peak', en: 'semi-peak contract' },
	週六半尖峰契約: { contract: 'off_peak_excess', en: 'Saturday and off-peak contracts' }
};
/** Billed together with the Saturday contract, at the same price. */
const WITH_SATURDAY = '離峰契約';

/** The labels of fees per household: where there are several, the customer has one of them. */
export function householdLabels(
	fees: readonly { readonly label: string; readonly unit: string }[]
): string[] {
	return fees.filter(({ unit }) => unit === 'per_household_month').map(({ label }) => label);
}

/** The chosen fee per household and the fees per kW of contract, by season. */
export function contractCharges(record: TaipowerRecord, seasons: readonly TaipowerDays[]): Charge[] {
	const { plan, choice } = record;
	return plan.basic_fees.flatMap((fee, index): Charge[] => {
		if (fee.unit === 'per_household_month') {
			if (choice !== null && fee.label !== choice) return [];
			return [householdCharge(fee, plan, index)];
		}
		if (choice === '按戶計收' && fee.label !== '裝置契約') return [];
		if (choice === '按戶計收(需量)' && fee.label === '裝置契約') return [];
		if (fee.label === WITH_SATURDAY) return sameAsSaturday(fee, plan);
		if (seasons.length === 0) return refuse(['plan', 'basic_fees', index], 'a contract without seasons');
		return chargesOf(fee, index, plan, seasons);
	});
}

function householdCharge(fee: Fee, plan: TaipowerPlan, index: number): Charge {
	const at = ['plan', 'basic_fees', index, 'cost'];
	return {
		kind: 'fixed',
		id: 'household',
		name: text(`基本电费（${fee.label}）`, 'Basic fee per household'),
		per: 'month',
		amount: decimalOf(figureE8(fee.cost ?? refuse(at, 'no amount'), at)),
		inPowerFactorBase: inBase(plan)
	};
}

function chargesOf(fee: Fee, index: number, plan: TaipowerPlan, seasons: readonly TaipowerDays[]): Charge[] {
	const known = CONTRACTS[fee.label];
	const at = ['plan', 'basic_fees', index];
	if (known === undefined) return refuse([...at, 'label'], `${fee.label} is not known`);
	const make = (price: number, id: string, part: Partial<ContractCharge>): ContractCharge => ({
		kind: 'contract',
		id,
		name: text(`基本电费（${fee.label}）`, `Basic fee: ${known.en}`),
		contract: known.contract,
		pricePerKwMonth: decimalOf(figureE8(price, at)),
		inPowerFactorBase: inBase(plan),
		...part
	});
	if (fee.cost !== undefined) return [make(fee.cost, known.contract, {})];
	return seasons.flatMap((days) => {
		const price = fee[days.season];
		if (price === undefined) return [];
		const part = { days: [days.days], ...overrunOf(fee, plan, days) };
		return [make(price, `${known.contract}_${days.season}`, part)];
	});
}

/** What demand above the contract costs more, where nothing but this contract covers the peak hours. */
function overrunOf(
	{ label }: Fee,
	plan: TaipowerPlan,
	{ season, patterns }: TaipowerDays
): Pick<ContractCharge, 'windows' | 'overrun'> {
	const rule = plan.billing_rules.over_contract_penalty;
	if (rule?.base_fee_label !== label || isAddedTo(plan, season)) return {};
	const peak = [...new Set(patterns.flatMap(({ cells }) => cells))].filter((cell) =>
		cell.startsWith('peak@')
	);
	const windows: Stretch[] = peak.flatMap((cell) => stretchesOf(patterns, cell));
	if (windows.length === 0) return {};
	return {
		windows,
		overrun: [
			{
				toPercent: Math.round(100 * (1 + rule.threshold_ratio)),
				factorPercent: Math.round(100 * rule.rate_low)
			},
			{ toPercent: null, factorPercent: Math.round(100 * rule.rate_high) }
		]
	};
}

function isAddedTo({ basic_fees: fees }: TaipowerPlan, season: TaipowerSeason): boolean {
	return season === 'non_summer' && fees.some(({ label }) => CONTRACTS[label]?.contract === 'non_summer');
}

function sameAsSaturday(fee: Fee, { basic_fees: fees }: TaipowerPlan): [] {
	const saturday = fees.find(({ label }) => label === '週六半尖峰契約');
	if (saturday?.summer !== fee.summer || saturday?.non_summer !== fee.non_summer) {
		refuse(['plan', 'basic_fees'], 'off-peak and Saturday contracts have different prices');
	}
	return [];
}

function inBase({ billing_rules: rules }: TaipowerPlan): boolean {
	return rules.power_factor_adjustment?.apply_to === 'total';
}
