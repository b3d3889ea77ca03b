import { parseScaled, scaledToDecimal } from '#lib/domain/kernel/money.ts';
import { refuse, type RecordPath } from './refusal.ts';

const DECIMALS = 8;
const PLAIN = /^-?\d+(\.\d+)?$/;

/**
 * A foreign figure, times 10^8. Numbers lose the noise of their binary form: a value that is exactly a
 * 32-bit float is the shortest decimal of that float (0.07076899707317352 is 0.070769), and a double within
 * 10^-11 of eight decimals is those (0.30000000000000004 is 0.3).
 * @throws AppError TARIFF_INVALID where eight decimals do not hold the figure
 */
export function figureE8(value: number | string, at: RecordPath): bigint {
	const text = typeof value === 'string' ? withoutTrailingZeros(value.trim()) : numberText(value);
	if (!PLAIN.test(text)) return refuse(at, `not a plain decimal: ${value}`);
	if (decimalsOf(text) > DECIMALS) return refuse(at, `more than ${DECIMALS} decimals: ${value}`);
	return parseScaled(text, DECIMALS);
}

/** A figure of 10^-8 as the documents write it. */
export function decimalOf(figure: bigint): string {
	return scaledToDecimal(figure, DECIMALS, 0);
}

/** A quantity (kWh, kW) as the documents write it, to the thousandth. */
export function quantityOf(value: number | string, at: RecordPath): string {
	const figure = figureE8(value, at);
	if (figure % 100_000n !== 0n) refuse(at, `more than 3 decimals: ${value}`);
	return decimalOf(figure);
}

function numberText(value: number): string {
	const shortest = plainText(value);
	if (!PLAIN.test(shortest) || decimalsOf(shortest) <= DECIMALS) return shortest;
	if (Math.fround(value) === value) {
		for (let digits = 1; digits < 10; digits++) {
			const candidate = Number(value.toPrecision(digits));
			if (Math.fround(candidate) === value) return plainText(candidate);
		}
	}
	const rounded = Number(value.toFixed(DECIMALS));
	return Math.abs(rounded - value) < 1e-11 ? plainText(rounded) : shortest;
}

/** The shortest decimal that is this double, without an exponent where it is small. */
function plainText(value: number): string {
	const text = String(value);
	return text.includes('e-') ? withoutTrailingZeros(value.toFixed(20)) : text;
}

function withoutTrailingZeros(text: string): string {
	return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function decimalsOf(text: string): number {
	return (text.split('.')[1] ?? '').length;
}
