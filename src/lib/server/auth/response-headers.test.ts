import { expect, test } from 'vitest';
import { withProtectiveHeaders } from './response-headers.ts';

test('no answer may be kept, whatever it says itself', () => {
	const response = new Response('x', { headers: { 'cache-control': 'public, max-age=600' } });
	expect(withProtectiveHeaders(response, false).headers.get('cache-control')).toBe('no-store');
});

test('strict transport security is for https only', () => {
	const header = 'strict-transport-security';
	expect(withProtectiveHeaders(new Response(), true).headers.get(header)).toMatch(/^max-age=\d{8}/);
	expect(withProtectiveHeaders(new Response(), false).headers.has(header)).toBe(false);
});

test('answers that refuse changes get their headers too', () => {
	const redirect = Response.redirect('https://portal.example/', 303);
	const { status, headers } = withProtectiveHeaders(redirect, true);
	expect(status).toBe(303);
	expect(headers.get('location')).toBe('https://portal.example/');
	expect(headers.get('x-content-type-options')).toBe('nosniff');
});
