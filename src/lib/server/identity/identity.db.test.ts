import { beforeEach, describe, expect, test } from 'vitest';
import { USUAL_FACTS, type Account } from '#lib/domain/identity/account.ts';
import type { AppError, AppErrorCode } from '#lib/domain/kernel/app-error.ts';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { createApp, type App } from '#lib/server/app.ts';
import { fixedClock } from '#lib/server/clock.ts';
import { createCaller } from '#lib/server/trpc/router.ts';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import {
	createCustomer,
	openAccount,
	resumeSession,
	setPassword,
	signInToDemo,
	signInWithPassword
} from './index.ts';

const NOW = '2026-03-18T09:00:00+08:00';
const PASSWORD = 'correct horse battery';
const DEVICE = { userAgent: 'Mozilla/5.0 Firefox/145.0', clientAddress: '192.0.2.1' };
const WANG = { customerNo: '3300000001', phone: '138 0013 8000', email: 'Wang.Fang@example.com' };
const LI = { customerNo: '3300000002', phone: '139 0013 9000', email: 'li.na@example.com' };

const app = await createTestApp({ now: NOW });
const ids = await Promise.all(
	[WANG, LI].map(async (person) => {
		const created = await createCustomer(app, {
			...person,
			kind: 'residential',
			displayName: person.customerNo,
			password: PASSWORD
		});
		return created.id;
	})
);
const [wangId = 0, liId = 0] = ids;

/** Another process on the same database, `hours` later. */
async function later<T>(hours: number, work: (app: App) => Promise<T>): Promise<T> {
	const instant = app.clock.now().add({ milliseconds: Math.round(hours * 3_600_000) });
	const other = createApp(app.env, { clock: fixedClock(instant.toString()), logger: app.logger });
	try {
		return await work(other);
	} finally {
		await other.close();
	}
}

function signIn(identifier: string, password = PASSWORD, on = app, device = DEVICE): Promise<string> {
	return signInWithPassword(on, { identifier, password }, device);
}

async function refusal(work: Promise<unknown>): Promise<AppError> {
	return (await work.then(
		() => undefined,
		(error: unknown) => error
	)) as AppError;
}

async function codeOf(work: Promise<unknown>): Promise<AppErrorCode | undefined> {
	return (await refusal(work))?.code;
}

async function callerOf(secret: string) {
	const session = await resumeSession(app, secret);
	return createCaller({ app, actor: session?.actor ?? null });
}

beforeEach(async () => {
	await app.pool.query('delete from rate_limit');
	await app.pool.query('delete from session');
});

describe('signing in', () => {
	test.each([
		['customer number', '33 0000 0001'],
		['phone number', '13800138000'],
		['phone number with country code', '+86 138-0013-8000'],
		['e-mail address in another case', ' wang.fang@EXAMPLE.com ']
	])('with %s', async (_, identifier) => {
		const session = await resumeSession(app, await signIn(identifier));
		expect(session?.actor.customerId).toBe(wangId);
	});

	test('a password typed with full-width letters is the same password', async () => {
		const session = await resumeSession(app, await signIn(LI.email, 'ｃorrect horse battery'));
		expect(session?.actor.customerId).toBe(liId);
	});

	test('each sign-in has a session of its own, with 256 random bits', async () => {
		const secrets = [await signIn(WANG.email), await signIn(WANG.email)];
		expect(new Set(secrets).size).toBe(2);
		for (const secret of secrets) expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
	});

	test('the database does not hold what signs in', async () => {
		const secret = await signIn(WANG.email);
		const { rows } = await app.pool.query<{ id: string }>('select id from session');
		expect(rows).toHaveLength(1);
		expect(rows[0]?.id).toMatch(/^[0-9a-f]{64}$/);
		expect(rows[0]?.id).not.toContain(secret);
	});

	test('to the demo is refused where there is no demo', async () => {
		const live: App = { ...app, env: { ...app.env, DEMO: false } };
		expect(await codeOf(signInToDemo(live, WANG.customerNo, DEVICE))).toBe('NOT_FOUND');
	});
});

