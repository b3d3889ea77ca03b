import { expect, test } from '../support/e2e.ts';

test('the portal says that it is well, and nobody may keep the answer', async ({ request }) => {
	const response = await request.get('/api/health');
	expect(response.status()).toBe(200);
	expect(response.headers()['cache-control']).toBe('no-store');
	const health = (await response.json()) as { migrations: { applied: number; expected: number } };
	expect(health).toMatchObject({ status: 'ok', database: 'up' });
	expect(health.migrations.applied).toBe(health.migrations.expected);
});
