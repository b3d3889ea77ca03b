import { JOBS, jobStatuses, type JobStatus } from '#lib/server/jobs/index.ts';
import { defineCommand } from './operator-command.ts';

export const command = defineCommand<JobStatus[]>({
	name: 'jobs',
	describe: 'what the portal does by itself: schedules, and how the last runs ended',
	run: (app) => jobStatuses(app, JOBS),
	toText: (jobs) =>
		jobs
			.map(
				({ job, schedule, timeZone, lastRun }) =>
					`${job}  (${schedule}, ${timeZone})\n  ${lastRun === null ? 'has not run yet' : describeRun(lastRun)}`
			)
			.join('\n'),
	isOk: (jobs) => jobs.every(({ lastRun }) => lastRun?.isOk !== false)
});

function describeRun({ startedAt, finishedAt, isOk, summary }: NonNullable<JobStatus['lastRun']>): string {
	if (finishedAt === null) return `began ${startedAt}: still at work, or cut off`;
	return `began ${startedAt}, ended ${finishedAt}: ${isOk ? 'ok' : 'NOT OK'} ${JSON.stringify(summary)}`;
}
