import { afterAll } from 'vitest';
import { createApp, type App } from '#lib/server/app.ts';
import { fixedClock } from '#lib/server/clock.ts';
import { loadEnv } from '#lib/server/env.ts';
import { createLogger } from '#lib/server/logger.ts';
import { createTestDatabase } from './database.ts';

/**
 * The app on a database of its own, at a time that stands still. Call it at the top of a `*.db.test.ts` file:
 * `const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });`
 */
export async function createTestApp({ now }: { now: string }): Promise<App> {
	const { url } = await createTestDatabase();
	const env = loadEnv({ DATABASE_URL: url, AUTH_SECRET: 'a-secret-that-guards-nothing-but-tests' });
	const app = createApp(env, {
		clock: fixedClock(now),
		logger: createLogger(process.env['LOG_LEVEL'] ?? 'silent')
	});
	// Vitest runs these hooks from the last to the first: the app lets go before its database is dropped.
	afterAll(() => app.close());
	return app;
}
