import { divideHalfUp, scaledToDecimal, type Currency } from '#lib/domain/kernel/money.ts';
import type { Channel } from '#lib/domain/metering/load-day.ts';
import { microOf } from '#lib/domain/rating/lines.ts';
import type { QuantityUnit } from '#lib/domain/rating/types.ts';
import { formatDecimal, formatMoney, formatUnitPrice } from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import type { Locale } from '#lib/i18n/paraglide/runtime.js';

/*
 * Quantities as a bill prints them: exact, never shortened to a handy number of figures. All are given in
 * thousandths of the unit that is shown (Wh for kWh, varh for kvarh, W for kW, VA for kVA).
 */

const NO_BREAK = '\u00a0';

export type ShownUnit = Exclude<QuantityUnit, 'money'> | 'kvarh';

/** "1,234.5 kWh", exact; `digits` sets the number of decimals where figures stand in a column. */
export function exactQuantity(milli: number, unit: ShownUnit, locale: Locale, digits?: number): string {
	const decimal = scaledToDecimal(microOf(milli), 6, 0);
	return formatDecimal(decimal, locale, digits ?? { min: 0, max: 6 }) + NO_BREAK + unitName(unit, locale);
}

function unitName(unit: ShownUnit, locale: Locale): string {
	switch (unit) {
		case 'month':
			return m.billing_unit_month({}, { locale });
		case 'day':
			return m.billing_unit_day({}, { locale });
		case 'bill':
			return m.billing_unit_bill({}, { locale });
		default:
			return unit;
	}
}

/** The quantity of a line; the base of a percentage is an amount of money. */
export function lineQuantity(
	line: { readonly quantityMilli: number; readonly unit: QuantityUnit },
	currency: Currency,
	locale: Locale,
	digits?: number
): string {
	if (line.unit === 'money') return formatMoney(line.quantityMilli, currency, locale);
	return exactQuantity(line.quantityMilli, line.unit, locale, line.unit === 'kWh' ? digits : undefined);
}

/** The fewest decimals that show all of these quantities exactly. */
export function digitsFor(millis: readonly number[]): number {
	if (millis.some((milli) => milli % 10 !== 0)) return 3;
	if (millis.some((milli) => milli % 100 !== 0)) return 2;
	return millis.some((milli) => milli % 1000 !== 0) ? 1 : 0;
}

/** Energy of a channel, in kWh or kvarh. */
export function channelQuantity(channel: Channel, quantity: number, locale: Locale, digits?: number): string {
	return exactQuantity(quantity, isReactive(channel) ? 'kvarh' : 'kWh', locale, digits);
}

export function isReactive(channel: Channel): boolean {
	return channel === 'reactive_import' || channel === 'reactive_export';
}

/** An average price, rounded to 4 decimals: it is a quotient, no published price. */
export function averagePrice(priceE8: bigint, currency: Currency, locale: Locale): string {
	return formatUnitPrice(divideHalfUp(priceE8, 10_000n) * 10_000n, currency, 'kWh', locale);
}

/** "-0.75%" from ten-thousandths of a percent. */
export function signedPercentText(percentE4: number, locale: Locale): string {
	const text = formatDecimal(scaledToDecimal(BigInt(percentE4), 4, 2), locale, { min: 2, max: 4 });
	return `${percentE4 > 0 ? '+' : ''}${text}%`;
}
