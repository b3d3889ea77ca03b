import { QUALITY_CODE, type LoadDay } from '#lib/domain/metering/load-day.ts';
import { TIME_PERIODS } from '#lib/domain/tariffs/tariff.ts';
import { timePeriodsOfSlots } from '#lib/domain/tariffs/time-periods.ts';
import { wallMinutesOf, type CheckedReadings } from './readings.ts';
import type { Segment } from './segments.ts';
import type { RatingInput } from './types.ts';

/** Active energy of one segment by period code (place in `TIME_PERIODS`), in Wh: exact integers. */
export interface EnergyBuckets {
	readonly energyWh: Float64Array;
	/** The part that rests on estimated intervals. */
	readonly estimatedWh: Float64Array;
}

/** Sums the active energy of all points into one bucket per segment and period. */
export function energyBuckets(
	input: RatingInput,
	readings: CheckedReadings,
	segments: readonly Segment[]
): EnergyBuckets[] {
	const buckets = segments.map(() => ({
		energyWh: new Float64Array(TIME_PERIODS.length),
		estimatedWh: new Float64Array(TIME_PERIODS.length)
	}));
	for (const point of readings.points) {
		let at = 0;
		for (const day of point.channels.get('active_import') ?? []) {
			while (day.localDate >= (segments[at]?.period.end ?? '')) at++;
			const segment = segments[at];
			const bucket = buckets[at];
			if (segment === undefined || bucket === undefined) break;
			addDay(day, periodCodes(input, readings, segment, day), bucket.energyWh, bucket.estimatedWh);
		}
	}
	return buckets;
}

/** The period code of each interval of a day. */
export function periodCodes(
	input: RatingInput,
	readings: CheckedReadings,
	segment: Segment,
	day: LoadDay
): Uint8Array {
	const wall = wallMinutesOf(readings, day.localDate, input.timeZone, day.intervalMinutes);
	return timePeriodsOfSlots(segment.season, day.localDate, wall, day.intervalMinutes, input.calendar);
}

/** The hot loop: nothing but integer sums over typed arrays. */
function addDay(day: LoadDay, codes: Uint8Array, energyWh: Float64Array, estimatedWh: Float64Array): void {
	const { quantities, qualities } = day;
	for (let slot = 0; slot < quantities.length; slot++) {
		const quality = qualities[slot];
		if (quality === QUALITY_CODE.missing) continue;
		const code = codes[slot] as number;
		const quantity = quantities[slot] as number;
		energyWh[code] = (energyWh[code] as number) + quantity;
		if (quality === QUALITY_CODE.estimated) estimatedWh[code] = (estimatedWh[code] as number) + quantity;
	}
}

export function sumOf(values: Float64Array): number {
	return values.reduce((sum, value) => sum + value, 0);
}
