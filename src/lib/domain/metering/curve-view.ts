import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';

import type { TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import type { CurveChange } from './curve.ts';
import type { DayTotal, LoadStatistics, PeriodEnergy } from './day-statistics.ts';
import type { PackedLoadDay } from './load-day.ts';
import type { DayKind, UsualBand } from './usual-band.ts';

/** What the load curve page is handed: plain data, as it travels and as a device keeps it. */

export interface MeterView {
	readonly meterNo: string;
	readonly timeZone: string;
}

/** Which readings there are. Dates and minutes are the meter's own. */
export interface Freshness {
	readonly firstDate: LocalDate;
	/** Last day with any reading. */
	readonly lastDate: LocalDate;
	/** End of the last known interval of that day, in real minutes from its start. */
	readonly lastMinute: number;
	/** Whole days from `lastDate` to today. */
	readonly ageDays: number;
}

/** A meter and the readings of [from, to). */
interface ReadingsView {
	readonly accountId: number;
	readonly meter: MeterView;
	/** Every meter of the account, for the choice between them. */
	readonly meters: readonly MeterView[];
	/** Null where the meter has no readings yet. */
	readonly freshness: Freshness | null;
	/** Days of the channels, in order of channel and date; absent days have no reading. */
	readonly days: readonly PackedLoadDay[];
	readonly statistics: LoadStatistics<TimePeriod>;
	/** Wall clock of the block of the maximum demand; null where there is none. */
	readonly demandTime: { readonly startMinute: number; readonly endMinute: number } | null;
	/** Average of the whole span times 100, rounded as a bill rounds it; null without reactive readings. */
	readonly powerFactorHundredths: number | null;
	/** Energy fed in, Wh; null without that channel. */
	readonly exportWh: number | null;
}

/** The day that a curve is compared with, at the same wall-clock times. */
export interface ComparisonCurve {
	readonly localDate: LocalDate;
	readonly powerW: readonly (number | null)[];
	readonly change: CurveChange | null;
}

/** A run of intervals [startSlot, endSlot) in one time-of-use period. */
export interface PeriodRun {
	readonly startSlot: number;
	readonly endSlot: number;
	readonly period: TimePeriod;
}

/** The time-of-use periods of one day of several, and the known energy in each. */
export interface DayPeriods {
	readonly localDate: LocalDate;
	/** In the day's own intervals; empty where the whole day is one period. */
	readonly runs: readonly PeriodRun[];
	readonly energy: readonly PeriodEnergy<TimePeriod>[];
}

export interface DayView extends ReadingsView {
	readonly localDate: LocalDate;
	/** Wall-clock minute at which each interval starts: 92, 96 or 100 quarter-hours. */
	readonly wallMinutes: readonly number[];
	readonly periods: readonly PeriodRun[];
	readonly dayBefore: ComparisonCurve | null;
	readonly weekBefore: ComparisonCurve | null;
	/** What is usual on days of the same kind. */
	readonly usual: (UsualBand & { readonly change: CurveChange | null; readonly kind: DayKind }) | null;
}

export interface RangeView extends ReadingsView {
	readonly from: LocalDate;
	readonly to: LocalDate;
	readonly totals: readonly DayTotal[];
	/** By day, where the curve is here too; empty where no day has more than one period. */
	readonly periods: readonly DayPeriods[];
	/** Local days of 23 or 25 hours, with their real length. */
	readonly irregularDays: readonly { readonly localDate: LocalDate; readonly lengthMinutes: number }[];
}

/** Which readings a meter has, without any of them. */
export type MeterFreshness = Pick<ReadingsView, 'accountId' | 'meter' | 'freshness'>;

/** A whole year for the heat map and the zoomable curve: days as they are stored, untouched. */
export interface YearView {
	readonly from: LocalDate;
	readonly to: LocalDate;
	readonly days: readonly PackedLoadDay[];
}
