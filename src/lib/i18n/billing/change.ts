import type { BillChange, BillChangeCause, BillDocument } from '#lib/domain/billing/bill.ts';
import type { Currency } from '#lib/domain/kernel/money.ts';
import { formatMoney, formatPercent, formatPowerFactor } from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import type { Locale } from '#lib/i18n/paraglide/runtime.js';
import { monthsText } from './months.ts';
import { exactQuantity } from './quantities.ts';
import { timePeriodName } from './words.ts';

/** Causes that the sentence names; the rest goes together as "other causes". */
const NAMED_CAUSES = 2;

export interface CauseView {
	readonly what: string;
	/** Signed amount. */
	readonly effect: string;
	/** The line of the bill whose intervals show it. */
	readonly reference: string | null;
	/** Where its bar begins and ends on a scale from 0 to 1, in the order of the causes. */
	readonly from: number;
	readonly to: number;
}

/** Why a bill differs from the one before. */
export interface ChangeView {
	/** One sentence, with exact figures. */
	readonly sentence: string;
	/** All causes, largest first; their effects sum to `difference`. */
	readonly causes: readonly CauseView[];
	readonly difference: string | null;
	/** The two bills; null without a bill before. */
	readonly before: { readonly label: string; readonly amount: string } | null;
	readonly after: { readonly label: string; readonly amount: string } | null;
}

export function changeView(bill: BillDocument, locale: Locale): ChangeView {
	const { change, previous, currency } = bill;
	if (change === null || previous === null) {
		return {
			sentence: m.billing_change_first_sentence({}, { locale }),
			causes: [],
			before: null,
			after: null,
			difference: null
		};
	}
	return {
		sentence: sentenceOf(change, monthsText(previous.period, locale), currency, locale),
		causes: causesOf(change, previous.totalMinor, currency, locale),
		before: {
			label: monthsText(previous.period, locale),
			amount: formatMoney(previous.totalMinor, currency, locale)
		},
		after: {
			label: monthsText(bill.period, locale),
			amount: formatMoney(bill.totalMinor, currency, locale)
		},
		difference: formatMoney(change.differenceMinor, currency, locale, { sign: 'always' })
	};
}

/** The causes as steps from the bill before to this one, on one scale. */
function causesOf(
	{ causes }: BillChange,
	beforeMinor: bigint,
	currency: Currency,
	locale: Locale
): CauseView[] {
	const levels = [Number(beforeMinor)];
	for (const { effectMinor } of causes) levels.push((levels.at(-1) ?? 0) + Number(effectMinor));
	const low = Math.min(...levels);
	const span = Math.max(...levels) - low || 1;
	// A margin below keeps the smallest bill visible as a bar and not as a line.
	const place = (level: number) => 0.1 + (0.9 * (level - low)) / span;
	return causes.map((cause, index) => ({
		what: causeText(cause, locale),
		effect: formatMoney(cause.effectMinor, currency, locale, { sign: 'always' }),
		reference: cause.reference,
		from: place(levels[index] ?? 0),
		to: place(levels[index + 1] ?? 0)
	}));
}

function sentenceOf(change: BillChange, month: string, currency: Currency, locale: Locale): string {
	const { differenceMinor } = change;
	if (differenceMinor === 0n) return m.billing_change_equal({ month }, { locale });
	const isMore = differenceMinor > 0n;
	const amount = formatMoney(isMore ? differenceMinor : -differenceMinor, currency, locale);
	const reasons = reasonsOf(change, currency, locale);
	if (reasons === '') {
		return isMore
			? m.billing_change_more_bare({ month, amount }, { locale })
			: m.billing_change_less_bare({ month, amount }, { locale });
	}
	return isMore
		? m.billing_change_more({ month, amount, reasons }, { locale })
		: m.billing_change_less({ month, amount, reasons }, { locale });
}

function reasonsOf({ causes }: BillChange, currency: Currency, locale: Locale): string {
	// A single remaining cause is named itself rather than called "other causes".
	const named = causes.length <= NAMED_CAUSES + 1 ? causes : causes.slice(0, NAMED_CAUSES);
	const others = causes.slice(named.length);
	const reason = (what: string, effectMinor: bigint) =>
		m.billing_change_reason({ what, effect: effectText(effectMinor, currency, locale) }, { locale });
	const parts = named.map((cause) => reason(causeText(cause, locale), cause.effectMinor));
	if (others.length > 0) {
		const rest = others.reduce((sum, cause) => sum + cause.effectMinor, 0n);
		parts.push(reason(m.billing_change_others({}, { locale }), rest));
	}
	return parts.join(m.billing_change_separator({}, { locale }));
}

/** "¥12.00 more", "¥3.10 less". */
function effectText(effectMinor: bigint, currency: Currency, locale: Locale): string {
	return effectMinor < 0n
		? m.billing_change_effect_less({ amount: formatMoney(-effectMinor, currency, locale) }, { locale })
		: m.billing_change_effect_more({ amount: formatMoney(effectMinor, currency, locale) }, { locale });
}

function causeText(cause: BillChangeCause, locale: Locale): string {
	switch (cause.kind) {
		case 'days':
			return m.billing_change_days({ from: cause.from, to: cause.to }, { locale });
		case 'volume': {
			const [from, to] = [cause.fromWhPerDay, cause.toWhPerDay].map((wh) =>
				exactQuantity(wh, 'kWh', locale, 2)
			) as [string, string];
			return m.billing_change_volume({ from, to }, { locale });
		}
		case 'estimates':
			return m.billing_change_estimates(
				{ from: exactQuantity(cause.fromWh, 'kWh', locale), to: exactQuantity(cause.toWh, 'kWh', locale) },
				{ locale }
			);
		case 'corrections':
			return m.billing_change_corrections(
				{ from: exactQuantity(cause.fromWh, 'kWh', locale), to: exactQuantity(cause.toWh, 'kWh', locale) },
				{ locale }
			);
		case 'mix':
			return m.billing_change_mix(
				{
					period: timePeriodName(cause.timePeriod, locale),
					from: formatPercent(cause.fromShare, locale),
					to: formatPercent(cause.toShare, locale)
				},
				{ locale }
			);
		case 'export':
			return m.billing_change_export(
				{ from: exactQuantity(cause.fromWh, 'kWh', locale), to: exactQuantity(cause.toWh, 'kWh', locale) },
				{ locale }
			);
		case 'price':
			return cause.includesMix
				? m.billing_change_price_mix({}, { locale })
				: m.billing_change_price_bare({}, { locale });
		case 'spread':
			return m.billing_change_spread({}, { locale });
		case 'other':
			return m.billing_change_others({}, { locale });
		case 'tier':
			return cause.fromTier === cause.toTier
				? m.billing_change_tier_same({ to: cause.toTier }, { locale })
				: m.billing_change_tier({ from: cause.fromTier, to: cause.toTier }, { locale });
		case 'demand':
			return m.billing_change_demand(
				{ from: exactQuantity(cause.fromW, 'kW', locale), to: exactQuantity(cause.toW, 'kW', locale) },
				{ locale }
			);
		case 'power_factor': {
			const { fromHundredths, toHundredths } = cause;
			if (fromHundredths === null || toHundredths === null || fromHundredths === toHundredths) {
				return m.billing_change_power_factor_bare({}, { locale });
			}
			const from = formatPowerFactor(fromHundredths, locale);
			return m.billing_change_power_factor({ from, to: formatPowerFactor(toHundredths, locale) }, { locale });
		}
	}
}
