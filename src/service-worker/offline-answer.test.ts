import { describe, expect, it } from 'vitest';
import { ADDRESS_WHILE_SIGNING_OUT, addressWithoutNetwork, isPrecachedPage } from './offline-answer.ts';

const url = (path: string) => new URL(path, 'https://portal.example');

describe('a page asked for without a network', () => {
	it.each([
		['/home', '/offline?to=%2Fhome'],
		['/usage?date=2026-11-01&view=day', '/offline?to=%2Fusage%3Fdate%3D2026-11-01%26view%3Dday'],
		// A path that only begins like the offline page is a page like any other.
		['/offline-help', '/offline?to=%2Foffline-help']
	])('%s is looked for on the device: %s', (path, address) => {
		expect(addressWithoutNetwork(url(path))).toBe(address);
	});

	it.each(['/offline', '/offline?to=%2Fhome'])(
		'%s is the offline page itself: no redirect in a circle',
		(path) => {
			expect(addressWithoutNetwork(url(path))).toBeNull();
		}
	);
});

it.each([
	['/offline', true],
	['/offline?to=%2Fhome', false],
	['/home', false]
])('%s is answered by the precache: %s', (path, expected) => {
	expect(isPrecachedPage(url(path))).toBe(expected);
});

it('while a sign-out is pending every page is the offline sign-in, which shows nothing of the customer', () => {
	expect(ADDRESS_WHILE_SIGNING_OUT).toBe('/offline?to=%2Fsign-in');
});
