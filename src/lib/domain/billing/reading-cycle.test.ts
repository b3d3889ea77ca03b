import { describe, expect, it } from 'vitest';
import { localDate, type LocalDate, type LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import { billMonth, readingPeriod, suppliedPeriod } from './reading-cycle.ts';

const MONTHLY = { readingMonths: 1, readingParity: null } as const;
const EVEN = { readingMonths: 2, readingParity: 'even' } as const;
const ODD = { readingMonths: 2, readingParity: 'odd' } as const;

describe('the months that are billed together', () => {
	it.each([
		['monthly: the month itself', MONTHLY, '2026-12', '2026-12-01', '2027-01-01'],
		['even, its first month', EVEN, '2026-01', '2026-01-01', '2026-03-01'],
		['even, the month it is read in', EVEN, '2026-02', '2026-01-01', '2026-03-01'],
		['even, at the end of the year', EVEN, '2026-12', '2026-11-01', '2027-01-01'],
		['odd, over the end of the year', ODD, '2025-12', '2025-12-01', '2026-02-01'],
		['odd, read in January', ODD, '2026-01', '2025-12-01', '2026-02-01']
	] as const)('%s', (_name, cycle, month, start, end) => {
		expect(readingPeriod(cycle, month as LocalMonth)).toEqual({ start, end });
	});

	it('are clipped to the time of supply', () => {
		const own = { ...EVEN, openedOn: localDate('2026-01-15'), closedOn: localDate('2026-03-10') };
		expect(suppliedPeriod(own, '2026-01' as LocalMonth)).toEqual({ start: '2026-01-15', end: '2026-03-01' });
		expect(suppliedPeriod(own, '2026-04' as LocalMonth)).toEqual({ start: '2026-03-01', end: '2026-03-10' });
		expect(suppliedPeriod(own, '2026-05' as LocalMonth)).toBeNull();
		expect(suppliedPeriod(own, '2025-12' as LocalMonth)).toBeNull();
	});
});

it('a bill counts as the month that it ends in', () => {
	const ending = (end: string) => billMonth({ start: '2025-12-01' as LocalDate, end: end as LocalDate });
	expect([ending('2026-02-01'), ending('2026-02-02')]).toEqual(['2026-01', '2026-02']);
});
