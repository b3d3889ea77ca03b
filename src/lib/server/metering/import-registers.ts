import type pg from 'pg';
import type { RegisterFragment } from '#lib/domain/metering/formats/fragment.ts';
import { channelToCode, qualityToCode } from './mapping.ts';

/** A reading of a cumulative register with its owner. */
export interface StoredRegisterReading {
	readonly accountId: number;
	readonly servicePointId: number;
	readonly reading: RegisterFragment;
}

/** Register readings of one file that are kept in memory until it is known to be good. */
export const REGISTER_READINGS_LIMIT = 500_000;

const BATCH = 1_000;
const COLUMNS = `account_id, service_point_id, register, channel, read_from, read_to, previous_reading,
	current_reading, quantity, quality, import_id`;

/**
 * Takes register readings in. The same reading again changes nothing; another quantity for it replaces the old
 * one and is marked corrected.
 * @returns how many are new or changed
 */
export async function mergeRegisterReadings(
	client: pg.ClientBase,
	readings: readonly StoredRegisterReading[],
	importId: number
): Promise<number> {
	let changed = 0;
	for (let from = 0; from < readings.length; from += BATCH) {
		const batch = readings.slice(from, from + BATCH);
		const { rowCount } = await client.query(
			`insert into register_reading as known (${COLUMNS})
				select t.*, ${importId} from unnest($1::bigint[], $2::bigint[], $3::text[], $4::smallint[],
					$5::timestamptz[], $6::timestamptz[], $7::text[], $8::text[], $9::bigint[], $10::smallint[]) as t
				on conflict (account_id, service_point_id, register, channel, read_to) do update
				set read_from = excluded.read_from, previous_reading = excluded.previous_reading,
					current_reading = excluded.current_reading, quantity = excluded.quantity,
					quality = case when excluded.quality = ${qualityToCode('measured')}
						and known.quality in (${qualityToCode('measured')}, ${qualityToCode('corrected')})
						then ${qualityToCode('corrected')} else excluded.quality end,
					import_id = excluded.import_id
				where known.quantity <> excluded.quantity or known.read_from <> excluded.read_from
					or known.quality = ${qualityToCode('estimated')} and excluded.quality <> known.quality`,
			[
				batch.map((row) => row.accountId),
				batch.map((row) => row.servicePointId),
				batch.map((row) => row.reading.register),
				batch.map((row) => channelToCode(row.reading.channel)),
				batch.map((row) => new Date(row.reading.fromMs).toISOString()),
				batch.map((row) => new Date(row.reading.toMs).toISOString()),
				batch.map((row) => row.reading.previousReading),
				batch.map((row) => row.reading.currentReading),
				batch.map((row) => row.reading.quantity),
				batch.map((row) => row.reading.quality)
			]
		);
		changed += rowCount ?? 0;
	}
	return changed;
}
