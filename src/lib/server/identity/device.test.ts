import { expect, test } from 'vitest';
import { describeDevice } from './device.ts';

const row = {
	id: 'a',
	customerId: 1,
	createdAt: new Date('2026-03-01T00:00:00Z'),
	lastSeenAt: new Date('2026-03-02T00:00:00Z'),
	expiresAt: new Date('2026-04-01T00:00:00Z'),
	revokedAt: null
};

test.each([
	[
		'a phone',
		'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
		{ kind: 'phone', browser: 'Chrome 142', system: 'Android 15' }
	],
	[
		'a desktop',
		'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0',
		{ kind: 'desktop', browser: 'Firefox 145', system: 'Windows 10' }
	],
	[
		"WeChat's own browser",
		'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.54(0x18003632) NetType/WIFI Language/zh_CN',
		{ kind: 'phone', browser: 'WeChat 8', system: 'iOS 18.1' }
	],
	['a browser that says nothing', '', { kind: 'unknown', browser: null, system: null }],
	['a text of no browser', 'curl', { kind: 'unknown', system: null }]
])('%s is named as its owner knows it', (_, userAgent, expected) => {
	expect(describeDevice({ ...row, userAgent }, 'b')).toMatchObject(expected);
});

test('the device that asks is marked', () => {
	expect(describeDevice({ ...row, userAgent: '' }, 'a').isCurrent).toBe(true);
	expect(describeDevice({ ...row, userAgent: '' }, 'b').isCurrent).toBe(false);
});
