import type { EventEmitter } from 'node:events';
import { constants } from 'node:os';

/** Steps to undo when the process ends, whatever ends it. */
export interface Lifecycle {
	/** Aborted as soon as the process is asked to stop. */
	readonly signal: AbortSignal;
	/** Registers a step to undo; the last registered runs first. */
	onStop(step: (reason: string) => Promise<void> | void): void;
	/** Undoes everything and ends the process. Asking again changes nothing. */
	stop(exitCode: number, reason?: string): Promise<never>;
}

const PARENT_CHECK_INTERVAL_MS = 500;
/** A step that hangs must not keep the process for ever. */
const STOP_TIMEOUT_MS = 30_000;
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Listens for requests to stop: signals, and the end of the bootstrap process that started this one. */
export function createLifecycle(): Lifecycle {
	const steps: ((reason: string) => Promise<void> | void)[] = [];
	const abort = new AbortController();
	let stopping: Promise<never> | undefined;

	async function undoAll(exitCode: number, reason: string): Promise<never> {
		setTimeout(() => process.exit(exitCode), STOP_TIMEOUT_MS).unref();
		for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
			try {
				await step(reason);
			} catch (error) {
				process.stderr.write(`While stopping: ${error instanceof Error ? error.message : String(error)}\n`);
				exitCode ||= 1;
			}
		}
		process.exit(exitCode);
	}

	function stop(exitCode: number, reason = 'end'): Promise<never> {
		if (stopping === undefined) {
			abort.abort();
			stopping = undoAll(exitCode, reason);
		}
		return stopping;
	}

	// npm, the bootstrap and the terminal may each pass on the same Ctrl-C: one request stops, repeats are ignored.
	for (const signal of STOP_SIGNALS) {
		process.on(signal, () => void stop(128 + constants.signals[signal], signal));
	}
	watchParent(() => void stop(128 + constants.signals.SIGTERM, 'SIGTERM'));
	return { signal: abort.signal, onStop: (step) => void steps.push(step), stop };
}

/** The portal lets go of the database, which is stopped next: adapter-node's own event, awaited. */
export async function shutDownPortal(reason: string): Promise<void> {
	const listeners = (process as EventEmitter).listeners('sveltekit:shutdown') as ((
		reason: string
	) => unknown)[];
	await Promise.allSettled(listeners.map(async (close) => close(reason)));
}

/** Only under the bootstrap, which says so: a server started by hand may outlive its shell. */
function watchParent(onGone: () => void): void {
	const parentPid = Number(process.env['METERSIDE_PARENT_PID']);
	delete process.env['METERSIDE_PARENT_PID'];
	if (!Number.isInteger(parentPid) || parentPid <= 0) return;
	const timer = setInterval(() => {
		if (process.ppid === parentPid) return;
		clearInterval(timer);
		onGone();
	}, PARENT_CHECK_INTERVAL_MS);
	timer.unref();
}
