import type { DatePeriod, LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { FillingMethod } from '#lib/domain/metering/filling.ts';
import type { Channel } from '#lib/domain/metering/load-day.ts';
import type { AccountFacts, CarriedState, LossRule, MeterShare } from '#lib/domain/rating/types.ts';
import type { AnnouncedYear } from '#lib/domain/tariffs/calendar.ts';

/** Which versions of which days were billed: one channel of one point, days in order. */
export interface FrozenSeries {
	readonly channel: Channel;
	readonly versions: readonly { readonly localDate: LocalDate; readonly version: number }[];
}

/** A register reading that was billed, in the version that was valid. */
export interface FrozenRegister {
	readonly channel: Channel;
	readonly register: string;
	/** ISO instant of the second reading. */
	readonly readTo: string;
	readonly version: number;
}

/** A tariff edition that was billed, and on which days. */
export interface FrozenTariff {
	readonly versionId: number;
	readonly sha256: string;
	readonly period: DatePeriod;
}

/** A fixed-share meter that was billed. */
export type FrozenShare = Pick<MeterShare, 'id' | 'name' | 'part'> & {
	readonly tariffs: readonly FrozenTariff[];
};

/** Everything that a rating rested on, so that it can be done again for ever. */
export interface BillSnapshot {
	readonly timeZone: string;
	readonly account: AccountFacts;
	readonly tariffs: readonly FrozenTariff[];
	/** Absent where all energy was under the account's own tariff. */
	readonly shares?: readonly FrozenShare[];
	/** Absent where missing intervals stayed missing. */
	readonly filling?: FillingMethod;
	readonly points: readonly {
		readonly servicePointId: number;
		readonly period: DatePeriod;
		readonly series: readonly FrozenSeries[];
		/** Absent where the curve alone was billed. */
		readonly registers?: readonly FrozenRegister[];
		/** Absent where the meter stood at the boundary of ownership. */
		readonly losses?: LossRule;
		/** SHA-256 of the quantities and qualities, in the order of `series` and `registers`. */
		readonly sha256: string;
	}[];
	/** The announced holidays that decided about the days of the period. */
	readonly calendar: readonly AnnouncedYear[];
	readonly carriedIn: CarriedState;
	readonly carriedOut: CarriedState;
}
