import type { DayBehind } from '#lib/domain/rating/types.ts';
import type { Channel } from '#lib/domain/metering/load-day.ts';
import { digitsFor } from '#lib/i18n/billing/quantities.ts';

/** A day behind a line, with the wall-clock minute at which each of its intervals starts. */
export interface LineDay extends Omit<DayBehind, 'slots' | 'version'> {
	readonly startMinutes: readonly number[];
}

/** The days of one channel of one metering point. */
export interface LineSeries {
	readonly key: string;
	readonly servicePointId: number;
	readonly channel: Channel;
	/** Wh or varh. */
	readonly quantity: number;
	/** The highest day, for the bars. */
	readonly highest: number;
	/** Decimals that show all days of the series exactly. */
	readonly digits: number;
	readonly days: readonly LineDay[];
}

/** Sorts days into series, in the order in which they come. */
export function seriesOf(days: readonly LineDay[]): LineSeries[] {
	const series = new Map<string, LineDay[]>();
	for (const day of days) {
		const key = `${day.servicePointId} ${day.channel}`;
		series.set(key, [...(series.get(key) ?? []), day]);
	}
	return [...series].map(([key, own]) => ({
		key,
		servicePointId: own[0]?.servicePointId ?? 0,
		channel: own[0]?.channel ?? 'active_import',
		quantity: own.reduce((sum, { quantity }) => sum + quantity, 0),
		highest: Math.max(0, ...own.map(({ quantity }) => quantity)),
		digits: digitsFor(own.map(({ quantity }) => quantity)),
		days: own
	}));
}