describe('a refused sign-in', () => {
	test('says the same of a wrong password, an unknown customer and one without a password', async () => {
		await createCustomer(app, { customerNo: '3300000003', kind: 'residential', displayName: 'x' });
		const refusals = await Promise.all(
			[signIn(WANG.email, 'wrong'), signIn('nobody@example.com'), signIn('3300000003')].map(refusal)
		);
		expect(refusals.map(({ code, message, details }) => ({ code, message, details }))).toEqual(
			Array.from({ length: 3 }, () => ({
				code: 'SIGN_IN_FAILED',
				message: 'unknown customer or password',
				details: {}
			}))
		);
	});

	test('takes the same work for an unknown customer', async () => {
		const known = { identifier: WANG.email, queries: 0, times: [] as number[] };
		const unknown = { identifier: 'nobody@example.com', queries: 0, times: [] as number[] };
		// In turns, so that whatever else the machine does falls on both.
		for (let run = 0; run < 9; run++) {
			for (const attempt of [known, unknown]) {
				const count = () => attempt.queries++;
				app.pool.on('acquire', count);
				const startedAt = performance.now();
				await refusal(signIn(attempt.identifier, 'wrong'));
				attempt.times.push(performance.now() - startedAt);
				app.pool.off('acquire', count);
			}
		}
		const [knownMs = 0, unknownMs = 0] = [known, unknown].map(({ times }) => times.sort((a, b) => a - b)[4]);
		expect(unknown.queries).toBe(known.queries);
		// Without the hash it would be a tenth.
		expect(unknownMs).toBeGreaterThan(knownMs / 2);
		expect(unknownMs).toBeLessThan(knownMs * 2);
	});
});

describe('limits', () => {
	async function failTimes(count: number, identifier: string, device = DEVICE) {
		const codes = [];
		for (let attempt = 0; attempt < count; attempt++) {
			codes.push(await codeOf(signIn(identifier, 'wrong', app, device)));
		}
		return codes;
	}

	test('after ten failures even the right password has to wait, and is told how long', async () => {
		expect(await failTimes(10, WANG.email)).toEqual(Array.from({ length: 10 }, () => 'SIGN_IN_FAILED'));
		const { code, details } = await refusal(signIn(WANG.email));
		expect(code).toBe('TOO_MANY_REQUESTS');
		expect(details['retryAfterSeconds']).toBeGreaterThan(800);
		expect(details['retryAfterSeconds']).toBeLessThanOrEqual(900);
	});

	test('they survive a restart', async () => {
		await failTimes(10, WANG.email);
		const code = await later(0, (restarted) => codeOf(signIn(WANG.email, PASSWORD, restarted)));
		expect(code).toBe('TOO_MANY_REQUESTS');
	});

	test('they are counted the same for unknown customers', async () => {
		await failTimes(10, 'nobody@example.com');
		expect(await codeOf(signIn('nobody@example.com'))).toBe('TOO_MANY_REQUESTS');
	});

	test('another spelling of the identifier does not get around them', async () => {
		await failTimes(10, '13800138000');
		expect(await codeOf(signIn('+86 138 0013 8000'))).toBe('TOO_MANY_REQUESTS');
	});

	test('somebody else is not affected, also from the same address', async () => {
		await failTimes(10, WANG.email);
		const session = await resumeSession(app, await signIn(LI.email));
		expect(session?.actor.customerId).toBe(liId);
	});

	test('attempts at the same time do not get past them together', async () => {
		const codes = await Promise.all(Array.from({ length: 15 }, () => codeOf(signIn(WANG.email, 'wrong'))));
		expect(codes.filter((code) => code === 'SIGN_IN_FAILED')).toHaveLength(10);
	});

	test('success clears the failures before it', async () => {
		await failTimes(9, WANG.email);
		await signIn(WANG.email);
		expect(await failTimes(2, WANG.email)).toEqual(['SIGN_IN_FAILED', 'SIGN_IN_FAILED']);
	});

	test('one address cannot try customer after customer, nor change within its network', async () => {
		const from = (host: number) => ({ ...DEVICE, clientAddress: `2001:db8:1:2::${host}` });
		for (let host = 1; host <= 60; host++) await failTimes(1, `${host}@example.com`, from(host));
		expect(await codeOf(signIn(WANG.email, PASSWORD, app, from(999)))).toBe('TOO_MANY_REQUESTS');
		const elsewhere = { ...DEVICE, clientAddress: '2001:db8:1:3::1' };
		expect(await codeOf(signIn(WANG.email, PASSWORD, app, elsewhere))).toBeUndefined();
	});

	test('the table of counters names nobody', async () => {
		await failTimes(1, WANG.email);
		const { rows } = await app.pool.query<{ key: string }>('select key from rate_limit');
		expect(rows).toHaveLength(2);
		const keys = rows.map(({ key }) => key).join();
		expect(keys).not.toMatch(/wang|192\.0\.2/i);
	});

	test('nobody gets in while attempts cannot be counted', async () => {
		await app.pool.query('alter table rate_limit rename to rate_limit_away');
		try {
			expect(await codeOf(signIn(WANG.email))).toBe('UNAVAILABLE');
		} finally {
			await app.pool.query('alter table rate_limit_away rename to rate_limit');
		}
	});
});

