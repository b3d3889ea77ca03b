import type { IntervalMinutes, LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { isKnown, isRead, meanPowerW, resampleDay } from './curve.ts';
import { QUALITIES, type LoadDay, type Quality } from './load-day.ts';

export type QualityCounts = Readonly<Record<Quality, number>>;

/** The highest mean power of one block, and where it lies. */
export interface MaximumDemand {
	readonly powerW: number;
	readonly localDate: LocalDate;
	/** Real minutes from the first instant of that day to the start of the block. */
	readonly startMinute: number;
	readonly blockMinutes: IntervalMinutes;
}

/** Energy in one time-of-use period. */
export interface PeriodEnergy<Period extends string> {
	readonly period: Period;
	readonly energyWh: number;
	/** Part of the known energy, 0 … 1; null where there is none. */
	readonly share: number | null;
}

/** What a day or a run of days comes to. Figures that cannot be known are null, never 0. */
export interface LoadStatistics<Period extends string = string> {
	/** Sum of the known intervals in Wh; null where none is known. */
	readonly energyWh: number | null;
	readonly maximumDemand: MaximumDemand | null;
	/** Smallest mean power of a block that was read. */
	readonly minimumPowerW: number | null;
	/** Mean over the blocks that were read, divided by the maximum demand. */
	readonly loadFactor: number | null;
	/** Maximum demand less the smallest block, in W. */
	readonly peakValleyDifferenceW: number | null;
	readonly byPeriod: readonly PeriodEnergy<Period>[];
	readonly quality: QualityCounts;
	readonly intervals: number;
}

/** Minutes over which a demand register integrates in China. */
export const DEMAND_BLOCK_MINUTES = 15;

/**
 * Length of the blocks that demand is shown from: shorter intervals are summed to 15 minutes (10 minutes to
 * 30, as they do not fit into 15); longer ones are used as they are, which no bill does. A block on the
 * clock's grid never exceeds what a sliding register shows: it is a lower bound of it.
 */
export function demandBlockMinutes(intervalMinutes: IntervalMinutes): IntervalMinutes {
	if (DEMAND_BLOCK_MINUTES % intervalMinutes === 0) return DEMAND_BLOCK_MINUTES;
	return intervalMinutes === 10 ? 30 : intervalMinutes;
}

function countQualities(days: readonly LoadDay[]): QualityCounts {
	const counts: Record<Quality, number> = { missing: 0, measured: 0, estimated: 0, corrected: 0 };
	for (const day of days) {
		for (const code of day.qualities) counts[QUALITIES[code] ?? 'missing']++;
	}
	return counts;
}

/** Sum of the known intervals in Wh or varh; null where none is known. */
export function knownQuantity(days: readonly LoadDay[]): number | null {
	let sum = 0;
	let known = false;
	for (const day of days) {
		for (let slot = 0; slot < day.quantities.length; slot++) {
			if (!isKnown(day, slot)) continue;
			sum += day.quantities[slot]!;
			known = true;
		}
	}
	return known ? sum : null;
}

interface BlockStatistics {
	readonly maximum: MaximumDemand | null;
	readonly minimumW: number | null;
	readonly meanW: number | null;
}

/** Blocks that were read from the meter (measured or corrected): no estimate sets a demand. */
function blockStatistics(days: readonly LoadDay[]): BlockStatistics {
	let maximum: MaximumDemand | null = null;
	let minimumW: number | null = null;
	let energyWh = 0;
	let minutes = 0;
	for (const day of days) {
		const blockMinutes = demandBlockMinutes(day.intervalMinutes);
		const blocks = resampleDay(day, blockMinutes);
		for (let slot = 0; slot < blocks.quantities.length; slot++) {
			if (!isRead(blocks, slot)) continue;
			const powerW = meanPowerW(blocks.quantities[slot]!, blockMinutes);
			energyWh += blocks.quantities[slot]!;
			minutes += blockMinutes;
			if (minimumW === null || powerW < minimumW) minimumW = powerW;
			if (maximum !== null && powerW <= maximum.powerW) continue;
			maximum = { powerW, localDate: day.localDate, startMinute: slot * blockMinutes, blockMinutes };
		}
	}
	return { maximum, minimumW, meanW: minutes === 0 ? null : meanPowerW(energyWh, minutes) };
}

/**
 * Statistics of days of one channel.
 * @param periodsOf the time-of-use period of each interval of a day; null where no tariff says
 */
export function loadStatistics<Period extends string>(
	days: readonly LoadDay[],
	periodsOf: (day: LoadDay) => readonly (Period | null)[] | null = () => null
): LoadStatistics<Period> {
	const { maximum, minimumW, meanW } = blockStatistics(days);
	const quality = countQualities(days);
	return {
		energyWh: knownQuantity(days),
		maximumDemand: maximum,
		minimumPowerW: minimumW,
		loadFactor: maximum === null || meanW === null || maximum.powerW <= 0 ? null : meanW / maximum.powerW,
		peakValleyDifferenceW: maximum === null || minimumW === null ? null : maximum.powerW - minimumW,
		byPeriod: energyByPeriod(days, periodsOf),
		quality,
		intervals: quality.missing + quality.measured + quality.estimated + quality.corrected
	};
}

/** Known energy per time-of-use period, in the order in which the periods first occur. */
export function energyByPeriod<Period extends string>(
	days: readonly LoadDay[],
	periodsOf: (day: LoadDay) => readonly (Period | null)[] | null
): PeriodEnergy<Period>[] {
	const energyWh = new Map<Period, number>();
	let total = 0;
	for (const day of days) {
		const periods = periodsOf(day);
		if (periods === null) continue;
		for (let slot = 0; slot < day.quantities.length; slot++) {
			const period = periods[slot];
			if (period === null || period === undefined) continue;
			const quantity = isKnown(day, slot) ? day.quantities[slot]! : 0;
			energyWh.set(period, (energyWh.get(period) ?? 0) + quantity);
			total += quantity;
		}
	}
	return [...energyWh].map(([period, sum]) => ({
		period,
		energyWh: sum,
		share: total === 0 ? null : sum / total
	}));
}

/** One day of a week, month or year. */
export interface DayTotal {
	readonly localDate: LocalDate;
	/** Null where nothing is known. */
	readonly energyWh: number | null;
	readonly estimated: number;
	readonly missing: number;
}

export function dayTotal(day: LoadDay): DayTotal {
	const quality = countQualities([day]);
	return {
		localDate: day.localDate,
		energyWh: knownQuantity([day]),
		estimated: quality.estimated,
		missing: quality.missing
	};
}
