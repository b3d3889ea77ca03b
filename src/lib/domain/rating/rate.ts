import { TIME_PERIODS, TIME_PERIODS_PRINTED, isTimeOfUse } from '#lib/domain/tariffs/tariff.ts';
import { energyInOrder } from './chronology.ts';
import { rateDemand } from './demand-lines.ts';
import { energyLines, inPrintedOrder, tierLines, totalOf } from './lines.ts';
import { ratePowerFactor } from './power-factor-line.ts';
import { prepare, type Prepared } from './prepare.ts';
import { summarizeChannels } from './readings.ts';
import { tierFigures, tierWarning } from './tiers.ts';
import type {
	ChannelReadings,
	PeriodEnergy,
	RatedLine,
	RatingInput,
	RatingResult,
	RatingWarning
} from './types.ts';

/**
 * Rates one billing period. Pure and total: the same input gives the same result wherever it runs, and
 * input that cannot be rated gives a typed refusal, never an exception. Lines are rounded one by one, half
 * up; the total is their sum.
 */
export function rate(input: RatingInput): RatingResult {
	const prepared = prepare(input);
	if ('code' in prepared) return { ok: false, refusal: prepared };
	const { segments, readings, buckets } = prepared;
	const channels = summarizeChannels(readings);
	const active = channels.find(({ channel }) => channel === 'active_import');
	const last = segments.at(-1);
	if (active === undefined || active.days === 0 || last === undefined) {
		return { ok: false, refusal: { code: 'NO_READINGS' } };
	}
	const demand = rateDemand(input, readings, segments, buckets);
	if ('code' in demand) return { ok: false, refusal: demand };
	const priced = [...energyLinesOf(prepared), ...demand.lines];
	const powerFactor = ratePowerFactor(input, readings, last, active.quantity, priced);
	if ('code' in powerFactor) return { ok: false, refusal: powerFactor };
	const lines = inPrintedOrder(powerFactor.line === null ? priced : [...priced, powerFactor.line]);
	return {
		ok: true,
		currency: input.account.currency,
		lines,
		totalMinor: totalOf(lines),
		figures: {
			energyWh: active.quantity,
			periods: periodsOf(prepared),
			timeOfUse: segments.some(({ tariff }) => isTimeOfUse(tariff)),
			readings: channels,
			demand: demand.figures,
			powerFactor: powerFactor.figures,
			tiers: tierFigures(segments, prepared.positions)
		},
		carried: prepared.carried,
		warnings: warningsOf(input, prepared, channels, [...demand.warnings, powerFactor.warning])
	};
}

function energyLinesOf(prepared: Prepared): RatedLine[] {
	return prepared.segments.flatMap((segment, index) => {
		const bucket = prepared.buckets[index];
		const position = prepared.positions[index] ?? null;
		if (bucket === undefined) return [];
		const hasEstimates = bucket.estimatedWh.some((wh) => wh > 0);
		const estimatedInTier = (tier: number) =>
			hasEstimates ? energyInOrder(prepared, index, tier).estimatedWh : 0;
		return [...energyLines(segment, bucket), ...tierLines(segment, position, estimatedInTier)];
	});
}

function periodsOf({ segments, buckets }: Prepared): PeriodEnergy[] {
	return TIME_PERIODS_PRINTED.flatMap((timePeriod) => {
		if (!segments.some(({ season }) => season.priceE8[timePeriod] !== undefined)) return [];
		const code = TIME_PERIODS.indexOf(timePeriod);
		const energyWh = buckets.reduce((sum, bucket) => sum + (bucket.energyWh[code] ?? 0), 0);
		return [{ timePeriod, energyWh }];
	});
}

function warningsOf(
	input: RatingInput,
	{ segments }: Prepared,
	channels: readonly ChannelReadings[],
	others: readonly (RatingWarning | null)[]
): RatingWarning[] {
	const warnings: RatingWarning[] = [];
	for (const { channel, missing, measured, estimated, corrected, ...sums } of channels) {
		const of = missing + measured + estimated + corrected;
		if (channel === 'active_export') {
			if (sums.quantity > 0) warnings.push({ code: 'EXPORT_NOT_CREDITED', energyWh: sums.quantity });
			continue;
		}
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
