import { CsvError, parse, type Parser } from 'csv-parse';
import { QUALITY_CODE } from '../load-day.ts';
import type { CsvProfile } from './csv-profile.ts';
import { timeLabelReader, type TimeLabel } from './csv-timestamp.ts';
import { MAX_QUANTITY, type FileItem, type ParseOptions, type TextChunks } from './fragment.ts';
import { parseQuantity } from './quantity.ts';
import { refuse } from './refusal.ts';
import { RunBuilder } from './run-builder.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MAX_RECORD_CHARS = 65_536;

/**
 * Parses a delimited text file by its profile.
 * @throws AppError IMPORT_REFUSED naming line, column and reason
 */
export async function* parseCsv(
	chunks: TextChunks,
	profile: CsvProfile,
	options: ParseOptions
): AsyncGenerator<FileItem> {
	const rows = new CsvRows(profile, options);
	try {
		for await (const { record, info } of recordsOf(chunks, profile.delimiter)) {
			rows.row(record, info.lines);
			for (const item of rows.take()) yield item;
		}
	} catch (error) {
		if (!(error instanceof CsvError)) throw error;
		refuse(options.fileName, { line: lineOf(error) }, error.message);
	}
	for (const item of rows.end()) yield item;
}

/** Records as they become complete: each piece of text is parsed and read empty before the next is taken. */
async function* recordsOf(chunks: TextChunks, delimiter: string): AsyncGenerator<CsvRecord> {
	const parser = parse({
		bom: true,
		delimiter,
		info: true,
		skip_empty_lines: true,
		max_record_size: MAX_RECORD_CHARS
	});
	let failure: Error | undefined;
	parser.once('error', (error) => (failure = error));
	for await (const chunk of chunks) {
		parser.write(chunk);
		for (let next = readRecord(parser); next !== null; next = readRecord(parser)) yield next;
		if (failure !== undefined) throw failure;
	}
	parser.end();
	for await (const record of parser) yield record as CsvRecord;
}

function readRecord(parser: Parser): CsvRecord | null {
	return parser.read() as CsvRecord | null;
}

interface CsvRecord {
	readonly record: string[];
	readonly info: { readonly lines: number };
}

function lineOf(error: CsvError): number {
	return Number(error['lines'] ?? 0);
}

interface ResolvedSeries {
	readonly index: number;
	readonly name: string;
	readonly spec: CsvProfile['series'][number];
}

/** Places of the profile's columns in a row. */
interface Layout {
	readonly time: readonly number[];
	readonly source: number | undefined;
	readonly series: readonly ResolvedSeries[];
	readonly estimated: number | undefined;
	readonly quality: number | undefined;
	readonly only: number | undefined;
}

class CsvRows {
	private readonly profile: CsvProfile;
	private readonly fileName: string;
	private readonly clock: string;
	private readonly readLabel: (text: string) => TimeLabel | undefined;
	private readonly estimated: RegExp | undefined;
	private readonly missing: ReadonlySet<string>;
	private readonly runs: RunBuilder;
	private rows = 0;
	private layout: Layout | undefined;

	constructor(profile: CsvProfile, options: ParseOptions) {
		this.profile = profile;
		this.fileName = options.fileName;
		this.clock = options.clock ?? profile.time.clock;
		this.readLabel = timeLabelReader(profile.time.pattern);
		this.estimated = profile.estimated === undefined ? undefined : new RegExp(profile.estimated.matches);
		this.missing = new Set(profile.missing);
		this.runs = new RunBuilder(profile.intervalMinutes, profile.time.label);
	}

	row(cells: readonly string[], line: number): void {
		this.rows++;
		const { headerRows } = this.profile;
		if (this.rows <= headerRows) {
			if (this.rows === headerRows) this.layout = this.resolve(cells, line);
			return;
		}
		const layout = (this.layout ??= this.resolve([], line));
		const { only } = this.profile;
		if (layout.only !== undefined && cells[layout.only]?.trim() !== only?.equals) return;
		this.reading(cells, layout, line);
	}

	take(): FileItem[] {
		return this.runs.take();
	}

	end(): FileItem[] {
		if (this.rows === 0) refuse(this.fileName, {}, 'the file is empty');
		if (this.runs.count === 0) refuse(this.fileName, {}, 'contains no interval readings');
		return this.runs.finish();
	}

