import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Who holds a lock: enough to tell a living holder from another process that got its number later. */
export interface LockHolder {
	readonly pid: number;
	/** What the process does, for the message of whoever comes second: "start", "import". */
	readonly name: string;
	/** When the process was started, in the system's own terms; empty where the system does not tell. */
	readonly startToken: string;
}

/** Another living process holds the lock. */
export class LockedError extends Error {
	override name = 'LockedError';
	readonly holder: LockHolder;

	constructor(holder: LockHolder) {
		super(`in use by process ${holder.pid} (${holder.name})`);
		this.holder = holder;
	}
}

const ATTEMPTS = 5;

/**
 * Takes a lock that a killed holder leaves behind harmlessly: the next taker sees that it is dead.
 * @throws LockedError when a living process holds it
 * @returns a function that gives the lock back
 */
export function acquireLock(path: string, name: string): () => void {
	const own = JSON.stringify({
		pid: process.pid,
		name,
		startToken: startTokenOf(process.pid)
	} satisfies LockHolder);
	const draft = `${path}.${process.pid}`;
	writeFileSync(draft, own, { mode: 0o644 });
	try {
		for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
			try {
				// A hard link appears with its content in one step, or fails because the lock exists.
				linkSync(draft, path);
				return () => {
					if (readText(path) === own) rmSync(path, { force: true });
				};
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
			}
			const text = readText(path);
			if (text === undefined) continue;
			const holder = parseHolder(text);
			if (holder !== undefined && isAlive(holder)) throw new LockedError(holder);
			discardStale(path, text);
		}
		throw new Error(`The lock ${path} cannot be taken`);
	} finally {
		rmSync(draft, { force: true });
	}
}

/** The living holder of a lock, if there is one. */
export function lockHolderOf(path: string): LockHolder | undefined {
	const text = readText(path);
	const holder = text === undefined ? undefined : parseHolder(text);
	return holder !== undefined && isAlive(holder) ? holder : undefined;
}

/** Removes a dead holder's lock, and puts it back if another process has replaced it in the meantime. */
function discardStale(path: string, staleText: string): void {
	const aside = `${path}.stale.${process.pid}`;
	try {
		renameSync(path, aside);
	} catch {
		return;
	}
	if (readText(aside) !== staleText) {
		try {
			linkSync(aside, path);
		} catch {
			// A third process has taken it by now; the one set aside will notice that it lost.
		}
	}
	rmSync(aside, { force: true });
}

function parseHolder(text: string): LockHolder | undefined {
	try {
		const value = JSON.parse(text) as Partial<LockHolder>;
		if (!Number.isInteger(value.pid)) return undefined;
		return { pid: value.pid as number, name: value.name ?? '', startToken: value.startToken ?? '' };
	} catch {
		return undefined;
	}
}

function isAlive(holder: LockHolder): boolean {
	try {
		process.kill(holder.pid, 0);
	} catch (error) {
		return (
			(error as NodeJS.ErrnoException).code === 'EPERM' && startTokenOf(holder.pid) === holder.startToken
		);
	}
	return startTokenOf(holder.pid) === holder.startToken;
}

/** Linux numbers processes anew after a restart; boot id and start tick together never repeat. */
function startTokenOf(pid: number): string {
	const stat = readText(`/proc/${pid}/stat`);
	if (stat === undefined) return '';
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	// A process that was killed keeps its number until its parent has asked how it ended.
	if (fields[0] === 'Z' || fields[0] === 'X') return '';
	return `${readText('/proc/sys/kernel/random/boot_id')?.trim()}:${fields[19]}`;
}

function readText(path: string): string | undefined {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return undefined;
	}
}
