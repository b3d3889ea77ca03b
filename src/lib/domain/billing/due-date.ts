import { addDays, addMonths, localDate, monthOf, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { FillingMethod } from '#lib/domain/metering/filling.ts';

/** How a supply area is billed: the operator's dated settings, not rules of law. */
export interface BillingTerms {
	readonly supplyArea: string;
	readonly validFrom: LocalDate;
	/** Day of the month after the billed one. */
	readonly dueDay: number;
	/** A bill that is issued late leaves the customer at least so many days. */
	readonly minDaysToPay: number;
	/** How missing intervals are filled before they are billed. */
	readonly missingFilling: FillingMethod;
}

/** The area's own terms on a date, else those for every area ("*"). */
export function termsOn(
	terms: readonly BillingTerms[],
	supplyArea: string,
	date: LocalDate
): BillingTerms | undefined {
	const newest = (area: string) =>
		terms
			.filter((own) => own.supplyArea === area && own.validFrom <= date)
			.reduce<BillingTerms | undefined>(
				(last, own) => (last === undefined || own.validFrom > last.validFrom ? own : last),
				undefined
			);
	return newest(supplyArea) ?? newest('*');
}

/** The day through which a bill can be paid on time. */
export function dueDate(terms: BillingTerms, lastDay: LocalDate, issuedOn: LocalDate): LocalDate {
	const nextMonth = addMonths(localDate(`${monthOf(lastDay)}-01`), 1);
	const usual = addDays(nextMonth, terms.dueDay - 1);
	const earliest = addDays(issuedOn, terms.minDaysToPay);
	return usual > earliest ? usual : earliest;
}
