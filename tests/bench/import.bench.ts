import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { App } from '#lib/server/app.ts';
import { importFile, openImportFile } from '#lib/server/metering/index.ts';
import { startBenchDatabase } from './support/bench-database.ts';
import { importRealMeter, QUARTER_HOUR_METERS } from './support/real-meters.ts';
import { measureMs, median, note, readOptions, report } from './support/report.ts';
import { createRowTable } from './support/row-table.ts';

const METERS = 20_000;
const SLOTS = 96;
const MIN_RATIO = 1.5;
/** A zone on the clock of NEM12 files, so that a record is a local day. */
const TIME_ZONE = 'Australia/Brisbane';
const DAY = '2026-03-01';

/**
 * One day of 20,000 meters: a NEM12 file through the product's importer (recognised, parsed, checked, meters
 * looked up, merged with what is stored, committed) against a plain COPY of the same readings, ready-made as
 * text, into a table of one row per reading.
 */
export async function run(args: string[]): Promise<void> {
	const options = readOptions(args, 5);
	const database = await startBenchDatabase();
	const dir = mkdtempSync(path.join(tmpdir(), 'meterside-bench-import-'));
	try {
		const { app } = database;
		await createRowTable(app.pool);
		note(`Preparing ${METERS.toLocaleString('en-US')} meters and their files from real days ...`);
		const curves = await realCurves(app);
		await insertMeters(app.pool);
		const nemFile = path.join(dir, 'day.nem12.csv');
		const rowFile = path.join(dir, 'day.rows.txt');
		await pipeline(Readable.from(nemLines(curves)), createWriteStream(nemFile));
		await pipeline(
			Readable.from(rowLines(curves, await servicePointIds(app.pool))),
			createWriteStream(rowFile)
		);
		const product: number[] = [];
		const reference: number[] = [];
		for (let round = 0; round < options.rounds; round++) {
			product.push(await timeProduct(app, nemFile));
			reference.push(await timeCopy(app.pool, rowFile));
			await checkSameReadings(app.pool);
			note(`round ${round + 1}: ${product.at(-1)?.toFixed(0)} ms against ${reference.at(-1)?.toFixed(0)} ms`);
		}
		report('import', options, [
			{
				name: `import of 1 day × ${METERS.toLocaleString('en-US')} meters (${(METERS * SLOTS).toLocaleString('en-US')} readings)`,
				unit: 'ms',
				product: median(product),
				reference: median(reference),
				referenceName: 'COPY into one row per reading',
				ratio: median(reference) / median(product),
				target: { atLeast: MIN_RATIO }
			}
		]);
	} finally {
		rmSync(dir, { recursive: true, force: true });
		await database.stop();
	}
}

/** Complete days of the real 15-minute meters, in Wh. */
async function realCurves(app: App): Promise<number[][]> {
	for (const meter of QUARTER_HOUR_METERS) await importRealMeter(app, meter);
	const { rows } = await app.pool.query<{ quantities: number[] }>(
		`select quantities from load_day where channel = 1 and cardinality(quantities) = $1 and array_position(quantities, null) is null`,
		[SLOTS]
	);
	return rows.map(({ quantities }) => quantities);
}

/** As many customers, accounts and meters, set up before the clock runs. */
async function insertMeters(pool: pg.Pool): Promise<void> {
	await pool.query(
		`with made as (
			insert into customer (customer_no, kind, display_name, created_at)
			select 'M' || n, 'residential', 'M' || n, now() from generate_series(1, $1::integer) n
			returning id, customer_no
		), opened as (
			insert into account (account_no, customer_id, customer_kind, supply_area, time_zone, currency, voltage,
				demand_basis, address, opened_on)
			select customer_no, id, 'residential', 'bench', $2, 'CNY', 'below_1kv', 'none', '', '2020-01-01' from made
			returning id, account_no
		), placed as (
			insert into service_point (meter_no, time_zone, address)
			select 'NMI' || lpad(n::text, 7, '0'), $2, '' from generate_series(1, $1::integer) n
			returning id, meter_no
		)
		insert into account_service_point (account_id, service_point_id, valid_from)
		select opened.id, placed.id, '2020-01-01' from opened
			join placed on placed.meter_no = 'NMI' || lpad(substr(opened.account_no, 2), 7, '0')`,
		[METERS, TIME_ZONE]
	);
	await pool.query('vacuum analyze');
}

async function servicePointIds(pool: pg.Pool): Promise<number[]> {
	const { rows } = await pool.query<{ id: string }>(
		`select id from service_point where meter_no like 'NMI%' order by meter_no`
	);
	return rows.map(({ id }) => Number(id));
}

function curveOf(curves: readonly number[][], meter: number): readonly number[] {
	return curves[meter % curves.length] ?? [];
}

function* nemLines(curves: readonly number[][]): Generator<string> {
	yield '100,NEM12,202603020000,BENCH,BENCH\n';
	for (let meter = 0; meter < METERS; meter++) {
		const values = curveOf(curves, meter).map((wh) => (wh / 1000).toFixed(3));
		yield (
			`200,NMI${String(meter + 1).padStart(7, '0')},E1,E1,E1,,SERIAL,KWH,15,\n` +
			`300,${DAY.replaceAll('-', '')},${values.join(',')},A,,,20260302000000,\n`
		);
	}
	yield '900\n';
}

function* rowLines(curves: readonly number[][], ids: readonly number[]): Generator<string> {
	const labels = Array.from({ length: SLOTS }, (_, slot) => {
		const minute = slot * 15;
		return `${DAY} ${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00+10`;
	});
	for (const [meter, id] of ids.entries()) {
		yield curveOf(curves, meter)
			.map((wh, slot) => `${id}\t1\t${labels[slot]}\t${wh}\t1\n`)
			.join('');
	}
}

async function timeProduct(app: App, file: string): Promise<number> {
	await app.pool.query(
		'truncate load_day, load_day_history, register_reading, register_reading_history, meter_import'
	);
	await app.pool.query('analyze load_day');
	return measureMs(async () => {
		const { status } = await importFile(app, {
			source: await openImportFile(file),
			targets: { kind: 'same' }
		});
		if (status !== 'imported') throw new Error(`the import was answered with ${status}`);
	});
}

async function timeCopy(pool: pg.Pool, file: string): Promise<number> {
	await pool.query('truncate reading');
	const client = await pool.connect();
	try {
		await client.query('set statement_timeout = 0');
		return await measureMs(() =>
			pipeline(createReadStream(file), client.query(copyFrom('copy reading from stdin')))
		);
	} finally {
		client.release(true);
	}
}

async function checkSameReadings(pool: pg.Pool): Promise<void> {
	const { rows } = await pool.query<{ days: string; rows: string }>(
		`select (select count(*) || ' ' || sum(q) from load_day, unnest(quantities) q) as days,
			(select count(*) || ' ' || sum(quantity) from reading) as rows`
	);
	if (rows[0]?.days !== rows[0]?.rows) throw new Error(`not the same readings: ${JSON.stringify(rows[0])}`);
}
