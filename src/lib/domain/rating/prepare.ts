import { assert } from '#lib/domain/kernel/assert.ts';
import type { Channel, LoadDay } from '#lib/domain/metering/load-day.ts';
import { crossesWindow, missingCalendarYear } from '#lib/domain/tariffs/time-periods.ts';
import { maximumDemand } from './demand.ts';
import { measureEnergy, periodCodes, type MeasuredEnergy } from './energy.ts';
import type { RatingRefusal } from './notices.ts';
import { checkReadings, type CheckedReadings } from './readings.ts';
import { checkCover, segmentsOf, type Segment } from './segments.ts';
import { tierPositions, type TierPosition } from './tiers.ts';
import type { CarriedState, RatingInput } from './types.ts';

/** An input that can be rated, with everything that lines and explanations both need. */
export interface Prepared {
	readonly segments: readonly Segment[];
	readonly readings: CheckedReadings;
	readonly energy: MeasuredEnergy;
	readonly positions: readonly (TierPosition | null)[];
	readonly carried: CarriedState;
	/** The period code of each interval of a day in a segment. */
	codesOf(segmentIndex: number, day: LoadDay): Uint8Array;
}

/** Checks an input, splits its period and sums its energy. */
export function prepare(input: RatingInput): Prepared | RatingRefusal {
	if (input.period.start >= input.period.end) return { code: 'EMPTY_PERIOD' };
	const uncovered = checkCover(input.tariffs, input.period);
	if (uncovered !== null) return uncovered;
	const segments = segmentsOf(input);
	if ('code' in segments) return segments;
	const misfit = checkTariffs(input, segments);
	if (misfit !== null) return misfit;
	const readings = checkReadings(input);
	if ('code' in readings) return readings;
	const crossing = checkIntervals(segments, readings);
	if (crossing !== null) return crossing;
	const energy = measureEnergy(input, readings, segments);
	if ('code' in energy) return energy;
	const maximumW = maximumForTiers(input, readings, segments);
	if (typeof maximumW !== 'number') return maximumW;
	const tiers = tierPositions(
		input,
		segments,
		energy.buckets.map(({ importWh }) => importWh),
		maximumW
	);
	if ('code' in tiers) return tiers;
	const codesOf = (segmentIndex: number, day: LoadDay) => {
		const segment = segments[segmentIndex];
		assert(segment !== undefined, 'a segment of this bill');
		return periodCodes(input, readings, segment, day);
	};
	return { segments, readings, energy, ...tiers, codesOf };
}

/** Maximum demand of the bill where tiers count hours of use; else it does not matter. */
function maximumForTiers(
	input: RatingInput,
	readings: CheckedReadings,
	segments: readonly Segment[]
): number | RatingRefusal {
	if (!segments.some(({ tariff }) => tariff.tiers?.unit.startsWith('kWh_per_kW'))) return 0;
	const maximum = maximumDemand(readings, input.period, input.timeZone);
	return maximum?.maximumW ?? { code: 'NO_MEASURED_DEMAND' };
}

function checkTariffs(input: RatingInput, segments: readonly Segment[]): RatingRefusal | null {
	for (const { tariff, season, period } of segments) {
		if (!tariff.voltages.includes(input.account.voltage)) {
			return { code: 'TARIFF_DOES_NOT_FIT', tariffCode: tariff.code, what: 'voltage' };
		}
		if (tariff.currency !== input.account.currency) {
			return { code: 'TARIFF_DOES_NOT_FIT', tariffCode: tariff.code, what: 'currency' };
		}
		if (tariff.demandIsUnknown) return { code: 'PRICE_UNKNOWN', what: 'demand', tariffCode: tariff.code };
		const windows = [
			...season.windows,
			...tariff.charges.flatMap((charge) => ('windows' in charge ? charge.windows : []))
		];
		const year = missingCalendarYear(windows, period, input.calendar);
		if (year !== null) return { code: 'CALENDAR_YEAR_MISSING', year, tariffCode: tariff.code };
	}
	return null;
}

/** No interval may be cut by a window: its energy would have two prices and no known split. */
function checkIntervals(segments: readonly Segment[], readings: CheckedReadings): RatingRefusal | null {
	const lengthsOf = (channel: Channel) =>
		readings.points.flatMap(({ channels }) =>
			(channels.get(channel) ?? []).map(({ intervalMinutes }) => intervalMinutes)
		);
	const imported = lengthsOf('active_import');
	const exported = lengthsOf('active_export');
	for (const tariff of new Set(segments.map((segment) => segment.tariff))) {
		for (const intervalMinutes of new Set([...imported, ...(tariff.exportPriceE8 ? exported : [])])) {
			if (crossesWindow(tariff, intervalMinutes)) {
				return { code: 'INTERVAL_CROSSES_WINDOW', tariffCode: tariff.code, intervalMinutes };
			}
		}
	}
	return null;
}
