import { describe, expect, it, vi } from 'vitest';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import { JOBS, jobStatuses, startJobs, type Job, type JobOutcome } from './index.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });

/** A job that nobody waits for by the clock: it runs when it is asked for. */
function job(name: string, run: Job['run']): Job {
	return { name, cron: '0 0 1 1 *', run };
}

/** How often the tests look for work. */
const soon = { pollSeconds: 0.5 };
const fine: JobOutcome = { isOk: true, summary: { checked: 3 } };

async function lastRunOf(one: Job) {
	const [status] = await jobStatuses(app, [one]);
	return status?.lastRun;
}

/** Runs a job as the portal does, until its run is recorded as finished. */
async function runOnce(one: Job) {
	const runner = await startJobs(app, [one], soon);
	try {
		await runner.request(one.name);
		await vi.waitUntil(async () => (await lastRunOf(one))?.finishedAt != null, { timeout: 30_000 });
		return await lastRunOf(one);
	} finally {
		await runner.stop();
	}
}

describe('the jobs of the portal', () => {
	it('have not run before they did', async () => {
		const statuses = await jobStatuses(app, JOBS);
		expect(statuses.map(({ job: name, lastRun }) => [name, lastRun])).toEqual([['bill-audit', null]]);
	});

	it('keep what came out, by the clock of the portal', async () => {
		const run = await runOnce(job('works', () => Promise.resolve(fine)));
		expect(run).toMatchObject(fine);
		expect(run?.startedAt).toMatch(/^2026-03-18T01:/);
	});

	it('say when they found something wrong', async () => {
		const found: JobOutcome = { isOk: false, summary: { differing: ['1-202601'] } };
		expect(await runOnce(job('finds', () => Promise.resolve(found)))).toMatchObject(found);
	});

	it('say why they failed', async () => {
		const run = await runOnce(job('fails', () => Promise.reject(new Error('no such bill'))));
		expect(run).toMatchObject({ isOk: false, summary: { failure: 'no such bill' } });
	});

	it('run once for two processes, and not again while at work', async () => {
		let count = 0;
		let finish: () => void = () => undefined;
		const finished = new Promise<void>((resolve) => (finish = resolve));
		const one = job('single', async () => {
			count++;
			await finished;
			return fine;
		});
		const runners = await Promise.all([startJobs(app, [one], soon), startJobs(app, [one], soon)]);
		try {
			await Promise.all(runners.map((runner) => runner.request(one.name)));
			await vi.waitUntil(() => count > 0, { timeout: 30_000 });
			await runners[0]?.request(one.name);
			finish();
			await vi.waitUntil(async () => (await lastRunOf(one))?.isOk === true, { timeout: 30_000 });
		} finally {
			await Promise.all(runners.map((runner) => runner.stop()));
		}
		expect(count).toBe(1);
	});

	it('audit bills, of which an empty portal has none', async () => {
		const [audit] = JOBS;
		if (audit === undefined) throw new Error('no job');
		expect(await runOnce(audit)).toMatchObject({ isOk: true, summary: { checked: 0, differing: [] } });
	});
});
