import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readPostmaster, type Cluster } from './cluster.ts';
import { EmbeddedServerError, failureFrom, worstLineOf } from './failure.ts';
import { spawnOptions } from './system-user.ts';

const READY_TIMEOUT_MS = 120_000;
const FAST_STOP_TIMEOUT_MS = 15_000;
const IMMEDIATE_STOP_TIMEOUT_MS = 5_000;
const POLL_INTERVAL_MS = 25;
/** After a hard kill the old server's processes may hold its shared memory for a moment. */
const SHARED_MEMORY_RETRIES = 20;
const SHARED_MEMORY_RETRY_MS = 250;

/** A server that has been started and accepts connections. */
export interface ServerProcess {
	readonly ended: Promise<string | undefined>;
	stop(): Promise<void>;
}

/** @throws EmbeddedServerError with what PostgreSQL said when it does not come up */
export async function launch(
	cluster: Cluster,
	native: string,
	settings: Readonly<Record<string, string>>,
	signal: AbortSignal | undefined
): Promise<ServerProcess> {
	for (let attempt = 0; ; attempt++) {
		const outcome = await launchOnce(cluster, native, settings, signal);
		if (!('log' in outcome)) return outcome;
		if (attempt >= SHARED_MEMORY_RETRIES || !/shared memory block .* still in use/.test(outcome.log)) {
			throw failureFrom(outcome.log, 'PostgreSQL could not start', cluster.dir);
		}
		await sleep(SHARED_MEMORY_RETRY_MS);
	}
}

async function launchOnce(
	cluster: Cluster,
	native: string,
	settings: Readonly<Record<string, string>>,
	signal: AbortSignal | undefined
): Promise<ServerProcess | { log: string }> {
	const logPath = `${cluster.dir}.log`;
	if (existsSync(logPath)) renameSync(logPath, `${logPath}.1`);
	const log = openSync(logPath, 'w', 0o600);
	const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	const child = spawn(path.join(native, 'bin', 'postgres'), ['-D', cluster.dir, ...flags], {
		...spawnOptions(cluster.user),
		stdio: ['ignore', log, log]
	});
	closeSync(log);
	let isRunning = true;
	const ended = new Promise<string | undefined>((resolve, reject) => {
		child.once('error', (error) => {
			isRunning = false;
			reject(error);
		});
		child.once('exit', () => {
			isRunning = false;
			resolve(worstLineOf(readLog(logPath)));
		});
	});
	// The portal may end without having been asked; its server must not outlive it.
	const stopWithUs = () => child.kill('SIGINT');
	process.once('exit', stopWithUs);
	const forget = () => process.off('exit', stopWithUs);
	ended.then(forget, forget);

	for (let waitedMs = 0; isRunning; waitedMs += POLL_INTERVAL_MS) {
		const postmaster = readPostmaster(cluster.dir);
		if (postmaster?.pid === child.pid && postmaster?.status === 'ready') {
			return { ended, stop: () => stopChild(child, () => isRunning) };
		}
		if (signal?.aborted || waitedMs > READY_TIMEOUT_MS) {
			await stopChild(child, () => isRunning);
			signal?.throwIfAborted();
			throw new EmbeddedServerError(
				`PostgreSQL was not ready within ${READY_TIMEOUT_MS / 1000} s; see ${logPath}`
			);
		}
		await sleep(POLL_INTERVAL_MS);
	}
	await ended;
	return { log: readLog(logPath) };
}

/** A server whose portal was killed hard is still running: it is stopped in order, and a stale note removed. */
export async function stopOrphan(dir: string, onStep?: (step: string) => void): Promise<void> {
	const postmaster = readPostmaster(dir);
	if (postmaster === undefined) return;
	if (isServerOf(dir, postmaster.pid)) {
		onStep?.('Stopping the database server of a portal that was killed');
		await stopProcess(postmaster.pid, () => isServerOf(dir, postmaster.pid));
	}
	// PostgreSQL would refuse to start if another process had been given the dead server's number.
	if (readPostmaster(dir)?.pid === postmaster.pid) rmSync(path.join(dir, 'postmaster.pid'), { force: true });
	if (postmaster.socketDir !== '') rmSync(postmaster.socketDir, { recursive: true, force: true });
}

function isServerOf(dir: string, pid: number): boolean {
	if (!Number.isInteger(pid) || pid <= 1) return false;
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(dir);
	} catch {
		if (process.platform === 'linux') return false;
	}
	const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
	return stdout?.includes(dir) ?? false;
}

async function stopChild(child: ChildProcess, isRunning: () => boolean): Promise<void> {
	if (child.pid !== undefined && isRunning()) await stopProcess(child.pid, isRunning);
}

async function stopProcess(pid: number, isRunning: () => boolean): Promise<void> {
	// Fast, then immediate (the next start recovers from the log), then the end.
	const escalation = [
		['SIGINT', FAST_STOP_TIMEOUT_MS],
		['SIGQUIT', IMMEDIATE_STOP_TIMEOUT_MS],
		['SIGKILL', IMMEDIATE_STOP_TIMEOUT_MS]
	] as const;
	for (const [signal, timeoutMs] of escalation) {
		try {
			process.kill(pid, signal);
		} catch {
			return;
		}
		for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += POLL_INTERVAL_MS) {
			if (!isRunning()) return;
			await sleep(POLL_INTERVAL_MS);
		}
	}
	throw new EmbeddedServerError(`The database server (process ${pid}) cannot be stopped`);
}

function readLog(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}
