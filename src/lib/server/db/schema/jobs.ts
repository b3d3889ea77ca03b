import { bigint, boolean, index, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** What the portal did by itself. A run without `finished_at` is at work, or was cut off with its process. */
export const jobRun = pgTable(
	'job_run',
	{
		id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
		job: text().notNull(),
		startedAt: timestamp('started_at', { withTimezone: true }).notNull(),
		finishedAt: timestamp('finished_at', { withTimezone: true }),
		/** False where the run failed, or found something wrong. */
		isOk: boolean('is_ok'),
		/** Figures of the run, or the reason of its failure. */
		summary: jsonb().$type<Readonly<Record<string, unknown>>>()
	},
	(table) => [index('job_run_latest').on(table.job, table.id)]
);
