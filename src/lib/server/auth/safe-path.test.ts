import { describe, expect, test } from 'vitest';
import { safePath } from './safe-path.ts';

describe('where to go on to', () => {
	test.each([
		['/usage', '/usage'],
		['/bills/12?account=3#lines', '/bills/12?account=3#lines'],
		['/usage?to=https://evil.example', '/usage?to=https://evil.example'],
		['/a/../bills', '/bills']
	])('%s stays in the portal', (wanted, path) => {
		expect(safePath(wanted)).toBe(path);
	});

	test.each([
		['https://evil.example'],
		['//evil.example'],
		['///evil.example'],
		['/\\evil.example'],
		['\\\\evil.example'],
		['/\t/evil.example'],
		['/\n/evil.example'],
		['/.//evil.example'],
		['/..//evil.example'],
		['javascript:alert(1)'],
		['evil.example'],
		[' /home'],
		[''],
		[null],
		[undefined],
		[new Blob()]
	])('%j does not lead out', (wanted) => {
		expect(safePath(wanted)).toBe('/home');
	});
});
