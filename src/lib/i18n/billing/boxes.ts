import type { BillDocument } from '#lib/domain/billing/bill.ts';
import { DEMAND_BLOCK_MINUTES } from '#lib/domain/metering/day-statistics.ts';
import type { DemandFigures, PowerFactorFigures } from '#lib/domain/rating/types.ts';
import {
	formatDate,
	formatDecimal,
	formatMoney,
	formatPowerFactor,
	formatTimeRange,
	formatUnitPrice
} from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import type { Locale } from '#lib/i18n/paraglide/runtime.js';
import { exactQuantity, signedPercentText } from './quantities.ts';
import { demandBasisName } from './words.ts';

export interface Fact {
	readonly label: string;
	readonly value: string;
}

/** A titled box of facts, with what must be said about them. */
export interface BoxView {
	readonly title: string;
	readonly facts: readonly Fact[];
	readonly note: string | null;
}

/** 输配容(需)量电费 of a business bill. */
export function demandBox(demand: DemandFigures, bill: BillDocument, locale: Locale): BoxView {
	const { currency } = bill;
	const options = { locale };
	const isByDemand = demand.basis !== 'capacity';
	const facts: (Fact | null)[] = [
		{ label: m.billing_demand_basis({}, options), value: demandBasisName(demand.basis, locale) },
		{ label: m.billing_demand_value({}, options), value: kilowatts(demand.maximumW, locale) },
		...peaksOf(demand, locale),
		kilowattsFact(m.billing_demand_contract({}, options), demand.contractW, locale),
		kilowattsFact(m.billing_demand_contract_billed({}, options), demand.billedContractW, locale),
		isByDemand
			? {
					label: m.billing_demand_price({}, options),
					value: formatUnitPrice(demand.demandPriceE8, currency, 'kW', locale)
				}
			: null,
		demand.capacityVa === null
			? null
			: {
					label: m.billing_demand_capacity({}, options),
					value: exactQuantity(demand.capacityVa, 'kVA', locale)
				},
		isByDemand
			? null
			: {
					label: m.billing_demand_capacity_price({}, options),
					value: formatUnitPrice(demand.capacityPriceE8, currency, 'kVA', locale)
				},
		demand.kwhPerKva === null
			? null
			: {
					label: m.billing_demand_kwh_per_kva({}, options),
					value: `${formatDecimal(demand.kwhPerKva, locale)}\u00a0kWh/kVA`
				},
		isByDemand
			? {
					label: m.billing_demand_discount({}, options),
					value:
						demand.discountPercent === null
							? m.billing_demand_discount_none({}, options)
							: m.billing_demand_discount_value({ percent: `${demand.discountPercent}%` }, options)
				}
			: null,
		{
			label: m.billing_demand_amount({}, options),
			value: formatMoney(demand.amountMinor, currency, locale)
		}
	];
	return {
		title: m.billing_demand_title({}, options),
		facts: facts.filter((fact) => fact !== null),
		note: demand.maximumW === null ? null : m.billing_demand_lower_bound({}, options)
	};
}

/** When the maximum was, at each metering point that adds to it. */
function peaksOf({ peaks }: DemandFigures, locale: Locale): Fact[] {
	return peaks.flatMap(({ at, demandW, servicePointId }) => {
		if (at === null) return [];
		const { localDate, startMinute } = at;
		const when = m.billing_demand_when_value(
			{
				date: formatDate(localDate, locale, 'long'),
				time: formatTimeRange(startMinute, startMinute + DEMAND_BLOCK_MINUTES)
			},
			{ locale }
		);
		return {
			label: m.billing_demand_when({}, { locale }),
			value:
				peaks.length === 1
					? when
					: m.billing_demand_when_point(
							{ number: servicePointId, power: exactQuantity(demandW, 'kW', locale), when },
							{ locale }
						)
		};
	});
}

function kilowatts(powerW: number | null, locale: Locale): string {
	return powerW === null ? m.billing_demand_unknown({}, { locale }) : exactQuantity(powerW, 'kW', locale);
}

function kilowattsFact(label: string, powerW: number | null, locale: Locale): Fact | null {
	return powerW === null ? null : { label, value: exactQuantity(powerW, 'kW', locale) };
}

/** 功率因数调整电费 of a business bill. */
export function powerFactorBox(figures: PowerFactorFigures, bill: BillDocument, locale: Locale): BoxView {
	const options = { locale };
	const { hundredths, percentE2, baseMinor, amountMinor } = figures;
	const reactive = (varh: number) => exactQuantity(varh, 'kvarh', locale);
	const money = (minor: bigint) => formatMoney(minor, bill.currency, locale);
	const facts: (Fact | null)[] = [
		{ label: m.billing_power_factor_standard({}, options), value: figures.standard },
		{
			label: m.billing_power_factor_actual({}, options),
			value:
				hundredths === null ? m.billing_power_factor_none({}, options) : formatPowerFactor(hundredths, locale)
		},
		{
			label: m.billing_power_factor_active({}, options),
			value: exactQuantity(figures.activeWh, 'kWh', locale)
		},
		{ label: m.billing_power_factor_lagging({}, options), value: reactive(figures.laggingVarh) },
		{ label: m.billing_power_factor_leading({}, options), value: reactive(figures.leadingVarh) },
		percentE2 === null
			? null
			: {
					label: m.billing_power_factor_percent({}, options),
					value: signedPercentText(percentE2 * 100, locale)
				},
		baseMinor === null ? null : { label: m.billing_power_factor_base({}, options), value: money(baseMinor) },
		amountMinor === null
			? null
			: { label: m.billing_power_factor_amount({}, options), value: money(amountMinor) }
	];
	return {
		title: m.billing_power_factor_title({}, options),
		facts: facts.filter((fact) => fact !== null),
		note: null
	};
}
