import type { App } from '#lib/server/app.ts';

/** What a finished run has to say: figures for the operator, stored with the run. */
export interface JobOutcome {
	/** False where the job did its work and found something wrong. */
	readonly isOk: boolean;
	readonly summary: Readonly<Record<string, unknown>>;
}

/** Work that the portal does by itself. Each run can be repeated: it computes what should be, and does what is missing. */
export interface Job {
	/** Name of the queue, kebab-case. */
	readonly name: string;
	/** Five cron fields, in the zone of `JOB_TIME_ZONE`. */
	readonly cron: string;
	/** Aborted when the portal stops or the run takes too long. */
	run(app: App, signal: AbortSignal): Promise<JobOutcome>;
}

/** The first market's civil time: its nights are when nobody waits. */
export const JOB_TIME_ZONE = 'Asia/Shanghai';
