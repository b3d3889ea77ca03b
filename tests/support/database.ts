import { randomBytes } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import { createDatabase, dropDatabase, TEMPLATE, withDatabase } from './test-server.ts';

export interface TestDatabase {
	readonly url: string;
}

/**
 * A database for one test file, migrated and empty, gone when the file ends. Call it at the top of the file:
 * `const { url } = await createTestDatabase();`
 */
export async function createTestDatabase({ migrated = true } = {}): Promise<TestDatabase> {
	const { adminUrl, url } = inject('testServer');
	const name = `test_${randomBytes(8).toString('hex')}`;
	await createDatabase(adminUrl, name, migrated ? TEMPLATE : undefined);
	afterAll(() => dropDatabase(adminUrl, name));
	return { url: withDatabase(url, name) };
}
