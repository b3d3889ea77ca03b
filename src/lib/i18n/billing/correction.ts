import type { BillCorrection, BillDocument, BillLine } from '#lib/domain/billing/bill.ts';
import type { CorrectionCause, LineDifference } from '#lib/domain/billing/correction.ts';
import type { DatePeriod, LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { formatDate, formatDecimal, formatMoney, formatRange } from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import type { Locale } from '#lib/i18n/paraglide/runtime.js';
import { lineName } from './lines.ts';
import { digitsFor, exactQuantity, lineQuantity } from './quantities.ts';
import { channelName } from './words.ts';

/** Civil dates have no zone: their days are all as long. */
const DAY_MS = 86_400_000;

/** What a correction bill has changed, and why. */
export interface CorrectionView {
	/** "Correction of bill …". */
	readonly title: string;
	/** What is to be paid besides, or comes back. */
	readonly sentence: string;
	readonly corrected: { readonly id: number; readonly billNo: string };
	readonly before: string;
	readonly after: string;
	readonly difference: string;
	readonly causes: readonly CorrectionCauseView[];
	/** Lines whose amount or quantity changed, and those that stayed as they were. */
	readonly changedLines: readonly LineDifferenceView[];
	readonly sameLines: readonly LineDifferenceView[];
}

export interface CorrectionCauseView {
	readonly text: string;
	/** Days whose readings are others, each from the first on. */
	readonly spans: readonly { readonly from: LocalDate; readonly label: string }[];
}

export interface LineDifferenceView {
	readonly reference: string;
	readonly label: string;
	/** "120 kWh → 126 kWh"; null where the quantity is the same. */
	readonly quantity: string | null;
	readonly before: string;
	readonly after: string;
	readonly difference: string;
}

export function correctionView(bill: BillDocument, locale: Locale): CorrectionView | null {
	const { correction, currency, totalMinor } = bill;
	if (correction === null) return null;
	const isChanged = ({ before, after, differenceMinor }: LineDifference) =>
		differenceMinor !== 0n || before?.quantityMilli !== after?.quantityMilli;
	const energies = correction.lines
		.flatMap(({ before, after }) => [before, after])
		.flatMap((line) => (line?.unit === 'kWh' ? [line.quantityMilli] : []));
	const digits = digitsFor(energies);
	const view = (difference: LineDifference) => lineView(difference, bill, locale, digits);
	return {
		title: m.billing_correction_title({ billNo: correction.corrected.billNo }, { locale }),
		sentence: sentenceOf(correction, bill, locale),
		corrected: correction.corrected,
		before: formatMoney(correction.beforeMinor, currency, locale),
		after: formatMoney(totalMinor, currency, locale),
		difference: formatMoney(correction.differenceMinor, currency, locale, { sign: 'always' }),
		causes: correction.causes.map((cause) => causeView(cause, locale)),
		changedLines: correction.lines.filter(isChanged).map(view),
		sameLines: correction.lines.filter((line) => !isChanged(line)).map(view)
	};
}

/** A cause as paper has it: the days in the text. */
export function causeLine({ text, spans }: CorrectionCauseView, locale: Locale): string {
	if (spans.length === 0) return text;
	const value = spans.map(({ label }) => label).join(m.billing_correction_day_separator({}, { locale }));
	return m.billing_labelled({ label: text, value }, { locale });
}

function sentenceOf({ differenceMinor }: BillCorrection, { currency }: BillDocument, locale: Locale): string {
	if (differenceMinor === 0n) return m.billing_correction_same({}, { locale });
	const amount = formatMoney(differenceMinor < 0n ? -differenceMinor : differenceMinor, currency, locale);
	return differenceMinor > 0n
		? m.billing_correction_more({ amount }, { locale })
		: m.billing_correction_less({ amount }, { locale });
}

function causeView(cause: CorrectionCause, locale: Locale): CorrectionCauseView {
	if (cause.kind !== 'readings') return { text: causeText(cause, locale), spans: [] };
	const channels = cause.channels
		.map((channel) => channelName(channel, locale))
		.join(m.billing_correction_channel_separator({}, { locale }));
	const days = formatDecimal(cause.days, locale);
	return {
		text:
			cause.days === 1
				? m.billing_correction_readings_one({ channels }, { locale })
				: m.billing_correction_readings({ channels, days }, { locale }),
		spans: cause.spans.map((span) => ({ from: span.start, label: spanText(span, locale) }))
	};
}

function spanText(span: DatePeriod, locale: Locale): string {
	const isOneDay = Date.parse(span.end) - Date.parse(span.start) === DAY_MS;
	return isOneDay ? formatDate(span.start, locale) : formatRange(span, locale);
}

function causeText(cause: Exclude<CorrectionCause, { kind: 'readings' }>, locale: Locale): string {
	switch (cause.kind) {
		case 'metering':
			return m.billing_correction_metering({}, { locale });
		case 'filling':
			return m.billing_correction_filling({}, { locale });
		case 'tariff':
			return m.billing_correction_tariff({}, { locale });
		case 'facts':
			return m.billing_correction_facts({}, { locale });
		case 'calendar':
			return m.billing_correction_calendar({}, { locale });
		case 'calculation':
			return m.billing_correction_calculation({}, { locale });
		case 'carried':
			return m.billing_correction_carried(
				{ from: usedText(cause.fromWh, locale), to: usedText(cause.toWh, locale) },
				{ locale }
			);
	}
}

function usedText(wh: number | null, locale: Locale): string {
	return wh === null ? m.billing_correction_unknown({}, { locale }) : exactQuantity(wh, 'kWh', locale);
}

function lineView(
	{ reference, before, after, differenceMinor }: LineDifference,
	bill: BillDocument,
	locale: Locale,
	digits: number
): LineDifferenceView {
	const line = after ?? before;
	const amount = (one: BillLine | null) =>
		one === null
			? m.billing_not_applicable({}, { locale })
			: formatMoney(one.amountMinor, bill.currency, locale);
	const quantity = (one: BillLine | null) =>
		one === null
			? m.billing_not_applicable({}, { locale })
			: lineQuantity(one, bill.currency, locale, digits);
	return {
		reference,
		label: line === null ? reference : lineName(line, bill, locale),
		quantity: quantity(before) === quantity(after) ? null : `${quantity(before)} → ${quantity(after)}`,
		before: amount(before),
		after: amount(after),
		difference: formatMoney(differenceMinor, bill.currency, locale, { sign: 'always' })
	};
}
