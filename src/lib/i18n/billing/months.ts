import { formatMonth } from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import { getLocale, type Locale } from '#lib/i18n/paraglide/runtime.js';

/** Civil dates [start, end). */
interface Period {
	readonly start: string;
	readonly end: string;
}

/** The month "YYYY-MM" that a bill's period ends in: what it counts as. */
export function lastMonth({ end }: Period): string {
	return new Date(Date.parse(end) - 86_400_000).toISOString().slice(0, 7);
}

/** The months of a bill: "November 2026", "Nov – Dec 2026" · "2026年11月至12月". */
export function monthsText(period: Period, locale: Locale = getLocale()): string {
	const [from, to] = [period.start.slice(0, 7), lastMonth(period)];
	if (from === to) return formatMonth(from, locale);
	const [fromMonth, toMonth] = [formatMonth(from, locale, 'short'), formatMonth(to, locale, 'short')];
	const [fromYear, toYear] = [from.slice(0, 4), to.slice(0, 4)];
	return fromYear === toYear
		? m.billing_months_of_year({ fromMonth, toMonth, year: toYear }, { locale })
		: m.billing_months_across_years({ fromMonth, fromYear, toMonth, toYear }, { locale });
}
