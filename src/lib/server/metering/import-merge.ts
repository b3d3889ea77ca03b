import type pg from 'pg';
import { refuse } from '#lib/domain/metering/formats/refusal.ts';
import {
	combineDay,
	countKnown,
	isComplete,
	mergeDay,
	type DaySlots
} from '#lib/domain/metering/merge-day.ts';
import { countIntervals, type IntervalCounts } from '#lib/domain/metering/series-tally.ts';
import {
	copyDays,
	createDayTable,
	fetchInBatches,
	KEY_COLUMNS,
	slotsOf,
	type StoredDay
} from './import-staging.ts';

/** What a delivery did to the stored days. */
export interface MergeCounts {
	readonly newDays: number;
	readonly changedDays: number;
	readonly unchangedDays: number;
	/** Known intervals that got another value. */
	readonly replacedIntervals: number;
}

const MATCH_KEY = (one: string, other: string) =>
	KEY_COLUMNS.split(', ')
		.map((column) => `${one}.${column} = ${other}.${column}`)
		.join(' and ');

const KEY_FIELDS = (table: string) =>
	`${table}.account_id as "accountId", ${table}.service_point_id as "servicePointId", ${table}.channel,
	${table}.local_date::text as "localDate", ${table}.interval_minutes as "intervalMinutes"`;

const SLOT_FIELDS = (table: string) =>
	`array_to_string(${table}.quantities, ',', '') as quantities, ${table}.qualities`;

interface KeyRow {
	readonly accountId: string;
	readonly servicePointId: string;
	readonly channel: number;
	readonly localDate: string;
	readonly intervalMinutes: number;
	readonly quantities: string;
	readonly qualities: Buffer;
}

/** Something that knows the overlap of two parts of a day, so that it is counted once. */
export type OverlapListener = (
	key: { servicePointId: number; channel: number },
	overlap: IntervalCounts
) => void;

/**
 * Puts days together that came in several parts because the file is out of order.
 * @throws AppError IMPORT_REFUSED where two parts contradict each other
 */
export async function combineParts(
	client: pg.ClientBase,
	table: string,
	fileName: string,
	onOverlap: OverlapListener
): Promise<void> {
	const { rowCount } = await client.query(
		`create temp table parted_day on commit drop as
			select ${KEY_COLUMNS} from ${table} group by ${KEY_COLUMNS} having count(*) > 1`
	);
	if (rowCount === 0) return;
	await createDayTable(client, 'combined_day');
	const query = `select ${KEY_FIELDS('s')}, ${SLOT_FIELDS('s')} from ${table} s
		join parted_day p on ${MATCH_KEY('s', 'p')} order by ${KEY_COLUMNS.replace(/\w+/g, 's.$&')}`;
	let open: StoredDay | undefined;
	for await (const rows of fetchInBatches<KeyRow>(client, 'parts', query)) {
		const done: StoredDay[] = [];
		for (const row of rows) {
			const part = storedDay(row);
			if (open !== undefined && sameKey(open, part)) {
				open = combine(open, part, fileName, onOverlap);
			} else {
				if (open !== undefined) done.push(open);
				open = part;
			}
		}
		await copyDays(client, 'combined_day', [done]);
	}
	if (open !== undefined) await copyDays(client, 'combined_day', [[open]]);
	await client.query(`delete from ${table} s using parted_day p where ${MATCH_KEY('s', 'p')}`);
	await client.query(`insert into ${table} select * from combined_day`);
}

function combine(one: StoredDay, other: StoredDay, fileName: string, onOverlap: OverlapListener): StoredDay {
	if (one.intervalMinutes !== other.intervalMinutes) {
		refuse(
			fileName,
			{},
			`${one.localDate} has intervals of ${one.intervalMinutes} and of ${other.intervalMinutes} minutes`
		);
	}
	const combined = combineDay(one, other);
	if (combined.conflictSlot !== undefined) {
		const minute = combined.conflictSlot * one.intervalMinutes;
		refuse(fileName, {}, `two values for the interval ${minute} minutes into ${one.localDate}`);
	}
	const [a, b, both] = [countIntervals(one), countIntervals(other), countIntervals(combined)];
	onOverlap(one, {
		intervals: a.intervals + b.intervals - both.intervals,
		quantity: a.quantity + b.quantity - both.quantity,
		estimated: a.estimated + b.estimated - both.estimated,
		corrected: a.corrected + b.corrected - both.corrected
	});
	return { ...one, quantities: combined.quantities, qualities: combined.qualities };
}

