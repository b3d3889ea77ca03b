import { describe, expect, it } from 'vitest';
import { loadEnv, SettingsError } from './env.ts';

describe('settings', () => {
	it('have defaults, which an empty value leaves in place', () => {
		expect(loadEnv({ PORT: '', DEMO: '' })).toMatchObject({
			PORT: 3000,
			HOST: '0.0.0.0',
			ORIGIN: 'http://localhost:3000',
			DEMO: true,
			LOG_LEVEL: 'info',
			XFF_DEPTH: 1
		});
	});

	it.each([
		['PORT', '8080', 8080],
		['DEMO', '0', false],
		['DEMO', 'true', true],
		['ORIGIN', 'https://portal.example/', 'https://portal.example'],
		['LOG_LEVEL', 'debug', 'debug'],
		['XFF_DEPTH', '2', 2]
	])('%s=%s is taken', (name, text, value) => {
		expect(loadEnv({ [name]: text })).toMatchObject({ [name]: value });
	});

	it.each([
		['PORT', 'abc', 'a whole number from 1 to 65535'],
		['PORT', '0', 'a whole number from 1 to 65535'],
		['PORT', '70000', 'a whole number from 1 to 65535'],
		['PORT', '80.5', 'a whole number from 1 to 65535'],
		['PORT', '0x50', 'a whole number from 1 to 65535'],
		['XFF_DEPTH', '11', 'a whole number from 1 to 10'],
		['DEMO', 'maybe', '"0"|"1"|"true"|"false"'],
		['LOG_LEVEL', 'loud', '"warn"'],
		['ORIGIN', 'portal.example', 'Invalid URL'],
		['ORIGIN', 'ftp://portal.example', 'Invalid URL'],
		['DATABASE_URL', 'mysql://localhost/meterside', 'Invalid URL'],
		['AUTH_SECRET', 'short', 'at least 32 characters'],
		['NOW', 'yesterday', 'Invalid ISO datetime']
	])('%s=%s is refused by name, with the reason', (name, text, reason) => {
		const load = () => loadEnv({ [name]: text });
		expect(load).toThrow(SettingsError);
		expect(load).toThrow(`Setting ${name} is not valid: `);
		expect(load).toThrow(reason);
	});

	it('set the clock in the demo only', () => {
		const NOW = '2026-03-18T09:00:00+08:00';
		expect(loadEnv({ NOW })).toMatchObject({ NOW });
		expect(() => loadEnv({ NOW, DEMO: '0' })).toThrow('Setting NOW is not valid: the clock can be set');
	});

	it('must hold the secret of the sessions where the database is external', () => {
		const external = { DATABASE_URL: 'postgresql://localhost/meterside', DEMO: '0' };
		expect(() => loadEnv(external)).toThrow('Setting AUTH_SECRET is missing');
		const AUTH_SECRET = 'x'.repeat(32);
		expect(loadEnv({ ...external, AUTH_SECRET })).toMatchObject({ AUTH_SECRET });
	});
});
