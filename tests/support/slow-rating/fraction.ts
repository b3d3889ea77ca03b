/** An exact rational number; the denominator is positive. */
export interface Fraction {
	readonly n: bigint;
	readonly d: bigint;
}

export const ZERO: Fraction = { n: 0n, d: 1n };

export function fraction(n: bigint | number, d: bigint | number = 1n): Fraction {
	return { n: BigInt(n), d: BigInt(d) };
}

export function plus(a: Fraction, b: Fraction): Fraction {
	return a.d === b.d ? { n: a.n + b.n, d: a.d } : { n: a.n * b.d + b.n * a.d, d: a.d * b.d };
}

export function times(a: Fraction, b: Fraction): Fraction {
	return { n: a.n * b.n, d: a.d * b.d };
}

export function sum(parts: readonly Fraction[]): Fraction {
	return parts.reduce(plus, ZERO);
}

/** The nearest whole number; a half goes away from zero. */
export function rounded({ n, d }: Fraction): bigint {
	const magnitude = n < 0n ? -n : n;
	const whole = magnitude / d;
	const up = (magnitude - whole * d) * 2n >= d ? whole + 1n : whole;
	return n < 0n ? -up : up;
}

/** Whole part of a square root. */
export function squareRoot(square: bigint): bigint {
	let low = 0n;
	let high = square + 1n;
	while (high - low > 1n) {
		const middle = (low + high) / 2n;
		if (middle * middle <= square) low = middle;
		else high = middle;
	}
	return low;
}
