import { PgBoss } from 'pg-boss';
import type { App } from '#lib/server/app.ts';
import { openDatabase } from '#lib/server/db/client.ts';
import { JOB_TIME_ZONE, type Job } from './job.ts';
import * as repo from './repo.ts';

/** Connections that the queue has to itself, so that jobs at work never keep a customer waiting for one. */
const POOL_SIZE = 2;
const POLL_SECONDS = 10;
/** A run that takes longer is taken for dead, and done again. */
const LONGEST_RUN_SECONDS = 3600;
const HEARTBEAT_SECONDS = 60;
const RETRIES = 2;
const RETRY_DELAY_SECONDS = 300;
const STOP_TIMEOUT_MS = 10_000;

/** The scheduler of one process. Any number of processes may run one: a job runs once for all of them. */
export interface JobRunner {
	/** Asks for a run now, beside the schedule. */
	request(job: string): Promise<void>;
	/** Waits for the runs at work, a few seconds at most. */
	stop(): Promise<void>;
}

/**
 * Schedules the jobs and does what is due. Survives a restart of the database: what was due meanwhile is done
 * after it. The tables of the queue are its library's own, in the schema `pgboss`.
 */
export async function startJobs(
	app: App,
	jobs: readonly Job[],
	{ pollSeconds = POLL_SECONDS }: { readonly pollSeconds?: number } = {}
): Promise<JobRunner> {
	const { pool, close } = openDatabase(app.databaseUrl, { logger: app.logger, poolSize: POOL_SIZE });
	const boss = new PgBoss({
		db: { executeSql: (text, values) => pool.query(text, values) },
		schema: 'pgboss'
	});
	boss.on('error', (error) => app.logger.warn({ err: error.message }, 'job queue'));
	await boss.start();
	for (const job of jobs) {
		await boss.createQueue(job.name, {
			policy: 'exclusive',
			expireInSeconds: LONGEST_RUN_SECONDS,
			// A run whose process was killed is noticed in a minute, not after the hour.
			heartbeatSeconds: HEARTBEAT_SECONDS,
			retryLimit: RETRIES,
			retryDelay: RETRY_DELAY_SECONDS
		});
		await boss.schedule(job.name, job.cron, null, { tz: JOB_TIME_ZONE });
		await boss.work(job.name, { pollingIntervalSeconds: pollSeconds }, ([asked]) =>
			perform(app, job, asked?.signal ?? AbortSignal.abort())
		);
	}
	return {
		request: async (name) => void (await boss.send(name)),
		stop: async () => {
			await boss.stop({ graceful: true, timeout: STOP_TIMEOUT_MS });
			await close();
		}
	};
}

/** Runs a job and keeps its outcome. A failure is kept too, and thrown on so that the queue tries again. */
async function perform(app: App, job: Job, signal: AbortSignal): Promise<void> {
	const now = () => new Date(app.clock.now().epochMilliseconds);
	const id = await repo.insertRun(app.db, job.name, now());
	try {
		const outcome = await job.run(app, signal);
		await repo.finishRun(app.db, id, now(), outcome);
		const { isOk, summary } = outcome;
		app.logger[isOk ? 'info' : 'error']({ job: job.name, ...summary }, 'job finished');
	} catch (error) {
		const failure = error instanceof Error ? error.message : String(error);
		app.logger.error({ job: job.name, err: error }, 'job failed');
		await repo.finishRun(app.db, id, now(), { isOk: false, summary: { failure } });
		throw error;
	}
}
