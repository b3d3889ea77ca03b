import { describe, expect, test } from 'vitest';
import { isFromOwnPage } from './request-origin.ts';

const PORTAL = 'https://portal.example';

function request(method: string, headers: Record<string, string>, url = `${PORTAL}/api/trpc/x`): Request {
	return new Request(url, { method, headers });
}

describe('a request that changes something', () => {
	test.each([
		['from a page of the portal', { origin: PORTAL, 'sec-fetch-site': 'same-origin' }],
		['from an old browser, which sends its origin only', { origin: PORTAL }],
		['from a browser that sends where it comes from only', { 'sec-fetch-site': 'same-origin' }]
	])('%s is let through', (_, headers) => {
		expect(isFromOwnPage(request('POST', headers), [PORTAL])).toBe(true);
	});

	test.each([
		['from another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
		['from another site, in an old browser', { origin: 'https://evil.example' }],
		['from a sibling host', { origin: 'https://www.portal.example', 'sec-fetch-site': 'same-site' }],
		['from the same host without encryption', { origin: 'http://portal.example' }],
		['from another port', { origin: 'https://portal.example:8443' }],
		['from a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
		['from a page without an origin', { origin: 'null' }],
		['that lies about its origin', { origin: PORTAL, 'sec-fetch-site': 'cross-site' }],
		['that says nothing', {}],
		['typed into the address bar', { 'sec-fetch-site': 'none' }],
		['with an origin that is none', { origin: 'portal.example' }]
	])('%s is refused', (_, headers) => {
		expect(isFromOwnPage(request('POST', headers), [PORTAL])).toBe(false);
	});

	test.each(['PUT', 'PATCH', 'DELETE'])('%s is checked like POST', (method) => {
		expect(isFromOwnPage(request(method, { origin: 'https://evil.example' }), [PORTAL])).toBe(false);
	});
});

test.each(['GET', 'HEAD', 'OPTIONS'])('%s may come from anywhere', (method) => {
	expect(isFromOwnPage(request(method, { origin: 'https://evil.example' }), [PORTAL])).toBe(true);
});

describe("on one's own computer", () => {
	const own = 'http://localhost:3000';

	test('each name of the machine is the same portal', () => {
		expect(isFromOwnPage(request('POST', { origin: 'http://127.0.0.1:3000' }), [own])).toBe(true);
		expect(isFromOwnPage(request('POST', { origin: 'http://[::1]:3000' }), [own])).toBe(true);
	});

	test('another program on another port is not', () => {
		expect(isFromOwnPage(request('POST', { origin: 'http://127.0.0.1:8080' }), [own])).toBe(false);
	});

	test('a portal with a public address does not answer to the names of the machine', () => {
		expect(isFromOwnPage(request('POST', { origin: 'http://localhost' }), [PORTAL])).toBe(false);
	});
});
