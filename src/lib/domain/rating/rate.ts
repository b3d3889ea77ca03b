import { TIME_PERIODS, TIME_PERIODS_PRINTED, isTimeOfUse } from '#lib/domain/tariffs/tariff.ts';
import { countsDemand } from './demand.ts';
import { rateDemand, type DemandResult } from './demand-lines.ts';
import { rateDynamic } from './dynamic-lines.ts';
import { rateEnergy } from './energy-lines.ts';
import { sumOf } from './energy.ts';
import { inPrintedOrder, linesOfShare, totalOf, totalsByCharge } from './lines.ts';
import type { RatingRefusal, RatingWarning } from './notices.ts';
import { exportLines, freeBasisLines, minimumLine, percentLines, rateCharges } from './other-lines.ts';
import { ratePowerFactor } from './power-factor-line.ts';
import { prepare, type Prepared } from './prepare.ts';
import { summarizeChannels, withoutRegisters } from './readings.ts';
import { blocksOf, type Block } from './shares.ts';
import { tierFigures, tierWarning } from './tiers.ts';
import type {
	CarriedState,
	ChannelReadings,
	DemandFigures,
	PeriodEnergy,
	RatedLine,
	RatingInput,
	RatingResult,
	TierCycleUse,
	TierFigures
} from './types.ts';

/**
 * Rates one billing period. Pure and total: the same input gives the same result wherever it runs, and
 * input that cannot be rated gives a typed refusal, never an exception. Lines are rounded one by one, half
 * up; the total is their sum. The block of what the shares leave comes first, then each share's.
 */
export function rate(input: RatingInput): RatingResult {
	const whole = prepare(input);
	if ('code' in whole) return { ok: false, refusal: whole };
	const { segments, readings, energy } = whole;
	const channels = summarizeChannels(readings);
	const last = segments.at(-1);
	if (last === undefined || !isRead(channels, readings)) {
		return { ok: false, refusal: { code: 'NO_READINGS' } };
	}
	const blocks = blocksOf(input, whole);
	if ('code' in blocks) return { ok: false, refusal: blocks };
	const priced: PricedBlock[] = [];
	for (const block of blocks) {
		const made = priceBlock(block);
		if ('code' in made) return { ok: false, refusal: made };
		priced.push(made);
	}
	const energyWh = energy.buckets.reduce((sum, { importWh }) => sum + sumOf(importWh), 0);
	const inBase = priced.flatMap((block) => block.lines);
	const powerFactor = ratePowerFactor(input, readings, last, energyWh, inBase);
	if ('code' in powerFactor) return { ok: false, refusal: powerFactor };
	const lines = priced.flatMap((block) => completeBlock(block, powerFactor.line));
	const demand = priced.find((block) => block.demand.figures !== null)?.demand;
	return {
		ok: true,
		currency: input.account.currency,
		lines,
		totalMinor: totalOf(lines),
		figures: {
			energyWh,
			lossWh: energy.lossWh,
			periods: periodsOf(whole),
			timeOfUse: segments.some(({ tariff }) => isTimeOfUse(tariff)),
			readings: channels,
			demand: demandFigures(priced, demand?.figures ?? null),
			powerFactor: powerFactor.figures,
			tiers: ownTiers(blocks),
			totals: totalsByCharge(lines)
		},
		carried: carriedBy(blocks),
		warnings: warningsOf(input, whole, blocks, [
			...energy.warnings,
			...(demand?.warnings ?? []),
			powerFactor.warning
		])
	};
}

/** A block with its lines up to the power factor, which is assessed on all blocks together. */
interface PricedBlock {
	readonly block: Block;
	readonly lines: readonly RatedLine[];
	readonly demand: DemandResult;
}

function priceBlock(block: Block): PricedBlock | RatingRefusal {
	const { input, prepared, share } = block;
	const dynamic = rateDynamic(input, prepared);
	if ('code' in dynamic) return dynamic;
	const demand = rateDemand(block);
	if ('code' in demand) return demand;
	const charges = rateCharges(block);
	if ('code' in charges) return charges;
	const lines = [
		...rateEnergy(prepared),
		...dynamic,
		...freeBasisLines(input, prepared),
		...demand.lines,
		...charges
	];
	return { block, demand, lines: share === null ? lines : linesOfShare(share, isAssessed(block), lines) };
}

function isAssessed({ prepared }: Block): boolean {
	return prepared.segments.at(-1)?.tariff.powerFactor != null;
}

