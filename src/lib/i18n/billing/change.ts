import type { BillChange, BillChangeCause, BillDocument } from '#lib/domain/billing/bill.ts';
import type { Currency } from '#lib/domain/kernel/money.ts';
import { formatMoney, formatMonth, formatPowerFactor } from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import type { Locale } from '#lib/i18n/paraglide/runtime.js';
import { averagePrice, exactQuantity } from './quantities.ts';

/** Causes that the sentence names; the rest goes together as "other causes". */
const NAMED_CAUSES = 2;

export interface CauseView {
	readonly what: string;
	/** Signed amount. */
	readonly effect: string;
}

/** Why a bill differs from the one before. */
export interface ChangeView {
	/** One sentence, with exact figures. */
	readonly sentence: string;
	/** All causes, largest first; their effects sum to `difference`. */
	readonly causes: readonly CauseView[];
	readonly difference: string | null;
}

export function changeView(bill: BillDocument, locale: Locale): ChangeView {
	const { change, previous, currency } = bill;
	if (change === null || previous === null) {
		return { sentence: m.billing_change_first_sentence({}, { locale }), causes: [], difference: null };
	}
	return {
		sentence: sentenceOf(change, formatMonth(previous.period.start, locale), currency, locale),
		causes: change.causes.map((cause) => ({
			what: causeText(cause, currency, locale),
			effect: formatMoney(cause.effectMinor, currency, locale, { sign: 'always' })
		})),
		difference: formatMoney(change.differenceMinor, currency, locale, { sign: 'always' })
	};
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
	const parts = named.map((cause) => reason(causeText(cause, currency, locale), cause.effectMinor));
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

function causeText(cause: BillChangeCause, currency: Currency, locale: Locale): string {
	switch (cause.kind) {
		case 'days':
			return m.billing_change_days({ from: cause.from, to: cause.to }, { locale });
		case 'volume': {
			const [from, to] = [cause.fromWhPerDay, cause.toWhPerDay].map((wh) =>
				exactQuantity(wh, 'kWh', locale, 2)
			) as [string, string];
			return m.billing_change_volume({ from, to }, { locale });
		}
		case 'price': {
			if (cause.fromPriceE8 === null || cause.toPriceE8 === null) {
				return m.billing_change_price_bare({}, { locale });
			}
			const from = averagePrice(cause.fromPriceE8, currency, locale);
			const to = averagePrice(cause.toPriceE8, currency, locale);
			return from === to
				? m.billing_change_price_bare({}, { locale })
				: m.billing_change_price({ from, to }, { locale });
		}
		case 'tier':
			return cause.fromTier === cause.toTier
				? m.billing_change_tier_same({ to: cause.toTier }, { locale })
				: m.billing_change_tier({ from: cause.fromTier, to: cause.toTier }, { locale });
		case 'demand': {
			if (cause.from === cause.to) return m.billing_change_demand_price({}, { locale });
			const from = exactQuantity(cause.from, cause.unit, locale);
			return m.billing_change_demand({ from, to: exactQuantity(cause.to, cause.unit, locale) }, { locale });
		}
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
