import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { claimCluster } from '#lib/server/db/embedded/index.ts';
import { migrateDatabase } from '#lib/server/db/migrate.ts';

/** A PostgreSQL of its own for one run of tests. */
export interface TestServer {
	readonly adminUrl: string;
	/** Address of a database on this server, as the user that owns it. */
	urlOf(database: string): string;
	stop(): Promise<void>;
}

export const migrationsDir = path.resolve(
	path.dirname(fileURLToPath(import.meta.url)),
	'../../drizzle/migrations'
);
/** A migrated database that is never opened, only copied. */
export const TEMPLATE = 'meterside_template';

const OWNER = 'meterside';
const PREFIX = 'meterside-test-';

/** Starts a server in a folder of its own; the folder goes with it. */
export async function startTestServer(): Promise<TestServer> {
	await sweepDeadRuns();
	const dataDir = mkdtempSync(path.join(tmpdir(), `${PREFIX}${process.pid}-`));
	// As root, the server runs as another user, who must be able to enter.
	chmodSync(dataDir, 0o755);
	const remove = () => rmSync(dataDir, { recursive: true, force: true });
	const secret = () => randomBytes(15).toString('base64url');
	const claim = claimCluster(
		{
			dataDir,
			identity: { id: secret(), adminPassword: secret(), password: secret() },
			// Nothing here outlives the run, so nothing needs to reach the disk.
			settings: {
				fsync: 'off',
				synchronous_commit: 'off',
				full_page_writes: 'off',
				max_connections: '120',
				max_wal_size: '2GB'
			}
		},
		'test'
	);
	try {
		const server = await claim.start();
		return {
			adminUrl: server.adminUrl,
			urlOf: (database) => withDatabase(server.url, database),
			async stop() {
				await server.stop();
				claim.release();
				remove();
			}
		};
	} catch (error) {
		remove();
		throw error;
	}
}

/** Creates the database that all others are copied from. */
export async function createTemplate(server: TestServer): Promise<void> {
	await administer(server.adminUrl, `create database ${TEMPLATE} owner ${OWNER}`);
	await migrateDatabase(server.urlOf(TEMPLATE), { folder: migrationsDir });
}

/** Copies the template, or creates an empty database when there is none. */
export async function createDatabase(adminUrl: string, name: string, template?: string): Promise<void> {
	const from = template === undefined ? '' : ` template ${template}`;
	await administer(adminUrl, `create database ${name} owner ${OWNER}${from}`);
}

/** Drops a database, whoever is still connected to it. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
	await administer(adminUrl, `drop database if exists ${name} with (force)`);
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
	return url.replace(/\/[^/]*$/, `/${database}`);
}

async function administer(adminUrl: string, statement: string): Promise<void> {
	const client = new pg.Client({ connectionString: adminUrl });
	await client.connect();
	try {
		await client.query(statement);
	} finally {
		await client.end();
	}
}

/** A run that was killed hard leaves its server and folder behind; the next run clears them away. */
async function sweepDeadRuns(): Promise<void> {
	for (const name of readdirSync(tmpdir())) {
		const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : NaN;
		if (!Number.isInteger(pid) || isAlive(pid)) continue;
		const dir = path.join(tmpdir(), name);
		const { pid: postmaster, socketDir } = readPostmaster(path.join(dir, 'postgres', 'postmaster.pid'));
		if (postmaster !== undefined && commandOf(postmaster).includes(dir)) {
			process.kill(postmaster, 'SIGQUIT');
			for (let polls = 0; polls < 100 && isAlive(postmaster); polls++) {
				await new Promise((resolve) => setTimeout(resolve, 50));
			}
		}
		for (const left of [dir, socketDir]) if (left) rmSync(left, { recursive: true, force: true });
	}
}

function readPostmaster(file: string): { pid?: number; socketDir?: string } {
	try {
		const lines = readFileSync(file, 'utf8').split('\n');
		return { pid: Number(lines[0]), socketDir: lines[4] };
	} catch {
		return {};
	}
}

function commandOf(pid: number): string {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
	} catch {
		return '';
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
