import { apportionQuantity } from '#lib/domain/kernel/apportion.ts';
import type { DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import { divideHalfUp } from '#lib/domain/kernel/money.ts';
import { isKnown } from '#lib/domain/metering/curve.ts';
import { knownQuantity } from '#lib/domain/metering/day-statistics.ts';
import type { LoadDay } from '#lib/domain/metering/load-day.ts';
import { TIME_PERIODS, type TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import { microOf } from './lines.ts';
import type { RatingRefusal } from './notices.ts';
import { prepare, type Prepared } from './prepare.ts';
import type { PointReadings } from './readings.ts';
import { monthsIn, prorationOf } from './segments.ts';
import type { ByPeriod, MeterShare, PointUsage, RatingInput } from './types.ts';

/** A block of the bill: a share of the metered energy, or what the shares leave, under its own tariff. */
export interface Block {
	/** Null for what is left. */
	readonly share: MeterShare | null;
	/** With the energy of the block. */
	readonly input: RatingInput;
	readonly prepared: Prepared;
	/** With all energy that was metered: demand is found before it is split. */
	readonly whole: Prepared;
	/** The block's part of a demand, contract or capacity in W or VA, to the thousandth. */
	readonly portionOf: (value: number) => number;
}

const ALL_E4 = 1_000_000;

/** The blocks of a bill, what is left first; without shares, that is all. */
export function blocksOf(input: RatingInput, whole: Prepared): Block[] | RatingRefusal {
	const { shares } = input;
	if (shares.length === 0) {
		return [{ share: null, input, prepared: whole, whole, portionOf: (value) => value }];
	}
	const unfit = checkShares(shares);
	if (unfit !== null) return unfit;
	let left = whole.readings.points.map((point) => splitPointOf(point, whole));
	const meteredWh = sumOfCells(left);
	const blocks: Block[] = [];
	for (const share of shares) {
		const wantedWh = wantedOf(share, meteredWh, input.period);
		const takenWh = Math.min(wantedWh, sumOfCells(left));
		const split = take(left, takenWh);
		left = split.left;
		const isFixedPart = 'percentE4' in share.part && takenWh === wantedWh;
		const ratio = isFixedPart
			? { of: share.part.percentE4, all: ALL_E4 }
			: { of: takenWh, all: Math.max(1, meteredWh) };
		const block = shareBlock(input, share, split.taken, ratio);
		if ('code' in block) return block;
		blocks.push(block);
	}
	const own: RatingInput = { ...input, usage: left.map(({ usage }) => usage), shares: [], filling: 'none' };
	const prepared = prepare(own);
	if ('code' in prepared) return prepared;
	const charged = blocks.filter((block) => block.whole.segments.some(({ month }) => month !== null));
	const portionOf = (value: number) => {
		const shared = charged.reduce((sum, block) => sum + microOf(block.portionOf(value)), 0n);
		return Math.max(0, Number(microOf(value) - shared) / 1000);
	};
	return [{ share: null, input: own, prepared, whole, portionOf }, ...blocks];
}

function checkShares(shares: readonly MeterShare[]): RatingRefusal | null {
	if (new Set(shares.map(({ id }) => id)).size < shares.length) {
		return { code: 'SHARES_UNFIT', reason: 'same_id' };
	}
	const percentE4 = shares.reduce((sum, { part }) => sum + ('percentE4' in part ? part.percentE4 : 0), 0);
	return percentE4 > ALL_E4 ? { code: 'SHARES_UNFIT', reason: 'more_than_all' } : null;
}

/** What a share comes to in whole Wh, half up: a part of all that was metered, or so much for every month. */
function wantedOf({ part }: MeterShare, meteredWh: number, period: DatePeriod): number {
	if ('percentE4' in part) return partOf(meteredWh, part.percentE4, ALL_E4);
	return monthsIn(period).reduce((sum, month) => {
		const { days, monthDays } = prorationOf(month) ?? { days: 1, monthDays: 1 };
		return sum + partOf(part.whPerMonth, days, monthDays);
	}, 0);
}

/** The block of a share: its energy, and all energy, under its tariff. Facts of the household count for the rest alone. */
function shareBlock(
	input: RatingInput,
	share: MeterShare,
	points: readonly SplitPoint[],
	{ of, all }: { readonly of: number; readonly all: number }
): Block | RatingRefusal {
	const own: RatingInput = {
		...input,
		account: { ...input.account, largeHousehold: null, lowIncome: false },
		usage: points.map(({ usage }) => usage),
		tariffs: share.tariffs,
		carried: { tierCycle: input.carried.shares?.[share.id] ?? null },
		shares: [],
		filling: 'none'
	};
	const prepared = prepare(own);
	if ('code' in prepared) return prepared;
	const whole = prepare({ ...own, usage: input.usage, filling: input.filling });
	if ('code' in whole) return whole;
	const portionOf = (value: number) => Number(divideHalfUp(microOf(value) * BigInt(of), BigInt(all))) / 1000;
	return { share, input: own, prepared, whole, portionOf };
}

/**
 * A metering point with its active energy in cells: what a register counted, or what a curve has in one segment
 * and period of the account's own tariff. Shares are taken of each cell.
 */
interface SplitPoint {
	readonly usage: PointUsage;
	readonly cellsWh: readonly number[];
	/** The cell of each interval of a day. */
	readonly cellOf: (day: LoadDay) => (slot: number) => number;
}

function sumOfCells(points: readonly SplitPoint[]): number {
	return points.reduce((sum, { cellsWh }) => sum + total(cellsWh), 0);
}

function total(cellsWh: readonly number[]): number {
	return cellsWh.reduce((sum, wh) => sum + wh, 0);
}

function splitPointOf(point: PointReadings, whole: Prepared): SplitPoint {
	const { segments } = whole;
	const { servicePointId, period, channels, registers, losses } = point;
	const usage = { servicePointId, period, days: [...channels.values()].flat(), registers, losses };
	if (registers !== null)
		return { usage, cellsWh: cellsOfRegister(registers.importWh), cellOf: () => () => 0 };
	const cellsWh = new Array<number>(segments.length * TIME_PERIODS.length).fill(0);
	const cellOf = (day: LoadDay) => {
		const index = segments.findIndex(({ period: { end } }) => day.localDate < end);
		const codes = whole.codesOf(index, day);
		return (slot: number) => index * TIME_PERIODS.length + (codes[slot] ?? 0);
	};
	for (const day of channels.get('active_import') ?? []) {
		const cell = cellOf(day);
		for (let slot = 0; slot < day.quantities.length; slot++) {
			if (isKnown(day, slot)) cellsWh[cell(slot)] = (cellsWh[cell(slot)] ?? 0) + (day.quantities[slot] ?? 0);
		}
	}
	return { usage, cellsWh, cellOf };
}

function cellsOfRegister(importWh: ByPeriod): number[] {
	return typeof importWh === 'number' ? [importWh] : TIME_PERIODS.map((period) => importWh[period] ?? 0);
}

/** Takes so much of all points: of every cell in proportion, in whole Wh by the largest remainders. */
function take(points: readonly SplitPoint[], takenWh: number): { taken: SplitPoint[]; left: SplitPoint[] } {
	const cells = points.flatMap(({ cellsWh }) => cellsWh);
	const parts = takenWh === 0 ? cells.map(() => 0) : apportionQuantity(takenWh, cells);
	const taken: SplitPoint[] = [];
	const left: SplitPoint[] = [];
	let at = 0;
	for (const point of points) {
		const own = parts.slice(at, (at += point.cellsWh.length));
		const rest = point.cellsWh.map((wh, cell) => wh - (own[cell] ?? 0));
		const days = splitCurve(point, own);
		taken.push(partOfPoint(point, own, days.taken, false));
		left.push(partOfPoint(point, rest, days.left, true));
	}
	return { taken, left };
}

/** A point with a part of its energy; what else it measured stays with what is left. */
function partOfPoint(
	{ usage, cellsWh, cellOf }: SplitPoint,
	ownWh: readonly number[],
	active: readonly LoadDay[],
	isLeft: boolean
): SplitPoint {
	const { registers, losses, days } = usage;
	const others = isLeft ? days.filter(({ channel }) => channel !== 'active_import') : [];
	const without = { exportWh: null, laggingVarh: null, leadingVarh: null };
	const [own, all] = [total(ownWh), total(cellsWh)];
	/** The part of a quantity that goes with the energy; what is left keeps the rest, so that nothing is lost. */
	const goesAlong = (quantity: number) => {
		if (all === 0) return isLeft ? quantity : 0;
		return isLeft ? quantity - partOf(quantity, all - own, all) : partOf(quantity, own, all);
	};
	return {
		usage: {
			...usage,
			days: [...active, ...others],
			registers:
				registers === null
					? null
					: {
							...registers,
							...(isLeft ? {} : without),
							importWh: registerOf(registers.importWh, ownWh),
							...(registers.estimatedImportWh !== undefined && {
								estimatedImportWh: goesAlong(registers.estimatedImportWh)
							})
						},
			// The fixed loss goes with the energy, rounded for the share; the other loss is a percentage of each.
			losses: losses === null ? null : { ...losses, activeWhPerDay: goesAlong(losses.activeWhPerDay) }
		},
		cellsWh: ownWh,
		cellOf
	};
}

function registerOf(importWh: ByPeriod, cellsWh: readonly number[]): ByPeriod {
	if (typeof importWh === 'number') return cellsWh[0] ?? 0;
	return Object.fromEntries(
		TIME_PERIODS.flatMap((period, code): [TimePeriod, number][] =>
			importWh[period] === undefined ? [] : [[period, cellsWh[code] ?? 0]]
		)
	);
}

/**
 * Splits the intervals of a point's curve so that the parts of each cell add up to what is taken of it: along the
 * cell in order of time, each interval gets what its share of the running total has grown by, in whole Wh.
 */
function splitCurve(
	{ usage, cellsWh, cellOf }: SplitPoint,
	ownWh: readonly number[]
): { taken: LoadDay[]; left: LoadDay[] } {
	const days = usage.days.filter(({ channel }) => channel === 'active_import');
	const cells = cellsWh.map((wh, cell) => ({ wh, ownWh: ownWh[cell] ?? 0, seenWh: 0, givenWh: 0 }));
	if (usage.registers !== null) {
		// The curve beside registers only says how they are spread: it is split as they are together.
		const wh = knownQuantity(days) ?? 0;
		const allWh = total(cellsWh);
		const curveWh = allWh === 0 ? 0 : partOf(wh, total(ownWh), allWh);
		cells.splice(0, cells.length, { wh, ownWh: curveWh, seenWh: 0, givenWh: 0 });
	}
	const taken: LoadDay[] = [];
	const left: LoadDay[] = [];
	for (const day of days) {
		const of = cellOf(day);
		const own = new Int32Array(day.quantities.length);
		const rest = day.quantities.slice();
		for (let slot = 0; slot < own.length; slot++) {
			const cell = isKnown(day, slot) ? cells[of(slot)] : undefined;
			if (cell === undefined || cell.wh === 0) continue;
			cell.seenWh += day.quantities[slot] ?? 0;
			const dueWh = Number((BigInt(cell.seenWh) * BigInt(cell.ownWh)) / BigInt(cell.wh));
			own[slot] = dueWh - cell.givenWh;
			rest[slot] = (rest[slot] ?? 0) - dueWh + cell.givenWh;
			cell.givenWh = dueWh;
		}
		taken.push({ ...day, quantities: own });
		left.push({ ...day, quantities: rest });
	}
	return { taken, left };
}

/** `of` parts of `all` of a whole quantity, rounded half up. */
function partOf(quantity: number, of: number, all: number): number {
	return Number(divideHalfUp(BigInt(quantity) * BigInt(of), BigInt(all)));
}
