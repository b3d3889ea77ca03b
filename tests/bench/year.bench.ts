import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createTRPCClient, httpLink } from '@trpc/client';
import superjson from 'superjson';
import { addDays, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { CHANNELS, unpackLoadDay, type PackedLoadDay } from '#lib/domain/metering/load-day.ts';
import { loadDemo } from '#lib/server/demo/index.ts';
import type { AppRouter } from '#lib/server/trpc/router.ts';
import { startApp } from '../support/app.ts';
import { startBenchDatabase } from './support/bench-database.ts';
import { signIn } from './support/portal.ts';
import { measureMs, median, note, readOptions, report } from './support/report.ts';
import type { RowRouter } from './support/row-api.ts';
import { createRowTable, fillRowTable } from './support/row-table.ts';

const MIN_RATIO = 8;
const WARM_UPS = 10;
const DAYS = 364;
const CHINA_OFFSET_S = 8 * 3600;

/**
 * One meter's year (the steel plant: active, lagging and leading energy every 15 minutes), from the request to
 * numbers in typed arrays: the product's API in its production build, with a session, against an API on one
 * row per reading.
 */
export async function run(args: string[]): Promise<void> {
	const options = readOptions(args, 41);
	const database = await startBenchDatabase();
	note('Loading the demo ...');
	await loadDemo(database.app);
	await createRowTable(database.app.pool);
	await fillRowTable(database.app.pool);
	await database.app.pool.query('vacuum analyze');
	const meter = await steelMeter(database.app.pool);
	const portal = await startApp({ databaseUrl: database.url, env: { DEMO: '1' } });
	const rowApi = await startRowApi(database.url);
	try {
		const session = await signIn(portal.origin, 'steel');
		const product = createTRPCClient<AppRouter>({
			links: [
				httpLink({
					url: `${portal.origin}/api/trpc`,
					transformer: superjson,
					headers: { cookie: session.header, origin: portal.origin }
				})
			]
		});
		const rows = createTRPCClient<RowRouter>({
			links: [httpLink({ url: rowApi.origin, transformer: superjson })]
		});
		const span = { from: meter.from, to: addDays(meter.from, DAYS) };
		const rowInput = {
			...span,
			servicePointId: meter.id,
			timeZone: 'Asia/Shanghai',
			offsetS: CHINA_OFFSET_S
		};
		const ways = {
			product: async () => (await product.metering.year.query(span)).days.map(unpackLoadDay),
			readings: async () => toArrays(await rows.readings.query(rowInput)),
			days: async () => (await rows.days.query(rowInput)).map(unpackLoadDay)
		};
		await checkSameAnswer(
			async () => (await product.metering.year.query(span)).days,
			() => rows.days.query(rowInput)
		);
		const times = await interleaved(ways, options.rounds);
		const comparison = (name: string, reference: 'readings' | 'days') => ({
			unit: 'ms',
			product: times.product,
			reference: times[reference],
			referenceName: name,
			ratio: times[reference] / times.product
		});
		report('year', options, [
			{
				name: "a meter's year over HTTP, parsed",
				...comparison('one row per reading, answered reading by reading', 'readings'),
				target: { atLeast: MIN_RATIO }
			},
			{
				name: "a meter's year over HTTP, parsed",
				...comparison("one row per reading, packed on the server to the product's own answer", 'days')
			}
		]);
	} finally {
		rowApi.child.kill('SIGKILL');
		await portal.stop();
		await database.stop();
	}
}

async function steelMeter(pool: {
	query: (text: string) => Promise<{ rows: { id: string; from: string }[] }>;
}) {
	const { rows } = await pool.query(
		`select service_point_id as id, min(local_date)::text as from from load_day join service_point p
			on p.id = service_point_id where p.meter_no = 'DEMO-STEEL' group by 1`
	);
	const [row] = rows;
	if (row === undefined) throw new Error('the demo has no steel plant');
	return { id: Number(row.id), from: row.from as LocalDate };
}

async function startRowApi(databaseUrl: string): Promise<{ origin: string; child: ChildProcess }> {
	const child = spawn(process.execPath, [path.join(import.meta.dirname, 'support', 'row-api.ts')], {
		env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl },
		stdio: ['ignore', 'pipe', 'inherit']
	});
	const line = await new Promise<string>((resolve, reject) => {
		child.stdout.setEncoding('utf8').once('data', resolve);
		child.once('close', (code) => reject(new Error(`the row API ended (${code})`)));
	});
	const { port } = JSON.parse(line) as { port: number };
	return { origin: `http://localhost:${port}`, child };
}

/** Reading objects as what a chart needs: one array of quantities and one of qualities per channel. */
function toArrays(readings: readonly { channel: number; quantity: number; quality: number }[]) {
	return CHANNELS.map((_, index) => {
		const own = readings.filter(({ channel }) => channel === index + 1);
		return {
			quantities: Int32Array.from(own, ({ quantity }) => quantity),
			qualities: Uint8Array.from(own, ({ quality }) => quality)
		};
	});
}

async function checkSameAnswer(
	product: () => Promise<readonly PackedLoadDay[]>,
	rows: () => Promise<readonly PackedLoadDay[]>
): Promise<void> {
	const text = (days: readonly PackedLoadDay[]) =>
		days
			.map((day) => [day.channel, day.localDate, day.quantities, day.qualities].join('|'))
			.toSorted()
			.join('\n');
	if (text(await product()) !== text(await rows()))
		throw new Error('the two ways do not give the same readings');
}

/** Median of each way, the ways taking turns so that a busy moment hits all of them. */
async function interleaved<Name extends string>(
	ways: Record<Name, () => Promise<unknown>>,
	rounds: number
): Promise<Record<Name, number>> {
	const names = Object.keys(ways) as Name[];
	const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
	for (let round = -WARM_UPS; round < rounds; round++) {
		for (const name of names) {
			const elapsed = await measureMs(ways[name]);
			if (round >= 0) times[name].push(elapsed);
		}
	}
	return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<Name, number>;
}
