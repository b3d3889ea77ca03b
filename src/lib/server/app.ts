import { clockStartingAt, systemClock, type Clock } from './clock.ts';
import { openDatabase, type Database, type DatabaseHandle } from './db/client.ts';
import { SettingsError, type Env } from './env.ts';
import { createLogger, type Logger } from './logger.ts';

/** What a service needs to do its work: handed in, so that tests and commands run the same code. */
export interface App {
	readonly env: Env;
	readonly clock: Clock;
	readonly logger: Logger;
	readonly db: Database;
	readonly pool: DatabaseHandle['pool'];
	/** For those who need connections of their own. */
	readonly databaseUrl: string;
	readonly close: () => Promise<void>;
}

/** Wires one process together. `parts` replaces single pieces, for tests and operator commands. */
export function createApp(env: Env, parts: { clock?: Clock; logger?: Logger } = {}): App {
	const databaseUrl = env.DATABASE_URL;
	if (databaseUrl === undefined) throw new SettingsError('Setting DATABASE_URL is missing');
	const logger = parts.logger ?? createLogger(env.LOG_LEVEL);
	const clock = parts.clock ?? (env.NOW === undefined ? systemClock : clockStartingAt(env.NOW));
	const handle = openDatabase(databaseUrl, { logger });
	return { env, clock, logger, db: handle.db, pool: handle.pool, databaseUrl, close: handle.close };
}
