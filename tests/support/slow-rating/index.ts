import type { RatingInput } from '#lib/domain/rating/types.ts';
import type { PowerFactorSegment } from '#lib/domain/tariffs/tariff.ts';
import {
	creditLines,
	demandLines,
	freeLines,
	lastTariff,
	minimumLines,
	namedLines,
	percentLines
} from './charges.ts';
import { energyLines } from './energy.ts';
import { fraction, rounded, squareRoot } from './fraction.ts';
import { inOrder, type SlowLine } from './line.ts';
import { intervalsOf, NoDemand, stretchesOf } from './model.ts';

export type SlowBill =
	| { readonly refused: 'NO_MEASURED_DEMAND' }
	| {
			readonly lines: readonly SlowLine[];
			readonly totalMinor: bigint;
			readonly carried: RatingInput['carried'];
	  };

/**
 * A second, independent reading of the rating rules, for tests only: interval by interval in exact fractions,
 * with nothing remembered and nothing clever. Curves only: no registers, losses or price series.
 */
export function rateSlowly(input: RatingInput): SlowBill {
	try {
		return bill(input);
	} catch (error) {
		if (error instanceof NoDemand) return { refused: 'NO_MEASURED_DEMAND' };
		throw error;
	}
}

function bill(input: RatingInput): SlowBill {
	const stretches = stretchesOf(input);
	const intervals = intervalsOf(input, stretches, 'active_import');
	const usedWh = intervals.reduce((total, { wh }) => total + wh, 0n);
	const { lines: energy, carried } = energyLines(input, stretches, intervals);
	const priced = [
		...energy,
		...freeLines(input, stretches, usedWh),
		...demandLines(input, stretches, intervals),
		...namedLines(input, stretches)
	];
	const credits = creditLines(input, intervalsOf(input, stretches, 'active_export'));
	const charged = [...priced, ...powerFactorLines(input, priced, usedWh, lastTariff(stretches)), ...credits];
	const least = [...charged, ...minimumLines(input, stretches, totalOf(charged))];
	const lines = inOrder([...least, ...percentLines(input, stretches, least)]);
	return { lines, totalMinor: totalOf(lines), carried };
}

function totalOf(lines: readonly SlowLine[]): bigint {
	return lines.reduce((total, { amountMinor }) => total + amountMinor, 0n);
}

function powerFactorLines(
	input: RatingInput,
	lines: readonly SlowLine[],
	activeWh: bigint,
	{ powerFactor }: ReturnType<typeof lastTariff>
): SlowLine[] {
	const standard = input.account.powerFactorStandard;
	const table = standard === null ? undefined : powerFactor?.standards[standard];
	const reactive = reactiveVarh(input);
	if (table === undefined || activeWh <= 0n || reactive === null) return [];
	const hundredths = powerFactorOf(activeWh, reactive);
	const percentE2 = percentAt(table, hundredths);
	const base = totalOf(lines.filter(({ inBase }) => inBase));
	return [
		{
			reference: 'power_factor',
			kind: 'power_factor',
			start: input.period.start,
			quantityMicro: base * 1000n,
			unitPriceE8: null,
			estimatedMilli: 0n,
			inBase: false,
			amountMinor: rounded(fraction(base * BigInt(percentE2), 10_000n))
		}
	];
}

/** |lagging| + |leading| of all intervals with active energy; null where one of them was not read. */
function reactiveVarh(input: RatingInput): bigint | null {
	let varh = 0n;
	let isRead = false;
	for (const { days, period } of input.usage) {
		const inBill = days.filter(
			({ localDate: date }) =>
				date >= period.start && date < period.end && date >= input.period.start && date < input.period.end
		);
		const channels = (['reactive_import', 'reactive_export'] as const).filter(
			(channel) => channel === 'reactive_import' || inBill.some((day) => day.channel === channel)
		);
		isRead ||= inBill.some(({ channel }) => channel === 'reactive_import');
		for (const active of inBill.filter(({ channel }) => channel === 'active_import')) {
			for (const channel of channels) {
				const other = inBill.find((day) => day.channel === channel && day.localDate === active.localDate);
				for (const [slot, quality] of active.qualities.entries()) {
					if (quality === 0) continue;
					if (other === undefined || other.qualities[slot] === 0) return null;
					varh += BigInt(Math.abs(other.quantities[slot] ?? 0));
				}
			}
		}
	}
	return isRead ? varh : null;
}

/** P / √(P² + Q²) in hundredths, half up, from a root with 30 more digits. */
function powerFactorOf(active: bigint, reactive: bigint): number {
	const scale = 10n ** 30n;
	const apparent = squareRoot((active * active + reactive * reactive) * scale * scale);
	return Number(rounded(fraction(100n * active * scale, apparent)));
}

function percentAt(table: readonly PowerFactorSegment[], hundredths: number): number {
	for (const part of table) {
		let percentE2 = part.percentAtFromE2;
		for (let at = part.fromHundredths; at <= part.toHundredths; at++) {
			if (at === hundredths) return percentE2;
			percentE2 += part.percentPerHundredthE2;
		}
	}
	throw new Error(`no percentage for ${hundredths}`);
}
