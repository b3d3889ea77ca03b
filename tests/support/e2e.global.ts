import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DemoResult } from '#lib/server/demo/index.ts';
import { projectDir } from './app.ts';
import { createTemplate, startTestServer, TEMPLATE } from './test-server.ts';

/** Where the workers find the server: set here, read by the fixtures in e2e.ts. */
export const SERVER_VARIABLE = 'METERSIDE_E2E_SERVER';
export const IDENTITIES_VARIABLE = 'METERSIDE_E2E_IDENTITIES';

/** One server for the run, with a template that the product's own loader has filled once. */
export default async function setup(): Promise<() => Promise<void>> {
	if (!existsSync(path.join(projectDir, 'build', 'handler.js'))) {
		throw new Error('The end-to-end tests need the production build: run npm run build');
	}
	const server = await startTestServer();
	try {
		await createTemplate(server);
		process.env[IDENTITIES_VARIABLE] = await loadDemo(server.urlOf(TEMPLATE));
	} catch (error) {
		await server.stop();
		throw error;
	}
	process.env[SERVER_VARIABLE] = JSON.stringify({
		adminUrl: server.adminUrl,
		url: server.urlOf('meterside')
	});
	return () => server.stop();
}

/** @returns the demo's identities as JSON */
function loadDemo(databaseUrl: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, ['src/cli/meterside.ts', 'demo', '--json'], {
			cwd: projectDir,
			env: { ...process.env, DATABASE_URL: databaseUrl, DEMO: '1', AUTH_SECRET: 'x'.repeat(32) },
			stdio: ['ignore', 'pipe', 'inherit']
		});
		let output = '';
		child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
		child.once('error', reject);
		child.once('close', (code) => {
			if (code === 0) resolve(JSON.stringify((JSON.parse(output) as DemoResult).identities));
			else reject(new Error(`The demo could not be loaded (exit code ${code})`));
		});
	});
}
