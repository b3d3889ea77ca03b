import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createApp, type App } from '#lib/server/app.ts';
import { claimCluster } from '#lib/server/db/embedded/index.ts';
import { migrateDatabase } from '#lib/server/db/migrate.ts';
import { loadEnv } from '#lib/server/env.ts';
import { createLogger } from '#lib/server/logger.ts';

const migrationsDir = path.resolve(import.meta.dirname, '../../../drizzle/migrations');

/** The product's own server with the product's own settings, in a folder that goes with it. */
export interface BenchDatabase {
	readonly url: string;
	readonly app: App;
	stop(): Promise<void>;
}

export async function startBenchDatabase(): Promise<BenchDatabase> {
	const dataDir = mkdtempSync(path.join(tmpdir(), 'meterside-bench-'));
	// As root, the server runs as another user, who must be able to enter.
	chmodSync(dataDir, 0o755);
	const secret = () => randomBytes(15).toString('base64url');
	const identity = { id: secret(), adminPassword: secret(), password: secret() };
	const claim = claimCluster({ dataDir, identity }, 'bench');
	const remove = () => rmSync(dataDir, { recursive: true, force: true });
	try {
		const server = await claim.start();
		await migrateDatabase(server.url, { folder: migrationsDir });
		const env = loadEnv({ DATABASE_URL: server.url, AUTH_SECRET: secret().repeat(2) });
		const app = createApp(env, { logger: createLogger('warn') });
		return {
			url: server.url,
			app,
			async stop() {
				await app.close();
				await server.stop();
				claim.release();
				remove();
			}
		};
	} catch (error) {
		remove();
		throw error;
	}
}
