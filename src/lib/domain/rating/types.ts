import type { Account } from '#lib/domain/identity/account.ts';
import type { DatePeriod, LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { Currency } from '#lib/domain/kernel/money.ts';
import type { FillingMethod } from '#lib/domain/metering/filling.ts';
import type { Channel, LoadDay } from '#lib/domain/metering/load-day.ts';
import type { HolidayCalendar } from '#lib/domain/tariffs/calendar.ts';
import type { LocalizedText, Tariff, TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import type { RatingRefusal, RatingWarning } from './notices.ts';

/** What rating needs to know of an account, frozen with the bill. */
export type AccountFacts = Pick<
	Account,
	| 'voltage'
	| 'currency'
	| 'contractedCapacityVa'
	| 'demandBasis'
	| 'contractDemandW'
	| 'powerFactorStandard'
	| 'largeHousehold'
	| 'lowIncome'
	| 'readingMonths'
	| 'contractsW'
> & {
	/** First day of supply under this account; null where it is not known. */
	readonly openedOn: LocalDate | null;
};

/** A tariff edition on the days [from, to) that it holds for this account. */
export interface TariffSpan {
	readonly period: DatePeriod;
	readonly tariff: Tariff;
}

/** The readings of one metering point: any number of days and channels, at most one day per channel and date. */
export interface PointUsage {
	readonly servicePointId: number;
	/** Days on which the point is supplied under this account: what is not read on them is missing. */
	readonly period: DatePeriod;
	readonly days: readonly LoadDay[];
	/** What the registers counted over the point's days of the bill; null where only the curve is known. */
	readonly registers: RegisterQuantities | null;
	/** Losses between the meter and the boundary of ownership (高供低计); null where the meter stands there. */
	readonly losses: LossRule | null;
}

/** One quantity, or one by time-of-use period. */
export type ByPeriod = number | Readonly<Partial<Record<TimePeriod, number>>>;

/**
 * Differences of register readings times the multiplier. They win over the curve for totals; the curve then
 * only says how they are spread.
 */
export interface RegisterQuantities {
	readonly importWh: ByPeriod;
	/** The part of `importWh` that rests on estimated readings; none where absent. */
	readonly estimatedImportWh?: number;
	readonly exportWh: ByPeriod | null;
	readonly laggingVarh: number | null;
	readonly leadingVarh: number | null;
	/** Maximum of the demand register; up to three decimals of a W. */
	readonly demandW: number | null;
}

/** 变损、线损: so much a day while energised, and a part of what flows. */
export interface LossRule {
	readonly activeWhPerDay: number;
	/** Part of the active energy, percent times 100. */
	readonly activePercentE2: number;
	readonly reactiveVarhPerDay: number;
	/** Part of the active energy that is lost as reactive energy, percent times 100. */
	readonly reactivePercentE2: number;
}

/** Prices of one local day of a real-time price series, E8 per kWh; null where there is none. */
export interface PriceDay {
	readonly localDate: LocalDate;
	readonly intervalMinutes: number;
	readonly pricesE8: readonly (number | null)[];
}

export interface PriceSeries {
	readonly series: string;
	readonly days: readonly PriceDay[];
}

/** Energy since the first day of the running tier cycle. */
export interface TierCycleUse {
	readonly start: LocalDate;
	readonly usedWh: number;
}

/** What one bill hands to the next. */
export interface CarriedState {
	/** Null before the first tiered bill. */
	readonly tierCycle: TierCycleUse | null;
	/** The same of the shares whose tariffs have tiers, by id. */
	readonly shares?: Readonly<Record<string, TierCycleUse>>;
}

/**
 * 定比定量表: a part of the metered energy that is billed under another tariff, as a block of its own. A fixed
 * part (定比) is of all energy that was metered; a fixed quantity (定量) counts by the calendar days of broken
 * months and is never more than what the shares before it left.
 */
export interface MeterShare {
	/** Unique in the account; part of the references of its lines. */
	readonly id: string;
	/** As the customer knows it; null where it has none. */
	readonly name: string | null;
	readonly part: { readonly percentE4: number } | { readonly whPerMonth: number };
	/** As `RatingInput.tariffs`. */
	readonly tariffs: readonly TariffSpan[];
}

export interface RatingInput {
	readonly account: AccountFacts;
	readonly timeZone: string;
	readonly period: DatePeriod;
	/** Must cover the period without gap or overlap, in order. */
	readonly tariffs: readonly TariffSpan[];
	readonly usage: readonly PointUsage[];
	/** Parts of the energy under other tariffs, in printed order; `tariffs` are those of what is left. */
	readonly shares: readonly MeterShare[];
	/** How missing intervals are filled before they are billed. */
	readonly filling: FillingMethod;
	readonly carried: CarriedState;
	readonly calendar: HolidayCalendar;
	/** For tariffs whose price is made for every interval. */
	readonly priceSeries: readonly PriceSeries[];
}

/** In the order of a bill's lines, as State Grid bills print them since 2023. */
export const CHARGES = [
	'energy',
	'tier_surcharge',
	'free_basis',
	'purchase',
	'transmission',
	'capacity',
	'contract_demand',
	'demand_overrun',
	'actual_demand',
	'demand',
	'contract',
	'contract_overrun',
	'line_loss',
	'system_operation',
	'power_factor',
	'government_fund',
	'fixed',
	'export_credit',
	'minimum',
	'percent'
] as const;
export type Charge = (typeof CHARGES)[number];

/** What a line's quantity counts; `money` is the base of a percentage. */
export type QuantityUnit = 'kWh' | 'kW' | 'kVA' | 'month' | 'day' | 'bill' | 'money';

/** The intervals that stand behind a line; `intervalsBehind` opens them. */
export type IntervalSelector =
	| {
			readonly kind: 'energy';
			readonly channel: Channel;
			readonly dates: DatePeriod;
			/** null: all periods. */
			readonly timePeriod: TimePeriod | null;
			/** The part of the energy in this tier (1 is the first); null: all tiers. */
			readonly tier: number | null;
	  }
	/** Inside the windows of a charge of the tariff, where it is one. */
	| { readonly kind: 'demand'; readonly dates: DatePeriod; readonly charge: string | null }
	| { readonly kind: 'power_factor'; readonly dates: DatePeriod }
	/** Rests on the account's contracted capacity, not on readings. */
	| { readonly kind: 'none' };

export interface RatedLine {
	/**
	 * Stable: "energy.peak", "energy.tier2_surcharge", "energy.purchase.sharp", "transmission",
	 * "demand.actual", "power_factor" …, with "@2026-01-15" added where the line begins later than the bill and
	 * "share.lighting/" before it on the lines of a share.
	 */
	readonly reference: string;
	/** The share that the line belongs to; null for what is left to the account's own tariff. */
	readonly share: Pick<MeterShare, 'id' | 'name'> | null;
	readonly charge: Charge;
	/** Name in the tariff of charges that every tariff names for itself; null for the usual ones. */
	readonly name: LocalizedText | null;
	readonly timePeriod: TimePeriod | null;
	/** 2, 3 … for surcharges. */
	readonly tier: number | null;
	/** Days that the line covers. */
	readonly period: DatePeriod;
	/**
	 * Wh, W, VA or thousandths of a month, day or bill; minor currency units where `unit` is `money`. Whole but for
	 * the demand of a register, which has up to three decimals of a W.
	 */
	readonly quantityMilli: number;
	readonly unit: QuantityUnit;
	/** Part of the quantity that rests on estimated intervals (energy only). */
	readonly estimatedMilli: number;
	/** Price per unit (after discount); null for a percentage and for a price that changes with every interval. */
	readonly unitPriceE8: bigint | null;
	/** Percent times 10,000 of the base, for `power_factor` and `percent`. */
	readonly percentE4: number | null;
	/** The monthly price counts for `days` of the month's `monthDays`; null for a whole month or no monthly price. */
	readonly proration: { readonly days: number; readonly monthDays: number } | null;
	/** Load-factor discount already in the unit price; null where none. */
	readonly discountPercent: number | null;
	readonly amountMinor: bigint;
	/** Whether the amount is part of the base of the power-factor adjustment. */
	readonly inPowerFactorBase: boolean;
	readonly tariffCode: string;
	readonly tariffEdition: string;
	/** Number of the document with the rule. */
	readonly ruleSource: string;
	readonly behind: IntervalSelector;
}

export interface PeriodEnergy {
	readonly timePeriod: TimePeriod;
	readonly energyWh: number;
}

/** What was read on one channel in the period. */
export interface ChannelReadings {
	readonly channel: Channel;
	/** Wh or varh of the known intervals. */
	readonly quantity: number;
	/** The part of `quantity` in estimated intervals. */
	readonly estimatedQuantity: number;
	/** The part of `estimatedQuantity` in intervals that were missing and filled. */
	readonly filledQuantity: number;
	/** The part of `quantity` in corrected intervals. */
	readonly correctedQuantity: number;
	/** Days with at least one known interval. */
	readonly days: number;
	readonly measured: number;
	readonly estimated: number;
	/** The part of `estimated` that was missing and filled. */
	readonly filled: number;
	readonly corrected: number;
	readonly missing: number;
	/** Highest version of a day in use: above 1 where corrected data arrived. */
	readonly highestVersion: number;
}

/** The block of intervals in which a demand was measured. */
export interface DemandBlock {
	readonly localDate: LocalDate;
	/** First interval of the block. */
	readonly slot: number;
	/** Wall-clock minute at which the block starts. */
	readonly startMinute: number;
}

/** The maximum demand and what it costs. */
export interface DemandFigures {
	readonly basis: 'capacity' | 'contract_demand' | 'actual_demand';
	/** Null where the readings do not allow one (possible on capacity billing only). */
	readonly maximumW: number | null;
	/** Where the maximum was: the points supplied at the same time whose maxima are added. */
	readonly peaks: readonly {
		readonly servicePointId: number;
		readonly demandW: number;
		/** Null where a register said it. */
		readonly at: DemandBlock | null;
	}[];
	readonly contractW: number | null;
	/** Contract after the floor. */
	readonly billedContractW: number | null;
	readonly capacityVa: number | null;
	readonly demandPriceE8: bigint;
	readonly capacityPriceE8: bigint;
	/** Whole kWh per kVA of the period, rounded down; null without a capacity. */
	readonly kwhPerKva: number | null;
	readonly discountPercent: number | null;
	readonly amountMinor: bigint;
}

export interface PowerFactorFigures {
	readonly standard: string;
	readonly activeWh: number;
	readonly laggingVarh: number;
	readonly leadingVarh: number;
	/** Power factor times 100, rounded half up; null where not assessed. */
	readonly hundredths: number | null;
	readonly percentE2: number | null;
	readonly baseMinor: bigint | null;
	readonly amountMinor: bigint | null;
}

export interface TierFigures {
	readonly cycle: 'year' | 'month' | 'bill';
	readonly cycleStart: LocalDate;
	readonly usedBeforeWh: number;
	readonly usedAfterWh: number;
	/** 1 … n, of the next kWh. */
	readonly currentTier: number;
	readonly tiers: readonly {
		readonly tier: number;
		readonly fromWh: number;
		readonly toWh: number | null;
		/** Null where the periods have different ones. */
		readonly surchargeE8: bigint | null;
		/** Energy of this bill in the tier. */
		readonly energyWh: number;
	}[];
}

/** Quantities that a bill shows beside its lines. */
export interface RatingFigures {
	/** Billed active energy, losses included. */
	readonly energyWh: number;
	/** The part of it that is loss between meter and boundary. */
	readonly lossWh: number;
	/** In printed order; one `flat` entry for un-timed tariffs. */
	readonly periods: readonly PeriodEnergy[];
	readonly timeOfUse: boolean;
	readonly readings: readonly ChannelReadings[];
	readonly demand: DemandFigures | null;
	readonly powerFactor: PowerFactorFigures | null;
	readonly tiers: TierFigures | null;
	/** Amount by charge. */
	readonly totals: Readonly<Partial<Record<Charge, bigint>>>;
}

export type RatingResult =
	| { readonly ok: false; readonly refusal: RatingRefusal }
	| {
			readonly ok: true;
			readonly currency: Currency;
			readonly lines: readonly RatedLine[];
			readonly totalMinor: bigint;
			readonly figures: RatingFigures;
			readonly carried: CarriedState;
			readonly warnings: readonly RatingWarning[];
	  };

/** One day of the intervals behind a line. */
export interface DayBehind {
	readonly servicePointId: number;
	readonly channel: Channel;
	readonly localDate: LocalDate;
	readonly intervalMinutes: number;
	readonly version: number;
	/** Sum of `quantities`: Wh or varh. */
	readonly quantity: number;
	/** Slot indexes in the local day, and for each the part of its quantity that the line counts. */
	readonly slots: readonly number[];
	readonly quantities: readonly number[];
	/** Quality codes of the slots. */
	readonly qualities: readonly number[];
}

export interface IntervalsBehind {
	readonly reference: string;
	readonly days: readonly DayBehind[];
}
