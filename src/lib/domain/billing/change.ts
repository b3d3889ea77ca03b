import { apportionQuantity } from '#lib/domain/kernel/apportion.ts';
import { daysBetween, type DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import { divideHalfUp } from '#lib/domain/kernel/money.ts';
import { rate } from '#lib/domain/rating/rate.ts';
import type { RatedLine, RatingFigures, RatingInput } from '#lib/domain/rating/types.ts';
import { TIME_PERIODS, type TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import type { BillChange, BillChangeCause } from './bill.ts';
import { shapleyShares } from './shapley.ts';

/** What the comparison needs of each of the two bills: its quantities, and all that it was rated with but readings. */
export interface ComparedBill {
	readonly totalMinor: bigint;
	readonly figures: RatingFigures;
	readonly lines: readonly Pick<RatedLine, 'reference' | 'charge' | 'timePeriod' | 'amountMinor'>[];
	readonly basis: Omit<RatingInput, 'usage'>;
}

const PRICE_E8_PER_MINOR = 1_000_000n;
const MILLI = 1000n;

/** What can differ between two bills, each to be taken from one of them independently of the others. */
const FACTORS = [
	'days',
	'volume',
	'estimates',
	'corrections',
	'mix',
	'tier',
	'demand',
	'power_factor',
	'export',
	'price'
] as const;
type Factor = (typeof FACTORS)[number];
type Sources = Readonly<Record<Factor, ComparedBill>>;

/**
 * Splits the difference between two bills into causes whose effects sum to it exactly, largest first. Every
 * effect is the mean, over all orders, of what the bill changes by when that one thing is taken from the later
 * bill: rated by the engine, so no order is preferred. `price` is everything that is not a quantity (editions,
 * seasons, the facts of the account). What the quantities of a bill over several prices do not tell is `spread`.
 */
export function changeFromPrevious(bill: ComparedBill, previous: ComparedBill): BillChange {
	const differenceMinor = bill.totalMinor - previous.totalMinor;
	const changed = changedFactors(bill, previous);
	const totals = totalsBySubset(bill, previous, changed);
	const causes =
		totals === null
			? wholly(differenceMinor)
			: [...causesOf(bill, previous, changed, totals), spreadOf(differenceMinor, totals)];
	const telling = causes.filter(({ effectMinor }) => effectMinor !== 0n);
	// The sort is stable: causes of equal size stay in the order of the factors.
	telling.sort((a, b) => compare(magnitude(b.effectMinor), magnitude(a.effectMinor)));
	return { differenceMinor, causes: telling };
}

function wholly(differenceMinor: bigint): BillChangeCause[] {
	return [{ kind: 'other', effectMinor: differenceMinor, reference: null }];
}

/** What is left of the difference: the totals are those of bills whose use is spread evenly over their prices. */
function spreadOf(differenceMinor: bigint, totals: readonly bigint[]): BillChangeCause {
	const told = (totals.at(-1) ?? 0n) - (totals[0] ?? 0n);
	return { kind: 'spread', effectMinor: differenceMinor - told, reference: null };
}

/** The quantities that differ, and always the price. Periods that one bill does not know cannot be mixed. */
function changedFactors(bill: ComparedBill, previous: ComparedBill): Factor[] {
	const differs = (read: (one: ComparedBill) => unknown) => read(bill) !== read(previous);
	const perDay = (one: ComparedBill, wh: number, other: ComparedBill) =>
		BigInt(wh) * BigInt(daysOf(other.basis.period));
	const differsPerDay = (read: (one: ComparedBill) => number) =>
		perDay(bill, read(bill), previous) !== perDay(previous, read(previous), bill);
	const isChanged: Readonly<Record<Factor, boolean>> = {
		days: differs(({ basis }) => daysOf(basis.period)),
		volume: differsPerDay(measuredWh),
		estimates: differsPerDay(estimatedWh),
		corrections: differsPerDay(correctedWh),
		mix: samePeriods(bill, previous) && bill.figures.timeOfUse,
		tier: differs(({ figures }) => figures.tiers?.usedBeforeWh ?? 0),
		demand: differs(({ figures }) => figures.demand?.maximumW ?? 0),
		power_factor: differs(({ figures }) => reactiveOf(figures)),
		export: differs(({ figures }) => exportWh(figures)),
		price: true
	};
	return FACTORS.filter((factor) => isChanged[factor]);
}

function samePeriods(bill: ComparedBill, previous: ComparedBill): boolean {
	const names = ({ figures }: ComparedBill) => figures.periods.map(({ timePeriod }) => timePeriod).join();
	return names(bill) === names(previous);
}

/** The total with each subset of the changes; null where such a bill cannot be rated. */
function totalsBySubset(
	bill: ComparedBill,
	previous: ComparedBill,
	changed: readonly Factor[]
): bigint[] | null {
	const totals: bigint[] = [];
	for (let subset = 0; subset < 1 << changed.length; subset++) {
		const result = rate(hybridInput(sourcesOf(bill, previous, changed, subset)));
		if (!result.ok) return null;
		totals.push(result.totalMinor);
	}
	return totals;
}

function sourcesOf(
	bill: ComparedBill,
	previous: ComparedBill,
	changed: readonly Factor[],
	subset: number
): Sources {
	const from = (factor: Factor) => {
		const index = changed.indexOf(factor);
		// Where the periods differ, the mix goes with the prices.
		if (factor === 'mix' && index < 0) return subset & (1 << changed.indexOf('price')) ? bill : previous;
		return index >= 0 && subset & (1 << index) ? bill : previous;
	};
	return Object.fromEntries(FACTORS.map((factor) => [factor, from(factor)])) as unknown as Sources;
}

/** A bill put together from the quantities of two, as a register would have counted them. */
function hybridInput(sources: Sources): RatingInput {
	const { basis } = sources.price;
	const days = BigInt(daysOf(sources.days.basis.period));
	const scaled = (one: ComparedBill, wh: number) =>
		Number(divideHalfUp(BigInt(wh) * days, BigInt(daysOf(one.basis.period))));
	const energyWh =
		scaled(sources.volume, measuredWh(sources.volume)) +
		scaled(sources.estimates, estimatedWh(sources.estimates)) +
		scaled(sources.corrections, correctedWh(sources.corrections));
	const { tiers } = sources.price.figures;
	const reactive = scaledReactive(sources.power_factor.figures, energyWh);
	return {
		...basis,
		carried: {
			...basis.carried,
			tierCycle:
				tiers === null
					? null
					: { start: tiers.cycleStart, usedWh: sources.tier.figures.tiers?.usedBeforeWh ?? 0 }
		},
		usage: [
			{
				servicePointId: 1,
				period: basis.period,
				days: [],
				losses: null,
				registers: {
					importWh: mixed(sources.mix.figures, energyWh),
					exportWh: exportWh(sources.export.figures) || null,
					laggingVarh: reactive?.lagging ?? null,
					leadingVarh: reactive?.leading ?? null,
					demandW: sources.demand.figures.demand?.maximumW ?? null
				}
			}
		]
	};
}

/** Energy shared to the periods as a bill's was. */
function mixed({ periods }: RatingFigures, energyWh: number): Partial<Record<TimePeriod, number>> | number {
	const weights = periods.map((period) => period.energyWh);
	if (weights.every((weight) => weight === 0)) return energyWh;
	const parts = apportionQuantity(energyWh, weights);
	return Object.fromEntries(periods.map(({ timePeriod }, index) => [timePeriod, parts[index] ?? 0]));
}

/** Reactive energy at the power factor of a bill; null where it was not assessed. */
function scaledReactive(
	{ powerFactor }: RatingFigures,
	energyWh: number
): { lagging: number; leading: number } | null {
	if (powerFactor?.hundredths == null || powerFactor.activeWh === 0) return null;
	const scale = (varh: number) =>
		Number(divideHalfUp(BigInt(varh) * BigInt(energyWh), BigInt(powerFactor.activeWh)));
	return { lagging: scale(powerFactor.laggingVarh), leading: scale(powerFactor.leadingVarh) };
}

/** Compares as text: the ratio of reactive to active energy, as far as it is assessed. */
function reactiveOf({ powerFactor }: RatingFigures): string {
	if (powerFactor?.hundredths == null) return 'none';
	return `${powerFactor.laggingVarh} ${powerFactor.leadingVarh} ${powerFactor.activeWh}`;
}

function estimatedWh({ figures }: ComparedBill): number {
	const active = figures.readings.find(({ channel }) => channel === 'active_import');
	return Math.min(active?.estimatedQuantity ?? 0, figures.energyWh);
}

function correctedWh(bill: ComparedBill): number {
	const active = bill.figures.readings.find(({ channel }) => channel === 'active_import');
	return Math.min(active?.correctedQuantity ?? 0, bill.figures.energyWh - estimatedWh(bill));
}

function measuredWh(bill: ComparedBill): number {
	return bill.figures.energyWh - estimatedWh(bill) - correctedWh(bill);
}

function exportWh({ readings }: RatingFigures): number {
	return readings.find(({ channel }) => channel === 'active_export')?.quantity ?? 0;
}

function daysOf({ start, end }: DatePeriod): number {
	return daysBetween(start, end);
}

function causesOf(
	bill: ComparedBill,
	previous: ComparedBill,
	changed: readonly Factor[],
	totals: readonly bigint[]
): BillChangeCause[] {
	const shares = shapleyShares(changed.length, (subset) => totals[subset] ?? 0n);
	return changed.map((factor, index) => ({
		...describe(factor, bill, previous),
		effectMinor: shares[index] ?? 0n
	}));
}

type Described<Cause = BillChangeCause> = Cause extends BillChangeCause ? Omit<Cause, 'effectMinor'> : never;

/** What changed, and the line of the bill whose intervals show it. */
function describe(factor: Factor, bill: ComparedBill, previous: ComparedBill): Described {
	const energy = referenceOf(bill, ({ charge }) => charge === 'energy' || charge === 'purchase');
	switch (factor) {
		case 'days':
			return {
				kind: 'days',
				from: daysOf(previous.basis.period),
				to: daysOf(bill.basis.period),
				reference: energy
			};
		case 'volume':
			return {
				kind: 'volume',
				fromWhPerDay: perDay(previous, measuredWh(previous)),
				toWhPerDay: perDay(bill, measuredWh(bill)),
				reference: energy
			};
		case 'estimates':
			return { kind: 'estimates', fromWh: estimatedWh(previous), toWh: estimatedWh(bill), reference: energy };
		case 'corrections':
			return {
				kind: 'corrections',
				fromWh: correctedWh(previous),
				toWh: correctedWh(bill),
				reference: energy
			};
		case 'mix':
			return describeMix(bill, previous);
		case 'tier':
			return {
				kind: 'tier',
				fromTier: previous.figures.tiers?.currentTier ?? 1,
				toTier: bill.figures.tiers?.currentTier ?? 1,
				reference: referenceOf(bill, ({ charge }) => charge === 'tier_surcharge')
			};
		case 'demand':
			return {
				kind: 'demand',
				fromW: previous.figures.demand?.maximumW ?? 0,
				toW: bill.figures.demand?.maximumW ?? 0,
				reference: referenceOf(bill, ({ reference }) => reference.startsWith('demand.'))
			};
		case 'power_factor':
			return {
				kind: 'power_factor',
				fromHundredths: previous.figures.powerFactor?.hundredths ?? null,
				toHundredths: bill.figures.powerFactor?.hundredths ?? null,
				reference: referenceOf(bill, ({ charge }) => charge === 'power_factor')
			};
		case 'export':
			return {
				kind: 'export',
				fromWh: exportWh(previous.figures),
				toWh: exportWh(bill.figures),
				reference: referenceOf(bill, ({ charge }) => charge === 'export_credit')
			};
		case 'price':
			return {
				kind: 'price',
				includesMix: bill.figures.timeOfUse && !samePeriods(bill, previous),
				reference: null
			};
	}
}

/** The period whose share of the energy changed most. */
function describeMix(bill: ComparedBill, previous: ComparedBill): Described {
	const shareOf = ({ figures }: ComparedBill, timePeriod: TimePeriod) => {
		const own = figures.periods.find((period) => period.timePeriod === timePeriod)?.energyWh ?? 0;
		return figures.energyWh === 0 ? 0 : own / figures.energyWh;
	};
	const changes = TIME_PERIODS.map((timePeriod) => ({
		timePeriod,
		fromShare: shareOf(previous, timePeriod),
		toShare: shareOf(bill, timePeriod)
	}));
	const [most] = changes.sort(
		(a, b) => Math.abs(b.toShare - b.fromShare) - Math.abs(a.toShare - a.fromShare)
	);
	const { timePeriod, fromShare, toShare } = most ?? {
		timePeriod: 'flat' as const,
		fromShare: 0,
		toShare: 0
	};
	const reference = referenceOf(bill, (line) => line.timePeriod === timePeriod);
	return { kind: 'mix', timePeriod, fromShare, toShare, reference };
}

/** The largest line of a kind. */
function referenceOf(
	{ lines }: ComparedBill,
	isWanted: (line: ComparedBill['lines'][number]) => boolean
): string | null {
	const [largest] = lines
		.filter(isWanted)
		.sort((a, b) => compare(magnitude(b.amountMinor), magnitude(a.amountMinor)));
	return largest?.reference ?? null;
}

function perDay({ basis }: ComparedBill, energyWh: number): number {
	return Number(divideHalfUp(BigInt(energyWh), BigInt(daysOf(basis.period))));
}

/** Average price in E8 currency units per kWh, rounded half up; null without energy. */
export function averagePriceE8(amountMinor: bigint, energyWh: number): bigint | null {
	if (energyWh <= 0) return null;
	return divideHalfUp(amountMinor * PRICE_E8_PER_MINOR * MILLI, BigInt(energyWh));
}

function magnitude(value: bigint): bigint {
	return value < 0n ? -value : value;
}

function compare(a: bigint, b: bigint): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
