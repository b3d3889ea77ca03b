import type pg from 'pg';

/**
 * The table to compare with: one row per reading, as lean as it can be, with the one index that it needs.
 */
export async function createRowTable(pool: pg.Pool): Promise<void> {
	await pool.query(`
		create table reading (
			service_point_id bigint not null,
			channel smallint not null,
			starts_at timestamptz not null,
			quantity integer not null,
			quality smallint not null,
			primary key (service_point_id, channel, starts_at)
		)`);
}

/** Puts every reading of `load_day` that is there into the row table; a missing one is no row. */
export async function fillRowTable(pool: pg.Pool): Promise<number> {
	const { rowCount } = await pool.query(`
		insert into reading
		select day.service_point_id, day.channel,
			(day.local_date::timestamp at time zone point.time_zone)
				+ (slot.position - 1) * day.interval_minutes * interval '1 minute',
			slot.quantity,
			get_byte(day.qualities, case length(day.qualities) when 1 then 0 else slot.position::integer - 1 end)
		from load_day day
		join service_point point on point.id = day.service_point_id
		cross join unnest(day.quantities) with ordinality slot (quantity, position)
		where slot.quantity is not null
		order by 1, 2, 3`);
	return rowCount ?? 0;
}
