import { isRead } from '#lib/domain/metering/curve.ts';
import { demandBlockMinutes } from '#lib/domain/metering/day-statistics.ts';
import type { LoadDay } from '#lib/domain/metering/load-day.ts';
import type { DemandWindow, Tariff } from '#lib/domain/tariffs/tariff.ts';
import { countsDemand } from './demand.ts';
import { windowDemand } from './other-lines.ts';
import type { Prepared } from './prepare.ts';
import type { PointReadings } from './readings.ts';
import type { RatingInput } from './types.ts';

/**
 * Which intervals of a point's day cost the same for more energy: those of one period, unless the energy could
 * raise a maximum demand, the time itself has a price, or other intervals hang on this one. Equal labels mean equal prices; the other way round
 * nothing is said.
 * @returns the label of an interval
 */
export function marginalClasses(
	input: RatingInput,
	prepared: Prepared,
	day: LoadDay,
	point: PointReadings,
	moreWh: number
): (slot: number) => string {
	const own = (slot: number) => `interval ${slot}`;
	const index = prepared.segments.findIndex(({ period }) => day.localDate < period.end);
	const tariffs = [...new Set(prepared.segments.map(({ tariff }) => tariff))];
	if (index < 0 || tariffs.some(isPricedInTime)) return own;
	// Each share has periods of its own; and what is filled depends on the intervals beside it.
	if (input.shares.length > 0 || input.filling !== 'none') return own;
	const codes = prepared.codesOf(index, day);
	const highestW = tariffs.some((tariff) => countsDemand(tariff, input))
		? lowestMaximum(input, prepared, index, tariffs, point)
		: Number.POSITIVE_INFINITY;
	return (slot) => {
		const raisedW = blockW(day, slot, moreWh);
		return raisedW !== null && raisedW > highestW ? own(slot) : `period ${codes[slot]}`;
	};
}

/** Whether intervals of one period may have different prices: by a price series, or by the order of use. */
function isPricedInTime({ dynamic, tiers }: Tariff): boolean {
	return dynamic !== null || tiers?.attribution === 'chronological';
}

/** The lowest of the maxima of a point's month, at all times and inside the windows of each charge. */
function lowestMaximum(
	input: RatingInput,
	prepared: Prepared,
	segmentIndex: number,
	tariffs: readonly Tariff[],
	point: PointReadings
): number {
	const segment = prepared.segments[segmentIndex];
	if (segment === undefined) return 0;
	const windows: (readonly DemandWindow[])[] = [[]];
	for (const charge of tariffs.flatMap(({ charges }) => charges)) {
		if ('windows' in charge) windows.push(charge.windows);
	}
	const alone = { ...prepared, readings: { ...prepared.readings, points: [point] } };
	const maxima = windows.map((one) => windowDemand(input, alone, segment, one)?.maximumW ?? 0);
	return Math.min(...maxima);
}

/** Mean power of the demand block of an interval with so much more energy; null where it never makes a demand. */
function blockW(day: LoadDay, slot: number, moreWh: number): number | null {
	const minutes = demandBlockMinutes(day.intervalMinutes);
	const perBlock = minutes / day.intervalMinutes;
	const first = slot - (slot % perBlock);
	let wh = moreWh;
	for (let at = first; at < first + perBlock; at++) {
		if (!isRead(day, at)) return null;
		wh += day.quantities[at] ?? 0;
	}
	return (wh * 60) / minutes;
}
