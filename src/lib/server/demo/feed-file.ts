import { datesOf, type DatePeriod, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { parseCsvProfile, type CsvProfile } from '#lib/domain/metering/formats/index.ts';
import { CHANNELS, QUALITY_CODE } from '#lib/domain/metering/load-day.ts';
import { sourceDayOf, type FeedCalendar } from './feed-calendar.ts';
import type { SourceDays, SourceSeries } from './source-days.ts';

/** A file of readings for the importer, made from a source's days under the demo's dates. */
export interface FeedFile {
	readonly profile: CsvProfile;
	/** False where the source has not one reading for these days. */
	readonly hasReadings: boolean;
	/** The text, a day at a time. */
	readonly bytes: AsyncIterable<Uint8Array>;
}

const ESTIMATED = 'estimated';

/**
 * The source's days that stand for [start, end), as CSV. What the source does not have stays out: a lost day
 * has no rows, a lost interval an empty cell.
 */
export function feedFile(
	period: DatePeriod,
	calendar: FeedCalendar,
	days: SourceDays,
	onDay: (done: number, total: number) => void
): FeedFile {
	const dates = datesOf(period);
	const sample = [...days.values()].flat();
	const intervalMinutes = sample[0]?.intervalMinutes ?? 15;
	const channels = CHANNELS.filter((channel) => sample.some((series) => series.channel === channel));
	const profile = parseCsvProfile({
		name: 'demo-feed',
		title: 'Readings of a demo customer: Wh and varh on the wall clock of the meter',
		time: { columns: ['start'], pattern: 'YYYY-MM-DD HH:mm', label: 'start' },
		intervalMinutes,
		source: { id: 'demo' },
		series: channels.map((channel) => ({
			channel,
			column: channel,
			unit: channel.startsWith('reactive') ? 'varh' : 'Wh'
		})),
		estimated: { column: 'quality', matches: ESTIMATED }
	});
	return {
		profile,
		hasReadings: dates.some((date) => days.has(sourceDayOf(date, calendar))),
		bytes: (async function* () {
			const encoder = new TextEncoder();
			yield encoder.encode(`start,${channels.join(',')},quality\n`);
			for (const [index, date] of dates.entries()) {
				const series = days.get(sourceDayOf(date, calendar)) ?? [];
				const columns = channels.map((channel) => series.find((one) => one.channel === channel));
				if (series.length > 0) yield encoder.encode(rowsOf(date, columns, intervalMinutes));
				onDay(index + 1, dates.length);
			}
		})()
	};
}

function rowsOf(
	date: LocalDate,
	columns: readonly (SourceSeries | undefined)[],
	intervalMinutes: number
): string {
	const slots = columns.find((series) => series !== undefined)?.quantities.length ?? 0;
	let rows = '';
	for (let slot = 0; slot < slots; slot++) {
		const minute = slot * intervalMinutes;
		const time = `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
		const cells = columns.map((series) => cellOf(series, slot));
		const isEstimated = columns.some((series) => series?.qualities[slot] === QUALITY_CODE.estimated);
		rows += `${date} ${time},${cells.join(',')},${isEstimated ? ESTIMATED : ''}\n`;
	}
	return rows;
}

function cellOf(series: SourceSeries | undefined, slot: number): string {
	if (series === undefined || series.qualities[slot] === QUALITY_CODE.missing) return '';
	return String(series.quantities[slot]);
}

function twoDigits(value: number): string {
	return String(value).padStart(2, '0');
}