describe('a session', () => {
	test('ends after 30 days without use', async () => {
		const secret = await signIn(WANG.email);
		expect(await later(24 * 30 - 1, (then) => resumeSession(then, secret))).not.toBeNull();
		const other = await signIn(WANG.email);
		expect(await later(24 * 30 + 1, (then) => resumeSession(then, other))).toBeNull();
	});

	test('used every week, it ends after 90 days all the same', async () => {
		const secret = await signIn(WANG.email);
		for (let day = 7; day < 90; day += 7) {
			expect(await later(24 * day, (then) => resumeSession(then, secret))).not.toBeNull();
		}
		expect(await later(24 * 90 + 1, (then) => resumeSession(then, secret))).toBeNull();
	});

	test('notes a visit once a minute at most', async () => {
		const secret = await signIn(WANG.email);
		expect(await later(59 / 3600, (then) => resumeSession(then, secret))).toMatchObject({ touched: false });
		expect(await later(60 / 3600, (then) => resumeSession(then, secret))).toMatchObject({ touched: true });
		expect(await later(61 / 3600, (then) => resumeSession(then, secret))).toMatchObject({ touched: false });
	});

	test('a secret that was made up opens none', async () => {
		expect(await resumeSession(app, '')).toBeNull();
		expect(await resumeSession(app, 'x'.repeat(43))).toBeNull();
	});

	test('ended ones are cleared away at a later sign-in', async () => {
		await signIn(WANG.email);
		await later(24 * 61, (then) => signIn(WANG.email, PASSWORD, then));
		const { rows } = await app.pool.query('select id from session');
		expect(rows).toHaveLength(1);
	});
});

