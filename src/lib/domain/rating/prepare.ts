import { crossesWindow, missingCalendarYear } from '#lib/domain/tariffs/time-periods.ts';
import { energyBuckets, sumOf, type EnergyBuckets } from './energy.ts';
import { checkReadings, type CheckedReadings } from './readings.ts';
import { checkCover, segmentsOf, type Segment } from './segments.ts';
import { tierPositions, type TierPosition } from './tiers.ts';
import type { CarriedState, RatingInput, RatingRefusal } from './types.ts';

/** An input that can be rated, with everything that lines and explanations both need. */
export interface Prepared {
	readonly segments: readonly Segment[];
	readonly readings: CheckedReadings;
	readonly buckets: readonly EnergyBuckets[];
	readonly segmentWh: readonly number[];
	readonly positions: readonly (TierPosition | null)[];
	readonly carried: CarriedState;
}

/** Checks an input, splits its period and sums its energy. */
export function prepare(input: RatingInput): Prepared | RatingRefusal {
	if (input.period.start >= input.period.end) return { code: 'EMPTY_PERIOD' };
	const uncovered = checkCover(input.tariffs, input.period);
	if (uncovered !== null) return uncovered;
	const segments = segmentsOf(input);
	const misfit = checkTariffs(input, segments);
	if (misfit !== null) return misfit;
	const readings = checkReadings(input);
	if ('code' in readings) return readings;
	const crossing = checkIntervals(segments, readings);
	if (crossing !== null) return crossing;
	const buckets = energyBuckets(input, readings, segments);
	const segmentWh = buckets.map(({ energyWh }) => sumOf(energyWh));
	return { segments, readings, buckets, segmentWh, ...tierPositions(segments, segmentWh, input.carried) };
}

function checkTariffs(input: RatingInput, segments: readonly Segment[]): RatingRefusal | null {
	for (const { tariff, season, period } of segments) {
		if (!tariff.voltages.includes(input.account.voltage)) {
			return { code: 'TARIFF_DOES_NOT_FIT', tariffCode: tariff.code, what: 'voltage' };
		}
		if (tariff.currency !== input.account.currency) {
			return { code: 'TARIFF_DOES_NOT_FIT', tariffCode: tariff.code, what: 'currency' };
		}
		const year = missingCalendarYear(season, period, input.calendar);
		if (year !== null) return { code: 'CALENDAR_YEAR_MISSING', year, tariffCode: tariff.code };
	}
	return null;
}

/** No interval may be cut by a window: its energy would have two prices and no known split. */
function checkIntervals(segments: readonly Segment[], readings: CheckedReadings): RatingRefusal | null {
	const lengths = new Set(
		readings.points.flatMap(({ channels }) =>
			(channels.get('active_import') ?? []).map(({ intervalMinutes }) => intervalMinutes)
		)
	);
	for (const tariff of new Set(segments.map((segment) => segment.tariff))) {
		for (const intervalMinutes of lengths) {
			if (crossesWindow(tariff, intervalMinutes)) {
				return { code: 'INTERVAL_CROSSES_WINDOW', tariffCode: tariff.code, intervalMinutes };
			}
		}
	}
	return null;
}
