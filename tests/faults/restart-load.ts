/*
 * A process of its own that keeps asking the portal's services, as fast as they answer, until it is told to
 * stop, and prints what became of every call. Run by pg-restart.db.test.ts.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from '#lib/server/app.ts';
import { loadEnv } from '#lib/server/env.ts';
import { createCustomer, profileOf } from '#lib/server/identity/index.ts';

const WORKERS = 40;
const REPORT_INTERVAL_MS = 50;
const SETTLE_TIMEOUT_MS = 10_000;
/** A caller that is refused at once would otherwise ask thousands of times a second. */
const PAUSE_AFTER_FAILURE_MS = 20;

const app = createApp(loadEnv({ ...process.env, LOG_LEVEL: 'silent' }));
const pending = new Map<number, number>();
let calls = 0;
let succeeded = 0;
let failed = 0;
let slowestMs = 0;
let stopping = false;

const { id: customerId } = await createCustomer(app, {
	customerNo: 'load-0',
	kind: 'residential',
	displayName: 'Load'
});

/** Reads on single connections, writes in transactions, and queries that are under way for a while. */
const work = [
	() => profileOf(app, { kind: 'customer', customerId, sessionId: 'load' }),
	() =>
		createCustomer(app, {
			customerNo: `load-${randomBytes(8).toString('hex')}`,
			kind: 'residential',
			displayName: 'Load'
		}),
	() => app.pool.query('select pg_sleep(0.05)')
];

async function keepAsking(worker: number): Promise<void> {
	while (!stopping) {
		const call = calls++;
		const startedAt = performance.now();
		pending.set(call, startedAt);
		try {
			await work[worker % work.length]?.();
			succeeded++;
		} catch {
			failed++;
			await sleep(PAUSE_AFTER_FAILURE_MS);
		} finally {
			pending.delete(call);
			slowestMs = Math.max(slowestMs, performance.now() - startedAt);
		}
	}
}

const say = (state: object) => process.stdout.write(`${JSON.stringify(state)}\n`);
const workers = Array.from({ length: WORKERS }, (_, worker) => keepAsking(worker));
const reporting = setInterval(() => say({ succeeded, failed }), REPORT_INTERVAL_MS);

process.stdin.once('data', () => void finish());

async function finish(): Promise<never> {
	stopping = true;
	clearInterval(reporting);
	await Promise.race([Promise.all(workers), sleep(SETTLE_TIMEOUT_MS)]);
	say({ succeeded, failed, unsettled: pending.size, slowestMs: Math.round(slowestMs) });
	await app.close();
	return process.exit(0);
}
