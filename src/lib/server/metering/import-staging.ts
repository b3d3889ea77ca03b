import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { QUALITY_CODE } from '#lib/domain/metering/load-day.ts';
import type { DaySlots } from '#lib/domain/metering/merge-day.ts';

const { missing: MISSING } = QUALITY_CODE;
const HEX_BY_CODE = ['00', '01', '02', '03'];
/** Rows are sent in pieces of about this many characters. */
const PIECE_CHARS = 65_536;

/** The key of a day, as it is stored. */
export interface DayKey {
	readonly accountId: number;
	readonly servicePointId: number;
	readonly channel: number;
	readonly localDate: string;
}

export interface StoredDay extends DayKey, DaySlots {
	readonly intervalMinutes: number;
}

const COLUMNS = 'account_id, service_point_id, channel, local_date, interval_minutes, quantities, qualities';
export const KEY_COLUMNS = 'account_id, service_point_id, channel, local_date';

/** A table for the length of the transaction with the columns of a delivered day. */
export async function createDayTable(client: pg.ClientBase, name: string): Promise<void> {
	await client.query(
		`create temp table ${name} on commit drop as select ${COLUMNS} from load_day with no data`
	);
}

/** Sends days to a table by COPY, as fast as they come and no faster than the server takes them. */
export async function copyDays(
	client: pg.ClientBase,
	table: string,
	days: AsyncIterable<readonly StoredDay[]> | Iterable<readonly StoredDay[]>
): Promise<number> {
	let count = 0;
	async function* pieces(): AsyncGenerator<string> {
		let piece = '';
		for await (const batch of days) {
			for (const day of batch) {
				count++;
				piece += copyLine(day);
				if (piece.length >= PIECE_CHARS) {
					yield piece;
					piece = '';
				}
			}
		}
		if (piece !== '') yield piece;
	}
	await pipeline(pieces, client.query(copyFrom(`copy ${table} (${COLUMNS}) from stdin`)));
	return count;
}

/** A day as a line of COPY's text format. */
function copyLine(day: StoredDay): string {
	const { qualities } = day;
	const first = qualities[0] ?? MISSING;
	let uniform = true;
	for (let slot = 1; slot < qualities.length; slot++) {
		if (qualities[slot] !== first) {
			uniform = false;
			break;
		}
	}
	const quantities = uniform && first !== MISSING ? day.quantities.join(',') : joinKnown(day);
	const key = `${day.accountId}\t${day.servicePointId}\t${day.channel}\t${day.localDate}\t${day.intervalMinutes}`;
	return `${key}\t{${quantities}}\t\\\\x${uniform ? HEX_BY_CODE[first] : hex(qualities)}\n`;
}

function joinKnown({ quantities, qualities }: DaySlots): string {
	const cells = new Array<string>(quantities.length);
	for (let slot = 0; slot < cells.length; slot++) {
		cells[slot] = qualities[slot] === MISSING ? 'NULL' : String(quantities[slot]);
	}
	return cells.join(',');
}

function hex(qualities: Uint8Array): string {
	let text = '';
	for (const quality of qualities) text += HEX_BY_CODE[quality] ?? '';
	return text;
}

/** Quantities as `array_to_string(…, ',', '')` gives them, and stored qualities, as slots. */
export function slotsOf(quantities: string, qualities: Buffer): DaySlots {
	const cells = quantities.split(',');
	const slots = { quantities: new Int32Array(cells.length), qualities: new Uint8Array(cells.length) };
	for (let slot = 0; slot < cells.length; slot++) {
		slots.quantities[slot] = Number(cells[slot]);
		slots.qualities[slot] = qualities[qualities.length === 1 ? 0 : slot] ?? MISSING;
	}
	return slots;
}

/** Reads a query's rows in batches, within the transaction. The caller may use the connection in between. */
export async function* fetchInBatches<Row extends pg.QueryResultRow>(
	client: pg.ClientBase,
	cursor: string,
	query: string,
	values: unknown[] = []
): AsyncGenerator<Row[]> {
	await client.query(`declare ${cursor} no scroll cursor for ${query}`, values);
	for (;;) {
		const { rows } = await client.query<Row>(`fetch ${FETCH_ROWS} from ${cursor}`);
		if (rows.length === 0) break;
		yield rows;
	}
	await client.query(`close ${cursor}`);
}

const FETCH_ROWS = 1_000;
