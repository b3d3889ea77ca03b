import path from 'node:path';
import { INTERVAL_MINUTES, type IntervalMinutes } from '#lib/domain/kernel/civil-time.ts';
import { DayAssembly, type AssembledDay, type ReadingTarget } from '#lib/domain/metering/day-assembly.ts';
import {
	parseCsvProfile,
	parseMeterFile,
	recogniseFormat,
	type CsvProfile,
	type FileFormat
} from '#lib/domain/metering/formats/index.ts';
import { refuse, type Place } from '#lib/domain/metering/formats/refusal.ts';
import { combineDay } from '#lib/domain/metering/merge-day.ts';
import type { LoadDay } from '#lib/domain/metering/load-day.ts';
import { openImportFile } from '#lib/server/metering/index.ts';
import { readCsvProfile } from './csv-profile-file.ts';

const SAMPLE_CHARS = 65_536;

/** Columns of a plain CSV file of intervals, by what they are. */
const COLUMNS = [
	{ names: ['import_kwh', 'kwh'], channel: 'active_import', unit: 'kWh' },
	{ names: ['export_kwh'], channel: 'active_export', unit: 'kWh' },
	{ names: ['lagging_kvarh'], channel: 'reactive_import', unit: 'kvarh' },
	{ names: ['leading_kvarh'], channel: 'reactive_export', unit: 'kvarh' }
] as const;

const QUALITY_WORDS = {
	measured: 'measured',
	estimated: 'estimated',
	corrected: 'corrected',
	missing: 'missing'
};

/**
 * Reads the interval readings of one meter from a file, without a database.
 * @param profileFile for CSV that has not the plain columns
 * @throws AppError IMPORT_REFUSED naming file, line, column and reason
 */
export async function readCurve(
	file: string,
	timeZone: string,
	profileFile: string | undefined
): Promise<LoadDay[]> {
	const source = await openImportFile(file);
	const chunks: Uint8Array[] = [];
	for await (const chunk of source.bytes) chunks.push(chunk);
	const text = new TextDecoder('utf-8').decode(Buffer.concat(chunks));
	const fileName = path.basename(file);
	const profile = profileFile === undefined ? undefined : await readCsvProfile(profileFile);
	const format = formatOf(text, fileName, profile);
	const target: ReadingTarget = { meterNo: fileName, timeZone };
	const assembly = new DayAssembly<ReadingTarget>(fileName);
	const days = new Map<string, AssembledDay<ReadingTarget>>();
	const keep = (finished: AssembledDay<ReadingTarget>[], place: Place) => {
		for (const day of finished) {
			const key = `${day.channel} ${day.localDate}`;
			const before = days.get(key);
			days.set(key, before === undefined ? day : combined(before, day, fileName, place));
		}
	};
	async function* pieces() {
		yield await Promise.resolve(text);
	}
	for await (const item of parseMeterFile(format, pieces(), { fileName })) {
		if (!('quantities' in item)) continue;
		assembly.add(item, target);
		keep(assembly.take(), item.place);
	}
	keep(assembly.finish(), {});
	return [...days.values()].map(({ target: _, ...day }) => ({ ...day, version: 1 }));
}

/** Two parts of one day, which must not contradict each other. */
function combined<Day extends AssembledDay<ReadingTarget>>(
	one: Day,
	other: Day,
	fileName: string,
	place: Place
): Day {
	const { localDate, intervalMinutes } = one;
	if (other.intervalMinutes !== intervalMinutes) {
		const lengths = `${intervalMinutes} and of ${other.intervalMinutes} minutes`;
		refuse(fileName, place, `${localDate} has intervals of ${lengths}`);
	}
	const { quantities, qualities, conflictSlot } = combineDay(one, other);
	if (conflictSlot !== undefined) {
		const minute = conflictSlot * intervalMinutes;
		refuse(fileName, place, `two values for the interval ${minute} minutes into ${localDate}`);
	}
	return { ...one, quantities, qualities };
}

function formatOf(text: string, fileName: string, profile: CsvProfile | undefined): FileFormat {
	if (profile !== undefined) return { kind: 'csv', profile };
	const isCsv = /^\uFEFF?"?(start|end)"?\s*,/.test(text);
	return isCsv
		? { kind: 'csv', profile: plainProfile(text, fileName) }
		: recogniseFormat(text.slice(0, SAMPLE_CHARS), fileName);
}

/** The profile of a plain CSV file, from its header and the distance of its first two rows. */
function plainProfile(text: string, fileName: string): CsvProfile {
	const [header = '', first = '', second = ''] = text.replace(/^\uFEFF/, '').split(/\r?\n/, 3);
	const names = header.split(',').map((name) => name.trim().replaceAll('"', ''));
	const series = COLUMNS.flatMap(({ names: known, channel, unit }) => {
		const column = names.find((name) => known.some((one) => one === name));
		return column === undefined ? [] : [{ channel, column, unit }];
	});
	if (series.length === 0)
		refuse(fileName, { line: 1 }, 'no column import_kwh, export_kwh, lagging_kvarh or leading_kvarh');
	const [label = ''] = names;
	return parseCsvProfile({
		name: 'plain',
		title: 'Plain intervals',
		time: { columns: [label], pattern: patternOf(first, fileName), label, clock: 'meter' },
		intervalMinutes: intervalOf(first, second, fileName),
		source: { id: 'plain' },
		series,
		...(names.includes('quality') ? { quality: { column: 'quality', words: QUALITY_WORDS } } : {})
	});
}

function patternOf(row: string, fileName: string): string {
	const label = labelOf(row);
	if (/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/.test(label)) return 'YYYY-MM-DD HH:mm';
	if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(label)) return 'YYYY-MM-DDTHH:mm';
	if (/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(label)) return 'YYYY-MM-DD HH:mm:ss';
	return refuse(fileName, { line: 2, column: 'time' }, `${label}: YYYY-MM-DD HH:MM is wanted`);
}

function intervalOf(first: string, second: string, fileName: string): IntervalMinutes {
	const [from, to] = [first, second].map((row) => Date.parse(`${labelOf(row).replace(' ', 'T')}Z`));
	const minutes = ((to ?? NaN) - (from ?? NaN)) / 60_000;
	const known = INTERVAL_MINUTES.find((length) => length === minutes);
	return known ?? refuse(fileName, { line: 3 }, `intervals of ${minutes} minutes are not known`);
}

function labelOf(row: string): string {
	return (row.split(',')[0] ?? '').replaceAll('"', '').trim();
}
