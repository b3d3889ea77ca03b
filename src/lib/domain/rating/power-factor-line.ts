import {
	powerFactorHundredths,
	reactiveEnergyOf,
	type ReactiveEnergy
} from '#lib/domain/metering/power-factor.ts';
import { totalOf } from './lines.ts';
import { adjustmentMinor, adjustmentPercentE2 } from './power-factor-table.ts';
import type { CheckedReadings } from './readings.ts';
import type { Segment } from './segments.ts';
import type { PowerFactorFigures, RatedLine, RatingInput, RatingRefusal, RatingWarning } from './types.ts';

export interface PowerFactorResult {
	readonly line: RatedLine | null;
	readonly figures: PowerFactorFigures | null;
	readonly warning: RatingWarning | null;
}

/**
 * The power-factor adjustment of the whole bill by the rule in force on its last day. Its base is the sum of
 * the rounded lines that count in it (参与调整电费金额). Without active energy or with reactive readings
 * missing there is no assessment: neither reward nor surcharge is guessed.
 */
export function ratePowerFactor(
	input: RatingInput,
	readings: CheckedReadings,
	last: Segment,
	energyWh: number,
	lines: readonly RatedLine[]
): PowerFactorResult | RatingRefusal {
	const standard = input.account.powerFactorStandard;
	const rule = last.tariff.powerFactor;
	if (standard === null || rule === null) return { line: null, figures: null, warning: null };
	const segments = rule.standards[standard];
	if (segments === undefined) return { code: 'POWER_FACTOR_STANDARD_UNKNOWN', standard };
	const reactive = reactiveEnergy(readings);
	const measured = {
		standard,
		activeWh: energyWh,
		laggingVarh: reactive.laggingVarh,
		leadingVarh: reactive.leadingVarh
	};
	const reason = whyNotAssessed(energyWh, reactive);
	if (reason !== null) {
		return {
			line: null,
			figures: { ...measured, hundredths: null, percentE2: null, baseMinor: null, amountMinor: null },
			warning: { code: 'POWER_FACTOR_NOT_ASSESSED', reason, missingIntervals: reactive.missingIntervals }
		};
	}
	const hundredths = powerFactorHundredths(energyWh, reactive.laggingVarh + reactive.leadingVarh);
	const percentE2 = adjustmentPercentE2(segments, hundredths);
	const baseMinor = totalOf(lines.filter(({ inPowerFactorBase }) => inPowerFactorBase));
	const amountMinor = adjustmentMinor(baseMinor, percentE2);
	return {
		line: {
			reference: 'power_factor',
			charge: 'power_factor',
			timePeriod: null,
			tier: null,
			period: input.period,
			quantityMilli: Number(baseMinor),
			unit: 'money',
			estimatedMilli: 0,
			unitPriceE8: null,
			percentE2,
			proration: null,
			discountPercent: null,
			amountMinor,
			inPowerFactorBase: false,
			tariffCode: last.tariff.code,
			tariffEdition: last.tariff.edition,
			ruleSource: rule.source.document,
			behind: { kind: 'power_factor', dates: input.period }
		},
		figures: { ...measured, hundredths, percentE2, baseMinor, amountMinor },
		warning: null
	};
}

function whyNotAssessed(
	energyWh: number,
	reactive: ReactiveEnergy & { readonly read: boolean }
): Extract<RatingWarning, { code: 'POWER_FACTOR_NOT_ASSESSED' }>['reason'] | null {
	if (energyWh <= 0) return 'no_active_energy';
	if (!reactive.read) return 'no_reactive_readings';
	return reactive.missingIntervals > 0 ? 'reactive_incomplete' : null;
}

/** Reactive energy of all points, and whether any of them has a reactive register. */
function reactiveEnergy({ points }: CheckedReadings): ReactiveEnergy & { readonly read: boolean } {
	const sum = { laggingVarh: 0, leadingVarh: 0, missingIntervals: 0, read: false };
	for (const { channels } of points) {
		const lagging = channels.get('reactive_import');
		const leading = channels.get('reactive_export');
		const part = reactiveEnergyOf(channels.get('active_import') ?? [], lagging ?? [], leading ?? null);
		sum.laggingVarh += part.laggingVarh;
		sum.leadingVarh += part.leadingVarh;
		sum.missingIntervals += part.missingIntervals;
		sum.read ||= lagging !== undefined;
	}
	return sum;
}
