import { z } from 'zod';
import type { DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import type { LoadDay } from '#lib/domain/metering/load-day.ts';
import { TIME_PERIODS } from '#lib/domain/tariffs/tariff.ts';
import type { PointUsage } from '../types.ts';
import { decimal, kilowatts, thousands } from './values.ts';

const byPeriod = z.union([thousands, z.partialRecord(z.enum(TIME_PERIODS), thousands)]);
const percentE2 = decimal(2).refine((value) => value >= 0, 'is negative');

/** Quantities of one meter as a bill prints them, and the curve that spreads them where there is one. */
const meter = z
	.strictObject({
		/** Total, or by time-of-use period. */
		energyKwh: byPeriod.optional(),
		exportKwh: byPeriod.optional(),
		laggingKvarh: thousands.optional(),
		leadingKvarh: thousands.optional(),
		demandKw: kilowatts.optional(),
		/** A file of interval readings beside this one. */
		curve: z.string().min(1).optional(),
		losses: z
			.strictObject({
				activeKwhPerDay: thousands.default(0),
				activePercent: percentE2.default(0),
				reactiveKvarhPerDay: thousands.default(0),
				reactivePercent: percentE2.default(0)
			})
			.optional()
	})
	.refine(({ energyKwh, curve }) => energyKwh !== undefined || curve !== undefined, {
		path: ['energyKwh'],
		message: 'energyKwh or a curve is needed'
	})
	.refine(
		({ energyKwh, ...others }) =>
			energyKwh !== undefined ||
			[others.exportKwh, others.laggingKvarh, others.leadingKvarh, others.demandKw].every(
				(value) => value === undefined
			),
		{ path: ['energyKwh'], message: 'registers of a meter include its energy' }
	);
export type MeterFile = z.output<typeof meter>;

/** Several meters, or one without the list around it. */
export const usageFile = z.preprocess(
	(json) => (typeof json === 'object' && json !== null && 'meters' in json ? json : { meters: [json] }),
	z.strictObject({ meters: z.array(meter).min(1) })
);

/** A meter of the file with the days of its curve, as the rating takes it. */
export function pointOf(
	{ energyKwh, losses, ...registers }: MeterFile,
	index: number,
	period: DatePeriod,
	days: readonly LoadDay[]
): PointUsage {
	return {
		servicePointId: index + 1,
		period,
		days,
		registers:
			energyKwh === undefined
				? null
				: {
						importWh: energyKwh,
						exportWh: registers.exportKwh ?? null,
						laggingVarh: registers.laggingKvarh ?? null,
						leadingVarh: registers.leadingKvarh ?? null,
						demandW: registers.demandKw ?? null
					},
		losses:
			losses === undefined
				? null
				: {
						activeWhPerDay: losses.activeKwhPerDay,
						activePercentE2: losses.activePercent,
						reactiveVarhPerDay: losses.reactiveKvarhPerDay,
						reactivePercentE2: losses.reactivePercent
					}
	};
}
