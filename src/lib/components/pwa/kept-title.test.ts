import { afterAll, describe, expect, it } from 'vitest';
import { getLocale, overwriteGetLocale } from '#lib/i18n/paraglide/runtime.js';
import { keptTitle } from './kept-title.ts';

const before = getLocale;
afterAll(() => overwriteGetLocale(before));

const me = { accounts: [{ id: 7, accountNo: '3300007' }] };
const bill = { period: { start: '2026-10-01', end: '2026-11-01' } };

describe('what a kept page is called', () => {
	it.each([
		['/(customer)/home', '/home', { me }, 'Home', '首页'],
		['/(customer)/bills', '/bills', { me }, 'Bills', '账单'],
		['/(customer)/bills/[billId]', '/bills/12', { me, bill }, 'Bill of October 2026', '2026年10月电费账单'],
		// The newest day has no date in its address, and is another day tomorrow.
		['/(customer)/usage', '/usage', { me, date: '2026-11-22' }, 'Day curve of 22 Nov', '11月22日的负荷曲线'],
		['/(customer)/home', '/home?account=7', { me }, 'Home · account 3300007', '首页 · 户号 3300007']
	])('%s as %s', (routeId, path, data, en, zh) => {
		const snapshot = { routeId, path, savedAtMs: 0, data };
		overwriteGetLocale(() => 'en');
		expect(keptTitle(snapshot)).toBe(en);
		overwriteGetLocale(() => 'zh-CN');
		expect(keptTitle(snapshot)).toBe(zh);
	});

	it('stays a name where the data are those of an older version', () => {
		overwriteGetLocale(() => 'en');
		expect(
			keptTitle({ routeId: '/(customer)/bills/[billId]', path: '/bills/12', savedAtMs: 0, data: {} })
		).toBe('Bills');
	});
});
