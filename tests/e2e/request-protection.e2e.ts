import { randomBytes } from 'node:crypto';
import { startApp, type RunningApp } from '../support/app.ts';
import { SERVER_VARIABLE } from '../support/e2e.global.ts';
import { expect, signInAs, test as base } from '../support/e2e.ts';
import { createDatabase, dropDatabase, TEMPLATE, withDatabase } from '../support/test-server.ts';

const HTTPS_ORIGIN = 'https://portal.example';
const FOREIGN = 'https://evil.example';

/** A second portal: with a public https address, and without the demo. */
const test = base.extend<object, { publicApp: RunningApp }>({
	publicApp: [
		async ({}, use) => {
			const server = JSON.parse(process.env[SERVER_VARIABLE] ?? '{}') as { adminUrl: string; url: string };
			const name = `e2e_${randomBytes(6).toString('hex')}`;
			await createDatabase(server.adminUrl, name, TEMPLATE);
			const app = await startApp({
				databaseUrl: withDatabase(server.url, name),
				env: { ORIGIN: HTTPS_ORIGIN, DEMO: '0' }
			});
			try {
				await use(app);
			} finally {
				await app.stop();
				await dropDatabase(server.adminUrl, name);
			}
		},
		{ scope: 'worker', timeout: 120_000 }
	]
});

test.skip(({ isMobile }) => isMobile, 'plain HTTP is the same on every device');

interface Sent {
	readonly method?: string;
	readonly origin?: string;
	readonly headers?: Record<string, string>;
	readonly body?: string;
}

