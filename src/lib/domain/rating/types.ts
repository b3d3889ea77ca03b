import type { Account } from '#lib/domain/identity/account.ts';
import type { DatePeriod, LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { Currency } from '#lib/domain/kernel/money.ts';
import type { Channel, LoadDay } from '#lib/domain/metering/load-day.ts';
import type { HolidayCalendar } from '#lib/domain/tariffs/calendar.ts';
import type { Tariff, TimePeriod } from '#lib/domain/tariffs/tariff.ts';

/** What rating needs to know of an account, frozen with the bill. */
export type AccountFacts = Pick<
	Account,
	'voltage' | 'currency' | 'contractedCapacityVa' | 'demandBasis' | 'contractDemandW' | 'powerFactorStandard'
> & {
	/** First day of supply under this account. */
	readonly openedOn: LocalDate;
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
}

/** What one bill hands to the next. */
export interface CarriedState {
	/** Energy since `start`, the first day of the running tier cycle; null before the first tiered bill. */
	readonly tierCycle: { readonly start: LocalDate; readonly usedWh: number } | null;
}

export interface RatingInput {
	readonly account: AccountFacts;
	readonly timeZone: string;
	readonly period: DatePeriod;
	/** Must cover the period without gap or overlap, in order. */
	readonly tariffs: readonly TariffSpan[];
	readonly usage: readonly PointUsage[];
	readonly carried: CarriedState;
	readonly calendar: HolidayCalendar;
}

/** In the order of a bill's lines (facts G1 for business, G2 for homes). */
export const CHARGES = [
	'energy',
	'tier_surcharge',
	'purchase',
	'transmission',
	'capacity',
	'contract_demand',
	'demand_overrun',
	'actual_demand',
	'line_loss',
	'system_operation',
	'power_factor',
	'government_fund'
] as const;
export type Charge = (typeof CHARGES)[number];

/** What a line's quantity counts; `money` is the base of a percentage. */
export type QuantityUnit = 'kWh' | 'kW' | 'kVA' | 'money';

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
	| { readonly kind: 'demand'; readonly dates: DatePeriod }
	| { readonly kind: 'power_factor'; readonly dates: DatePeriod }
	/** Rests on the account's contracted capacity, not on readings. */
	| { readonly kind: 'none' };

export interface RatedLine {
	/**
	 * Stable: "energy.peak", "energy.tier2_surcharge", "energy.purchase.sharp", "transmission",
	 * "demand.actual", "power_factor" …, with "@2026-01-15" added where the line begins later than the bill.
	 */
	readonly reference: string;
	readonly charge: Charge;
	readonly timePeriod: TimePeriod | null;
	/** 2, 3 … for surcharges. */
	readonly tier: number | null;
	/** Days that the line covers. */
	readonly period: DatePeriod;
	/** Wh, W or VA; minor currency units where `unit` is `money`. */
	readonly quantityMilli: number;
	readonly unit: QuantityUnit;
	/** Part of the quantity that rests on estimated intervals (energy only). */
	readonly estimatedMilli: number;
	/** Price per unit (after discount); null for a percentage. */
	readonly unitPriceE8: bigint | null;
	/** Percent times 100 of the base, for `power_factor`. */
	readonly percentE2: number | null;
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

export type RatingWarning =
	/** Energy of missing intervals is not billed. */
	| {
			readonly code: 'MISSING_INTERVALS';
			readonly channel: Channel;
			readonly count: number;
			readonly of: number;
	  }
	/** Estimated energy is billed and marked. */
	| {
			readonly code: 'ESTIMATED_INTERVALS';
			readonly channel: Channel;
			readonly count: number;
			/** Wh or varh. */
			readonly quantity: number;
	  }
	/** No price for fed-in energy is known. */
	| { readonly code: 'EXPORT_NOT_CREDITED'; readonly energyWh: number }
	/** Maximum demand of 15-minute blocks: the register's sliding value may be higher. */
	| { readonly code: 'DEMAND_IS_LOWER_BOUND' }
	/** Blocks with missing or estimated intervals were left out of the search for the maximum. */
	| { readonly code: 'DEMAND_BLOCKS_EXCLUDED'; readonly count: number; readonly of: number }
	| {
			readonly code: 'POWER_FACTOR_NOT_ASSESSED';
			readonly reason: 'no_active_energy' | 'no_reactive_readings' | 'reactive_incomplete';
			readonly missingIntervals: number;
	  }
	/** The use of the running tier cycle before the first bill is not known and counts as zero. */
	| { readonly code: 'TIER_USE_BEFORE_UNKNOWN'; readonly cycleStart: LocalDate };

export type RatingRefusal =
	| { readonly code: 'EMPTY_PERIOD' }
	| { readonly code: 'NO_TARIFF'; readonly date: LocalDate }
	| { readonly code: 'TARIFFS_OVERLAP'; readonly date: LocalDate }
	| {
			readonly code: 'TARIFF_DOES_NOT_FIT';
			readonly tariffCode: string;
			readonly what: 'voltage' | 'currency';
	  }
	| { readonly code: 'CALENDAR_YEAR_MISSING'; readonly year: number; readonly tariffCode: string }
	| { readonly code: 'NO_READINGS' }
	| {
			readonly code: 'BAD_READINGS';
			readonly date: LocalDate;
			readonly channel: Channel;
			readonly reason: string;
	  }
	/** A window of the tariff begins or ends inside an interval. */
	| {
			readonly code: 'INTERVAL_CROSSES_WINDOW';
			readonly tariffCode: string;
			readonly intervalMinutes: number;
	  }
	/** The demand interval cannot be made of whole intervals. */
	| { readonly code: 'INTERVAL_UNFIT_FOR_DEMAND'; readonly intervalMinutes: number }
	| { readonly code: 'NO_MEASURED_DEMAND' }
	| {
			readonly code: 'ACCOUNT_FACT_MISSING';
			readonly fact: 'contracted_capacity' | 'contract_demand' | 'demand_basis';
	  }
	| { readonly code: 'POWER_FACTOR_STANDARD_UNKNOWN'; readonly standard: string };

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
	/** Days with at least one known interval. */
	readonly days: number;
	readonly measured: number;
	readonly estimated: number;
	readonly corrected: number;
	readonly missing: number;
	/** Highest version of a day in use: above 1 where corrected data arrived. */
	readonly highestVersion: number;
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
		readonly localDate: LocalDate;
		/** First interval of the block. */
		readonly slot: number;
		/** Wall-clock minute at which the block starts. */
		readonly startMinute: number;
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
	readonly cycle: 'year' | 'month';
	readonly cycleStart: LocalDate;
	readonly usedBeforeWh: number;
	readonly usedAfterWh: number;
	/** 1 … n, of the next kWh. */
	readonly currentTier: number;
	readonly tiers: readonly {
		readonly tier: number;
		readonly fromWh: number;
		readonly toWh: number | null;
		readonly surchargeE8: bigint;
		/** Energy of this bill in the tier. */
		readonly energyWh: number;
	}[];
}

/** Quantities that a bill shows beside its lines. */
export interface RatingFigures {
	/** Billed active energy. */
	readonly energyWh: number;
	/** In printed order; one `flat` entry for un-timed tariffs. */
	readonly periods: readonly PeriodEnergy[];
	readonly timeOfUse: boolean;
	readonly readings: readonly ChannelReadings[];
	readonly demand: DemandFigures | null;
	readonly powerFactor: PowerFactorFigures | null;
	readonly tiers: TierFigures | null;
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
