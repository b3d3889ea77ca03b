import { slotWallMinutes, type DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import { divideHalfUp } from '#lib/domain/kernel/money.ts';
import { isRead } from '#lib/domain/metering/curve.ts';
import { DEMAND_BLOCK_MINUTES, demandBlockMinutes } from '#lib/domain/metering/day-statistics.ts';
import type { LoadDay } from '#lib/domain/metering/load-day.ts';
import type { DemandCharge, Tariff } from '#lib/domain/tariffs/tariff.ts';
import { microOf } from './lines.ts';
import type { CheckedReadings, PointReadings } from './readings.ts';
import type { DemandFigures, RatingInput } from './types.ts';

type Peak = DemandFigures['peaks'][number];

/** The highest blocks of the points in some days. */
export interface MaximumDemand {
	/** Sum of the `peaks`: demand is taken per incoming line and added. */
	readonly maximumW: number;
	/** One per point of those supplied at the same time whose maxima together are highest. */
	readonly peaks: DemandFigures['peaks'];
	readonly blocks: number;
	/** Blocks with a missing or estimated interval: never a demand. */
	readonly excludedBlocks: number;
	/** Whether a part of it comes from a curve, whose blocks are a lower bound. */
	readonly fromCurve: boolean;
}

/** Which intervals of a day may set a demand, 1 or 0; without it, all. */
export type InWindow = (day: LoadDay) => Uint8Array;

/** Whether a bill depends on the maximum demand. */
export function countsDemand({ demand, charges, tiers }: Tariff, { account }: RatingInput): boolean {
	return (
		(demand !== null && account.demandBasis !== 'capacity') ||
		charges.some(({ kind }) => kind === 'demand' || kind === 'contract') ||
		(tiers?.unit.startsWith('kWh_per_kW') ?? false)
	);
}

/** The first interval length of which no whole number makes a demand block, if any. */
export function unfitInterval(readings: CheckedReadings): number | null {
	for (const { channels } of readings.points) {
		for (const { intervalMinutes } of channels.get('active_import') ?? []) {
			if (DEMAND_BLOCK_MINUTES % intervalMinutes !== 0) return intervalMinutes;
		}
	}
	return null;
}

/**
 * Maximum demand from block values of measured (or corrected) active energy; the earliest block of equal
 * ones. A sliding register shows at least as much: what is found here is a lower bound. Only points supplied
 * at the same time are lines beside each other: a meter and the one that took its place are never added. A
 * demand register wins over the curve.
 * @param inWindow only these intervals count; a month without any has a demand of zero
 * @returns null where a point has no block that was measured throughout
 */
export function maximumDemand(
	readings: CheckedReadings,
	dates: DatePeriod,
	timeZone: string,
	inWindow: InWindow | null = null
): MaximumDemand | null {
	const found: { point: PointReadings; peak: Peak }[] = [];
	let blocks = 0;
	let excludedBlocks = 0;
	for (const point of readings.points) {
		if (point.period.start >= dates.end || point.period.end <= dates.start) continue;
		const { servicePointId, registers } = point;
		if (registers !== null && registers.demandW !== null && inWindow === null) {
			found.push({ point, peak: { servicePointId, demandW: registers.demandW, at: null } });
			continue;
		}
		const best = highestBlock(point, dates, inWindow);
		blocks += best.blocks;
		excludedBlocks += best.excludedBlocks;
		if (best.day === null) {
			if (takesNothing(point)) continue;
			// Outside the window there is nothing to measure; where nothing was measured, nothing is known.
			if (best.blocks === 0 && best.days > 0) continue;
			return null;
		}
		const { day, slot } = best;
		const startMinute = slotWallMinutes(day.localDate, timeZone, day.intervalMinutes)[slot] ?? 0;
		const demandW = (best.wh * 60) / demandBlockMinutes(day.intervalMinutes);
		found.push({
			point,
			peak: { servicePointId, demandW, at: { localDate: day.localDate, slot, startMinute } }
		});
	}
	if (found.length === 0 && inWindow === null) return null;
	const highest = highestTogether(found);
	return { ...highest, blocks, excludedBlocks, fromCurve: highest.peaks.some(({ at }) => at !== null) };
}

/** Whether a point was read as feeding in alone. */
function takesNothing({ channels, registers }: PointReadings): boolean {
	return registers === null && channels.has('active_export') && !channels.has('active_import');
}

interface HighestBlock {
	wh: number;
	day: LoadDay | null;
	slot: number;
	/** Days with a row, whether or not anything on them lies in the window. */
	days: number;
	blocks: number;
	excludedBlocks: number;
}

/** The earliest of a point's highest blocks inside the window. */
function highestBlock(point: PointReadings, dates: DatePeriod, inWindow: InWindow | null): HighestBlock {
	const best: HighestBlock = { wh: -1, day: null, slot: 0, days: 0, blocks: 0, excludedBlocks: 0 };
	for (const day of point.channels.get('active_import') ?? []) {
		if (day.localDate < dates.start || day.localDate >= dates.end) continue;
		best.days++;
		const counts = inWindow?.(day);
		const perBlock = demandBlockMinutes(day.intervalMinutes) / day.intervalMinutes;
		for (let slot = 0; slot + perBlock <= day.quantities.length; slot += perBlock) {
			if (counts?.[slot] === 0) continue;
			const wh = blockWh(day, slot, perBlock);
			best.blocks++;
			if (wh === null) best.excludedBlocks++;
			else if (wh > best.wh) {
				best.wh = wh;
				best.day = day;
				best.slot = slot;
			}
		}
	}
	return best;
}

/** The highest sum of points supplied at the same time; the earliest of equal ones. */
function highestTogether(
	found: readonly { point: PointReadings; peak: Peak }[]
): Pick<MaximumDemand, 'maximumW' | 'peaks'> {
	// Whenever points are supplied together, they are on the first day of the one that came last.
	const starts = [...new Set(found.map(({ point }) => point.period.start))].sort();
	let highest: Pick<MaximumDemand, 'maximumW' | 'peaks'> = { maximumW: 0, peaks: [] };
	for (const start of starts) {
		const peaks = found
			.filter(({ point: { period } }) => period.start <= start && start < period.end)
			.map(({ peak }) => peak);
		const maximumW = peaks.reduce((sum, { demandW }) => sum + demandW, 0);
		if (highest.peaks.length === 0 || maximumW > highest.maximumW) highest = { maximumW, peaks };
	}
	return highest;
}

function blockWh(day: LoadDay, firstSlot: number, count: number): number | null {
	let wh = 0;
	for (let slot = firstSlot; slot < firstSlot + count; slot++) {
		if (!isRead(day, slot)) return null;
		wh += day.quantities[slot] ?? 0;
	}
	return wh;
}

/** What contract-demand billing charges: the contract part at the single price, the rest at the double one. */
export interface ContractDemand {
	/** Contract after the floor. */
	readonly billedContractW: number;
	/** Charged at the demand price. */
	readonly contractPartW: number;
	/** Charged at twice the demand price; zero within the band. */
	readonly overrunW: number;
}

/**
 * Contract demand (合同最大需量): up to the band (105 %) the contract counts; what lies above the band counts
 * double. Whether the single-priced part is then the contract or the whole band is `overrunFormula`.
 */
export function contractDemand(
	rule: DemandCharge['contract'],
	contractW: number,
	capacityVa: number | null,
	actualW: number
): ContractDemand {
	const floorW = capacityVa === null ? 0 : percentOf(capacityVa, rule.floorPercentOfCapacity);
	const billedContractW = Math.max(contractW, floorW);
	const bandW = percentOf(billedContractW, rule.bandPercent);
	const overrunW = Math.max(0, actualW - bandW);
	const contractPartW = overrunW > 0 && rule.overrunFormula === 'band' ? bandW : billedContractW;
	return { billedContractW, contractPartW, overrunW };
}

/** Percent of a demand in W, with the three decimals that a demand is billed with. */
export function percentOf(valueW: number, percent: number): number {
	return Number(divideHalfUp(microOf(valueW) * BigInt(percent), 100n)) / 1000;
}
