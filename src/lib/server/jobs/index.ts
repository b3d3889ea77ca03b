export { type Job, type JobOutcome } from './job.ts';
export { JOBS } from './registry.ts';
export { startJobs, type JobRunner } from './runner.ts';
export { jobStatuses, type JobStatus } from './service.ts';
