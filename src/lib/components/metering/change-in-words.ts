import { formatPercent } from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';

/** Below this a change is "about the same", wherever it is put in words: less is not worth a number. */
const NOTABLE_CHANGE = 0.05;

export function isNotable(change: number): boolean {
	return Math.abs(change) >= NOTABLE_CHANGE;
}

/** A change from what is usual: "12% more than usual". */
export function changeFromUsualInWords(change: number): string {
	if (!isNotable(change)) return m.common_home_usual_same();
	const percent = formatPercent(Math.abs(change));
	return change > 0 ? m.common_home_usual_more({ percent }) : m.common_home_usual_less({ percent });
}