/** The lines of a block in printed order, with what rests on the others: a share's on its own block alone. */
function completeBlock({ block, lines }: PricedBlock, powerFactor: RatedLine | null): RatedLine[] {
	const { input, prepared, share } = block;
	const charged = [
		...lines,
		...(powerFactor === null || share !== null ? [] : [powerFactor]),
		...(share === null ? exportLines(prepared) : [])
	];
	const marked = (made: RatedLine[]) =>
		share === null ? made : linesOfShare(share, isAssessed(block), made);
	const least = [...charged, ...marked(minimumLine(input, prepared, charged))];
	return inPrintedOrder([...least, ...marked(percentLines(input, prepared, least))]);
}

/** The demand of all blocks, with what it costs in all of them. */
function demandFigures(priced: readonly PricedBlock[], figures: DemandFigures | null): DemandFigures | null {
	if (figures === null) return null;
	return { ...figures, amountMinor: totalOf(priced.flatMap(({ demand }) => demand.lines)) };
}

/** Tiers are shown of what the shares leave. */
function ownTiers([own]: readonly Block[]): TierFigures | null {
	return own === undefined ? null : tierFigures(own.prepared.segments, own.prepared.positions);
}

function carriedBy(blocks: readonly Block[]): CarriedState {
	const shares: Record<string, TierCycleUse> = {};
	let tierCycle: TierCycleUse | null = null;
	for (const { share, prepared } of blocks) {
		if (share === null) ({ tierCycle } = prepared.carried);
		else if (prepared.carried.tierCycle !== null) shares[share.id] = prepared.carried.tierCycle;
	}
	return Object.keys(shares).length === 0 ? { tierCycle } : { tierCycle, shares };
}

/** Whether anything tells how much was taken: a day of the curve, or a register. */
function isRead(channels: readonly ChannelReadings[], { points }: Prepared['readings']): boolean {
	const active = channels.find(({ channel }) => channel === 'active_import');
	return (active?.days ?? 0) > 0 || points.some(({ registers }) => registers !== null);
}

function periodsOf({ segments, energy }: Prepared): PeriodEnergy[] {
	return TIME_PERIODS_PRINTED.flatMap((timePeriod) => {
		const isKnown = segments.some(
			({ season: { rest, windows } }) =>
				rest === timePeriod || windows.some(({ period }) => period === timePeriod)
		);
		if (!isKnown) return [];
		const code = TIME_PERIODS.indexOf(timePeriod);
		const energyWh = energy.buckets.reduce((sum, { importWh }) => sum + (importWh[code] ?? 0), 0);
		return [{ timePeriod, energyWh }];
	});
}

function warningsOf(
	input: RatingInput,
	{ segments, readings, energy }: Prepared,
	blocks: readonly Block[],
	others: readonly (RatingWarning | null)[]
): RatingWarning[] {
	const warnings: RatingWarning[] = [];
	const uncreditedWh = segments.reduce((sum, { tariff }, index) => {
		const exportWh = energy.buckets[index]?.exportWh;
		return tariff.exportPriceE8 !== null || exportWh === undefined ? sum : sum + sumOf(exportWh);
	}, 0);
	if (uncreditedWh > 0) warnings.push({ code: 'EXPORT_NOT_CREDITED', energyWh: uncreditedWh });
	const needsDemand = segments.some(({ tariff }) => countsDemand(tariff, input));
	for (const curve of summarizeChannels(withoutRegisters(readings, needsDemand))) {
		const matters = curve.channel === 'active_import' || input.account.powerFactorStandard !== null;
		if (matters && curve.channel !== 'active_export') warnings.push(...curveWarnings(input, curve));
	}
	const tier = blocks
		.map(({ prepared, input: own }) => tierWarning(prepared.segments[0], own.carried, own.account.openedOn))
		.find((warning) => warning !== null);
	return [...warnings, ...others, tier ?? null].filter((warning) => warning !== null);
}

/** What is missing, estimated and filled on one channel: each interval is in one of them at most. */
function curveWarnings({ filling }: RatingInput, curve: ChannelReadings): RatingWarning[] {
	const { channel, missing, measured, estimated, filled, corrected } = curve;
	const warnings: RatingWarning[] = [];
	const of = missing + measured + estimated + corrected;
	if (missing > 0) warnings.push({ code: 'MISSING_INTERVALS', channel, count: missing, of });
	if (estimated > filled) {
		const quantity = curve.estimatedQuantity - curve.filledQuantity;
		warnings.push({ code: 'ESTIMATED_INTERVALS', channel, count: estimated - filled, quantity });
	}
	if (filled > 0 && filling !== 'none') {
		const quantity = curve.filledQuantity;
		warnings.push({ code: 'FILLED_INTERVALS', method: filling, channel, count: filled, quantity });
	}
	return warnings;
}
