import { isNotable } from '#lib/components/metering/change-in-words.ts';
import { formatPercent } from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';

/** A change from the week before, in words. */
export function changeFromWeekBeforeInWords(change: number | null): string {
	if (change === null) return m.common_home_week_unknown();
	if (!isNotable(change)) return m.common_home_week_same();
	const percent = formatPercent(Math.abs(change));
	return change > 0 ? m.common_home_week_more({ percent }) : m.common_home_week_less({ percent });
}

/** What the figure rests on, where that is less than measured readings throughout. */
export function qualityInWords(quality: {
	readonly missing: number;
	readonly estimated: number;
}): string | null {
	if (quality.missing > 0) return m.common_home_missing({ count: quality.missing });
	if (quality.estimated > 0) return m.common_home_estimated({ count: quality.estimated });
	return null;
}

/** "in 5 days", "today", "tomorrow". */
export function dueInWords(daysToDue: number): string {
	if (daysToDue === 0) return m.common_home_due_today();
	if (daysToDue === 1) return m.common_home_due_tomorrow();
	return m.common_home_due_in_days({ days: daysToDue });
}
