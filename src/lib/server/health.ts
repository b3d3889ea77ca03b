import type pg from 'pg';
import journal from '../../../drizzle/migrations/meta/_journal.json' with { type: 'json' };
import manifest from '../../../package.json' with { type: 'json' };
import { countAppliedMigrations } from './db/migrate.ts';

/** Whether this portal can do its work. */
export interface Health {
	readonly status: 'ok' | 'unavailable';
	readonly version: string;
	readonly database: 'up' | 'down';
	/** `applied` is unknown while the database is down. */
	readonly migrations: { readonly applied: number | null; readonly expected: number };
	readonly process: { readonly uptimeSeconds: number };
}

/** A load balancer gives up on its own check after a few seconds. */
const CHECK_TIMEOUT_MS = 3_000;

/** Asks the database; never throws. */
export async function checkHealth(pool: pg.Pool): Promise<Health> {
	const applied = await Promise.race([
		countAppliedMigrations(pool).catch(() => null),
		new Promise<null>((resolve) => setTimeout(() => resolve(null), CHECK_TIMEOUT_MS).unref())
	]);
	const expected = journal.entries.length;
	return {
		status: applied === expected ? 'ok' : 'unavailable',
		version: manifest.version,
		database: applied === null ? 'down' : 'up',
		migrations: { applied, expected },
		process: { uptimeSeconds: Math.floor(process.uptime()) }
	};
}
