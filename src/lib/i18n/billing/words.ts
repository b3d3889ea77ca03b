import type { CustomerKind, DemandBasis, VoltageClass } from '#lib/domain/identity/account.ts';
import type { FillingMethod } from '#lib/domain/metering/filling.ts';
import type { Channel, Quality } from '#lib/domain/metering/load-day.ts';
import type { Charge } from '#lib/domain/rating/types.ts';
import type { TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import type { Locale } from '#lib/i18n/paraglide/runtime.js';

type Word = (inputs: Record<string, never>, options: { locale: Locale }) => string;

/** Charges that a bill prints under one heading: the ways of paying for demand share theirs. */
export type ChargeGroup = Exclude<Charge, DemandCharge> | 'demand';
type DemandCharge = 'capacity' | 'contract_demand' | 'demand_overrun' | 'actual_demand';

const DEMAND_CHARGES: readonly Charge[] = [
	'capacity',
	'contract_demand',
	'demand_overrun',
	'actual_demand'
] satisfies DemandCharge[];

const CHARGES: Readonly<Record<Charge, Word>> = {
	energy: m.billing_charge_energy,
	tier_surcharge: m.billing_charge_tier_surcharge,
	purchase: m.billing_charge_purchase,
	transmission: m.billing_charge_transmission,
	capacity: m.billing_charge_capacity,
	contract_demand: m.billing_charge_contract_demand,
	demand_overrun: m.billing_charge_demand_overrun,
	actual_demand: m.billing_charge_actual_demand,
	line_loss: m.billing_charge_line_loss,
	system_operation: m.billing_charge_system_operation,
	power_factor: m.billing_charge_power_factor,
	government_fund: m.billing_charge_government_fund,
	free_basis: m.billing_charge_free_basis,
	demand: m.billing_charge_demand,
	contract: m.billing_charge_contract,
	contract_overrun: m.billing_charge_contract_overrun,
	fixed: m.billing_charge_fixed,
	export_credit: m.billing_charge_export_credit,
	minimum: m.billing_charge_minimum,
	percent: m.billing_charge_percent
};

const TIME_PERIODS: Readonly<Record<TimePeriod, Word>> = {
	sharp: m.tariffs_period_sharp,
	peak: m.tariffs_period_peak,
	flat: m.tariffs_period_flat,
	valley: m.tariffs_period_valley,
	deep: m.tariffs_period_deep
};

const CHANNELS: Readonly<Record<Channel, Word>> = {
	active_import: m.billing_channel_active_import,
	active_export: m.billing_channel_active_export,
	reactive_import: m.billing_channel_reactive_import,
	reactive_export: m.billing_channel_reactive_export
};

const QUALITIES: Readonly<Record<Quality, Word>> = {
	missing: m.billing_quality_missing,
	measured: m.billing_quality_measured,
	estimated: m.billing_quality_estimated,
	corrected: m.billing_quality_corrected
};

const VOLTAGES: Readonly<Record<VoltageClass, Word>> = {
	below_1kv: m.tariffs_voltage_below_1kv,
	'1_to_10kv': m.tariffs_voltage_1_to_10kv,
	'35kv': m.tariffs_voltage_35kv,
	'110kv': m.tariffs_voltage_110kv,
	'220kv_and_above': m.tariffs_voltage_220kv_and_above
};

const CUSTOMER_KINDS: Readonly<Record<CustomerKind, Word>> = {
	residential: m.tariffs_class_residential,
	industrial: m.tariffs_class_industrial
};

const DEMAND_BASES: Readonly<Record<Exclude<DemandBasis, 'none'>, Word>> = {
	capacity: m.tariffs_demand_basis_capacity,
	contract_demand: m.tariffs_demand_basis_contract_demand,
	actual_demand: m.tariffs_demand_basis_actual_demand
};

const FILLINGS: Readonly<Record<Exclude<FillingMethod, 'none'>, Word>> = {
	linear: m.billing_filling_linear,
	like_days: m.billing_filling_like_days
};

export const chargeName = (charge: Charge, locale: Locale) => CHARGES[charge]({}, { locale });
export const timePeriodName = (period: TimePeriod, locale: Locale) => TIME_PERIODS[period]({}, { locale });
export const channelName = (channel: Channel, locale: Locale) => CHANNELS[channel]({}, { locale });
export const qualityName = (quality: Quality, locale: Locale) => QUALITIES[quality]({}, { locale });
export const voltageName = (voltage: VoltageClass, locale: Locale) => VOLTAGES[voltage]({}, { locale });
export const customerClassName = (kind: CustomerKind, locale: Locale) => CUSTOMER_KINDS[kind]({}, { locale });
export const demandBasisName = (basis: Exclude<DemandBasis, 'none'>, locale: Locale) =>
	DEMAND_BASES[basis]({}, { locale });

export const fillingName = (method: keyof typeof FILLINGS, locale: Locale) =>
	FILLINGS[method]({}, { locale });

export function chargeGroupOf(charge: Charge): ChargeGroup {
	return DEMAND_CHARGES.includes(charge) ? 'demand' : (charge as ChargeGroup);
}

export function chargeGroupName(group: ChargeGroup, locale: Locale): string {
	return group === 'demand' ? m.billing_charge_demand_group({}, { locale }) : chargeName(group, locale);
}
