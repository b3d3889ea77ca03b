import type { LocalDate, LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import type { FillingMethod } from '#lib/domain/metering/filling.ts';
import type { Channel } from '#lib/domain/metering/load-day.ts';
import type { TimePeriod } from '#lib/domain/tariffs/tariff.ts';

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
	/** Intervals were missing and are billed with what a method filled in. */
	| {
			readonly code: 'FILLED_INTERVALS';
			readonly method: Exclude<FillingMethod, 'none'>;
			readonly channel: Channel;
			readonly count: number;
			/** Wh or varh. */
			readonly quantity: number;
	  }
	/** No price for fed-in energy is known. */
	| { readonly code: 'EXPORT_NOT_CREDITED'; readonly energyWh: number }
	/** A register's total is not what the intervals add up to: the register is billed, the curve splits it. */
	| {
			readonly code: 'REGISTER_DIFFERS';
			readonly servicePointId: number;
			readonly registerWh: number;
			readonly curveWh: number;
	  }
	/** Energy between readings of which one was estimated is billed and marked. */
	| { readonly code: 'REGISTER_ESTIMATED'; readonly servicePointId: number; readonly energyWh: number }
	/** Register quantities without a curve were shared over a change of price by calendar days. */
	| { readonly code: 'REGISTER_SPLIT_BY_DAYS'; readonly servicePointId: number }
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
			readonly fact: 'contracted_capacity' | 'contract_demand' | 'demand_basis' | `contract.${string}`;
	  }
	/** The tariff has a charge whose price is not known: nothing that leaves it out could be called its bill. */
	| { readonly code: 'PRICE_UNKNOWN'; readonly what: 'demand'; readonly tariffCode: string }
	/** The price table has no such month. */
	| { readonly code: 'NO_PRICE_FOR_MONTH'; readonly month: LocalMonth; readonly tariffCode: string }
	/** The price series has no price for an interval with energy, or intervals longer than the readings'. */
	| { readonly code: 'NO_PRICE_FOR_INTERVAL'; readonly date: LocalDate; readonly series: string }
	/** A register total or a loss cannot be shared over periods, months or prices without a curve. */
	| {
			readonly code: 'REGISTER_TOO_COARSE';
			readonly servicePointId: number;
			readonly reason: 'no_periods' | 'spans_months' | 'price_series' | 'export_periods';
	  }
	/** A register is given for a period that the tariff does not have. */
	| {
			readonly code: 'REGISTER_PERIOD_UNKNOWN';
			readonly servicePointId: number;
			readonly timePeriod: TimePeriod;
	  }
	/** Monthly tiers of a longer reading cycle need the same number of tiers in every month. */
	| { readonly code: 'TIERS_DIFFER_IN_CYCLE'; readonly tariffCode: string }
	| { readonly code: 'POWER_FACTOR_STANDARD_UNKNOWN'; readonly standard: string }
	/** Shares of the energy come to more than all of it, or two have the same id. */
	| { readonly code: 'SHARES_UNFIT'; readonly reason: 'more_than_all' | 'same_id' };
