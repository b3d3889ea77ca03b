import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { eq } from 'drizzle-orm';
import { afterAll, describe, expect, it } from 'vitest';
import {
	account,
	accountServicePoint,
	accountShare,
	customer,
	servicePoint
} from '#lib/server/db/schema/index.ts';
import { resumeSession, signInWithPassword } from '#lib/server/identity/index.ts';
import { loadTariffs, readTariffFolder } from '#lib/server/tariffs/index.ts';
import { createTestApp } from '../../tests/support/app-context.ts';
import { command } from './account.ts';
import { createProgress } from './support/progress.ts';

const NOW = '2026-03-18T09:00:00+08:00';
const app = await createTestApp({ now: NOW });
const folder = await mkdtemp(path.join(tmpdir(), 'meterside-account-'));
await loadTariffs(
	app,
	await readTariffFolder(path.resolve(import.meta.dirname, '../../drizzle/seed/tariffs'))
);
afterAll(() => rm(folder, { recursive: true }));

const input = { progress: createProgress(process.stderr), signal: new AbortController().signal };
const PASSWORD = 'correct horse battery';
const NO_LOSS = { activeWhPerDay: 0, activePercentE2: 0, reactiveVarhPerDay: 0, reactivePercentE2: 0 };

interface Parts {
	readonly customer?: object;
	readonly account?: object;
	readonly meter?: object;
	readonly shares?: readonly object[];
}

/** `account add FILE` for the customer, account and meter with this number, but for what `parts` say. */
async function add(number: number, parts: Parts = {}) {
	const file = path.join(folder, 'supply.json');
	const supply = {
		customer: { customerNo: `C${number}`, kind: 'residential', displayName: '张三', ...parts.customer },
		account: {
			accountNo: `A${number}`,
			supplyArea: 'zhejiang',
			address: '杭州',
			openedOn: '2026-01-01',
			...parts.account
		},
		meter: { meterNo: `M${number}`, suppliedFrom: '2026-01-01', ...parts.meter },
		shares: parts.shares
	};
	await writeFile(file, JSON.stringify(supply));
	return command.run(app, { ...input, args: ['add', file], options: {} });
}

function signIn(identifier: string, password: string): Promise<string> {
	return signInWithPassword(app, { identifier, password }, { userAgent: '', clientAddress: '192.0.2.1' });
}

async function numbersOfAll() {
	const [customers, accounts, meters] = await Promise.all([
		app.db.select({ no: customer.customerNo }).from(customer),
		app.db.select({ no: account.accountNo }).from(account),
		app.db.select({ no: servicePoint.meterNo }).from(servicePoint)
	]);
	return [...customers, ...accounts, ...meters].map(({ no }) => no).sort();
}