/**
 * Takes the staged days into `load_day`. A new day is version 1; a day that says nothing new changes nothing; a
 * changed day moves its old version to the history. The caller holds the lock of imports.
 * @throws AppError IMPORT_REFUSED where a part of a day comes in another interval length than it is stored in
 */
export async function mergeDays(
	client: pg.ClientBase,
	table: string,
	of: { importId: number; stagedDays: number; fileName: string }
): Promise<MergeCounts> {
	const inserted = await client.query(
		`insert into load_day (${KEY_COLUMNS}, interval_minutes, version, import_id, quantities, qualities)
			select ${KEY_COLUMNS}, interval_minutes, 1, ${of.importId}, quantities, qualities from ${table}
			on conflict do nothing`
	);
	const newDays = inserted.rowCount ?? 0;
	if (newDays === of.stagedDays) return { newDays, changedDays: 0, unchangedDays: 0, replacedIntervals: 0 };
	await createDayTable(client, 'changed_day');
	// Days that are stored exactly as delivered need no closer look.
	const query = `select ${KEY_FIELDS('s')}, ${SLOT_FIELDS('s')},
			l.interval_minutes as "knownMinutes",
			array_to_string(l.quantities, ',', '') as "knownQuantities", l.qualities as "knownQualities"
		from ${table} s join load_day l on ${MATCH_KEY('l', 's')}
		where l.import_id <> ${of.importId} and (s.interval_minutes, s.quantities, s.qualities)
			is distinct from (l.interval_minutes, l.quantities, l.qualities)`;
	let changedDays = 0;
	let replacedIntervals = 0;
	for await (const rows of fetchInBatches<ComparedRow>(client, 'compared', query)) {
		const changed: StoredDay[] = [];
		for (const row of rows) {
			const merged = mergeRow(row, of.fileName);
			if (merged === undefined) continue;
			changed.push(merged.day);
			replacedIntervals += merged.replaced;
		}
		changedDays += await copyDays(client, 'changed_day', [changed]);
	}
	await replaceChanged(client, of.importId);
	return { newDays, changedDays, unchangedDays: of.stagedDays - newDays - changedDays, replacedIntervals };
}

interface ComparedRow extends KeyRow {
	readonly knownMinutes: number;
	readonly knownQuantities: string;
	readonly knownQualities: Buffer;
}

function mergeRow(row: ComparedRow, fileName: string): { day: StoredDay; replaced: number } | undefined {
	const incoming = storedDay(row);
	const known: DaySlots = slotsOf(row.knownQuantities, row.knownQualities);
	if (row.knownMinutes !== row.intervalMinutes) {
		// Only a whole day can take the place of one that is cut in another way.
		if (isComplete(incoming.qualities)) return { day: incoming, replaced: countKnown(known.qualities) };
		refuse(
			fileName,
			{},
			`${row.localDate} is stored in intervals of ${row.knownMinutes} minutes; ` +
				`an incomplete day of ${row.intervalMinutes} minutes cannot replace it`
		);
	}
	const merged = mergeDay(known, incoming);
	if (!merged.changed) return undefined;
	return {
		day: { ...incoming, quantities: merged.quantities, qualities: merged.qualities },
		replaced: merged.replaced
	};
}

async function replaceChanged(client: pg.ClientBase, importId: number): Promise<void> {
	const columns = `${KEY_COLUMNS}, interval_minutes, version, import_id, quantities, qualities`;
	await client.query(
		`insert into load_day_history (${columns})
			select ${columns.replace(/\w+/g, 'l.$&')} from load_day l join changed_day c on ${MATCH_KEY('l', 'c')}`
	);
	await client.query(
		`update load_day l set version = l.version + 1, import_id = ${importId},
			interval_minutes = c.interval_minutes, quantities = c.quantities, qualities = c.qualities
			from changed_day c where ${MATCH_KEY('l', 'c')}`
	);
}

function storedDay(row: KeyRow): StoredDay {
	return {
		accountId: Number(row.accountId),
		servicePointId: Number(row.servicePointId),
		channel: row.channel,
		localDate: row.localDate,
		intervalMinutes: row.intervalMinutes,
		...slotsOf(row.quantities, row.qualities)
	};
}

function sameKey(one: StoredDay, other: StoredDay): boolean {
	return (
		one.servicePointId === other.servicePointId &&
		one.channel === other.channel &&
		one.localDate === other.localDate &&
		one.accountId === other.accountId
	);
}
