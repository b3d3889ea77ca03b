import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { EmbeddedServerError } from './failure.ts';
import { canEnter, ownerOf, systemUser, type SystemUser } from './system-user.ts';

const MAJOR_VERSION = '18';
const SHARED_DATA_DIR = '/var/lib/meterside';

/** The place of a server: its data folder, with lock and log beside it. */
export interface Cluster {
	readonly dir: string;
	/** Whom the server runs as; undefined for the process's own user. */
	readonly user: SystemUser | undefined;
}

/**
 * PostgreSQL refuses to run as root, so root's server runs as a system user. That user may be unable to enter
 * the project's folder (a closed home); the data then lie in a shared place, under an unguessable name.
 */
export function locateCluster(dataDir: string, id: string): Cluster {
	const inDataDir = path.join(dataDir, 'postgres');
	if (process.getuid?.() !== 0) return { dir: inDataDir, user: undefined };
	const owner = ownerOf(inDataDir);
	// Data that a normal user has begun stay that user's.
	if (owner !== undefined && owner.uid !== 0) return { dir: inDataDir, user: owner };
	const user = systemUser();
	return {
		dir: canEnter(user, dataDir) ? inDataDir : path.join(SHARED_DATA_DIR, id, 'postgres'),
		user
	};
}

export function lockPathOf(cluster: Cluster): string {
	return `${cluster.dir}.lock`;
}

/** @throws EmbeddedServerError where the folder cannot be read, is broken or another version's */
export function checkVersion(dir: string): void {
	let version: string;
	try {
		version = readFileSync(path.join(dir, 'PG_VERSION'), 'utf8').trim();
		statSync(path.join(dir, 'global', 'pg_control'));
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'EACCES')
			throw new EmbeddedServerError(`The data folder ${dir} cannot be read by this user`);
		throw new EmbeddedServerError(
			`The data folder ${dir} is broken: PostgreSQL's own files are missing from it; restore it from a backup, or move it away to begin anew`
		);
	}
	if (version !== MAJOR_VERSION) {
		throw new EmbeddedServerError(
			`The data folder ${dir} was written by PostgreSQL ${version}, and this is ${MAJOR_VERSION}; move the data with pg_dump`
		);
	}
}

/** What a server notes about itself in its data folder while it runs. */
interface Postmaster {
	readonly pid: number;
	readonly socketDir: string;
	readonly status: string;
}

export function readPostmaster(dir: string): Postmaster | undefined {
	let lines: string[];
	try {
		lines = readFileSync(path.join(dir, 'postmaster.pid'), 'utf8').split('\n');
	} catch {
		return undefined;
	}
	return { pid: Number(lines[0]), socketDir: lines[4] ?? '', status: (lines[7] ?? '').trim() };
}
