import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Logger } from '#lib/server/logger.ts';
import * as schema from './schema/index.ts';

export type Database = NodePgDatabase<typeof schema>;
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
/** What a repository needs: the pool or a transaction on it. */
export type Executor = Database | Transaction;

export interface DatabaseHandle {
	readonly db: Database;
	readonly pool: pg.Pool;
	readonly close: () => Promise<void>;
}

const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const IDLE_TIMEOUT_MS = 30_000;

/**
 * Opens a pool. Both error handlers are needed: a client that loses its server while idle reports on the
 * pool, one in use reports on itself, and an unheard 'error' event would end the process.
 * @param options.statementTimeoutMs 0 for work without a limit, such as an import
 */
export function openDatabase(
	url: string,
	options: { logger?: Logger; poolSize?: number; statementTimeoutMs?: number } = {}
): DatabaseHandle {
	const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
	const pool = new pg.Pool({
		connectionString: url,
		max: options.poolSize ?? POOL_SIZE,
		connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
		idleTimeoutMillis: IDLE_TIMEOUT_MS,
		statement_timeout: statementTimeoutMs,
		query_timeout: statementTimeoutMs === 0 ? 0 : statementTimeoutMs + 5_000,
		keepAlive: true,
		application_name: 'meterside'
	});
	let isClosing = false;
	const report = (error: Error) => {
		// The pool ends before its connections have: a server that stops next may be the first to say so.
		if (!isClosing) options.logger?.warn({ err: error.message }, 'database connection lost');
	};
	pool.on('error', report);
	pool.on('connect', (client) => client.on('error', report));
	const close = () => {
		isClosing = true;
		return pool.end();
	};
	return { db: drizzle(pool, { schema }), pool, close };
}
