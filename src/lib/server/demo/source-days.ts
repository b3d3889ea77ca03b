import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { assert } from '#lib/domain/kernel/assert.ts';
import type { IntervalMinutes, LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { Fragment } from '#lib/domain/metering/formats/index.ts';
import type { Channel } from '#lib/domain/metering/load-day.ts';

/** One channel of one day of a source, by the wall clock: slot 0 begins at 00:00, and every day has 24 hours. */
export interface SourceSeries {
	readonly channel: Channel;
	readonly intervalMinutes: IntervalMinutes;
	readonly quantities: Int32Array;
	readonly qualities: Uint8Array;
}

/** The days of a source on which anything was read. */
export type SourceDays = ReadonlyMap<LocalDate, readonly SourceSeries[]>;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAY_MINUTES = 1440;

const SEED_DATA_DIR = path.resolve(import.meta.dirname, '../../../../drizzle/seed/data');

/** The text of a packed file of `drizzle/seed/data`, in pieces. */
export async function* textOf(file: string): AsyncGenerator<string> {
	const decoder = new TextDecoder();
	for await (const bytes of createReadStream(path.join(SEED_DATA_DIR, file)).pipe(createGunzip())) {
		yield decoder.decode(bytes as Buffer, { stream: true });
	}
	yield decoder.decode();
}

/** Sorts the parsed runs into days. What a source says twice it must say alike. */
export function toSourceDays(fragments: readonly Fragment[]): SourceDays {
	const days = new Map<LocalDate, SourceSeries[]>();
	for (const fragment of fragments) {
		const { intervalMinutes, labels, qualities, quantities } = fragment;
		const stepMs = intervalMinutes * MINUTE_MS;
		const startMs = fragment.labelMs - (labels === 'end' ? stepMs : 0);
		for (const [index, quality] of qualities.entries()) {
			if (quality === 0) continue;
			const atMs = startMs + index * stepMs;
			const series = seriesOf(days, fragment, new Date(atMs).toISOString().slice(0, 10) as LocalDate);
			const slot = (atMs % DAY_MS) / stepMs;
			const quantity = quantities[index] ?? 0;
			assert(
				series.qualities[slot] === 0 || series.quantities[slot] === quantity,
				`two readings for ${new Date(atMs).toISOString()}`
			);
			series.quantities[slot] = quantity;
			series.qualities[slot] = quality;
		}
	}
	return days;
}

function seriesOf(
	days: Map<LocalDate, SourceSeries[]>,
	{ channel, intervalMinutes }: Fragment,
	date: LocalDate
): SourceSeries {
	let day = days.get(date);
	if (day === undefined) days.set(date, (day = []));
	let series = day.find((candidate) => candidate.channel === channel);
	if (series === undefined) {
		const slots = DAY_MINUTES / intervalMinutes;
		series = {
			channel,
			intervalMinutes,
			quantities: new Int32Array(slots),
			qualities: new Uint8Array(slots)
		};
		day.push(series);
	}
	return series;
}
