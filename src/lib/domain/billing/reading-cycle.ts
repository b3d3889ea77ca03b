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
	type LocalDate,
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

/**
 * The part of a day's reading cycle that has no bill yet, the day in it.
 * @param billedUntil the day after the last one billed; null before the first bill
 * @returns null where the day is billed or not supplied, or where an earlier bill is missing
 */
export function unbilledPeriod(
	account: Parameters<typeof suppliedPeriod>[0],
	billedUntil: LocalDate | null,
	date: LocalDate
): DatePeriod | null {
	const cycle = suppliedPeriod(account, monthOf(date));
	const start = billedUntil ?? account.openedOn;
	if (cycle === null || date >= cycle.end || start < cycle.start || start > date) return null;
	return { start, end: cycle.end };
}

/** The month that a bill counts as: the one in which its period ends. */
export function billMonth({ end }: DatePeriod): LocalMonth {
	return monthOf(addDays(end, -1));
}
