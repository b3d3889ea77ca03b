import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '../../../../tests/support/database.ts';
import { migrationsDir } from '../../../../tests/support/test-server.ts';
import { countAppliedMigrations, countExpectedMigrations, migrateDatabase } from './migrate.ts';

const expected = countExpectedMigrations(migrationsDir);

interface Journal {
	entries: { idx: number; when: number; tag: string; breakpoints: boolean; version: string }[];
}

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A copy of the migrations with one change. */
function migrationsWith(change: (folder: string, journal: Journal) => void): string {
	const folder = mkdtempSync(path.join(tmpdir(), 'migrations-'));
	folders.push(folder);
	cpSync(migrationsDir, folder, { recursive: true });
	const journalPath = path.join(folder, 'meta', '_journal.json');
	const journal = JSON.parse(readFileSync(journalPath, 'utf8')) as Journal;
	change(folder, journal);
	writeFileSync(journalPath, JSON.stringify(journal));
	return folder;
}

function addMigration(folder: string, journal: Journal, sql: string, when?: number): void {
	const newest = Math.max(...journal.entries.map((entry) => entry.when));
	const tag = `${String(journal.entries.length).padStart(4, '0')}_added`;
	journal.entries.push({
		idx: journal.entries.length,
		version: '7',
		when: when ?? newest + 1,
		tag,
		breakpoints: true
	});
	writeFileSync(path.join(folder, `${tag}.sql`), sql);
}

async function countIn(url: string): Promise<number> {
	const pool = new pg.Pool({ connectionString: url, max: 1 });
	try {
		return await countAppliedMigrations(pool);
	} finally {
		await pool.end();
	}
}

describe('migrating', async () => {
	const fresh = await createTestDatabase({ migrated: false });
	const { url } = await createTestDatabase();

	test('a fresh database gets every migration, once, from several starts at a time', async () => {
		expect(await countIn(fresh.url)).toBe(0);
		const states = await Promise.all(
			[1, 2, 3].map(() => migrateDatabase(fresh.url, { folder: migrationsDir }))
		);
		expect(states.map(({ applied }) => applied).sort()).toEqual([0, expected, expected]);
		expect(await countIn(fresh.url)).toBe(expected);
	});

	test('a migrated database is left as it is', async () => {
		expect(await migrateDatabase(url, { folder: migrationsDir })).toEqual({ applied: expected, expected });
	});

	test('a migration older than the newest applied is refused, not skipped', async () => {
		const folder = migrationsWith((dir, journal) => addMigration(dir, journal, 'select 1', 1));
		await expect(migrateDatabase(url, { folder })).rejects.toThrow('out of order');
	});

	test('a changed migration that was applied already is refused', async () => {
		const folder = migrationsWith((dir, journal) => {
			const first = path.join(dir, `${journal.entries[0]?.tag}.sql`);
			writeFileSync(first, `${readFileSync(first, 'utf8')}\n-- changed`);
		});
		await expect(migrateDatabase(url, { folder })).rejects.toThrow('Migration number 1 is not the one');
	});

	test('a database of a newer version is refused', async () => {
		const folder = migrationsWith((_, journal) => journal.entries.pop());
		await expect(migrateDatabase(url, { folder })).rejects.toThrow('belongs to a newer version');
	});

	test('a migration that fails leaves nothing behind, and the next attempt goes on from there', async () => {
		const broken = migrationsWith((dir, journal) => {
			addMigration(dir, journal, 'create table half_done (id int);--> statement-breakpoint\nselect 1/0');
		});
		await expect(migrateDatabase(url, { folder: broken })).rejects.toThrow('division by zero');
		expect(await countIn(url)).toBe(expected);

		const mended = migrationsWith((dir, journal) =>
			addMigration(dir, journal, 'create table half_done (id int)')
		);
		const counts: string[] = [];
		await migrateDatabase(url, {
			folder: mended,
			onProgress: (done, total) => counts.push(`${done}/${total}`)
		});
		expect(counts).toEqual([`${expected}/${expected + 1}`, `${expected + 1}/${expected + 1}`]);
		expect(await countIn(url)).toBe(expected + 1);
	});
});
