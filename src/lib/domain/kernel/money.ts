import { assert } from './assert.ts';

/** ISO 4217 code. */
export type Currency = 'CNY' | 'USD' | 'TWD' | 'AUD' | 'GBP' | 'EUR';

/** An amount in minor units (fen, cents) of one currency. */
export interface Money {
	readonly amountMinor: bigint;
	readonly currency: Currency;
}

/** Number of E8 units in one major unit: unit prices carry 8 decimals, the most that any seen tariff prints. */
export const UNIT_PRICE_SCALE = 100_000_000n;

/** Minor units in one major unit. All supported currencies have two decimals. */
export const MINOR_PER_MAJOR = 100n;

/** Divides, rounding half away from zero ("half up" as the utilities round, and symmetric for credits). */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
	assert(denominator > 0n, 'divideHalfUp needs a positive denominator');
	const negative = numerator < 0n;
	const magnitude = negative ? -numerator : numerator;
	const quotient = (magnitude * 2n + denominator) / (denominator * 2n);
	return negative ? -quotient : quotient;
}

/**
 * Price times quantity, rounded once to the minor unit.
 * @param quantityMilli quantity in thousandths of the priced unit (Wh for a price per kWh, W for one per kW)
 * @param unitPriceE8 major currency units per priced unit, times 10^8
 * @returns minor units
 */
export function priceQuantityMinor(quantityMilli: bigint, unitPriceE8: bigint): bigint {
	return divideHalfUp(quantityMilli * unitPriceE8 * MINOR_PER_MAJOR, 1000n * UNIT_PRICE_SCALE);
}

/**
 * Parses a decimal string such as "0.735686" to E8 units.
 * @throws AssertionError where the text is no plain decimal or has more than 8 decimals
 */
export function parseUnitPriceE8(text: string): bigint {
	return parseScaled(text, 8);
}

/** Parses a decimal string to minor units, e.g. "12.3" → 1230n. */
export function parseMinor(text: string): bigint {
	return parseScaled(text, 2);
}

/** Minor units as a plain decimal string: 123456n → "1234.56". For locales use `i18n/format.ts`. */
export function minorToDecimal(amountMinor: bigint): string {
	return scaledToDecimal(amountMinor, 2, 2);
}

/** E8 units as a plain decimal string at full published precision, at least two decimals. */
export function unitPriceE8ToDecimal(unitPriceE8: bigint): string {
	return scaledToDecimal(unitPriceE8, 8, 2);
}

/** Parses a plain decimal ("-1.25") to an integer scaled by 10^decimals, exactly. */
export function parseScaled(text: string, decimals: number): bigint {
	const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
	assert(match !== null, `not a plain decimal: ${text}`);
	const [, sign, whole = '0', fraction = ''] = match;
	assert(fraction.length <= decimals, `more than ${decimals} decimals: ${text}`);
	const magnitude = BigInt(whole + fraction.padEnd(decimals, '0'));
	return sign === '-' ? -magnitude : magnitude;
}

/** An integer scaled by 10^decimals as a plain decimal with at least `minDecimals` decimals. */
export function scaledToDecimal(value: bigint, decimals: number, minDecimals: number): string {
	const negative = value < 0n;
	const digits = (negative ? -value : value).toString().padStart(decimals + 1, '0');
	const whole = digits.slice(0, digits.length - decimals);
	let fraction = digits.slice(digits.length - decimals);
	while (fraction.length > minDecimals && fraction.endsWith('0')) fraction = fraction.slice(0, -1);
	return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
