import { daysBetween } from '#lib/domain/kernel/civil-time.ts';
import { parseScaled } from '#lib/domain/kernel/money.ts';
import type { AccountOverview, Todo } from './overview.ts';

/** Readings of a day arrive on the next; one more day is not worth a word. */
const LATE_AFTER_DAYS = 2;

/** How long before the next tier begins the customer hears of it. */
const TIER_NOTICE_DAYS = 30;

/** Most pressing first: the bill, then what makes figures doubtful, then what will cost more. */
export function todoOf(overview: Omit<AccountOverview, 'todo'>): Todo[] {
	const { bill, usage, tier, plant, today } = overview;
	const todo: Todo[] = [];
	if (bill !== null && bill.daysToDue >= 0 && bill.totalMinor > 0n) {
		const { id: billId, period, totalMinor, currency, dueOn, daysToDue } = bill;
		todo.push({ kind: 'bill_due', billId, period, totalMinor, currency, dueOn, daysToDue });
	}
	if (usage !== null && usage.day.ageDays > LATE_AFTER_DAYS) {
		todo.push({ kind: 'readings_late', lastDate: usage.day.localDate, ageDays: usage.day.ageDays });
	}
	const gaps = usage?.week.days.filter(({ missing }) => missing > 0) ?? [];
	const lastGap = gaps.at(-1);
	if (lastGap !== undefined) {
		const intervals = gaps.reduce((sum, { missing }) => sum + missing, 0);
		todo.push({ kind: 'readings_missing', intervals, localDate: lastGap.localDate });
	}
	const expectedOn = tier?.next?.expectedOn ?? null;
	if (tier?.next && expectedOn !== null && daysBetween(today, expectedOn) <= TIER_NOTICE_DAYS) {
		todo.push({ kind: 'tier_near', tier: tier.next.tier, expectedOn });
	}
	const hundredths = plant?.month.powerFactorHundredths ?? null;
	const standard = plant?.powerFactorStandard ?? null;
	if (standard !== null && hundredths !== null && hundredths < parseScaled(standard, 2)) {
		todo.push({ kind: 'power_factor_low', hundredths, standard });
	}
	return todo;
}
