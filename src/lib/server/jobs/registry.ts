import { auditBills } from '#lib/server/billing/index.ts';
import type { Job } from './job.ts';

/** Enough to find a systematic fault in one night, little enough to be done in seconds. */
const AUDITED_BILLS = 500;

/** Everything that the portal does by itself. */
export const JOBS: readonly Job[] = [
	{
		name: 'bill-audit',
		cron: '30 2 * * *',
		run: async (app, signal) => {
			const { checked, differing } = await auditBills(app, AUDITED_BILLS, { signal });
			// An audit that was cut short says nothing: it is done again.
			signal.throwIfAborted();
			return { isOk: differing.length === 0, summary: { checked, differing } };
		}
	}
];
