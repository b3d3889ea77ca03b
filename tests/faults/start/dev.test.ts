import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { killHard, processesOf, READY, startPortal, until } from '../../support/portal.ts';

const work = mkdtempSync(path.join(tmpdir(), 'meterside-dev-'));
// As root, the server runs as another user, who must be able to enter.
chmodSync(work, 0o755);
const dataDir = path.join(work, 'data');

afterAll(async () => {
	killHard(dataDir);
	await until(() => processesOf(dataDir).length === 0, 'end of what was killed');
	rmSync(work, { recursive: true, force: true });
});

describe.skipIf(process.platform !== 'linux')('npm run dev', () => {
	it('serves pages on a database of its own, and SIGTERM leaves nothing running', async () => {
		const portal = await startPortal({
			dataDir,
			command: [process.execPath, 'src/cli/bootstrap.mjs', 'dev'],
			env: { NO_COLOR: '1' }
		});
		await portal.says(READY);
		const health = await fetch(`${portal.origin}/api/health`);
		expect(await health.json()).toMatchObject({ status: 'ok', database: 'up' });
		const page = await fetch(`${portal.origin}/sign-in`);
		expect(page.status).toBe(200);
		expect(await page.text()).toContain('name="password"');
		process.kill(portal.pid, 'SIGTERM');
		expect(await portal.ended).toEqual({ code: 143, signal: null });
		expect(processesOf(dataDir)).toEqual([]);
		expect(portal.output()).not.toMatch(/error|connection lost/i);
	});
});
