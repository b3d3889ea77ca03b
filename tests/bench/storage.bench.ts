import type pg from 'pg';
import { startBenchDatabase } from './support/bench-database.ts';
import { COARSER_METERS, importRealMeter, QUARTER_HOUR_METERS } from './support/real-meters.ts';
import { note, readOptions, report, type Comparison } from './support/report.ts';
import { createRowTable, fillRowTable } from './support/row-table.ts';

const MIN_RATIO = 14;

/**
 * Bytes per stored reading, with quality, indexes and everything else that the table has on disk: `load_day`
 * against one row per reading, filled with the same readings, both packed as tightly as PostgreSQL can.
 */
export async function run(args: string[]): Promise<void> {
	const options = readOptions(args, 1);
	const database = await startBenchDatabase();
	const { app } = database;
	try {
		await createRowTable(app.pool);
		note('Importing two real meters of 15-minute readings ...');
		for (const meter of QUARTER_HOUR_METERS) await importRealMeter(app, meter);
		const comparisons = [await compare(app.pool, '15-minute readings', { atLeast: MIN_RATIO })];
		note('Importing a meter of 30-minute and one of hourly readings as well ...');
		for (const meter of COARSER_METERS) await importRealMeter(app, meter);
		comparisons.push(await compare(app.pool, '15-minute, 30-minute and hourly readings mixed'));
		report('storage', options, comparisons);
	} finally {
		await database.stop();
	}
}

async function compare(
	pool: pg.Pool,
	name: string,
	target?: NonNullable<Comparison['target']>
): Promise<Comparison> {
	await pool.query('truncate reading');
	const readings = await fillRowTable(pool);
	const bytesPerReading = async (table: string) => {
		await pool.query(`vacuum full ${table}`);
		await pool.query(`vacuum analyze ${table}`);
		const { rows } = await pool.query<{ bytes: string }>(`select pg_total_relation_size($1) as bytes`, [
			table
		]);
		return Number(rows[0]?.bytes) / readings;
	};
	const product = await bytesPerReading('load_day');
	const reference = await bytesPerReading('reading');
	note(`${readings.toLocaleString('en-US')} readings`);
	return {
		name: `storage, ${name}`,
		unit: 'bytes per reading',
		product,
		reference,
		referenceName: 'one row per reading',
		ratio: reference / product,
		...(target !== undefined && { target })
	};
}