/** A plain HTTP request, with the headers that a browser would not let a page choose. */
function send(base: string, path: string, { method = 'GET', origin, headers = {}, body }: Sent = {}) {
	const all = { ...headers, ...(origin === undefined ? {} : { origin }) };
	return fetch(base + path, {
		method,
		headers: all,
		redirect: 'manual',
		...(body === undefined ? {} : { body })
	});
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
const JSON_BODY = { 'content-type': 'application/json' };

interface Credentials {
	readonly identifier: string;
	readonly password: string;
}

/** Signs in over plain HTTP. Returns the answer and the cookie to send back. */
async function signIn(base: string, origin: string, { identifier, password }: Credentials) {
	const response = await send(base, '/sign-in?/password&to=/me', {
		method: 'POST',
		origin,
		headers: FORM,
		body: new URLSearchParams({ identifier, password }).toString()
	});
	const cookie = response.headers.getSetCookie().find((each) => /session=/.test(each)) ?? '';
	return { response, cookie, sent: cookie.split(';')[0] ?? '' };
}

test.describe('the session cookie', () => {
	test('is bound to the host and to https where the portal has a public address', async ({
		publicApp,
		identities
	}) => {
		const { response, cookie } = await signIn(publicApp.origin, HTTPS_ORIGIN, identities[0]!);
		expect(response.status).toBe(303);
		expect(cookie).toMatch(/^__Host-meterside\.session=/);
		expect(cookie).toMatch(/; Secure/i);
		expect(cookie).toMatch(/; HttpOnly/i);
		expect(cookie).toMatch(/; SameSite=Lax/i);
		expect(cookie).toMatch(/; Path=\/(;|$)/i);
		expect(cookie).not.toMatch(/domain=/i);
		for (const each of response.headers.getSetCookie()) expect(each).toMatch(/; Secure/i);
		expect(response.headers.get('strict-transport-security')).toMatch(/max-age=\d+/);
	});

	test('has a plain name on http, where browsers refuse the other', async ({ app, identities }) => {
		const { response, cookie } = await signIn(app.origin, app.origin, identities[0]!);
		expect(cookie).toMatch(/^meterside\.session=/);
		expect(cookie).toMatch(/; HttpOnly/i);
		expect(cookie).not.toMatch(/; Secure/i);
		expect(response.headers.has('strict-transport-security')).toBe(false);
	});

	test('is another one after each sign-in, and the one before is worth nothing', async ({
		app,
		identities
	}) => {
		const first = await signIn(app.origin, app.origin, identities[0]!);
		const again = await send(app.origin, '/sign-in?/password', {
			method: 'POST',
			origin: app.origin,
			headers: { ...FORM, cookie: first.sent },
			body: new URLSearchParams({ ...identities[0]! } as unknown as Record<string, string>).toString()
		});
		const second = again.headers.getSetCookie().find((each) => /session=/.test(each)) ?? '';
		expect(second.split(';')[0]).not.toBe(first.sent);
		const me = await send(app.origin, '/me', { headers: { cookie: first.sent } });
		expect(me.status).toBe(303);
		expect(me.headers.getSetCookie().join()).toMatch(/session=;.*Max-Age=0/);
	});

	test('that was made up is taken away', async ({ app }) => {
		const response = await send(app.origin, '/sign-in', { headers: { cookie: 'meterside.session=x.y.z' } });
		expect(response.status).toBe(200);
		expect(response.headers.getSetCookie().join()).toMatch(/meterside\.session=;/);
	});
});

test.describe('a request from elsewhere', () => {
	test('cannot call a procedure, although it is no form', async ({ app, identities }) => {
		const { sent } = await signIn(app.origin, app.origin, identities[0]!);
		const foreign = await send(app.origin, '/api/trpc/identity.signOutEverywhere', {
			method: 'POST',
			origin: FOREIGN,
			headers: { ...JSON_BODY, cookie: sent },
			body: '{}'
		});
		expect(foreign.status).toBe(403);
		expect(await foreign.json()).toMatchObject({ code: 'FOREIGN_ORIGIN' });
		const me = await send(app.origin, '/me', { headers: { cookie: sent } });
		expect(me.status).toBe(200);
	});

	test('cannot use a form', async ({ app, identities }) => {
		const { response, cookie } = await signIn(app.origin, FOREIGN, identities[0]!);
		expect(response.status).toBe(403);
		expect(cookie).toBe('');
	});

	test('cannot sign out or change the language', async ({ app }) => {
		for (const path of ['/sign-out', '/preferences']) {
			const body = 'locale=en';
			const refused = await send(app.origin, path, { method: 'POST', origin: FOREIGN, headers: FORM, body });
			expect(refused.status).toBe(403);
			const silent = await send(app.origin, path, { method: 'POST', headers: FORM, body });
			expect(silent.status).toBe(403);
		}
	});

	test('is told so by its browser even where it lies about its origin', async ({ app, identities }) => {
		const response = await send(app.origin, '/sign-in?/password', {
			method: 'POST',
			origin: app.origin,
			headers: { ...FORM, 'sec-fetch-site': 'cross-site' },
			body: new URLSearchParams({ identifier: identities[0]!.identifier, password: 'x' }).toString()
		});
		expect(response.status).toBe(403);
	});

	test('on one’s own computer, each name of the machine is the portal', async ({ app, identities }) => {
		const origin = app.origin.replace('localhost', '127.0.0.1');
		const { response } = await signIn(app.origin, origin, identities[0]!);
		expect(response.status).toBe(303);
	});
});

test.describe('answers', () => {
	test('are kept by nobody: pages, data, procedures, redirects, errors', async ({ app, identities }) => {
		const { sent } = await signIn(app.origin, app.origin, identities[0]!);
		const paths = [
			'/sign-in',
			'/me',
			'/me/__data.json',
			'/api/trpc/identity.me',
			'/api/trpc/nothing',
			'/no-such-page',
			'/sign-in/'
		];
		for (const path of paths) {
			const response = await send(app.origin, path, { headers: { cookie: sent } });
			if (response.status !== 308) expect(response.headers.get('cache-control'), path).toMatch(/no-store/);
		}
		const guest = await send(app.origin, '/me');
		expect(guest.status).toBe(303);
		expect(guest.headers.get('cache-control')).toBe('no-store');
	});

	test('carry the protective headers', async ({ app }) => {
		const { headers } = await send(app.origin, '/sign-in');
		expect(headers.get('x-content-type-options')).toBe('nosniff');
		expect(headers.get('referrer-policy')).toBe('same-origin');
		expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
		expect(headers.get('permissions-policy')).toContain('camera=()');
		expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
	});

	test('run no script without the nonce of this very answer', async ({ app }) => {
		const nonces = [];
		for (let visit = 0; visit < 2; visit++) {
			const response = await send(app.origin, '/sign-in', { headers: { accept: 'text/html' } });
			const policy = response.headers.get('content-security-policy') ?? '';
			const scripts = /script-src ([^;]+)/.exec(policy)?.[1] ?? '';
			const nonce = /'nonce-([^']+)'/.exec(scripts)?.[1];
			expect(scripts).not.toContain('unsafe-inline');
			const html = await response.text();
			const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)([^>]*)>/g)];
			expect(inline.length).toBeGreaterThan(0);
			for (const [, attributes] of inline) expect(attributes).toContain(`nonce="${nonce}"`);
			expect(html).not.toMatch(/<[^>]+\son[a-z]+=/i);
			nonces.push(nonce);
		}
		expect(nonces[0]).not.toBe(nonces[1]);
	});

	test('and the portal itself never breaks its own policy', async ({ page, identities }) => {
		const violations: string[] = [];
		page.on('console', (message) => {
			if (/content security policy/i.test(message.text())) violations.push(message.text());
		});
		await signInAs(page, identities[0]!);
		await page.goto('/me');
		await page.addScriptTag({ content: 'window.intruder = true' }).catch(() => undefined);
		expect(await page.evaluate(() => 'intruder' in window)).toBe(false);
		expect(violations.filter((text) => !/intruder|inline script/i.test(text))).toEqual([]);
	});
});

