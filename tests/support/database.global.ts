import type { TestProject } from 'vitest/node';
import { createTemplate, startTestServer } from './test-server.ts';

declare module 'vitest' {
	interface ProvidedContext {
		testServer: { readonly adminUrl: string; readonly url: string };
	}
}

/** One server and one migrated template for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const server = await startTestServer();
	try {
		await createTemplate(server);
	} catch (error) {
		await server.stop();
		throw error;
	}
	project.provide('testServer', { adminUrl: server.adminUrl, url: server.urlOf('meterside') });
	return () => server.stop();
}
