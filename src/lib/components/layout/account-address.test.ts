import { describe, expect, it } from 'vitest';
import { accountInView, addressInView, readAccountId, withAccountInView } from './account-address.ts';

const accounts = [{ id: 7 }, { id: 9 }];

describe('the account in view', () => {
	it.each([
		['', 7],
		['account=9', 9],
		['account=8', 7],
		['account=', 7]
	])('"%s": account %s', (search, id) => {
		expect(accountInView(accounts, new URLSearchParams(search))?.id).toBe(id);
	});

	it('is none without accounts', () => {
		expect(accountInView([], new URLSearchParams())).toBeUndefined();
	});

	it('stays in view from page to page, and nothing else does', () => {
		expect(withAccountInView('/bills', new URLSearchParams('account=9&view=year'))).toBe('/bills?account=9');
		expect(withAccountInView('/bills', new URLSearchParams('view=year'))).toBe('/bills');
	});

	it('goes with what the address asks for besides', () => {
		const params = new URLSearchParams('account=9');
		expect(withAccountInView('/usage', params, { date: '2026-11-22' })).toBe(
			'/usage?date=2026-11-22&account=9'
		);
	});
});

describe('the account that an address names', () => {
	it.each([
		['', undefined],
		['account=9', 9],
		// 0 is no account: answered like somebody else's, never with the first one.
		['account=abc', 0],
		["account=1'--", 0],
		['account=', 0],
		['account=0', 0]
	])('"%s": %s', (search, id) => {
		expect(readAccountId(new URLSearchParams(search))).toBe(id);
	});
});

it('the address in view on the offline page is that of the kept page', () => {
	const offline = new URL(`https://portal.example/offline?to=${encodeURIComponent('/usage?unit=kWh')}`);
	expect(addressInView(offline).href).toBe('https://portal.example/usage?unit=kWh');
	const usual = new URL('https://portal.example/usage?unit=kWh');
	expect(addressInView(usual)).toBe(usual);
});
