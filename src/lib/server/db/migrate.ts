import { existsSync } from 'node:fs';
import path from 'node:path';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import pg from 'pg';

/** The migrations and the database do not fit together; the message is fit for one line on a terminal. */
export class MigrationError extends Error {
	override name = 'MigrationError';
}

export interface MigrateOptions {
	/** Folder with the SQL files and their journal. */
	readonly folder: string;
	readonly onProgress?: (done: number, total: number) => void;
}

/** How far a database is. */
export interface MigrationState {
	readonly applied: number;
	readonly expected: number;
}

interface Migration {
	readonly hash: string;
	readonly folderMillis: number;
	readonly sql: readonly string[];
}

interface AppliedMigration {
	readonly hash: string;
	readonly createdAt: number;
}

/** Any number that no other lock of this database uses. */
const LOCK_KEY = 7_268_341_955;

/**
 * Brings a database to the state of the migrations, one transaction each, while other starts on the same
 * database wait. Drizzle's own migrator takes no lock and silently skips a migration whose timestamp is older
 * than the newest applied; here the journal must be in order and begin with exactly what was applied.
 * @returns how many were applied before and are expected now
 * @throws MigrationError when the journal is out of order, or the database was migrated by other files
 */
export async function migrateDatabase(url: string, options: MigrateOptions): Promise<MigrationState> {
	const migrations = readMigrations(options.folder);
	const client = new pg.Client({
		connectionString: url,
		connectionTimeoutMillis: 5_000,
		application_name: 'meterside migrate'
	});
	client.on('error', () => undefined);
	await client.connect();
	try {
		await client.query('select pg_advisory_lock($1)', [LOCK_KEY]);
		await client.query('create schema if not exists drizzle');
		await client.query(
			`create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`
		);
		const applied = await readApplied(client);
		checkHistory(applied, migrations);
		for (const [index, migration] of migrations.entries()) {
			if (index < applied.length) continue;
			options.onProgress?.(index, migrations.length);
			await applyMigration(client, migration);
		}
		if (applied.length < migrations.length) options.onProgress?.(migrations.length, migrations.length);
		return { applied: applied.length, expected: migrations.length };
	} finally {
		// Ending the session gives the lock back.
		await client.end();
	}
}

/** How many migrations a database has seen. A database that was never migrated has seen none. */
export async function countAppliedMigrations(pool: pg.Pool): Promise<number> {
	const { rows: tables } = await pool.query<{ present: boolean }>(
		`select to_regclass('drizzle.__drizzle_migrations') is not null as present`
	);
	if (!tables[0]?.present) return 0;
	const { rows } = await pool.query<{ count: string }>('select count(*) from drizzle.__drizzle_migrations');
	return Number(rows[0]?.count);
}

/** How many migrations this version of the portal has. */
export function countExpectedMigrations(folder: string): number {
	return readMigrations(folder).length;
}

function readMigrations(folder: string): Migration[] {
	if (!existsSync(path.join(folder, 'meta', '_journal.json'))) {
		throw new MigrationError(`There are no migrations in ${folder}`);
	}
	const migrations: Migration[] = readMigrationFiles({ migrationsFolder: folder });
	for (const [index, migration] of migrations.entries()) {
		const previous = migrations[index - 1];
		if (previous !== undefined && migration.folderMillis <= previous.folderMillis) {
			throw new MigrationError(
				`The journal of the migrations is out of order: number ${index + 1} is not newer than number ${index}`
			);
		}
	}
	return migrations;
}

async function readApplied(client: pg.Client): Promise<AppliedMigration[]> {
	const { rows } = await client.query<{ hash: string; created_at: string }>(
		'select hash, created_at from drizzle.__drizzle_migrations order by created_at, id'
	);
	return rows.map((row) => ({ hash: row.hash, createdAt: Number(row.created_at) }));
}

function checkHistory(applied: readonly AppliedMigration[], migrations: readonly Migration[]): void {
	if (applied.length > migrations.length) {
		throw new MigrationError(
			`The database has ${applied.length} migrations and this version of the portal knows ${migrations.length}: the database belongs to a newer version`
		);
	}
	for (const [index, past] of applied.entries()) {
		const migration = migrations[index];
		if (past.hash !== migration?.hash || past.createdAt !== migration.folderMillis) {
			throw new MigrationError(
				`Migration number ${index + 1} is not the one that this database was migrated with: applied migrations must not be changed`
			);
		}
	}
}

async function applyMigration(client: pg.Client, migration: Migration): Promise<void> {
	await client.query('begin');
	try {
		for (const statement of migration.sql) {
			if (statement.trim() !== '') await client.query(statement);
		}
		await client.query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [
			migration.hash,
			migration.folderMillis
		]);
		await client.query('commit');
	} catch (error) {
		await client.query('rollback').catch(() => undefined);
		throw error;
	}
}
