import { sql } from 'drizzle-orm';
import { parseCsvProfile } from '#lib/domain/metering/formats/index.ts';
import type { App } from '#lib/server/app.ts';
import { importFile } from '#lib/server/metering/index.ts';
import { textSource } from './metering.ts';

/** A small file of hourly readings, with a column that marks estimates. */
export const hourlyProfile = parseCsvProfile({
	name: 'hours',
	title: 'intervals of an hour',
	time: { columns: ['at'], pattern: 'YYYY-MM-DD HH:mm', label: 'start' },
	intervalMinutes: 60,
	source: { id: 'house' },
	series: [{ channel: 'active_import', column: 'kwh', unit: 'kWh' }],
	estimated: { column: 'note', matches: 'est' }
});

/** A reading in kWh, a missing one, or an estimate. */
export type HourCell = number | '' | `${number}e`;

/** A file of one day, from midnight on. */
export function hours(cells: readonly HourCell[], date = '2026-01-05'): string {
	const rows = cells.map((cell, hour) => {
		const estimated = typeof cell === 'string' && cell.endsWith('e');
		return `${date} ${String(hour).padStart(2, '0')}:00,${estimated ? cell.slice(0, -1) : cell},${estimated ? 'est' : ''}`;
	});
	return ['at,kwh,note', ...rows, ''].join('\n');
}

/** Imports a text for one meter. */
export function importText(app: App, meterNo: string, text: string, profile = hourlyProfile) {
	return importFile(app, { source: textSource(text), targets: { kind: 'meter', meterNo }, profile });
}

/** How much the database holds of what imports leave behind. */
export async function countImported(app: App) {
	const { rows } = await app.db.execute<{ days: string; history: string; imports: string }>(
		sql`select (select count(*) from load_day) as days, (select count(*) from load_day_history) as history,
			(select count(*) from meter_import) as imports`
	);
	return rows[0];
}
