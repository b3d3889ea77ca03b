import { daysBetween } from '#lib/domain/kernel/civil-time.ts';
import { knownQuantity } from '#lib/domain/metering/day-statistics.ts';
import type { LoadDay } from '#lib/domain/metering/load-day.ts';
import {
	powerFactorHundredths,
	reactiveEnergyOf,
	type ReactiveEnergy
} from '#lib/domain/metering/power-factor.ts';
import { percentE2Of } from './energy.ts';
import { totalOf } from './lines.ts';
import { adjustmentMinor, adjustmentPercentE2 } from './power-factor-table.ts';
import { missingIntervals, type CheckedReadings } from './readings.ts';
import type { Segment } from './segments.ts';
import type { RatingRefusal, RatingWarning } from './notices.ts';
import type {
	ByPeriod,
	LossRule,
	PowerFactorFigures,
	RatedLine,
	RatingInput,
	RegisterQuantities
} from './types.ts';

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
			share: null,
			name: null,
			timePeriod: null,
			tier: null,
			period: input.period,
			quantityMilli: Number(baseMinor),
			unit: 'money',
			estimatedMilli: 0,
			unitPriceE8: null,
			percentE4: percentE2 * 100,
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

/** Reactive energy of all points, losses included, and whether any of them has a reactive register or curve. */
function reactiveEnergy({
	points,
	irregularDays
}: CheckedReadings): ReactiveEnergy & { readonly read: boolean } {
	const sum = { laggingVarh: 0, leadingVarh: 0, missingIntervals: 0, read: false };
	for (const point of points) {
		const { channels, registers, losses, period } = point;
		const active = channels.get('active_import') ?? [];
		const lagging = channels.get('reactive_import');
		const leading = channels.get('reactive_export');
		const isRegistered = registers !== null && registers.laggingVarh !== null;
		const part = isRegistered
			? {
					laggingVarh: registers.laggingVarh,
					leadingVarh: registers.leadingVarh ?? 0,
					missingIntervals: 0
				}
			: reactiveEnergyOf(active, lagging ?? [], leading ?? null);
		sum.laggingVarh +=
			part.laggingVarh + reactiveLoss(losses, active, registers, daysBetween(period.start, period.end));
		sum.leadingVarh += part.leadingVarh;
		sum.missingIntervals += part.missingIntervals;
		// The register counted also what its curve lacks, and the reactive energy of that is not known.
		if (registers !== null && !isRegistered && lagging !== undefined) {
			sum.missingIntervals += missingIntervals('active_import', point, irregularDays);
		}
		sum.read ||= isRegistered || lagging !== undefined;
	}
	return sum;
}

/** Reactive energy lost between meter and boundary. */
function reactiveLoss(
	rule: LossRule | null,
	active: readonly LoadDay[],
	registers: RegisterQuantities | null,
	days: number
): number {
	if (rule === null) return 0;
	const activeWh = registers === null ? (knownQuantity(active) ?? 0) : totalOfPeriods(registers.importWh);
	return rule.reactiveVarhPerDay * days + percentE2Of(activeWh, rule.reactivePercentE2);
}

function totalOfPeriods(quantity: ByPeriod): number {
	return typeof quantity === 'number'
		? quantity
		: Object.values(quantity).reduce((sum, part) => sum + part, 0);
}
