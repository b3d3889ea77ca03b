import type { CustomerKind } from '#lib/domain/identity/account.ts';
import type { DatePeriod, LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { Currency } from '#lib/domain/kernel/money.ts';
import type { DayTotal, MaximumDemand } from '#lib/domain/metering/day-statistics.ts';

/**
 * One account at a glance, as the home page is handed it: plain data, as it travels and as a device keeps it.
 */
export interface AccountOverview {
	readonly accountId: number;
	readonly accountNo: string;
	readonly customerKind: CustomerKind;
	/** Today at the account's meter. */
	readonly today: LocalDate;
	/** Newest issued bill; null before the first. */
	readonly bill: BillOverview | null;
	/** Null where there is no reading of a day that has ended. */
	readonly usage: UsageOverview | null;
	/** Null where the price has no annual tiers. */
	readonly tier: TierProgress | null;
	/** Null for homes. */
	readonly plant: PlantOverview | null;
	/** What the customer could do, most pressing first. */
	readonly todo: readonly Todo[];
}

export interface BillOverview {
	readonly id: number;
	readonly period: DatePeriod;
	readonly dueOn: LocalDate;
	/** Days from today to the due date; negative where it has passed. Whether it is paid is not known here. */
	readonly daysToDue: number;
	readonly currency: Currency;
	readonly totalMinor: bigint;
	readonly energyWh: number;
	readonly isNew: boolean;
	readonly restsOnIncompleteData: boolean;
	/** Total less that of the bill before; null without one. */
	readonly differenceMinor: bigint | null;
}

export interface UsageOverview {
	/** Whose figures these are: one of `of` meters of the account. */
	readonly meter: { readonly meterNo: string; readonly of: number };
	readonly day: {
		readonly localDate: LocalDate;
		/** Whole days from it to today: 1 is yesterday. */
		readonly ageDays: number;
		/** Sum of the known intervals; null where none is known. */
		readonly energyWh: number | null;
		readonly missing: number;
		readonly estimated: number;
		readonly intervalMinutes: number;
		/** Difference from the median of like days, e.g. 0.12 for 12 % more; null where it cannot be said. */
		readonly changeFromUsual: number | null;
		/** Mean power of each interval in W, null where missing. */
		readonly powerW: readonly (number | null)[];
		/** What is usual on like days at the same times; null where too few are known. */
		readonly usual: {
			readonly lowW: readonly (number | null)[];
			readonly highW: readonly (number | null)[];
			readonly days: number;
		} | null;
		/** Fed in; null without that channel. */
		readonly exportWh: number | null;
	};
	readonly week: {
		/** Seven days, the day above as the last. */
		readonly days: readonly DayTotal[];
		readonly energyWh: number | null;
		readonly missing: number;
		readonly estimated: number;
		/** Against the seven days before, over the intervals known in both; null where too few are. */
		readonly changeFromWeekBefore: number | null;
	};
}

export interface TierProgress {
	/** First day of the year that the tiers count in. */
	readonly cycleStart: LocalDate;
	/** Known use since then: a lower bound where readings are missing. */
	readonly usedWh: number;
	readonly hasMissing: boolean;
	/** 1 … n, of the next kWh. */
	readonly currentTier: number;
	/** Where each tier ends; null for the last. */
	readonly tiers: readonly { readonly tier: number; readonly toWh: number | null }[];
	/** The next tier at today's pace; null in the last tier or without a pace. */
	readonly next: {
		readonly tier: number;
		readonly remainingWh: number;
		/** What it costs more per kWh than the tier now. */
		/** Null where it depends on the time of use. */
		readonly extraPriceE8: bigint | null;
		readonly currency: Currency;
		/** Day on which it begins at the pace of the last two weeks; null where that is after the year. */
		readonly expectedOn: LocalDate | null;
	} | null;
}

/** A block demand is a lower bound of what a sliding register shows. */
export interface PlantOverview {
	readonly day: {
		readonly maximumDemand: MaximumDemand | null;
		readonly loadFactor: number | null;
		readonly powerFactorHundredths: number | null;
	};
	readonly month: {
		/** First day of the month of the last complete day. */
		readonly start: LocalDate;
		readonly energyWh: number | null;
		readonly maximumDemand: MaximumDemand | null;
		readonly powerFactorHundredths: number | null;
	};
	readonly powerFactorStandard: string | null;
	/** Amounts of the newest bill by what they are paid for, in the bill's order; they sum to its total. */
	readonly costShares: readonly CostShare[];
}

export type CostKind = 'energy' | 'demand' | 'power_factor' | 'fund' | 'other';

export interface CostShare {
	readonly kind: CostKind;
	readonly amountMinor: bigint;
	/** Part of the total, e.g. 0.72; negative for a reduction, null where the total is zero. */
	readonly share: number | null;
}

export type Todo =
	| {
			readonly kind: 'bill_due';
			readonly billId: number;
			readonly period: DatePeriod;
			readonly totalMinor: bigint;
			readonly currency: Currency;
			readonly dueOn: LocalDate;
			readonly daysToDue: number;
	  }
	| { readonly kind: 'readings_late'; readonly lastDate: LocalDate; readonly ageDays: number }
	| {
			readonly kind: 'readings_missing';
			readonly intervals: number;
			/** The last of the days with gaps. */
			readonly localDate: LocalDate;
	  }
	| { readonly kind: 'tier_near'; readonly tier: number; readonly expectedOn: LocalDate }
	| { readonly kind: 'power_factor_low'; readonly hundredths: number; readonly standard: string };
