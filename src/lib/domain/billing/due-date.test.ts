import { expect, it } from 'vitest';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { dueDate } from './due-date.ts';

const terms = {
	supplyArea: '*',
	validFrom: localDate('2010-01-01'),
	dueDay: 20,
	minDaysToPay: 7,
	missingFilling: 'none'
} as const;

it.each([
	['issued at once', '2026-01-31', '2026-02-01', '2026-02-20'],
	['the last day that leaves a week', '2026-01-31', '2026-02-13', '2026-02-20'],
	['issued late: a week from issue', '2026-01-31', '2026-03-05', '2026-03-12'],
	['across the new year', '2025-12-31', '2026-01-01', '2026-01-20'],
	['supply that ended inside the month', '2026-01-10', '2026-01-12', '2026-02-20']
])('a bill %s', (_, lastDay, issuedOn, due) => {
	expect(dueDate(terms, localDate(lastDay), localDate(issuedOn))).toBe(due);
});
