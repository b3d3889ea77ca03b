import { describe, expect, it } from 'vitest';
import { isKeptPage, matchKeptPath, offlineAddress } from './offline-pages.ts';

const url = (path: string) => new URL(path, 'https://portal.example');

describe('pages kept on the device', () => {
	it.each([
		['/(customer)/home', '/home', true],
		['/(customer)/usage', '/usage', true],
		['/(customer)/usage', '/usage?view=day&date=2026-11-01', true],
		['/(customer)/usage', '/usage?view=year', false],
		['/(customer)/bills/[billId]', '/bills/7', true],
		['/(customer)/me', '/me', false],
		[null, '/nowhere', false]
	])('%s at %s: %s', (routeId, path, kept) => {
		expect(isKeptPage(routeId, url(path))).toBe(kept);
	});
});

describe('matchKeptPath', () => {
	const kept = ['/usage?date=2026-11-02', '/usage?date=2026-11-01', '/bills/7', '/bills'];

	it('finds the very day', () => {
		expect(matchKeptPath(kept, '/usage?date=2026-11-01')).toBe('/usage?date=2026-11-01');
	});
	it('opens the newest day where no day is named', () => {
		expect(matchKeptPath(kept, '/usage')).toBe('/usage?date=2026-11-02');
	});
	it('never shows another day in place of the one asked for', () => {
		expect(matchKeptPath(kept, '/usage?date=2026-10-31')).toBeUndefined();
	});
	it.each(['/usage?account=2', '/usage?meter=M2', '/usage?view=year', '/bills?account=2'])(
		'never shows the first account, meter or the day view for %s',
		(path) => {
			expect(matchKeptPath(kept, path)).toBeUndefined();
		}
	);
	it('never shows another bill in place of the one asked for', () => {
		expect(matchKeptPath(kept, '/bills/8')).toBeUndefined();
	});
});

it('carries the whole path into the offline address', () => {
	expect(offlineAddress('/usage?date=2026-11-01&view=day')).toBe(
		'/offline?to=%2Fusage%3Fdate%3D2026-11-01%26view%3Dday'
	);
});
