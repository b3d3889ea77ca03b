import { assert } from './assert.ts';

/** ISO 4217 code. */
export type Currency = 'CNY' | 'USD' | 'TWD' | 'AUD' | 'GBP' | 'EUR';

/** An amount in minor units (fen, cents) of one currency. */
export interface Money {
	readonly amountMinor: bigint;
	readonly currency: Currency;
}

/** Number of E8 units in one major unit: unit prices carry 8 decimals, the most that any seen tariff prints. */
const UNIT_PRICE_SCALE = 100_000_000n;

/** Minor units in one major unit. All supported currencies have two decimals. */
const MINOR_PER_MAJOR = 100n;

/** Divides, rounding half away from zero ("half up" as the utilities round, and symmetric for credits). */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
	assert(denominator > 0n, 'divideHalfUp needs a positive denominator');
	const negative = numerator < 0n;
	const magnitude = negative ? -numerator : numerator;
	const quotient = (magnitude * 2n + denominator) / (denominator * 2n);
	return negative ? -quotient : quotient;
}

/**
 * Price times quantity, times a share of the month where the price is monthly, rounded once to the minor unit.
 * @param quantityMilli quantity in thousandths of the priced unit (Wh for a price per kWh, W for one per kW)
 * @param unitPriceE8 major currency units per priced unit, times 10^8
 * @returns minor units
 */
export function priceQuantityMinor(quantityMilli: bigint, unitPriceE8: bigint, share?: MonthShare): bigint {
	return priceMicroMinor(quantityMilli * 1000n, unitPriceE8, share);
}

/** As `priceQuantityMinor`, for a quantity in millionths of the priced unit. */
export function priceMicroMinor(
	quantityMicro: bigint,
	unitPriceE8: bigint,
	share: MonthShare = { days: 1, monthDays: 1 }
): bigint {
	return divideHalfUp(
		quantityMicro * unitPriceE8 * MINOR_PER_MAJOR * BigInt(share.days),
		1_000_000n * UNIT_PRICE_SCALE * BigInt(share.monthDays)
	);
}

interface MonthShare {
	readonly days: number;
	readonly monthDays: number;
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