async function meterside(args: string[], standardInput: string) {
	const { DATABASE_URL, AUTH_SECRET } = app.env;
	const child = spawn(process.execPath, [path.join(import.meta.dirname, 'meterside.ts'), ...args], {
		env: { ...process.env, DATABASE_URL, AUTH_SECRET, DATA_DIR: folder, DEMO: '1', LOG_LEVEL: '', NOW }
	});
	child.stdin.end(standardInput);
	const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
	const [answer, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
	return { exitCode: await ended, answer, complaint };
}

describe('account add', () => {
	it('leaves nothing behind when the meter is another account’s or stands in another zone', async () => {
		await add(1);
		const before = await numbersOfAll();
		await expect(add(2, { meter: { meterNo: 'M1' } })).rejects.toMatchObject({ code: 'CONFLICT' });
		await expect(
			add(2, { account: { timeZone: 'Europe/London' }, meter: { meterNo: 'M1' } })
		).rejects.toMatchObject({ code: 'CONFLICT' });
		expect(await numbersOfAll()).toEqual(before);
		expect(await add(2)).toMatchObject({ created: 'customer, account, meter, supply' });
	});

	it('takes a password for a new customer only', async () => {
		await add(3, { customer: { password: PASSWORD } });
		await signIn('C3', PASSWORD);
		expect(await add(3, { customer: { password: PASSWORD } })).toMatchObject({
			created: 'nothing: all is there'
		});
		await expect(add(3, { customer: { password: 'another good one' } })).rejects.toThrow(
			'customer.password: customer C3 exists'
		);
		await add(4);
		await expect(add(4, { customer: { password: PASSWORD } })).rejects.toMatchObject({ code: 'CONFLICT' });
		await expect(signIn('C4', PASSWORD)).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
		await signIn('C3', PASSWORD);
	});

	it.each([
		['account.closedOn', { account: { closedOn: '2026-01-01' } }],
		['account.closedOn', { account: { closedOn: '2025-12-31' } }],
		['meter.suppliedFrom', { meter: { suppliedFrom: '2025-12-31' } }]
	])('refuses %s before the account is open', async (field, parts) => {
		await expect(add(5, parts)).rejects.toThrow(`${field}: `);
		expect(await numbersOfAll()).not.toContain('C5');
	});

	it('takes a meter behind the transformer, read every two months', async () => {
		const losses = {
			activeWhPerDay: 48_000,
			activePercentE2: 150,
			reactiveVarhPerDay: 240_000,
			reactivePercentE2: 300
		};
		await add(8, { account: { readingMonths: 2, readingParity: 'even' }, meter: { losses } });
		const [opened] = await app.db.select().from(account).where(eq(account.accountNo, 'A8'));
		expect(opened).toMatchObject({ readingMonths: 2, readingParity: 'even' });
		const [supplied] = await app.db
			.select({ losses: accountServicePoint.losses })
			.from(accountServicePoint)
			.where(eq(accountServicePoint.accountId, opened?.id ?? 0));
		expect(supplied).toEqual({ losses });
	});

	it.each([
		['meter.losses.activePercentE2', { meter: { losses: { ...NO_LOSS, activePercentE2: 10_001 } } }],
		['meter.losses.activeWhPerDay', { meter: { losses: { ...NO_LOSS, activeWhPerDay: -1 } } }],
		['meter.losses', { meter: { losses: { ...NO_LOSS, copper: 1 } } }],
		['account.readingMonths', { account: { readingMonths: 3 } }],
		['account.readingParity', { account: { readingMonths: 2 } }],
		['account.readingParity', { account: { readingParity: 'odd' } }]
	])('refuses a wrong %s', async (field, parts) => {
		await expect(add(9, parts)).rejects.toThrow(`${field}: `);
		expect(await numbersOfAll()).not.toContain('C9');
	});
});

describe('account add with fixed-share meters', () => {
	const lift = {
		id: 'lift',
		name: '电梯',
		percentE4: 250_000,
		tariffCode: 'zhejiang_residential',
		validFrom: '2026-01-01'
	};
	const pump = { ...lift, id: 'pump', name: null, percentE4: undefined, whPerMonth: 50_000 };

	it('gives them to the account, once', async () => {
		expect(await add(10, { shares: [lift, pump] })).toMatchObject({
			created: 'customer, account, meter, supply, shares'
		});
		expect(await add(10, { shares: [lift, pump] })).toMatchObject({ created: 'nothing: all is there' });
		const rows = await app.db
			.select({ id: accountShare.id, percentE4: accountShare.percentE4, whPerMonth: accountShare.whPerMonth })
			.from(accountShare)
			.innerJoin(account, eq(account.id, accountShare.accountId))
			.where(eq(account.accountNo, 'A10'))
			.orderBy(accountShare.id);
		expect(rows).toEqual([
			{ id: 'lift', percentE4: 250_000, whPerMonth: null },
			{ id: 'pump', percentE4: null, whPerMonth: 50_000 }
		]);
	});

	it('refuses another share of the same id, and more than all with those that are there', async () => {
		await add(11, { shares: [lift] });
		await expect(add(11, { shares: [{ ...lift, percentE4: 260_000 }] })).rejects.toMatchObject({
			code: 'CONFLICT',
			message: 'account A11 has another share lift on or after 2026-01-01'
		});
		await expect(add(11, { shares: [{ ...lift, id: 'rest', percentE4: 750_001 }] })).rejects.toThrow(
			'shares: their percentages come to more than 100'
		);
		expect(await add(11, { shares: [{ ...lift, id: 'rest', percentE4: 750_000 }] })).toMatchObject({
			created: 'shares'
		});
	});

	it.each([
		['shares.0.percentE4: ', [{ ...lift, percentE4: 0 }]],
		['shares.0.percentE4: ', [{ ...lift, percentE4: 1_000_001 }]],
		['shares.0.percentE4: either', [{ ...lift, whPerMonth: 1 }]],
		['shares.0.percentE4: either', [{ ...lift, percentE4: undefined }]],
		['shares.1.id: ', [pump, { ...lift, id: 'Lift 1' }]],
		['shares: two', [lift, { ...pump, id: 'lift' }]],
		['shares: their percentages', [lift, { ...lift, id: 'rest', percentE4: 750_001 }]],
		['shares.1.tariffCode: no tariff', [pump, { ...lift, tariffCode: 'nothing' }]],
		[
			'shares.0.tariffCode: tariff shandong_residential is for shandong',
			[{ ...lift, tariffCode: 'shandong_residential' }]
		],
		[
			'shares.0.tariffCode: tariff zhejiang_residential_rural_1_10kv is for 1_to_10kv',
			[{ ...lift, tariffCode: 'zhejiang_residential_rural_1_10kv' }]
		],
		['shares.0.validFrom: before', [{ ...lift, validFrom: '2025-12-01' }]],
		['shares.0.validFrom: not the first day of a bill', [{ ...lift, validFrom: '2026-02-10' }]]
	])('refuses %s and leaves nothing behind', async (message, shares) => {
		await expect(add(12, { shares })).rejects.toThrow(message);
		expect(await numbersOfAll()).not.toContain('C12');
	});
});

describe('password', () => {
	it('lets a customer sign in, and signs out nobody else', { timeout: 60_000 }, async () => {
		await add(6);
		await add(7, { customer: { password: PASSWORD } });
		const neighbour = await signIn('C7', PASSWORD);
		const first = await meterside(['password', 'c6', '--json'], `${PASSWORD}\n`);
		expect(first).toMatchObject({ exitCode: 0, complaint: '' });
		const session = await signIn('C6', PASSWORD);
		const second = await meterside(['password', 'C6', '--json'], 'another good one\r\n');
		expect(JSON.parse(second.answer)).toEqual({ customerNo: 'C6', devicesSignedOut: 1 });
		expect(await resumeSession(app, session)).toBeNull();
		expect(await resumeSession(app, neighbour)).not.toBeNull();
		await expect(signIn('C6', PASSWORD)).rejects.toMatchObject({ code: 'SIGN_IN_FAILED' });
		await signIn('C6', 'another good one');
	});

	it.each([
		['an unknown customer', 'C99', `${PASSWORD}\n`, 1, 'there is no customer C99'],
		['a short password', 'C1', 'short\n', 1, 'a password has 8 to 128 characters'],
		['no password', 'C1', '', 2, 'There is no password on standard input'],
		['two lines', 'C1', `${PASSWORD}\nmore\n`, 2, 'The password must be one line']
	])('refuses %s', { timeout: 60_000 }, async (_, customerNo, standardInput, exitCode, reason) => {
		const refused = await meterside(['password', customerNo], standardInput);
		expect(refused).toMatchObject({ exitCode, answer: '' });
		expect(refused.complaint).toContain(reason);
	});
});
