import type { Account } from '#lib/domain/identity/account.ts';
import {
	addDays,
	clip,
	monthNumber,
	monthOf,
	monthPeriod,
	monthStart,
	nextMonthStart,
	type DatePeriod,
	type LocalMonth
} from '#lib/domain/kernel/civil-time.ts';

type ReadingCycle = Pick<Account, 'readingMonths' | 'readingParity'>;

/** The calendar months that are billed together with a month: itself, or both of its reading cycle. */
export function readingPeriod({ readingMonths, readingParity }: ReadingCycle, month: LocalMonth): DatePeriod {
	const { start, end } = monthPeriod(month);
	if (readingMonths === 1) return { start, end };
	const isReadMonth = (monthNumber(start) % 2 === 0) === (readingParity === 'even');
	return isReadMonth ? { start: monthStart(addDays(start, -1)), end } : { start, end: nextMonthStart(end) };
}

/** The reading cycle of a month, clipped to the time of supply; null where the account was not supplied in it. */
export function suppliedPeriod(
	account: ReadingCycle & Pick<Account, 'openedOn' | 'closedOn'>,
	month: LocalMonth
): DatePeriod | null {
	const { openedOn, closedOn } = account;
	const cycle = readingPeriod(account, month);
	const supplied = clip({ start: openedOn, end: closedOn ?? cycle.end }, cycle);
	return supplied.start < supplied.end ? supplied : null;
}

/** The month that a bill counts as: the one in which its period ends. */
export function billMonth({ end }: DatePeriod): LocalMonth {
	return monthOf(addDays(end, -1));
}
