import { divideHalfUp } from '#lib/domain/kernel/money.ts';

/** Units of a file's quantities. W and var are means over the interval. */
export const QUANTITY_UNITS = [
	'Wh',
	'kWh',
	'MWh',
	'varh',
	'kvarh',
	'Mvarh',
	'W',
	'kW',
	'var',
	'kvar'
] as const;
export type QuantityUnit = (typeof QUANTITY_UNITS)[number];

/** Powers of ten from the unit to Wh, varh, W or var. */
const DECIMALS: Record<QuantityUnit, number> = {
	Wh: 0,
	kWh: 3,
	MWh: 6,
	varh: 0,
	kvarh: 3,
	Mvarh: 6,
	W: 0,
	kW: 3,
	var: 0,
	kvar: 3
};
const POWER_UNITS: ReadonlySet<QuantityUnit> = new Set(['W', 'kW', 'var', 'kvar']);
const POWERS_OF_TEN = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];

export function isReactiveUnit(unit: QuantityUnit): boolean {
	return /var/.test(unit);
}

/**
 * A decimal of a file as integer Wh or varh, rounded half up per reading: the same text always gives the same
 * integer, whatever stands around it, so a second delivery compares equal. Exact for any number of digits.
 * @returns NaN where the text is no decimal
 */
export function parseQuantity(text: string, unit: QuantityUnit, intervalMinutes: number): number {
	if (!POWER_UNITS.has(unit)) return parseDecimal(text, 0, text.length, DECIMALS[unit]);
	const scaled = shiftDecimal(text.trim(), DECIMALS[unit] + POWER_EXTRA_DECIMALS);
	if (scaled === undefined) return Number.NaN;
	return Number(divideHalfUp(scaled * BigInt(intervalMinutes), 60n * 10n ** BigInt(POWER_EXTRA_DECIMALS)));
}

const POWER_EXTRA_DECIMALS = 12;

/**
 * `text[from, to)` times 10^decimals, rounded half away from zero. Scans in place: the hot path of an import.
 * @returns NaN where it is no decimal
 */
export function parseDecimal(text: string, from: number, to: number, decimals: number): number {
	let start = from;
	let end = to;
	while (start < end && isSpace(text.charCodeAt(start))) start++;
	while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
	if (decimals < 0 || decimals > 6) return roundedDecimal(text.slice(start, end), decimals);
	let at = start;
	const negative = text.charCodeAt(at) === MINUS;
	if (negative) at++;
	let value = 0;
	let digits = 0;
	let fraction = -1;
	let roundUp = false;
	for (; at < end; at++) {
		const digit = text.charCodeAt(at) - ZERO;
		if (digit >= 0 && digit <= 9) {
			digits++;
			if (fraction < decimals) {
				value = value * 10 + digit;
				if (fraction >= 0) fraction++;
			} else if (fraction++ === decimals) {
				roundUp = digit >= 5;
			}
		} else if (digit === POINT && fraction < 0) {
			fraction = 0;
		} else {
			return roundedDecimal(text.slice(start, end), decimals);
		}
	}
	if (digits === 0) return Number.NaN;
	if (fraction < decimals) value *= POWERS_OF_TEN[decimals - Math.max(fraction, 0)] ?? 1;
	if (roundUp) value++;
	return negative && value !== 0 ? -value : value;
}

const ZERO = 48;
const MINUS = 45;
/** '.' relative to '0'. */
const POINT = -2;

function isSpace(code: number): boolean {
	return code === 32 || code === 9;
}

function roundedDecimal(text: string, decimals: number): number {
	const scaled = shiftDecimal(text, decimals);
	return scaled === undefined ? Number.NaN : Number(scaled);
}

/** A decimal with an optional exponent, times 10^shift, rounded half away from zero. */
function shiftDecimal(text: string, shift: number): bigint | undefined {
	const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
	if (match === null) return undefined;
	const [, sign, whole = '', fraction = '', exponent = '0'] = match;
	const digits = whole + fraction;
	if (digits === '') return undefined;
	const drop = fraction.length - shift - Number(exponent);
	const magnitude =
		drop <= 0 ? BigInt(digits) * 10n ** BigInt(-drop) : divideHalfUp(BigInt(digits), 10n ** BigInt(drop));
	return sign === '-' ? -magnitude : magnitude;
}