describe('devices', () => {
	test('lists the own ones only, this one marked', async () => {
		const here = await callerOf(await signIn(WANG.email));
		await signIn(WANG.email);
		await signIn(LI.email);
		const devices = await here.identity.devices();
		expect(devices).toHaveLength(2);
		expect(devices.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
	});

	test('one can be signed out from another', async () => {
		const lost = await signIn(WANG.email);
		const here = await signIn(WANG.email);
		const caller = await callerOf(here);
		const other = (await caller.identity.devices()).find(({ isCurrent }) => !isCurrent);
		await caller.identity.revokeDevice({ deviceId: other?.id ?? '' });
		expect(await resumeSession(app, lost)).toBeNull();
		expect(await resumeSession(app, here)).not.toBeNull();
	});

	test("somebody else's is not found and stays signed in", async () => {
		const lis = await signIn(LI.email);
		const li = await resumeSession(app, lis);
		const wang = await callerOf(await signIn(WANG.email));
		const deviceId = li?.actor.sessionId ?? '';
		await expect(wang.identity.revokeDevice({ deviceId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
		expect(await resumeSession(app, lis)).not.toBeNull();
	});

	test('signing out ends this session only', async () => {
		const here = await signIn(WANG.email);
		const there = await signIn(WANG.email);
		await (await callerOf(here)).identity.signOut();
		expect(await resumeSession(app, here)).toBeNull();
		expect(await resumeSession(app, there)).not.toBeNull();
	});

	test('signing out everywhere ends all of the own sessions and nobody else’s', async () => {
		const secrets = [await signIn(WANG.email), await signIn(WANG.email)];
		const lis = await signIn(LI.email);
		await (await callerOf(secrets[0] ?? '')).identity.signOutEverywhere();
		for (const secret of secrets) expect(await resumeSession(app, secret)).toBeNull();
		expect(await resumeSession(app, lis)).not.toBeNull();
	});

	test('without a session nothing answers', async () => {
		const nobody = createCaller({ app, actor: null });
		const calls = [
			nobody.identity.me(),
			nobody.identity.devices(),
			nobody.identity.revokeDevice({ deviceId: '0'.repeat(64) }),
			nobody.identity.dataSources({ accountId: 1 }),
			nobody.identity.signOut(),
			nobody.identity.signOutEverywhere()
		];
		for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
	});
});

describe('a customer', () => {
	const account: Omit<Account, 'id' | 'accountNo' | 'customerId'> = {
		customerKind: 'residential',
		supplyArea: 'zhejiang',
		timeZone: 'Asia/Shanghai',
		currency: 'CNY',
		voltage: 'below_1kv',
		contractedCapacityVa: null,
		demandBasis: 'none',
		contractDemandW: null,
		powerFactorStandard: null,
		...USUAL_FACTS,
		address: 'Hangzhou',
		openedOn: '2020-01-01' as LocalDate,
		closedOn: null
	};

	test('sees the own accounts, and no data source of anybody else', async () => {
		await openAccount(app, { ...account, accountNo: '1', customerId: wangId });
		const lis = await openAccount(app, { ...account, accountNo: '2', customerId: liId });
		const wang = await callerOf(await signIn(WANG.email));
		const me = await wang.identity.me();
		expect(me).toMatchObject({ customerNo: WANG.customerNo, phone: '+8613800138000' });
		expect(me.accounts.map(({ accountNo }) => accountNo)).toEqual(['1']);
		await expect(wang.identity.dataSources({ accountId: lis.id })).rejects.toMatchObject({
			code: 'NOT_FOUND'
		});
	});

	test.each([
		['the same customer number', { customerNo: WANG.customerNo }],
		['the same phone, written otherwise', { phone: '+8613800138000' }],
		['the same e-mail, in another case', { email: 'WANG.FANG@example.com' }]
	])('cannot be taken in with %s as another', async (_, part) => {
		const input = { customerNo: '3300000009', kind: 'residential', displayName: 'x', ...part } as const;
		expect(await codeOf(createCustomer(app, input))).toBe('CONFLICT');
	});

	test.each([
		['customerNo', { customerNo: '13800138001' }],
		['customerNo', { customerNo: ' ' }],
		['phone', { phone: '12345' }],
		['email', { email: 'nobody' }],
		['password', { password: 'short' }],
		['password', { password: 'x'.repeat(129) }]
	])('cannot be taken in with a bad %s', async (field, part) => {
		const input = { customerNo: '3300000009', kind: 'residential', displayName: 'x', ...part } as const;
		expect(await refusal(createCustomer(app, input))).toMatchObject({
			code: 'VALIDATION_FAILED',
			details: { field }
		});
	});

	test('with a new password is signed out everywhere, and the old one is worth nothing', async () => {
		await createCustomer(app, {
			customerNo: '3300000008',
			kind: 'residential',
			displayName: 'x',
			password: PASSWORD
		});
		const secret = await signIn('3300000008');
		const lis = await signIn(LI.email);
		expect(await setPassword(app, '3300000008', 'another good password')).toEqual({ devicesSignedOut: 1 });
		expect(await resumeSession(app, secret)).toBeNull();
		expect(await resumeSession(app, lis)).not.toBeNull();
		expect(await codeOf(signIn('3300000008'))).toBe('SIGN_IN_FAILED');
		expect(await codeOf(signIn('3300000008', 'another good password'))).toBeUndefined();
	});
});
