import type { VoltageClass } from '#lib/domain/identity/account.ts';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { Currency } from '#lib/domain/kernel/money.ts';

/**
 * Time-of-use periods (尖峰平谷深谷). The place in this list is the code that `timePeriodsOfDay` gives per
 * interval, and also the priority: where windows overlap, the later one in the list wins
 * (deep > sharp > valley > peak > flat).
 */
export const TIME_PERIODS = ['flat', 'peak', 'valley', 'sharp', 'deep'] as const;
export type TimePeriod = (typeof TIME_PERIODS)[number];

/** The order in which bills and charts list the periods: 尖 峰 平 谷 深谷. */
export const TIME_PERIODS_PRINTED = [
	'sharp',
	'peak',
	'flat',
	'valley',
	'deep'
] as const satisfies TimePeriod[];

export const CUSTOMER_CLASSES = [
	'residential',
	'residential_shared_meter',
	'commercial_industrial',
	'agricultural'
] as const;
export type CustomerClass = (typeof CUSTOMER_CLASSES)[number];

/** Components that a published energy price is the sum of, in the order of a business bill. */
export const PRICE_COMPONENTS = [
	'purchase',
	'transmission',
	'line_loss',
	'system_operation',
	'government_fund'
] as const;
export type PriceComponent = (typeof PRICE_COMPONENTS)[number];

/** A text of a document in the portal's languages. */
export interface LocalizedText {
	readonly 'zh-CN': string;
	readonly en: string;
}

export interface TariffSource {
	/** Number of the published document (文号), or its title where no number is known. */
	readonly document: string;
	/** Where it was seen. */
	readonly address: string;
	/** How sure the figures are and what was decided where sources differ. */
	readonly remark: string | null;
}

/** Days that a window applies to. Holidays and rest days come from the holiday calendar. */
export type DayRule =
	| { readonly type: 'all' }
	/** ISO weekdays, 1 = Monday, whatever the holiday calendar says. */
	| { readonly type: 'weekdays'; readonly weekdays: readonly number[] }
	/** Weekends and statutory holidays, without the days that are worked in exchange. */
	| { readonly type: 'rest_day' }
	| { readonly type: 'workday' }
	/** Named statutory holidays; `firstDays` limits to the first days of each. */
	| { readonly type: 'holiday'; readonly names: readonly string[]; readonly firstDays: number | null }
	/** Dates that were declared one by one, e.g. for heat. */
	| { readonly type: 'dates'; readonly dates: readonly LocalDate[] };

/** [fromMinute, toMinute) of the local wall clock; crosses midnight where `toMinute` <= `fromMinute`. */
export interface TimeWindow {
	readonly period: TimePeriod;
	readonly fromMinute: number;
	readonly toMinute: number;
	readonly days: DayRule;
}

/** The months in which the same windows and prices hold. The seasons of a tariff share out the year. */
export interface Season {
	readonly id: string;
	readonly months: readonly number[];
	/** Period of all minutes that no window covers. */
	readonly rest: TimePeriod;
	readonly windows: readonly TimeWindow[];
	/** Absolute published price in E8 currency units per kWh: the authority for billing. */
	readonly priceE8: Readonly<Partial<Record<TimePeriod, bigint>>>;
}

/** A part of the energy price that is the same in all periods; the remainder is the first component. */
export interface FixedComponent {
	readonly component: Exclude<PriceComponent, 'purchase'>;
	readonly priceE8: bigint;
	/** Funds and surcharges do not count in the base of the power-factor adjustment. */
	readonly inPowerFactorBase: boolean;
}

/** Energy [fromWh, toWh) of a cycle, with the surcharge per kWh over the first tier (negative: cheaper). */
export interface Tier {
	readonly fromWh: number;
	readonly toWh: number | null;
	readonly surchargeE8: bigint;
}

export interface Tiers {
	/** How long use is added up before it starts at zero again. */
	readonly cycle: 'year' | 'month';
	/** Tiers by month; one schedule with all months where they are the same all year. */
	readonly schedules: readonly { readonly months: readonly number[]; readonly tiers: readonly Tier[] }[];
}

/** Demand and capacity charges (容需量电费), per month. */
export interface DemandCharge {
	readonly demandPriceE8PerKw: bigint;
	readonly capacityPriceE8PerKva: bigint;
	/** Length of the demand interval that the register uses. */
	readonly demandIntervalMinutes: 15;
	readonly contract: {
		/** Demand up to this share of the contract costs the contract value. */
		readonly bandPercent: number;
		/** A contract below this share of the capacity counts as this share. */
		readonly floorPercentOfCapacity: number;
		/**
		 * What is due above the band, C contract, A actual, B band: `contract` C + 2 (A − B C), `band`
		 * B C + 2 (A − B C). The sources do not settle it.
		 */
		readonly overrunFormula: 'contract' | 'band';
	};
	/** Demand prices times `factorPercent` where the month's energy reaches so many kWh per kVA. */
	readonly loadFactorDiscount: { readonly fromKwhPerKva: number; readonly factorPercent: number } | null;
}

/** Adjustment for power factors from `fromHundredths` to `toHundredths`, both included. */
export interface PowerFactorSegment {
	readonly fromHundredths: number;
	readonly toHundredths: number;
	/** Percent of the base times 100 at `fromHundredths`; negative is a reward. */
	readonly percentAtFromE2: number;
	/** Change of the percentage (times 100) per 0.01 above `fromHundredths`. */
	readonly percentPerHundredthE2: number;
}

/** Power-factor adjustment (功率因数调整电费) by standard ("0.90"). */
export interface PowerFactorRule {
	readonly source: TariffSource;
	readonly standards: Readonly<Record<string, readonly PowerFactorSegment[]>>;
}

/** One edition of a tariff, as validated by `parseTariff`; all figures are exact integers. */
export interface Tariff {
	readonly code: string;
	readonly edition: string;
	readonly name: LocalizedText;
	readonly supplyArea: string;
	readonly customerClass: CustomerClass;
	readonly voltages: readonly VoltageClass[];
	readonly parts: 'single' | 'two';
	readonly currency: Currency;
	readonly validFrom: LocalDate;
	readonly validTo: LocalDate | null;
	readonly source: TariffSource;
	/** Printed on every bill under this tariff. */
	readonly notes: LocalizedText | null;
	/** Parts of the published tariff that are not known and therefore left out. */
	readonly unknown: readonly LocalizedText[];
	readonly seasons: readonly Season[];
	readonly components: readonly FixedComponent[];
	readonly tiers: Tiers | null;
	readonly demand: DemandCharge | null;
	readonly powerFactor: PowerFactorRule | null;
}

/** Whether the price depends on the time of use. Un-timed tariffs know the period `flat` only. */
export function isTimeOfUse(tariff: Tariff): boolean {
	return tariff.seasons.some((season) => season.windows.length > 0);
}
