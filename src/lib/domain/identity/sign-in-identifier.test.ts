import { describe, expect, test } from 'vitest';
import { displayPhone, normalizePhone, parseSignInIdentifier } from './sign-in-identifier.ts';

describe('phone numbers', () => {
	test.each([
		['a mainland mobile number', '13800138000', '+8613800138000'],
		['with spaces', ' 138 0013 8000 ', '+8613800138000'],
		['with hyphens', '138-0013-8000', '+8613800138000'],
		['with +86', '+86 138 0013 8000', '+8613800138000'],
		['with 0086', '008613800138000', '+8613800138000'],
		['with 86', '8613800138000', '+8613800138000'],
		['in full-width digits', '１３８００１３８０００', '+8613800138000'],
		['of another country', '+44 20 7946 0958', '+442079460958'],
		['of another country, with 00', '0044 20 7946 0958', '+442079460958']
	])('%s', (_, typed, stored) => {
		expect(normalizePhone(typed)).toBe(stored);
	});

	test.each([
		['a customer number', '9900000001'],
		['a mobile number that is too short', '1380013800'],
		['a number that no mobile begins with', '12800138000'],
		['a word', 'meterside'],
		['nothing', '']
	])('%s is none', (_, typed) => {
		expect(normalizePhone(typed)).toBeNull();
	});

	test('mainland numbers are shown in groups, without the country code', () => {
		expect(displayPhone('+8613800138000')).toBe('138 0013 8000');
		expect(displayPhone('+442079460958')).toBe('+442079460958');
	});
});

describe('what was typed at sign-in', () => {
	test('an e-mail address, whatever its case', () => {
		expect(parseSignInIdentifier(' Wang.Fang@Example.COM ').email).toBe('wang.fang@example.com');
	});

	test('a customer number, with the spaces of the printed bill', () => {
		expect(parseSignInIdentifier('99 0000 0001')).toEqual({
			customerNo: '9900000001',
			phone: null,
			email: null
		});
	});

	test('eleven digits may be a phone number or a customer number', () => {
		const parsed = parseSignInIdentifier('13800138000');
		expect(parsed).toEqual({ customerNo: '13800138000', phone: '+8613800138000', email: null });
	});
});
