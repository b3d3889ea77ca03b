import { unpackLoadDay, type PackedLoadDay } from '#lib/domain/metering/load-day.ts';
import type { PointUsage } from './types.ts';

/** As `PointUsage`, with the readings as they are stored and travel. */
export type PackedPointUsage = Omit<PointUsage, 'days'> & { readonly days: readonly PackedLoadDay[] };

/** Unpacks the readings of points. @throws AssertionError where a day is malformed */
export function unpackUsage(usage: readonly PackedPointUsage[]): PointUsage[] {
	return usage.map(({ days, ...point }) => ({ ...point, days: days.map(unpackLoadDay) }));
}
