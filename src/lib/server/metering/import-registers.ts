import type pg from 'pg';
import type { RegisterFragment } from '#lib/domain/metering/formats/fragment.ts';
import { refuse } from '#lib/domain/metering/formats/refusal.ts';
import { channelToCode, qualityToCode } from './mapping.ts';

/** A reading of a cumulative register with its owner. */
export interface StoredRegisterReading {
	readonly accountId: number;
	readonly servicePointId: number;
	readonly reading: RegisterFragment;
}

/** Register readings of one file that are kept in memory until it is known to be good. */
const READINGS_LIMIT = 500_000;
const BATCH = 1_000;

const KEY = 'account_id, service_point_id, register, channel, read_to';
const CONTENT = 'read_from, previous_reading, current_reading, quantity, quality';
const COLUMNS = `${KEY}, ${CONTENT}, import_id`;
const [MEASURED, ESTIMATED, CORRECTED] = [
	qualityToCode('measured'),
	qualityToCode('estimated'),
	qualityToCode('corrected')
];

/** A delivery says something new: another quantity or beginning, or what was only estimated so far. */
const saysMore = (delivered: string) => `(known.quantity <> ${delivered}.quantity
	or known.read_from <> ${delivered}.read_from
	or known.quality = ${ESTIMATED} and ${delivered}.quality <> known.quality)`;

const MERGE = `
	with delivered (${COLUMNS}) as (
		select t.*, $11::bigint from unnest($1::bigint[], $2::bigint[], $3::text[], $4::smallint[],
			$5::timestamptz[], $6::timestamptz[], $7::text[], $8::text[], $9::bigint[], $10::smallint[]) as t
	), replaced as (
		insert into register_reading_history (${COLUMNS}, version)
			select known.* from (select ${COLUMNS}, version from register_reading) known
				join delivered using (${KEY}) where ${saysMore('delivered')}
	)
	insert into register_reading as known (${COLUMNS}, version) select ${COLUMNS}, 1 from delivered
		on conflict (${KEY}) do update
		set read_from = excluded.read_from, previous_reading = excluded.previous_reading,
			current_reading = excluded.current_reading, quantity = excluded.quantity,
			quality = case when excluded.quality = ${MEASURED} and known.quality in (${MEASURED}, ${CORRECTED})
				then ${CORRECTED} else excluded.quality end,
			import_id = excluded.import_id, version = known.version + 1
		where ${saysMore('excluded')}`;

/** The register readings of one file, each once. */
export class RegisterReadings {
	private readonly fileName: string;
	private readonly byKey = new Map<string, StoredRegisterReading>();

	constructor(fileName: string) {
		this.fileName = fileName;
	}

	/** @throws AppError IMPORT_REFUSED where the file says two things of one reading, or holds too many */
	add(stored: StoredRegisterReading): void {
		const { accountId, servicePointId, reading } = stored;
		const key = JSON.stringify([accountId, servicePointId, reading.register, reading.channel, reading.toMs]);
		const known = this.byKey.get(key)?.reading;
		if (known === undefined) {
			if (this.byKey.size >= READINGS_LIMIT) {
				refuse(this.fileName, reading.place, `more than ${READINGS_LIMIT} register readings: split the file`);
			}
			this.byKey.set(key, stored);
		} else if (known.quantity !== reading.quantity || known.fromMs !== reading.fromMs) {
			refuse(this.fileName, reading.place, `two values for one reading of register ${reading.register}`);
		}
	}

	get count(): number {
		return this.byKey.size;
	}

	/**
	 * Takes the readings in. The same reading again changes nothing; another quantity for it replaces the old one,
	 * which goes to the history, and is marked corrected. The caller holds the lock of imports.
	 * @returns how many are new or changed
	 */
	async merge(client: pg.ClientBase, importId: number): Promise<number> {
		const all = [...this.byKey.values()];
		let changed = 0;
		for (let from = 0; from < all.length; from += BATCH) {
			const batch = all.slice(from, from + BATCH);
			const { rowCount } = await client.query(MERGE, [...valuesOf(batch), importId]);
			changed += rowCount ?? 0;
		}
		return changed;
	}
}

/** The columns of `KEY` and `CONTENT`, in that order. */
function valuesOf(batch: readonly StoredRegisterReading[]): unknown[][] {
	return [
		batch.map((row) => row.accountId),
		batch.map((row) => row.servicePointId),
		batch.map((row) => row.reading.register),
		batch.map((row) => channelToCode(row.reading.channel)),
		batch.map((row) => new Date(row.reading.toMs).toISOString()),
		batch.map((row) => new Date(row.reading.fromMs).toISOString()),
		batch.map((row) => row.reading.previousReading),
		batch.map((row) => row.reading.currentReading),
		batch.map((row) => row.reading.quantity),
		batch.map((row) => row.reading.quality)
	];
}
