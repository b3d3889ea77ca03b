import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import {
	INTERVAL_MINUTES,
	isLocalDate,
	slotsInDay,
	slotWallMinutes,
	type IntervalMinutes,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';
import { parseScaled } from '#lib/domain/kernel/money.ts';
import { refuse } from '#lib/domain/metering/formats/refusal.ts';
import type { PriceSeries } from '#lib/domain/rating/types.ts';

const LABEL = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}):(\d{2})$/;
const PRICE = /^-?\d{1,6}(\.\d{1,8})?$/;
const PRICE_DECIMALS = 8;

interface PricedRow {
	readonly date: LocalDate;
	readonly minute: number;
	readonly priceE8: number;
	readonly line: number;
}

/**
 * Reads a real-time price series: CSV with `start` (local time, YYYY-MM-DD HH:MM) and `price` per kWh, one row per
 * interval in order, whole days only.
 * @throws AppError IMPORT_REFUSED naming file, line, column and reason
 */
export async function readPrices(series: string, file: string, timeZone: string): Promise<PriceSeries> {
	const fileName = path.basename(file);
	const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) =>
		refuse(fileName, {}, `cannot be read (${error.code})`)
	);
	const table: string[][] = parse(text, { bom: true, skip_empty_lines: true, trim: true });
	const [header = [], ...records] = table;
	if (header[0] !== 'start' || header[1] !== 'price')
		refuse(fileName, { line: 1 }, 'the columns start, price are wanted');
	const rows = records.map((record, index) => rowOf(record, fileName, index + 2));
	const intervalMinutes = intervalOf(rows, fileName);
	const byDate = Map.groupBy(rows, ({ date }) => date);
	const days = [...byDate].map(([localDate, ofDay]) => {
		const expected = slotsInDay(localDate, timeZone, intervalMinutes);
		if (ofDay.length !== expected) {
			refuse(fileName, {}, `${localDate} has ${ofDay.length} prices instead of ${expected}`);
		}
		const wall = slotWallMinutes(localDate, timeZone, intervalMinutes);
		const wrong = ofDay.find(({ minute }, slot) => minute !== wall[slot]);
		if (wrong !== undefined) {
			refuse(fileName, { line: wrong.line, column: 'start' }, 'not the next interval of the day');
		}
		return { localDate, intervalMinutes, pricesE8: ofDay.map(({ priceE8 }) => priceE8) };
	});
	return { series, days };
}

function rowOf([label = '', price = '']: string[], fileName: string, line: number): PricedRow {
	const [, date = '', hour = '', minute = ''] = LABEL.exec(label) ?? [];
	if (!isLocalDate(date)) refuse(fileName, { line, column: 'start' }, `${label}: YYYY-MM-DD HH:MM is wanted`);
	if (!PRICE.test(price))
		refuse(fileName, { line, column: 'price' }, `${price}: a decimal with at most 8 decimals is wanted`);
	return {
		date: date as LocalDate,
		minute: Number(hour) * 60 + Number(minute),
		priceE8: Number(parseScaled(price, PRICE_DECIMALS)),
		line
	};
}

function intervalOf(rows: readonly PricedRow[], fileName: string): IntervalMinutes {
	const minutes = (rows[1]?.minute ?? NaN) - (rows[0]?.minute ?? NaN);
	const known = INTERVAL_MINUTES.find((length) => length === minutes);
	return known ?? refuse(fileName, { line: 3 }, `intervals of ${minutes} minutes are not known`);
}
