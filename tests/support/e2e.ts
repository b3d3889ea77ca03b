import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { test as base, expect, type Page } from '@playwright/test';
import type { DemoIdentity } from '#lib/server/demo/index.ts';
import { projectDir, startApp, type RunningApp } from './app.ts';
import { IDENTITIES_VARIABLE, SERVER_VARIABLE } from './e2e.global.ts';
import { createDatabase, dropDatabase, TEMPLATE, withDatabase } from './test-server.ts';

export { expect };

type Credentials = Pick<DemoIdentity, 'identifier' | 'password'>;

interface TestFixtures {
	/** Signs in by the form's own request, without a page: for journeys that begin behind the door. */
	readonly startSession: (credentials: Credentials) => Promise<void>;
}

interface WorkerFixtures {
	/** The portal of this worker: own process, own port, own copy of the demo's database. */
	app: RunningApp;
	/** The demo's identities, in the order in which the sign-in page offers them. */
	identities: readonly DemoIdentity[];
	/** Runs an operator command on the portal's database. @returns its answer as JSON */
	operate: (...args: string[]) => Promise<unknown>;
}

/** Playwright's `test` on the worker's own portal: `page.goto('/bills')` goes there. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
	app: [
		async ({}, use) => {
			const server = JSON.parse(process.env[SERVER_VARIABLE] ?? '{}') as { adminUrl: string; url: string };
			const name = `e2e_${randomBytes(6).toString('hex')}`;
			await createDatabase(server.adminUrl, name, TEMPLATE);
			const app = await startApp({ databaseUrl: withDatabase(server.url, name) });
			try {
				await use(app);
			} finally {
				await app.stop();
				await dropDatabase(server.adminUrl, name);
			}
		},
		{ scope: 'worker', timeout: 120_000 }
	],
	identities: [
		async ({}, use) => {
			await use(JSON.parse(process.env[IDENTITIES_VARIABLE] ?? '[]') as DemoIdentity[]);
		},
		{ scope: 'worker' }
	],
	operate: [
		async ({ app }, use) => {
			const env = { ...process.env, DATABASE_URL: app.databaseUrl, DEMO: '1', AUTH_SECRET: 'x'.repeat(32) };
			await use(async (...args) => {
				const command = ['src/cli/meterside.ts', ...args, '--json'];
				const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: projectDir, env });
				return JSON.parse(stdout) as unknown;
			});
		},
		{ scope: 'worker' }
	],
	baseURL: async ({ app }, use) => use(app.origin),
	startSession: async ({ app, page, locale }, use) => {
		await use(async ({ identifier, password }) => {
			const answer = await page.request.post('/sign-in?/password', {
				form: { identifier, password },
				headers: { accept: 'text/html', 'accept-language': locale ?? 'en', origin: app.origin },
				maxRedirects: 0
			});
			expect(answer.headers()['location']).toBe('/home');
		});
	}
});

/** Signs in through the page, as a customer does with number and password, and waits for home. */
export async function signInAs(page: Page, identity: Credentials): Promise<void> {
	await page.goto('/sign-in');
	await page.getByLabel(/customer number/i).fill(identity.identifier);
	await page.getByLabel(/^password/i).fill(identity.password);
	await page.getByRole('button', { name: /^sign in$/i }).click();
	await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}
