import { addDays, addMonths, localDate, monthOf, type LocalDate } from '#lib/domain/kernel/civil-time.ts';

/** When the bills of a supply area fall due: the operator's dated setting, not a rule of law. */
export interface BillingTerms {
	readonly supplyArea: string;
	readonly validFrom: LocalDate;
	/** Day of the month after the billed one. */
	readonly dueDay: number;
	/** A bill that is issued late leaves the customer at least so many days. */
	readonly minDaysToPay: number;
}

/** The day through which a bill can be paid on time. */
export function dueDate(terms: BillingTerms, lastDay: LocalDate, issuedOn: LocalDate): LocalDate {
	const nextMonth = addMonths(localDate(`${monthOf(lastDay)}-01`), 1);
	const usual = addDays(nextMonth, terms.dueDay - 1);
	const earliest = addDays(issuedOn, terms.minDaysToPay);
	return usual > earliest ? usual : earliest;
}
