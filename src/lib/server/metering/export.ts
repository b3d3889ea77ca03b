import { createHash } from 'node:crypto';
import { stringify } from 'csv-stringify/sync';
import writeXlsxFile, { type SheetData } from 'write-excel-file/node';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { addDays, type DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import { writeGreenButtonXml } from '#lib/domain/metering/formats/espi-writer.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import {
	CHANNELS,
	unpackLoadDay,
	type Channel,
	type PackedLoadDay,
	type Quality
} from '#lib/domain/metering/load-day.ts';
import type { App } from '#lib/server/app.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import type { Locale } from '#lib/i18n/paraglide/runtime.js';
import { chooseMeter, type MeterChoice } from './curve-service.ts';
import { exportChannels, exportRows } from './export-rows.ts';
import { loadDays } from './repo.ts';

export const EXPORT_FORMATS = ['csv', 'xlsx', 'greenbutton'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportFile {
	readonly body: string | Uint8Array<ArrayBuffer>;
	readonly contentType: string;
	/** Letters, digits, dot, dash and underscore only: fit for a header and any file system. */
	readonly fileName: string;
}

/** What the writers need: the days and where they were measured. */
interface Readings {
	readonly days: readonly PackedLoadDay[];
	readonly timeZone: string;
	readonly meterNo: string;
	readonly locale: Locale;
	/** ISO 8601 instant. */
	readonly generatedAt: string;
}

const URL_NAMESPACE = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/** Excel takes a CSV for UTF-8 only with this in front. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * All channels of [start, end) as a file.
 * @throws AppError NOT_FOUND where the account has no such meter, or the meter no readings there: a file
 * without any would look like a day without use
 */
export async function exportReadings(
	app: App,
	account: Authorized<Account>,
	period: DatePeriod,
	choice: MeterChoice & { format: ExportFormat; locale: Locale }
): Promise<ExportFile> {
	const { meter } = await chooseMeter(app, account, choice);
	const days = await loadDays(app.db, account, meter.id, CHANNELS, period);
	if (days.length === 0) throw new AppError('NOT_FOUND', 'the meter has no readings of these days');
	const { body, contentType, extension } = await write(choice.format, {
		days,
		timeZone: meter.timeZone,
		meterNo: meter.meterNo,
		locale: choice.locale,
		generatedAt: app.clock.now().toString({ smallestUnit: 'second' })
	});
	const name = meter.meterNo.replaceAll(/[^A-Za-z0-9-]/g, '_');
	const fileName = `meterside_${name}_${period.start}_${addDays(period.end, -1)}.${extension}`;
	return { body, contentType, fileName };
}

async function write(format: ExportFormat, readings: Readings) {
	switch (format) {
		case 'csv':
			return { body: csvOf(readings), contentType: 'text/csv; charset=utf-8', extension: 'csv' };
		case 'xlsx':
			return {
				body: new Uint8Array(await xlsxOf(readings)),
				contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
				extension: 'xlsx'
			};
		case 'greenbutton':
			return {
				body: greenButtonOf(readings),
				contentType: 'application/xml; charset=utf-8',
				extension: 'xml'
			};
	}
}

/** The heading row, in the reader's language. */
function headings(channels: readonly Channel[], locale: Locale): string[] {
	const named = { locale };
	return [
		m.metering_file_start({}, named),
		m.metering_file_end({}, named),
		m.metering_file_start_offset({}, named),
		...channels.flatMap((channel) => {
			const name = channelName(channel, locale);
			const reactive = channel.startsWith('reactive_');
			return [
				`${name} ${reactive ? 'kvarh' : 'kWh'}`,
				`${name} ${reactive ? 'kvar' : 'kW'}`,
				m.metering_file_quality({ channel: name }, named)
			];
		})
	];
}

function channelName(channel: Channel, locale: Locale): string {
	switch (channel) {
		case 'active_import':
			return m.metering_channel_active_import({}, { locale });
		case 'active_export':
			return m.metering_channel_active_export({}, { locale });
		case 'reactive_import':
			return m.metering_channel_reactive_import({}, { locale });
		case 'reactive_export':
			return m.metering_channel_reactive_export({}, { locale });
	}
}

function qualityName(quality: Quality, locale: Locale): string {
	switch (quality) {
		case 'missing':
			return m.metering_missing({}, { locale });
		case 'measured':
			return m.metering_measured({}, { locale });
		case 'estimated':
			return m.metering_estimated({}, { locale });
		case 'corrected':
			return m.metering_corrected({}, { locale });
	}
}

/** No cell can be taken for a formula: dates, figures and names of qualities are all there is. */
function csvOf({ days, timeZone, locale }: Readings): string {
	const channels = exportChannels(days);
	const records: (string | null)[][] = [headings(channels, locale)];
	for (const row of exportRows(days, timeZone)) {
		const cells = channels.flatMap((channel) => {
			const cell = row.channels[channel];
			return [cell?.energy ?? null, cell?.power ?? null, cell ? qualityName(cell.quality, locale) : null];
		});
		records.push([row.start, row.end, row.startWithOffset, ...cells]);
	}
	return BYTE_ORDER_MARK + stringify(records, { record_delimiter: 'windows' });
}

/**
 * Texts are written as texts and never as formulas; figures as numbers. Times are the wall clock of the meter:
 * a spreadsheet knows no zones, and takes an instant's UTC fields for the time that it shows.
 */
async function xlsxOf({ days, timeZone, locale }: Readings): Promise<Buffer> {
	const channels = exportChannels(days);
	const bold = (value: string) => ({ value, type: String, fontWeight: 'bold' as const });
	const number = (value: string | null | undefined) =>
		value === null || value === undefined ? null : { value: Number(value), type: Number, format: '0.000' };
	const text = (value: string | undefined) => (value === undefined ? null : { value, type: String });
	const time = (wallClock: string) => ({
		value: new Date(`${wallClock.replace(' ', 'T')}:00Z`),
		type: Date,
		format: 'yyyy-mm-dd hh:mm'
	});
	const data: SheetData = [headings(channels, locale).map(bold)];
	for (const row of exportRows(days, timeZone)) {
		const cells = channels.flatMap((channel) => {
			const cell = row.channels[channel];
			return [number(cell?.energy), number(cell?.power), text(cell && qualityName(cell.quality, locale))];
		});
		data.push([time(row.start), time(row.end), text(row.startWithOffset), ...cells]);
	}
	const columns = [
		{ width: 18 },
		{ width: 18 },
		{ width: 26 },
		...channels.flatMap(() => [{ width: 16 }, { width: 16 }, { width: 14 }])
	];
	const sheet = m.metering_file_sheet({}, { locale });
	return writeXlsxFile(data, { columns, sheet, stickyRowsCount: 1 }).toBuffer();
}

/** Our own importer reads back exactly these days. */
function greenButtonOf({ days, timeZone, meterNo, generatedAt }: Readings): string {
	const meta = { title: `Meterside ${meterNo}`, meterNo, timeZone, generatedAt, uuidOf };
	return [...writeGreenButtonXml(days.map(unpackLoadDay), meta)].join('');
}

/** A UUID of a name (RFC 9562, version 5, in the namespace of URLs): the same part keeps its id in every export. */
function uuidOf(name: string): string {
	const hash = createHash('sha1').update(URL_NAMESPACE).update(`meterside:${name}`).digest();
	hash[6] = (hash[6]! & 0x0f) | 0x50;
	hash[8] = (hash[8]! & 0x3f) | 0x80;
	const hex = hash.toString('hex');
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
		'-'
	);
}
