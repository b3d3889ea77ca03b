import { chownSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { acquireLock, lockHolderOf, type LockHolder } from '../process-lock.ts';
import { nativeDirFor } from './binaries.ts';
import { checkVersion, locateCluster, lockPathOf, readPostmaster, type Cluster } from './cluster.ts';
import { initialise } from './initialise.ts';
import { createOwnDatabase, urlOf } from './own-database.ts';
import { launch, stopOrphan } from './server-process.ts';
import { ADMIN, DATABASE, OWNER, SETTINGS } from './settings.ts';
import type { SystemUser } from './system-user.ts';

export { EmbeddedServerError } from './failure.ts';

/** What makes one installation's server its own. Kept by the caller, beside the data. */
export interface EmbeddedIdentity {
	/** Unguessable: it names folders in places that all users of the machine share. */
	readonly id: string;
	readonly adminPassword: string;
	readonly password: string;
}

export interface EmbeddedOptions {
	/** Folder of this installation's data. */
	readonly dataDir: string;
	readonly identity: EmbeddedIdentity;
	/** Changes to the server's settings, for tests. */
	readonly settings?: Readonly<Record<string, string>>;
	/** Names each long step as it begins. */
	readonly onStep?: (step: string) => void;
}

/** A running server. */
export interface EmbeddedServer {
	/** The portal's own database, as a user that owns it and nothing else. */
	readonly url: string;
	/** The maintenance database as superuser: for tests, which make databases. */
	readonly adminUrl: string;
	/** Resolves when the server has ended, asked or unasked, with its last complaint, if any. */
	readonly ended: Promise<string | undefined>;
	stop(): Promise<void>;
}

/** A server's place that this process holds: nobody else starts or stops a server there. */
export interface ClusterClaim {
	/** Aborting `signal` ends a start under way and leaves nothing running. */
	start(signal?: AbortSignal): Promise<EmbeddedServer>;
	release(): void;
}

/** A socket's path must fit into 104 bytes on the strictest system, and ends in "/.s.PGSQL.5432". */
const SOCKET_DIR_MAX_BYTES = 80;

/**
 * Reserves the place of this installation's server.
 * @throws LockedError when another process holds it
 * @throws EmbeddedServerError when no place can be made
 */
export function claimCluster(options: EmbeddedOptions, holderName: string): ClusterClaim {
	const cluster = locateCluster(options.dataDir, options.identity.id);
	mkdirSync(path.dirname(cluster.dir), { recursive: true });
	const release = acquireLock(lockPathOf(cluster), holderName);
	return { start: (signal) => startServer(cluster, options, signal), release };
}

/** The process that holds this installation's server, if any, and how to reach the server when it is up. */
export function findRunningServer(
	options: Pick<EmbeddedOptions, 'dataDir' | 'identity'>
): { holder: LockHolder; url: string | undefined } | undefined {
	const cluster = locateCluster(options.dataDir, options.identity.id);
	const holder = lockHolderOf(lockPathOf(cluster));
	if (holder === undefined) return undefined;
	const postmaster = readPostmaster(cluster.dir);
	const url =
		postmaster?.status === 'ready'
			? urlOf(OWNER, options.identity.password, postmaster.socketDir, DATABASE)
			: undefined;
	return { holder, url };
}

async function startServer(
	cluster: Cluster,
	options: EmbeddedOptions,
	signal: AbortSignal | undefined
): Promise<EmbeddedServer> {
	const native = nativeDirFor(cluster.user, options.onStep);
	await stopOrphan(cluster.dir, options.onStep);
	const socketDir = makeSocketDir(cluster.user, options.identity.id);
	try {
		if (!existsSync(cluster.dir) || readdirSync(cluster.dir).length === 0) {
			options.onStep?.('Creating the database');
			await initialise(cluster, native, socketDir, options.identity.adminPassword, signal);
		}
		checkVersion(cluster.dir);
		options.onStep?.('Starting the database');
		const settings = { ...SETTINGS, ...options.settings, unix_socket_directories: socketDir };
		const running = await launch(cluster, native, settings, signal);
		const adminUrl = urlOf(ADMIN, options.identity.adminPassword, socketDir, 'postgres');
		const server: EmbeddedServer = {
			url: urlOf(OWNER, options.identity.password, socketDir, DATABASE),
			adminUrl,
			ended: running.ended,
			async stop() {
				await running.stop();
				rmSync(socketDir, { recursive: true, force: true });
			}
		};
		try {
			await createOwnDatabase(adminUrl, options.identity.password, cluster.dir);
		} catch (error) {
			await server.stop();
			throw error;
		}
		return server;
	} catch (error) {
		rmSync(socketDir, { recursive: true, force: true });
		throw error;
	}
}

function makeSocketDir(user: SystemUser | undefined, id: string): string {
	const name = `meterside-${id}`;
	const inTemporary = path.join(tmpdir(), name);
	const dir = Buffer.byteLength(inTemporary) > SOCKET_DIR_MAX_BYTES ? path.join('/tmp', name) : inTemporary;
	// Left over from a killed start. The name is a secret, so nobody else can have made it.
	rmSync(dir, { recursive: true, force: true });
	mkdirSync(dir, { mode: 0o700 });
	if (user !== undefined) chownSync(dir, user.uid, user.gid);
	return dir;
}
