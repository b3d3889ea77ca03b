import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { claimCluster } from '#lib/server/db/embedded/index.ts';
import { migrateDatabase } from '#lib/server/db/migrate.ts';
import { migrationsDir } from '../support/test-server.ts';

const UNSETTLED_AFTER_MS = 10_000;
const RESTARTS = 2;
/** Calls that must have been answered before each restart, and again after it. */
const ENOUGH_CALLS = 300;

interface LoadState {
	readonly succeeded: number;
	readonly failed: number;
	readonly unsettled?: number;
	readonly slowestMs?: number;
}

const dataDir = mkdtempSync(path.join(tmpdir(), 'meterside-fault-'));
// As root, the server runs as another user, who must be able to enter.
chmodSync(dataDir, 0o755);
const secret = () => randomBytes(15).toString('base64url');
const identity = { id: secret(), adminPassword: secret(), password: secret() };
const claim = claimCluster({ dataDir, identity }, 'fault test');
let server = await claim.start();
afterAll(async () => {
	await server.stop();
	claim.release();
	rmSync(dataDir, { recursive: true, force: true });
});
await migrateDatabase(server.url, { folder: migrationsDir });

describe('PostgreSQL is restarted at once, under load', () => {
	it('no process ends, nothing is unsettled after 10 s, and the services answer again', async () => {
		const load = startLoad(server.url);
		await load.until(({ succeeded }) => succeeded > ENOUGH_CALLS);
		for (let restart = 0; restart < RESTARTS; restart++) {
			const before = load.last().failed;
			process.kill(postmasterPid(), 'SIGQUIT');
			await server.ended;
			await load.until(({ failed }) => failed > before);
			server = await claim.start();
			const { succeeded } = load.last();
			await load.until((state) => state.succeeded > succeeded + ENOUGH_CALLS);
		}
		const end = await load.stop();
		expect(end).toMatchObject({ exitCode: 0, unsettled: 0 });
		expect(end.failed).toBeGreaterThan(0);
		expect(end.slowestMs).toBeLessThan(UNSETTLED_AFTER_MS);
	});
});

function postmasterPid(): number {
	return Number(readFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

function startLoad(databaseUrl: string) {
	const child = spawn(process.execPath, [path.join(import.meta.dirname, 'restart-load.ts')], {
		env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl },
		stdio: ['pipe', 'pipe', 'pipe']
	});
	let errors = '';
	child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
	const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
	let last: LoadState = { succeeded: 0, failed: 0 };
	let onState = () => undefined as void;
	createInterface(child.stdout).on('line', (line) => {
		last = JSON.parse(line) as LoadState;
		onState();
	});
	return {
		last: () => last,
		until: (reached: (state: LoadState) => boolean) =>
			new Promise<void>((resolve, reject) => {
				onState = () => reached(last) && resolve();
				onState();
				void exited.then((code) => reject(new Error(`The loaded process ended (${code}):\n${errors}`)));
			}),
		async stop() {
			child.stdin.end('stop\n');
			const exitCode = await exited;
			return { ...last, exitCode };
		}
	};
}
