import type { VoltageClass } from '#lib/domain/identity/account.ts';
import type { LocalDate, LocalMonth } from '#lib/domain/kernel/civil-time.ts';
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
	/**
	 * ISO weekdays, 1 = Monday, whatever the holiday calendar says: without the dates `except` and with the
	 * dates `plus`, for holidays that the document itself lists.
	 */
	| {
			readonly type: 'weekdays';
			readonly weekdays: readonly number[];
			readonly except: readonly LocalDate[];
			readonly plus: readonly LocalDate[];
	  }
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

/** Days of every year by month and day (MMDD, 501 is 1 May), both ends included. */
export interface YearSpan {
	readonly fromMonthDay: number;
	readonly toMonthDay: number;
}

export type PeriodPrices = Readonly<Partial<Record<TimePeriod, bigint>>>;

/** The days of the year on which the same windows and prices hold. The seasons of a tariff share out the year. */
export interface Season {
	readonly id: string;
	readonly spans: readonly YearSpan[];
	/** Period of all minutes that no window covers. */
	readonly rest: TimePeriod;
	readonly windows: readonly TimeWindow[];
	/**
	 * Absolute published price in E8 currency units per kWh: the authority for billing. With tiers, the first
	 * tier's. Empty where the prices come from a price table or a price series.
	 */
	readonly priceE8: PeriodPrices;
}

/** Prices of one month (agent purchase): they take the place of the season's prices and of the components. */
export interface MonthlyPrices {
	readonly month: LocalMonth;
	readonly priceE8: PeriodPrices;
	readonly components: readonly FixedComponent[];
}

/** Prices that are made for every interval (real-time price): price = series × factor + adder. */
export interface DynamicPrice {
	/** Name of the series that the rating is given. */
	readonly series: string;
	readonly factorPercent: number;
	readonly adderE8: bigint;
}

/** A part of the energy price that is the same in all periods; the remainder is the first component. */
export interface FixedComponent {
	readonly component: Exclude<PriceComponent, 'purchase'>;
	readonly priceE8: bigint;
	/** Funds and surcharges do not count in the base of the power-factor adjustment. */
	readonly inPowerFactorBase: boolean;
}

/** Energy [from, to) of a cycle, in Wh of `TierUnit`, with the surcharge per kWh over the first tier (negative: cheaper). */
export interface Tier {
	readonly fromWh: number;
	readonly toWh: number | null;
	/** By period; every priced period has one. */
	readonly surchargeE8: PeriodPrices;
}

/** What the thresholds count: kWh of the cycle, or so many kWh per day of it, per kW of its maximum demand, or both. */
export const TIER_UNITS = ['kWh', 'kWh_per_day', 'kWh_per_kW', 'kWh_per_kW_per_day'] as const;
export type TierUnit = (typeof TIER_UNITS)[number];

/**
 * Which energy of a period lies in which tier: the share of the whole that the tier has (`pro_rata`), what was
 * used when the running total passed through the tier (`chronological`), or the period's own running total
 * (`own_period`). Only matters where the periods' surcharges differ.
 */
export const TIER_ATTRIBUTIONS = ['pro_rata', 'chronological', 'own_period'] as const;
export type TierAttribution = (typeof TIER_ATTRIBUTIONS)[number];

export interface TierSchedule {
	readonly spans: readonly YearSpan[];
	readonly tiers: readonly Tier[];
	/** Tiers of a period of its own count and thresholds, in place of `tiers`. */
	readonly ofPeriod: Readonly<Partial<Record<TimePeriod, readonly Tier[]>>>;
}

export interface Tiers {
	/** How long use is added up before it starts at zero again; `bill`: with every bill. */
	readonly cycle: 'year' | 'month' | 'bill';
	readonly unit: TierUnit;
	readonly attribution: TierAttribution;
	/** Lines per period at first-tier prices and one per tier surcharge, or one per tier and period at full price. */
	readonly lines: 'surcharge' | 'by_tier';
	/** Tiers by season; one schedule with the whole year where they are always the same. */
	readonly schedules: readonly TierSchedule[];
	/** 一户多人口: every threshold moves up by `extraWhPerMonth` per month, from the month of application on. */
	readonly largeHousehold: { readonly fromPersons: number; readonly extraWhPerMonth: number } | null;
}

/** 免费电量 of low-income households: so much a month is given back at a fixed price. */
export interface FreeBasis {
	readonly whPerMonth: number;
	readonly priceE8: bigint;
}

/** Charges beside energy, demand (China) and power factor. */
export type OtherCharge =
	/** A standing charge. */
	| (NamedCharge & {
			readonly kind: 'fixed';
			readonly per: 'day' | 'month' | 'bill';
			readonly amountE8: bigint;
			readonly spans: readonly YearSpan[];
	  })
	/** Price per kW of each month's maximum demand inside some windows (none: at all times), in tiers of kW. */
	| (NamedCharge & {
			readonly kind: 'demand';
			readonly spans: readonly YearSpan[];
			readonly windows: readonly DemandWindow[];
			readonly tiers: readonly DemandTier[];
	  })
	/** Price per kW and month of a contracted capacity, and what demand above it costs more. */
	| (NamedCharge & {
			readonly kind: 'contract';
			/** Name of the contract in the account facts. */
			readonly contract: string;
			readonly spans: readonly YearSpan[];
			readonly priceE8PerKw: bigint;
			readonly windows: readonly DemandWindow[];
			/** Demand above the contract: up to `toPercent` of the contract (null: all) at `factorPercent` of the price. */
			readonly overrun: readonly { readonly toPercent: number | null; readonly factorPercent: number }[];
	  })
	/** A percentage of other lines, e.g. a tax. */
	| (NamedCharge & {
			readonly kind: 'percent';
			readonly percentE4: bigint;
			/** What the percentage is of; null: everything before it. */
			readonly of: readonly PercentBase[] | null;
	  });

export const PERCENT_BASES = ['energy', 'demand', 'fixed', 'power_factor', 'government_fund'] as const;
export type PercentBase = (typeof PERCENT_BASES)[number];

interface NamedCharge {
	/** Unique in the tariff; part of the line's reference. */
	readonly id: string;
	readonly name: LocalizedText;
	readonly inPowerFactorBase: boolean;
}

/** As a time window, without a period: when a demand counts. */
export type DemandWindow = Omit<TimeWindow, 'period'>;

export interface DemandTier {
	readonly fromW: number;
	readonly toW: number | null;
	readonly priceE8PerKw: bigint;
}

/** The least that a bill comes to before percentages (最低电费). */
export interface MinimumCharge {
	readonly per: 'day' | 'month' | 'bill';
	readonly amountE8: bigint;
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
	/** Empty where the seasons carry the prices, or where the prices of no month are known yet. */
	readonly priceTable: readonly MonthlyPrices[];
	readonly dynamic: DynamicPrice | null;
	readonly tiers: Tiers | null;
	readonly freeBasis: FreeBasis | null;
	readonly demand: DemandCharge | null;
	/** Two-part prices whose demand prices were not seen: what is due for demand cannot be said. */
	readonly demandIsUnknown: boolean;
	readonly charges: readonly OtherCharge[];
	readonly minimum: MinimumCharge | null;
	/** Price of energy fed in, by period of the season; null: it is not credited. */
	readonly exportPriceE8: PeriodPrices | null;
	readonly powerFactor: PowerFactorRule | null;
}

/** Whether the price depends on the time of use. Un-timed tariffs know the period `flat` only. */
export function isTimeOfUse(tariff: Tariff): boolean {
	return tariff.seasons.some((season) => season.windows.length > 0);
}
