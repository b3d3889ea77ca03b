import { desc, eq, inArray } from 'drizzle-orm';
import type { Executor } from '#lib/server/db/client.ts';
import { jobRun } from '#lib/server/db/schema/index.ts';
import type { JobOutcome } from './job.ts';

export type JobRunRow = typeof jobRun.$inferSelect;

/** @returns the run's id */
export async function insertRun(executor: Executor, job: string, startedAt: Date): Promise<number> {
	const [row] = await executor.insert(jobRun).values({ job, startedAt }).returning({ id: jobRun.id });
	if (row === undefined) throw new Error('the run was not recorded');
	return row.id;
}

export async function finishRun(
	executor: Executor,
	id: number,
	finishedAt: Date,
	outcome: JobOutcome
): Promise<void> {
	await executor
		.update(jobRun)
		.set({ finishedAt, ...outcome })
		.where(eq(jobRun.id, id));
}

/** The newest run of each of the jobs that ever ran. */
export async function latestRuns(executor: Executor, jobs: readonly string[]): Promise<JobRunRow[]> {
	return executor
		.selectDistinctOn([jobRun.job])
		.from(jobRun)
		.where(inArray(jobRun.job, [...jobs]))
		.orderBy(jobRun.job, desc(jobRun.id));
}
