import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The production build as a process of its own. */
export interface RunningApp {
	readonly origin: string;
	readonly databaseUrl: string;
	/** Everything that the process has written so far. */
	output(): string;
	stop(): Promise<void>;
}

export const projectDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const START_TIMEOUT_MS = 90_000;
const READY = 'Meterside is running at';

/** Starts the built portal on a database and a port of its own, and waits until it serves. */
export async function startApp(options: {
	databaseUrl: string;
	env?: Record<string, string>;
}): Promise<RunningApp> {
	const port = await freePort();
	const origin = `http://localhost:${port}`;
	const dataDir = mkdtempSync(path.join(tmpdir(), 'meterside-app-'));
	const child = spawn(process.execPath, ['src/cli/start.ts'], {
		cwd: projectDir,
		env: {
			PATH: process.env['PATH'],
			HOST: 'localhost',
			PORT: String(port),
			ORIGIN: origin,
			DATABASE_URL: options.databaseUrl,
			DATA_DIR: dataDir,
			AUTH_SECRET: 'a-secret-that-guards-nothing-but-tests',
			LOG_LEVEL: 'warn',
			...options.env
		},
		stdio: ['ignore', 'pipe', 'pipe']
	});
	const killWithUs = () => child.kill('SIGKILL');
	process.once('exit', killWithUs);
	let output = '';
	const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
	const ready = new Promise<void>((resolve) => {
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (chunk: string) => {
				output += chunk;
				if (output.includes(READY)) resolve();
			});
		}
	});
	const stop = async () => {
		child.kill('SIGTERM');
		await ended;
		process.off('exit', killWithUs);
		rmSync(dataDir, { recursive: true, force: true });
	};

	let timer: NodeJS.Timeout | undefined;
	const timedOut = new Promise<'timeout'>((resolve) => {
		timer = setTimeout(() => resolve('timeout'), START_TIMEOUT_MS);
	});
	const outcome = await Promise.race([
		ready.then(() => 'ready' as const),
		ended.then(() => 'ended' as const),
		timedOut
	]);
	clearTimeout(timer);
	if (outcome !== 'ready') {
		await stop();
		throw new Error(`The portal did not start (${outcome}):\n${output}`);
	}
	return { origin, databaseUrl: options.databaseUrl, output: () => output, stop };
}

/** A port that nobody uses at this moment. */
export function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, 'localhost', () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => resolve(port));
		});
	});
}
