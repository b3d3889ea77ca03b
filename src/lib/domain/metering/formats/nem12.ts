import {
	dayNumberOf,
	INTERVAL_MINUTES,
	isLocalDate,
	type IntervalMinutes,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';
import { QUALITY_CODE } from '../load-day.ts';
import { MAX_QUANTITY, type FileItem, type ParseOptions, type TextChunks } from './fragment.ts';
import { linesOf } from './lines.ts';
import { parseRegisterReading } from './nem13.ts';
import { nemMeaning, nemQuality, type NemMeaning } from './nem-codes.ts';
import { parseDecimal } from './quantity.ts';
import { refuse } from './refusal.ts';

/** Market standard time of the NEM: all its files are in it, without daylight saving. */
const NEM_CLOCK = '+10:00';

const DAY_MS = 86_400_000;
const DAY_MINUTES = 1440;
const MISSING = QUALITY_CODE.missing;
/** Fields of a 300 record before its values: the record indicator and the date. */
const FIELDS_BEFORE_VALUES = 2;

interface Register extends Extract<NemMeaning, { kept: true }> {
	readonly nmi: string;
	readonly suffix: string;
	readonly intervalMinutes: IntervalMinutes;
}

/** A 300 record whose 400 records may still follow. */
interface OpenDay {
	readonly register: Register;
	readonly labelMs: number;
	readonly quantities: Int32Array;
	readonly qualities: Uint8Array;
	readonly line: number;
	/** Quality flag "V": the quality of each interval stands in 400 records. */
	readonly variable: boolean;
	/** Which intervals a 400 record has spoken of. */
	readonly covered: Uint8Array;
}

/**
 * Parses AEMO's Meter Data File Format: NEM12 (interval) and NEM13 (cumulative) files. The source is the NMI,
 * the register its suffix ("E1").
 * @throws AppError IMPORT_REFUSED naming line, field and reason
 */
export async function* parseNem(chunks: TextChunks, options: ParseOptions): AsyncGenerator<FileItem> {
	const file = new NemFile(options);
	for await (const line of linesOf(chunks, options.fileName)) {
		file.record(line);
		for (const item of file.take()) yield item;
	}
	file.end();
}

class NemFile {
	private readonly fileName: string;
	private readonly clock: string;
	private line = 0;
	private version: 'NEM12' | 'NEM13' | undefined;
	private ended = false;
	private readings = 0;
	/** Undefined before the first 200 record; null while a series is skipped. */
	private register: Register | null | undefined;
	private open: OpenDay | undefined;
	private items: FileItem[] = [];

	constructor(options: ParseOptions) {
		this.fileName = options.fileName;
		this.clock = options.clock ?? NEM_CLOCK;
	}

	record(text: string): void {
		this.line++;
		const comma = text.indexOf(',');
		const kind = (comma < 0 ? text : text.slice(0, comma)).trim();
		if (kind === '') return;
		if (this.version === undefined && kind !== '100') {
			this.refuse(`record ${kind.slice(0, 20)} before the header record 100`, 1);
		}
		if (this.ended) this.refuse('a record after the end record 900', 1);
		if (kind !== '400') this.closeDay();
		if (kind === '300') this.intervalData(text);
		else this.rareRecord(kind, text.split(','));
	}

	/** What the records so far have completed. */
	take(): FileItem[] {
		if (this.items.length === 0) return this.items;
		const items = this.items;
		this.items = [];
		return items;
	}

	end(): void {
		if (this.version === undefined) refuse(this.fileName, {}, 'the file is empty');
		if (!this.ended) this.refuse('the end record 900 is missing: the file is not complete');
		if (this.readings === 0) refuse(this.fileName, {}, 'contains no interval readings');
	}

	private rareRecord(kind: string, fields: string[]): void {
		switch (kind) {
			case '100':
				return this.header(fields);
			case '200':
				return this.dataDetails(fields);
			case '400':
				return this.intervalEvent(fields);
			case '250': {
				const item = parseRegisterReading(fields, { fileName: this.fileName, line: this.line });
				if (item.kind === 'register') this.readings++;
				this.items.push(item);
				return;
			}
			case '500':
			case '550':
				return;
			case '900':
				this.ended = true;
				return;
			default:
				this.refuse(`unknown record ${kind.slice(0, 20)}`, 1);
		}
	}

	private header(fields: string[]): void {
		if (this.version !== undefined) this.refuse('a second header record 100', 1);
		const version = fields[1]?.trim();
		if (version !== 'NEM12' && version !== 'NEM13') {
			this.refuse(`version "${version ?? ''}" is neither NEM12 nor NEM13`, 2);
		}
		this.version = version;
	}

	private dataDetails(fields: string[]): void {
		const [, nmi = '', , , suffix = '', , , unit = '', length = ''] = fields.map((field) => field.trim());
		if (nmi === '') this.refuse('the NMI is missing', 2);
		const meaning = nemMeaning(suffix, unit);
		if (!meaning.kept) {
			this.register = null;
			this.items.push({ kind: 'ignored', sourceId: nmi, register: suffix, reason: meaning.reason });
			return;
		}
		const minutes = INTERVAL_MINUTES.find((candidate) => String(candidate) === length);
		if (minutes === undefined)
			this.refuse(`interval length "${length}" is not 5, 10, 15, 30 or 60 minutes`, 9);
		this.register = { ...meaning, nmi, suffix, intervalMinutes: minutes };
	}

	private intervalData(text: string): void {
		const register = this.register;
		if (register === null) return;
		if (register === undefined) this.refuse('record 300 before a record 200', 1);
		const count = DAY_MINUTES / register.intervalMinutes;
		const quantities = new Int32Array(count);
		const qualities = new Uint8Array(count);
		const dateEnd = text.indexOf(',', 4);
		let at = dateEnd + 1;
		for (let slot = 0; slot < count; slot++) {
			const comma = text.indexOf(',', at);
			if (dateEnd < 0 || comma < 0) this.wrongCount(text, register);
			const value = parseDecimal(text, at, comma, register.decimals);
			if (value >= 0 && value <= MAX_QUANTITY) {
				quantities[slot] = value;
				qualities[slot] = QUALITY_CODE.measured;
			} else if (text.slice(at, comma).trim() !== '') {
				this.badValue(text, register, slot, text.slice(at, comma).trim());
			}
			at = comma + 1;
		}
		const end = text.indexOf(',', at);
		const flag = text.slice(at, end < 0 ? text.length : end).trim();
		const labelMs = this.dateMs(text.slice(text.indexOf(',') + 1, dateEnd).trim());
		this.open = {
			register,
			labelMs,
			quantities,
			qualities,
			line: this.line,
			variable: flag === 'V',
			covered: new Uint8Array(count)
		};
		if (flag === 'V' || flag === 'A') return;
		const quality = nemQuality(flag);
		if (quality === undefined) this.wrongCount(text, register, flag);
		for (let slot = 0; slot < count; slot++) if (qualities[slot] !== MISSING) qualities[slot] = quality;
	}

	private intervalEvent(fields: string[]): void {
		if (this.register === null) return;
		const day = this.open;
		if (day === undefined) this.refuse('record 400 without a record 300 before it', 1);
		const first = Number(fields[1]);
		const last = Number(fields[2]);
		if (!Number.isInteger(first) || first < 1) this.refuse(`"${fields[1] ?? ''}" is no interval number`, 2);
		if (!Number.isInteger(last) || last < first || last > day.quantities.length) {
			this.refuse(`"${fields[2] ?? ''}" is no interval number of ${first} to ${day.quantities.length}`, 3);
		}
		const quality = nemQuality(fields[3]?.trim() ?? '');
		if (quality === undefined) this.refuse(`unknown quality "${fields[3] ?? ''}"`, 4);
		for (let slot = first - 1; slot < last; slot++) {
			day.covered[slot] = 1;
			if (day.qualities[slot] !== MISSING) day.qualities[slot] = quality;
		}
	}

	private closeDay(): void {
		const day = this.open;
		if (day === undefined) return;
		this.open = undefined;
		const unspoken = day.covered.indexOf(0);
		if (day.variable && unspoken >= 0) {
			refuse(
				this.fileName,
				{ line: day.line },
				`quality V, but no record 400 gives the quality of interval ${unspoken + 1}`
			);
		}
		this.readings++;
		const { nmi, suffix, channel, intervalMinutes } = day.register;
		this.items.push({
			kind: 'intervals',
			sourceId: nmi,
			register: suffix,
			channel,
			intervalMinutes,
			clock: this.clock,
			labelMs: day.labelMs,
			labels: 'start',
			quantities: day.quantities,
			qualities: day.qualities,
			place: { line: day.line },
			linesPerInterval: 0
		});
	}

	private dateMs(text: string): number {
		const date = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
		if (text.length !== 8 || !isKnownDate(date)) this.refuse(`"${text}" is no date (YYYYMMDD)`, 2);
		return dayNumberOf(date as LocalDate) * DAY_MS;
	}

	private badValue(text: string, register: Register, slot: number, cell: string): never {
		// A quality flag among the values means that there are too few of them.
		if (/^[A-Z]/.test(cell)) this.wrongCount(text, register);
		return this.refuse(
			cell.startsWith('-') ? `negative quantity ${cell}` : `"${cell.slice(0, 40)}" is no quantity`,
			FIELDS_BEFORE_VALUES + slot + 1
		);
	}

	private wrongCount(text: string, register: Register, flag?: string): never {
		const cells = text.split(',').slice(FIELDS_BEFORE_VALUES);
		const flagAt = cells.findIndex((cell) => /^\s*[A-Z]/.test(cell));
		const values = flagAt < 0 ? cells.length : flagAt;
		const wanted = DAY_MINUTES / register.intervalMinutes;
		if (values === wanted) {
			this.refuse(`unknown quality "${flag ?? ''}"`, FIELDS_BEFORE_VALUES + wanted + 1);
		}
		return this.refuse(
			`${values} values, but ${register.intervalMinutes} minutes (record 200) make ${wanted} a day`,
			FIELDS_BEFORE_VALUES + Math.min(values, wanted) + 1
		);
	}

	private refuse(reason: string, column?: number): never {
		return refuse(this.fileName, { line: this.line, ...(column !== undefined && { column }) }, reason);
	}
}

const knownDates = new Map<string, boolean>();
/** Files of many meters repeat few dates. */
const KNOWN_DATES_LIMIT = 10_000;

function isKnownDate(date: string): boolean {
	let known = knownDates.get(date);
	if (known === undefined) {
		known = isLocalDate(date);
		if (knownDates.size >= KNOWN_DATES_LIMIT) knownDates.clear();
		knownDates.set(date, known);
	}
	return known;
}