	private reading(cells: readonly string[], layout: Layout, line: number): void {
		const { profile } = this;
		const text = layout.time.map((index) => cells[index]?.trim() ?? '').join(' ');
		const place = { line, column: this.columnName(profile.time.columns[0]) };
		const label =
			this.readLabel(text) ?? this.refuse(place, `"${text}" is no time of the form ${profile.time.pattern}`);
		const isMissing = (cell: string) => this.missing.has(cell.trim());
		if (label.wallMs % (profile.intervalMinutes * MINUTE_MS) !== 0) {
			const empty = layout.series.every(({ index }) => isMissing(cells[index] ?? ''));
			if (empty && profile.offGrid === 'drop_if_missing') return;
			this.refuse(place, `${text} is not on the grid of ${profile.intervalMinutes} minutes`);
		}
		const stated = this.qualityOf(cells, layout, line);
		const fileSource =
			'id' in profile.source ? profile.source.id : (cells[layout.source ?? -1]?.trim() ?? '');
		if (fileSource === '') this.refuse({ line }, 'the row names no meter');
		for (const { index, name, spec } of layout.series) {
			const cell = cells[index] ?? '';
			const missing = isMissing(cell) || stated === QUALITY_CODE.missing;
			this.runs.add({
				sourceId: spec.sourceId ?? fileSource,
				channel: spec.channel,
				...this.timeOf(label, place),
				quantity: missing ? 0 : this.quantity(cell, spec.unit, { line, column: name }),
				quality: missing ? QUALITY_CODE.missing : stated,
				line
			});
		}
	}

	/** What the row says of its quality; `measured` where it says nothing. */
	private qualityOf(cells: readonly string[], { estimated, quality }: Layout, line: number): number {
		if (quality !== undefined && this.profile.quality !== undefined) {
			const { column, words } = this.profile.quality;
			const word = (cells[quality] ?? '').trim();
			const known = words[word];
			if (known === undefined) {
				const wanted = Object.keys(words).join(', ');
				this.refuse(
					{ line, column: this.columnName(column) },
					`${word || 'nothing'}: one of ${wanted} is wanted`
				);
			}
			return QUALITY_CODE[known];
		}
		const isEstimated = estimated !== undefined && this.estimated?.test(cells[estimated] ?? '');
		return isEstimated ? QUALITY_CODE.estimated : QUALITY_CODE.measured;
	}

	private timeOf(
		label: TimeLabel,
		place: { line: number; column: string }
	): { clock: string; labelMs: number } {
		const { midnight, label: labels } = this.profile.time;
		const atMidnight = label.wallMs % DAY_MS === 0;
		const wallMs =
			labels === 'end' && midnight === 'ends_date' && atMidnight ? label.wallMs + DAY_MS : label.wallMs;
		if (this.clock !== 'label') return { clock: this.clock, labelMs: wallMs };
		if (label.offsetMinutes === undefined) this.refuse(place, 'the time has no offset from UTC');
		return { clock: 'UTC', labelMs: wallMs - label.offsetMinutes * MINUTE_MS };
	}

	private quantity(
		cell: string,
		unit: CsvProfile['series'][number]['unit'],
		place: { line: number; column: string }
	): number {
		const quantity = parseQuantity(cell, unit, this.profile.intervalMinutes);
		if (quantity >= 0 && quantity <= MAX_QUANTITY) return quantity;
		if (Number.isNaN(quantity)) return this.refuse(place, `"${cell.trim().slice(0, 40)}" is no quantity`);
		return this.refuse(place, `${quantity < 0 ? 'negative' : 'impossibly large'} quantity ${cell.trim()}`);
	}

	private resolve(header: readonly string[], line: number): Layout {
		const names = header.map((name) => name.trim());
		const indexOf = (wanted: string | number): number => {
			const index = typeof wanted === 'number' ? wanted - 1 : names.indexOf(wanted);
			if (index < 0) this.refuse({ line, column: wanted }, 'the file has no such column');
			return index;
		};
		const { time, source, series, estimated, quality, only } = this.profile;
		return {
			time: time.columns.map(indexOf),
			source: 'column' in source ? indexOf(source.column) : undefined,
			series: series.map((spec) => ({
				index: indexOf(spec.column),
				name: this.columnName(spec.column),
				spec
			})),
			estimated: estimated && indexOf(estimated.column),
			quality: quality && indexOf(quality.column),
			only: only && indexOf(only.column)
		};
	}

	private columnName(column: string | number | undefined): string {
		return String(column);
	}

	private refuse(place: { line: number; column?: string | number }, reason: string): never {
		return refuse(this.fileName, place, reason);
	}
}
