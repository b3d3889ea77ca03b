import { TIME_PERIODS, TIME_PERIODS_PRINTED, isTimeOfUse } from '#lib/domain/tariffs/tariff.ts';
import { rateDemand } from './demand-lines.ts';
import { rateDynamic } from './dynamic-lines.ts';
import { rateEnergy } from './energy-lines.ts';
import { sumOf } from './energy.ts';
import { inPrintedOrder, totalOf, totalsByCharge } from './lines.ts';
import type { RatingWarning } from './notices.ts';
import { exportLines, freeBasisLines, minimumLine, percentLines, rateCharges } from './other-lines.ts';
import { ratePowerFactor } from './power-factor-line.ts';
import { prepare, type Prepared } from './prepare.ts';
import { summarizeChannels } from './readings.ts';
import { tierFigures, tierWarning } from './tiers.ts';
import type { ChannelReadings, PeriodEnergy, RatingInput, RatingResult } from './types.ts';

/**
 * Rates one billing period. Pure and total: the same input gives the same result wherever it runs, and
 * input that cannot be rated gives a typed refusal, never an exception. Lines are rounded one by one, half
 * up; the total is their sum.
 */
export function rate(input: RatingInput): RatingResult {
	const prepared = prepare(input);
	if ('code' in prepared) return { ok: false, refusal: prepared };
	const { segments, readings, energy } = prepared;
	const channels = summarizeChannels(readings);
	const last = segments.at(-1);
	if (last === undefined || !isRead(channels, readings)) {
		return { ok: false, refusal: { code: 'NO_READINGS' } };
	}
	const energyWh = energy.buckets.reduce((sum, { importWh }) => sum + sumOf(importWh), 0);
	const dynamic = rateDynamic(input, prepared);
	if ('code' in dynamic) return { ok: false, refusal: dynamic };
	const demand = rateDemand(input, readings, segments, energy.buckets);
	if ('code' in demand) return { ok: false, refusal: demand };
	const charges = rateCharges(input, prepared);
	if ('code' in charges) return { ok: false, refusal: charges };
	const priced = [
		...rateEnergy(prepared),
		...dynamic,
		...freeBasisLines(input, prepared),
		...demand.lines,
		...charges
	];
	const powerFactor = ratePowerFactor(input, readings, last, energyWh, priced);
	if ('code' in powerFactor) return { ok: false, refusal: powerFactor };
	const charged = [
		...priced,
		...(powerFactor.line === null ? [] : [powerFactor.line]),
		...exportLines(prepared)
	];
	const least = [...charged, ...minimumLine(input, prepared, charged)];
	const lines = inPrintedOrder([...least, ...percentLines(input, prepared, least)]);
	return {
		ok: true,
		currency: input.account.currency,
		lines,
		totalMinor: totalOf(lines),
		figures: {
			energyWh,
			lossWh: energy.lossWh,
			periods: periodsOf(prepared),
			timeOfUse: segments.some(({ tariff }) => isTimeOfUse(tariff)),
			readings: channels,
			demand: demand.figures,
			powerFactor: powerFactor.figures,
			tiers: tierFigures(segments, prepared.positions),
			totals: totalsByCharge(lines)
		},
		carried: prepared.carried,
		warnings: warningsOf(input, prepared, channels, [
			...energy.warnings,
			...demand.warnings,
			powerFactor.warning
		])
	};
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
	{ segments, energy }: Prepared,
	channels: readonly ChannelReadings[],
	others: readonly (RatingWarning | null)[]
): RatingWarning[] {
	const warnings: RatingWarning[] = [];
	const uncreditedWh = segments.reduce((sum, { tariff }, index) => {
		const exportWh = energy.buckets[index]?.exportWh;
		return tariff.exportPriceE8 !== null || exportWh === undefined ? sum : sum + sumOf(exportWh);
	}, 0);
	if (uncreditedWh > 0) warnings.push({ code: 'EXPORT_NOT_CREDITED', energyWh: uncreditedWh });
	for (const { channel, missing, measured, estimated, corrected, ...sums } of channels) {
		const of = missing + measured + estimated + corrected;
		if (channel === 'active_export') continue;
		const matters = channel === 'active_import' || input.account.powerFactorStandard !== null;
		if (matters && missing > 0) warnings.push({ code: 'MISSING_INTERVALS', channel, count: missing, of });
		if (matters && estimated > 0) {
			const quantity = sums.estimatedQuantity;
			warnings.push({ code: 'ESTIMATED_INTERVALS', channel, count: estimated, quantity });
		}
	}
	const tier = tierWarning(segments[0], input.carried, input.account.openedOn);
	return [...warnings, ...others, tier].filter((warning) => warning !== null);
}
