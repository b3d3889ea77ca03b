import { describe, expect, it } from 'vitest';
import { precacheList } from './precache.ts';

describe('what the service worker keeps', () => {
	const list = precacheList(['/_app/immutable/start.a1.js'], ['/favicon.svg', '/icons/192.png'], 'v7');

	it('is the build, the static files and the offline page, and nothing else', () => {
		expect(list.map(({ url }) => url)).toEqual([
			'/_app/immutable/start.a1.js',
			'/favicon.svg',
			'/icons/192.png',
			'/offline'
		]);
	});

	it('is fetched anew with each version, but for build files, whose names change with their content', () => {
		expect(list.map(({ revision }) => revision)).toEqual([null, 'v7', 'v7', 'v7']);
	});
});
