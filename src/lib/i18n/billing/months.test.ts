import { expect, it } from 'vitest';
import { monthsText } from './months.ts';

it.each([
	['one month', '2026-11-01', '2026-12-01', 'November 2026', '2026年11月'],
	['a part of one', '2026-11-15', '2026-11-20', 'November 2026', '2026年11月'],
	['two of a year', '2026-01-01', '2026-03-01', 'Jan – Feb 2026', '2026年1月至2月'],
	['two over the end of a year', '2025-12-01', '2026-02-01', 'Dec 2025 – Jan 2026', '2025年12月至2026年1月']
])('the months of a bill: %s', (_name, start, end, en, zh) => {
	expect(monthsText({ start, end }, 'en')).toBe(en);
	expect(monthsText({ start, end }, 'zh-CN')).toBe(zh);
});
