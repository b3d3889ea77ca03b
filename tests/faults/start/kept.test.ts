import { spawn } from 'node:child_process';
import {
	chmodSync,
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { freePort, projectDir } from '../../support/app.ts';
import { killHard, processesOf, READY, startPortal, until, type Portal } from '../../support/portal.ts';

const PASSWORD = 'correct horse battery';
const CUSTOMER_NAME = 'Somebody Remembered';

const work = mkdtempSync(path.join(tmpdir(), 'meterside-start-'));
// As root, the server runs as another user, who must be able to enter.
chmodSync(work, 0o755);
const dataDir = path.join(work, 'data');
/** The same for every start: it must be free again each time. */
const port = await freePort();
let portal: Portal;
let cookies = '';

afterAll(async () => {
	killHard(dataDir);
	await until(() => processesOf(dataDir).length === 0, 'end of what was killed');
	rmSync(work, { recursive: true, force: true });
});

const isPostgres = ({ command }: { command: string }) => command.includes('postgres');

describe.skipIf(process.platform !== 'linux')('a data folder', () => {
	it('is made by the first start, which with DEMO=0 serves an empty portal', async () => {
		await start();
		expect(await health()).toMatchObject({ status: 'ok', database: 'up' });
		const page = await (await get('/sign-in')).text();
		expect(page).toContain('name="password"');
		expect(page).not.toContain('demo-title');
		expect(portal.output()).not.toMatch(/demo/i);
	});

	it('takes in a customer, who signs in', async () => {
		await addCustomer();
		const answer = await fetch(`${portal.origin}/sign-in?/password`, {
			method: 'POST',
			body: new URLSearchParams({ identifier: 'C1', password: PASSWORD }),
			headers: { origin: portal.origin },
			redirect: 'manual'
		});
		cookies = answer.headers
			.getSetCookie()
			.map((cookie) => cookie.split(';')[0])
			.join('; ');
		await expectCustomerServed();
	});

	it.each([
		['SIGTERM', 143],
		['SIGINT', 130]
	] as const)('is left in order by %s and served again by the next start', async (signal, code) => {
		process.kill(portal.pid, signal);
		expect(await portal.ended).toEqual({ code, signal: null });
		await expectAllStopped();
		expect(portal.output()).not.toMatch(/error|warn|lost|terminat/i);
		await start();
		expect(portal.output()).not.toMatch(/Creating|Migrating/);
		await expectCustomerServed();
	});

	it('outlives the hard kill of the program, whose database server the next start stops', async () => {
		killHard(dataDir, (process) => !isPostgres(process));
		await portal.ended;
		await until(() => processesOf(dataDir).every(isPostgres), 'end of the program');
		const left = processesOf(dataDir);
		expect(left.some(isPostgres)).toBe(true);
		await start();
		expect(pidsOf(dataDir).filter((pid) => left.some((old) => old.pid === pid))).toEqual([]);
		await expectCustomerServed();
	});

	it('outlives the hard kill of everything at once', async () => {
		killHard(dataDir);
		await portal.ended;
		await until(() => processesOf(dataDir).length === 0, 'end of the program');
		expect(existsSync(path.join(dataDir, 'postgres', 'postmaster.pid'))).toBe(true);
		await start();
		await expectCustomerServed();
	});

	it('is left in order when only the bootstrap is killed hard: the program notices and stops', async () => {
		process.kill(portal.pid, 'SIGKILL');
		await until(() => processesOf(dataDir).length === 0, 'end of the program');
		await expectAllStopped();
	});

	it('is left in order when npm is killed hard', async () => {
		await start(['npm', 'start']);
		await expectCustomerServed();
		process.kill(portal.pid, 'SIGKILL');
		await until(() => processesOf(dataDir).length === 0, 'end of the program');
		await expectAllStopped();
	});

	it('is served by npm start, which SIGTERM stops and which ends last', async () => {
		await start(['npm', 'start']);
		await expectCustomerServed();
		process.kill(portal.pid, 'SIGTERM');
		expect(await portal.ended).toEqual({ code: 143, signal: null });
		await expectAllStopped();
	});

	it('is never left half made: a first start that is killed is begun anew', async () => {
		rmSync(dataDir, { recursive: true });
		portal = await startPortal({ dataDir, env: { PORT: String(port) } });
		await until(
			() => existsSync(dataDir) && readdirSync(dataDir).some((name) => name.includes('.new-')),
			'initdb'
		);
		killHard(dataDir);
		await portal.ended;
		await until(() => processesOf(dataDir).length === 0, 'end of the program');
		expect(existsSync(path.join(dataDir, 'postgres'))).toBe(false);
		await start();
		expect(await health()).toMatchObject({ status: 'ok' });
		expect(readdirSync(dataDir).filter((name) => name.includes('.new-'))).toEqual([]);
	});
});

async function start(command?: readonly [string, ...string[]]): Promise<void> {
	portal = await startPortal({ dataDir, env: { PORT: String(port) }, command });
	await portal.says(READY);
}

function get(page: string): Promise<Response> {
	return fetch(portal.origin + page, { headers: { cookie: cookies }, redirect: 'manual' });
}

async function health(): Promise<unknown> {
	return (await get('/api/health')).json();
}

/** Neither the session nor the customer was forgotten. */
async function expectCustomerServed(): Promise<void> {
	const page = await get('/me');
	expect(page.status).toBe(200);
	expect(await page.text()).toContain(CUSTOMER_NAME);
}

/** With the operator's own command, beside the running portal. */
async function addCustomer(): Promise<void> {
	const file = path.join(work, 'customer.json');
	const supply = {
		customer: { customerNo: 'C1', kind: 'residential', displayName: CUSTOMER_NAME, password: PASSWORD },
		account: { accountNo: '3300001', supplyArea: 'zhejiang', address: 'Hangzhou', openedOn: '2026-01-01' },
		meter: { meterNo: 'M1', suppliedFrom: '2026-01-01' }
	};
	writeFileSync(file, JSON.stringify(supply));
	const child = spawn(process.execPath, ['src/cli/bootstrap.mjs', 'account', 'add', file], {
		cwd: projectDir,
		env: { PATH: process.env['PATH'], DATA_DIR: dataDir, DEMO: '0' },
		stdio: ['ignore', 'pipe', 'pipe']
	});
	const [answer, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
	expect(complaint).toBe('');
	expect(answer).toContain('customer');
}

function pidsOf(folder: string): number[] {
	return processesOf(folder).map(({ pid }) => pid);
}

async function expectAllStopped(): Promise<void> {
	expect(processesOf(dataDir)).toEqual([]);
	const kept = ['instance.json', 'postgres', 'postgres.log', 'postgres.log.1'];
	expect(readdirSync(dataDir).filter((name) => !kept.includes(name))).toEqual([]);
	expect(existsSync(path.join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
	const { id } = JSON.parse(readFileSync(path.join(dataDir, 'instance.json'), 'utf8')) as { id: string };
	expect(existsSync(path.join(tmpdir(), `meterside-${id}`))).toBe(false);
	await takePort();
}

/** Fails when anybody still listens there. */
function takePort(): Promise<void> {
	return new Promise((resolve, reject) => {
		const server = createServer().once('error', reject);
		server.listen(port, 'localhost', () => server.close(() => resolve()));
	});
}
