import type { App } from '#lib/server/app.ts';
import type { Job } from './job.ts';
import { JOB_TIME_ZONE } from './job.ts';
import { latestRuns } from './repo.ts';

/** What the operator sees of a job. Instants in ISO 8601. */
export interface JobStatus {
	readonly job: string;
	/** Five cron fields in `timeZone`. */
	readonly schedule: string;
	readonly timeZone: string;
	/** Null before the first run. */
	readonly lastRun: {
		readonly startedAt: string;
		/** Null while it runs, or where its process was cut off. */
		readonly finishedAt: string | null;
		/** False where it failed or found something wrong; null while it runs. */
		readonly isOk: boolean | null;
		readonly summary: Readonly<Record<string, unknown>> | null;
	} | null;
}

/** The jobs with their schedules and newest runs. */
export async function jobStatuses(app: App, jobs: readonly Job[]): Promise<JobStatus[]> {
	const runs = await latestRuns(
		app.db,
		jobs.map(({ name }) => name)
	);
	return jobs.map(({ name, cron }) => {
		const run = runs.find(({ job }) => job === name);
		return {
			job: name,
			schedule: cron,
			timeZone: JOB_TIME_ZONE,
			lastRun:
				run === undefined
					? null
					: {
							startedAt: run.startedAt.toISOString(),
							finishedAt: run.finishedAt?.toISOString() ?? null,
							isOk: run.isOk,
							summary: run.summary
						}
		};
	});
}
