import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimCluster, findRunningServer, type ClusterClaim } from '#lib/server/db/embedded/index.ts';
import { migrateDatabase, type MigrationState } from '#lib/server/db/migrate.ts';
import { LockedError } from '#lib/server/db/process-lock.ts';
import { loadEnv, type Env } from '#lib/server/env.ts';
import { OperatorError } from './failure.ts';
import { loadInstance } from './instance.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Progress } from './progress.ts';
import { migrationsDir, projectDir } from './project.ts';

/** The validated settings of this process, with the folder that holds the installation's own data. */
export interface Settings {
	readonly env: Env;
	readonly dataDir: string;
}

/** Settings of a process whose database is known and up. */
export interface Connected extends Settings {
	readonly databaseUrl: string;
}

const WAIT_FOR_SERVER_MS = 120_000;
const POLL_INTERVAL_MS = 200;

/**
 * Validates the settings and completes them with what the installation keeps for itself. The result is
 * written back to the environment too, where the built portal reads it.
 */
export function readSettings(): Settings {
	const given = loadEnv(process.env);
	const dataDir = path.resolve(projectDir, given.DATA_DIR ?? '.data');
	if (!process.env['AUTH_SECRET']) process.env['AUTH_SECRET'] = loadInstance(dataDir).authSecret;
	process.env['ORIGIN'] = given.ORIGIN;
	return { env: loadEnv(process.env), dataDir };
}

/** Reserves the embedded server for this process; undefined when the operator has named a database. */
export function claimEmbedded(
	{ env, dataDir }: Settings,
	holderName: string,
	{ life, progress }: { life: Lifecycle; progress: Progress }
): ClusterClaim | undefined {
	if (env.DATABASE_URL !== undefined) return undefined;
	const claim = claimCluster(
		{ dataDir, identity: loadInstance(dataDir), onStep: (step) => progress.update(step) },
		holderName
	);
	life.onStop(() => claim.release());
	return claim;
}

/** Starts the claimed server, or takes the operator's, and makes its address known to the whole process. */
export async function connect(
	settings: Settings,
	claim: ClusterClaim | undefined,
	{ life, progress }: { life: Lifecycle; progress: Progress }
): Promise<Connected> {
	if (claim === undefined) return withUrl(settings, settings.env.DATABASE_URL ?? '');
	const starting = claim.start(life.signal);
	// A stop may come while the server starts.
	life.onStop(async () => {
		const started = await starting.catch(() => undefined);
		await started?.stop();
	});
	const server = await starting;
	progress.finish();
	void server.ended.then((complaint) => {
		if (life.signal.aborted) return;
		const reason = complaint === undefined ? '' : ` (${complaint})`;
		process.stderr.write(`The database server has ended by itself${reason}; stopping\n`);
		void life.stop(1);
	});
	return withUrl(settings, server.url);
}

/**
 * The database for an operator command: the operator's own, the one of the running portal, or else the
 * embedded server for as long as the command runs. Commands wait for each other.
 */
export async function connectForCommand(
	settings: Settings,
	name: string,
	tools: { life: Lifecycle; progress: Progress }
): Promise<Connected> {
	if (settings.env.DATABASE_URL !== undefined) return withUrl(settings, settings.env.DATABASE_URL);
	const options = { dataDir: settings.dataDir, identity: loadInstance(settings.dataDir) };
	for (let waitedMs = 0; waitedMs <= WAIT_FOR_SERVER_MS; waitedMs += POLL_INTERVAL_MS) {
		const running = findRunningServer(options);
		if (running === undefined) {
			try {
				const claim = claimEmbedded(settings, name, tools);
				const connected = await connect(settings, claim, tools);
				await migrate(connected.databaseUrl, tools.progress);
				return connected;
			} catch (error) {
				if (!(error instanceof LockedError)) throw error;
			}
		} else {
			const servesOthers = running.holder.name === 'start' || running.holder.name === 'dev';
			if (servesOthers && running.url !== undefined) return withUrl(settings, running.url);
			tools.progress.update(`Waiting for process ${running.holder.pid} (${running.holder.name})`);
		}
		await sleep(POLL_INTERVAL_MS, undefined, { signal: tools.life.signal });
	}
	throw new OperatorError(
		'Another process has held the database for two minutes; try again when it has ended'
	);
}

/** Migrates with its count on the terminal. */
export async function migrate(databaseUrl: string, progress: Progress): Promise<MigrationState> {
	const state = await migrateDatabase(databaseUrl, {
		folder: migrationsDir,
		onProgress: (done, total) => progress.update('Migrating the database', done, total)
	});
	progress.finish();
	return state;
}

function withUrl(settings: Settings, databaseUrl: string): Connected {
	process.env['DATABASE_URL'] = databaseUrl;
	return { ...settings, env: loadEnv(process.env), databaseUrl };
}
