/*
 * The year's readings over HTTP from a table of one row per reading: the same transport as the product (tRPC,
 * superjson, a process of its own). It asks for no session, which only makes it faster. Run by year.bench.ts.
 */
import { createServer } from 'node:http';
import { initTRPC } from '@trpc/server';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import superjson from 'superjson';
import { z } from 'zod';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { CHANNELS, type PackedLoadDay } from '#lib/domain/metering/load-day.ts';
import { openDatabase } from '#lib/server/db/client.ts';

const { pool } = openDatabase(process.env['DATABASE_URL'] ?? '');
const SLOTS = 96;
const INTERVAL_S = 900;
const DAY_S = 86_400;
const LETTERS = 'xmec';

/** Channel, start (epoch seconds), quantity, quality. */
type ReadingRow = [channel: number, startsAt: number, quantity: number, quality: number];

/** One range of the primary key, in its order; arrays and integers, because the driver makes those fastest. */
async function readingsOf(input: YearInput): Promise<ReadingRow[]> {
	const { rows } = await pool.query<ReadingRow>({
		text: `select channel, extract(epoch from starts_at)::integer, quantity, quality from reading
			where service_point_id = $1 and channel = any('{1,2,3,4}')
				and starts_at >= $2::timestamp at time zone $4 and starts_at < $3::timestamp at time zone $4
			order by channel, starts_at`,
		values: [input.servicePointId, input.from, input.to, input.timeZone],
		rowMode: 'array'
	});
	return rows;
}

/** The readings put together to the very answer that the product gives, for a zone without clock changes. */
function packed(rows: readonly ReadingRow[], offsetS: number): PackedLoadDay[] {
	const days: { channel: number; day: number; quantities: string[]; qualities: string[] }[] = [];
	let open: (typeof days)[number] | undefined;
	for (const [channel, startsAt, quantity, quality] of rows) {
		const day = Math.floor((startsAt + offsetS) / DAY_S);
		if (open === undefined || open.day !== day || open.channel !== channel) {
			open = {
				channel,
				day,
				quantities: new Array<string>(SLOTS).fill(''),
				qualities: new Array<string>(SLOTS).fill('x')
			};
			days.push(open);
		}
		const slot = ((startsAt + offsetS) % DAY_S) / INTERVAL_S;
		open.quantities[slot] = String(quantity);
		open.qualities[slot] = LETTERS.charAt(quality);
	}
	return days.map(({ channel, day, quantities, qualities }) => ({
		channel: CHANNELS[channel - 1] ?? 'active_import',
		localDate: localDate(new Date(day * DAY_S * 1000).toISOString().slice(0, 10)),
		intervalMinutes: 15,
		quantities: quantities.join(','),
		qualities: qualities.every((letter) => letter === qualities[0])
			? (qualities[0] ?? 'x')
			: qualities.join(''),
		version: 1
	}));
}

const yearInput = z.object({
	servicePointId: z.int(),
	from: z.string(),
	to: z.string(),
	timeZone: z.string(),
	offsetS: z.int()
});
type YearInput = z.infer<typeof yearInput>;

const trpc = initTRPC.create({ transformer: superjson });
const rowRouter = trpc.router({
	/** Reading by reading. */
	readings: trpc.procedure.input(yearInput).query(async ({ input }) =>
		(await readingsOf(input)).map(([channel, startsAt, quantity, quality]) => ({
			channel,
			startsAt,
			quantity,
			quality
		}))
	),
	/** Put together to days on the server. */
	days: trpc.procedure
		.input(yearInput)
		.query(async ({ input }) => packed(await readingsOf(input), input.offsetS))
});

export type RowRouter = typeof rowRouter;

const server = createServer(createHTTPHandler({ router: rowRouter }));
server.listen(0, 'localhost', () => process.stdout.write(`${JSON.stringify(server.address())}\n`));