test.describe('pages of customers', () => {
	test('send a guest to sign in and back, also for data and actions', async ({ app }) => {
		const page = await send(app.origin, '/me?account=1');
		expect(page.headers.get('location')).toBe('/sign-in?to=%2Fme%3Faccount%3D1');
		const data = await send(app.origin, '/me/__data.json');
		expect(await data.json()).toEqual({ type: 'redirect', location: '/sign-in?to=%2Fme' });
		const action = await send(app.origin, '/me?/revokeDevice', {
			method: 'POST',
			origin: app.origin,
			headers: { ...FORM, accept: 'application/json', 'x-sveltekit-action': 'true' },
			body: 'deviceId=x'
		});
		expect(await action.json()).toEqual({ type: 'redirect', status: 303, location: '/sign-in?to=%2Fme' });
	});

	for (const to of [
		'https://evil.example',
		'//evil.example',
		'/\\evil.example',
		'/%09/evil.example',
		'/.//e.example'
	]) {
		test(`do not let ${to} lead out of the portal after sign-in`, async ({ app, identities }) => {
			const { identifier, password } = identities[0]!;
			const response = await send(app.origin, `/sign-in?/password&${new URLSearchParams({ to })}`, {
				method: 'POST',
				origin: app.origin,
				headers: FORM,
				body: new URLSearchParams({ identifier, password }).toString()
			});
			expect(response.status).toBe(303);
			const location = new URL(response.headers.get('location') ?? '', app.origin);
			expect(location.origin).toBe(app.origin);
		});
	}
});

test.describe('procedures over HTTP', () => {
	test('more than ten at once are refused', async ({ app }) => {
		const path = Array.from({ length: 11 }, () => 'identity.me').join(',');
		const response = await send(app.origin, `/api/trpc/${path}?batch=1&input={}`);
		expect(response.status).toBe(400);
	});

	test('a body of more than 64 KiB is refused', async ({ app }) => {
		const response = await send(app.origin, '/api/trpc/identity.revokeDevice', {
			method: 'POST',
			origin: app.origin,
			headers: JSON_BODY,
			body: JSON.stringify({ json: { deviceId: 'x'.repeat(70_000) } })
		});
		expect(response.status).toBe(413);
	});

	test('a query cannot be sent as a change, nor a change as a query', async ({ app }) => {
		const post = await send(app.origin, '/api/trpc/identity.me', {
			method: 'POST',
			origin: app.origin,
			headers: JSON_BODY,
			body: '{}'
		});
		expect(post.status).toBe(405);
		expect((await send(app.origin, '/api/trpc/identity.signOut')).status).toBe(405);
	});

	test('errors carry a code and nothing of the inside', async ({ app, identities }) => {
		const { sent } = await signIn(app.origin, app.origin, identities[0]!);
		const guest = await send(app.origin, '/api/trpc/identity.me');
		expect(guest.status).toBe(401);
		const badInput = await send(app.origin, '/api/trpc/identity.revokeDevice', {
			method: 'POST',
			origin: app.origin,
			headers: { ...JSON_BODY, cookie: sent },
			body: JSON.stringify({ json: { deviceId: "'; drop table session" } })
		});
		expect(badInput.status).toBe(400);
		const text = (await guest.text()) + (await badInput.text());
		expect(text).toContain('NOT_SIGNED_IN');
		expect(text).toContain('VALIDATION_FAILED');
		expect(text).not.toMatch(/stack|\.ts|\.js|no valid session|drop table/);
	});

	test('a portal with a public address does not offer the demo', async ({ publicApp, identities }) => {
		const page = await send(publicApp.origin, '/sign-in', { headers: { 'accept-language': 'en' } });
		const html = await page.text();
		expect(html).toContain('Sign in');
		expect(html).not.toMatch(/this is a demo|name="customerNo"/i);
		const action = await send(publicApp.origin, '/sign-in?/demo', {
			method: 'POST',
			origin: HTTPS_ORIGIN,
			headers: FORM,
			body: `customerNo=${identities[0]!.identifier}`
		});
		expect(action.status).toBe(404);
		expect(action.headers.getSetCookie().join()).not.toMatch(/session=/);
	});

	test('the demo signs nobody in but its own customers', async ({ app }) => {
		const response = await send(app.origin, '/sign-in?/demo', {
			method: 'POST',
			origin: app.origin,
			headers: FORM,
			body: 'customerNo=3300000001'
		});
		expect(response.status).toBe(404);
	});
});
