import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, projectDir } from './app.ts';

/** The program that `npm start` calls, with everything that it starts. */
export interface Portal {
	readonly port: number;
	readonly origin: string;
	/** The outermost process: the bootstrap, or npm. */
	readonly pid: number;
	/** Everything that it has written so far. */
	output(): string;
	/** Settles when it has written the text. @throws when it ends without, or takes too long */
	says(text: string): Promise<void>;
	/** Settles when it has ended and nobody is left who could write. */
	readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export interface StartOptions {
	readonly dataDir: string;
	/** Settings besides the port and the folder. The portal is empty unless DEMO says otherwise. */
	readonly env?: Readonly<Record<string, string>>;
	/** What to call instead of the bootstrap. */
	readonly command?: readonly [string, ...string[]];
	/** Whom to run as; root only. */
	readonly user?: { readonly uid: number; readonly gid: number };
}

const TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 25;
export const READY = 'Meterside is running at';

/** Starts the real program on a port and a data folder of its own. */
export async function startPortal({ dataDir, env, command, user }: StartOptions): Promise<Portal> {
	const port = env?.['PORT'] === undefined ? await freePort() : Number(env['PORT']);
	const [file, ...args] = command ?? [process.execPath, 'src/cli/bootstrap.mjs', 'start'];
	const child = spawn(file, args, {
		cwd: projectDir,
		// Only what the program needs: that the tests themselves run under npm must not show.
		env: {
			PATH: process.env['PATH'],
			HOME: path.dirname(dataDir),
			HOST: 'localhost',
			PORT: String(port),
			DATA_DIR: dataDir,
			DEMO: '0',
			...env
		},
		stdio: ['ignore', 'pipe', 'pipe'],
		...user
	});
	let output = '';
	let hasEnded = false;
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
	}
	const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => {
			hasEnded = true;
			resolve({ code, signal });
		});
	});
	return {
		port,
		origin: `http://localhost:${port}`,
		pid: child.pid ?? NaN,
		output: () => output,
		async says(text) {
			await until(() => output.includes(text) || hasEnded, `"${text}"`);
			if (!output.includes(text)) throw new Error(`The portal ended without saying "${text}":\n${output}`);
		},
		ended
	};
}

/** @throws when the condition does not come true in time */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
	const deadline = Date.now() + TIMEOUT_MS;
	while (!(await condition())) {
		if (Date.now() > deadline) throw new Error(`Not within ${TIMEOUT_MS / 1000} s: ${what}`);
		await sleep(POLL_INTERVAL_MS);
	}
}

/** A process that has to do with a data folder. */
export interface PortalProcess {
	readonly pid: number;
	readonly command: string;
}

/**
 * Every living process that was started for the data folder, works in it or names it: npm, bootstrap, program,
 * and all of PostgreSQL, whoever their parents are by now.
 */
export function processesOf(dataDir: string): PortalProcess[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
		.flatMap((name) => {
			const command = readProc(name, 'cmdline').replaceAll('\0', ' ').trim();
			const settings = readProc(name, 'environ').split('\0');
			const isOf =
				settings.includes(`DATA_DIR=${dataDir}`) ||
				command.includes(`${dataDir}/`) ||
				workingDirOf(name).startsWith(`${dataDir}/`);
			// A dead process that its parent has not taken note of has no command any more.
			return isOf && command !== '' ? [{ pid: Number(name), command }] : [];
		});
}

function readProc(pid: string, file: string): string {
	try {
		return readFileSync(`/proc/${pid}/${file}`, 'utf8');
	} catch {
		return '';
	}
}

function workingDirOf(pid: string): string {
	try {
		return readlinkSync(`/proc/${pid}/cwd`);
	} catch {
		return '';
	}
}

/** Kills every process of a data folder that `which` selects, all at once, as the kernel does. */
export function killHard(dataDir: string, which: (process: PortalProcess) => boolean = () => true): number[] {
	const pids = processesOf(dataDir)
		.filter(which)
		.map(({ pid }) => pid);
	for (const pid of pids) {
		try {
			process.kill(pid, 'SIGKILL');
		} catch (error) {
			// Another one's end has ended it already.
			if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
		}
	}
	return pids;
}
