import { z } from 'zod';
import { DEMAND_BASES, VOLTAGE_CLASSES } from '#lib/domain/identity/account.ts';
import type { Tariff } from '#lib/domain/tariffs/tariff.ts';
import type { AccountFacts, CarriedState, MeterShare, TariffSpan, TierCycleUse } from '../types.ts';
import { decimal, kilowatts, localDate, localMonth, thousands, timeZone } from './values.ts';

const tierCycle = z.strictObject({ start: localDate, usedKwh: thousands });

/** A part of the energy under another tariff: a percentage of it, or so much a month. */
const share = z
	.strictObject({
		id: z.string().regex(/^[a-z0-9_-]+$/, 'not a short name (a-z, 0-9, "_" and "-")'),
		name: z.string().min(1).nullable().default(null),
		percent: decimal(4)
			.refine((percentE4) => percentE4 >= 0 && percentE4 <= 1_000_000, 'not between 0 and 100')
			.optional(),
		kwhPerMonth: thousands.optional(),
		/** Tariff documents beside this file: one, or the editions of the bill. */
		tariff: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])
	})
	.refine(({ percent, kwhPerMonth }) => (percent === undefined) !== (kwhPerMonth === undefined), {
		path: ['percent'],
		message: 'either percent or kwhPerMonth is needed'
	});
export type ShareFile = z.output<typeof share>;

/** The facts of an account and what earlier bills hand over, as written in a file; everything may be left out. */
export const accountFile = z.strictObject({
	timeZone: timeZone.default('Asia/Shanghai'),
	voltage: z.enum(VOLTAGE_CLASSES).optional(),
	contractedCapacityKva: thousands.nullable().default(null),
	demandBasis: z.enum(DEMAND_BASES).default('none'),
	contractDemandKw: kilowatts.nullable().default(null),
	powerFactorStandard: z
		.string()
		.regex(/^0\.\d\d$/, 'not a standard, e.g. "0.90"')
		.nullable()
		.default(null),
	openedOn: localDate.optional(),
	largeHousehold: z
		.strictObject({ persons: z.int().min(2), from: localMonth })
		.nullable()
		.default(null),
	lowIncome: z.boolean().default(false),
	readingMonths: z.union([z.literal(1), z.literal(2)]).default(1),
	contractsKw: z.record(z.string(), kilowatts).default({}),
	shares: z.array(share).default([]),
	carried: z
		.strictObject({
			tierCycle: tierCycle.nullable().default(null),
			shares: z.record(z.string(), tierCycle).default({})
		})
		.default({ tierCycle: null, shares: {} })
});

/** Account facts, zone and carried state; what the file leaves out fits the tariff. */
export function accountOf(
	file: z.output<typeof accountFile>,
	tariff: Tariff
): { account: AccountFacts; timeZone: string; carried: CarriedState } {
	return {
		account: {
			voltage: file.voltage ?? tariff.voltages[0] ?? 'below_1kv',
			currency: tariff.currency,
			contractedCapacityVa: file.contractedCapacityKva,
			demandBasis: file.demandBasis,
			contractDemandW: file.contractDemandKw,
			powerFactorStandard: file.powerFactorStandard,
			openedOn: file.openedOn ?? null,
			largeHousehold: file.largeHousehold,
			lowIncome: file.lowIncome,
			readingMonths: file.readingMonths,
			contractsW: file.contractsKw
		},
		timeZone: file.timeZone,
		carried: {
			tierCycle: file.carried.tierCycle === null ? null : useOf(file.carried.tierCycle),
			shares: Object.fromEntries(Object.entries(file.carried.shares).map(([id, cycle]) => [id, useOf(cycle)]))
		}
	};
}

function useOf({ start, usedKwh }: z.output<typeof tierCycle>): TierCycleUse {
	return { start, usedWh: usedKwh };
}

/** A share of the file with its tariffs, as the rating takes it. */
export function shareOf(
	{ id, name, percent, kwhPerMonth = 0 }: ShareFile,
	tariffs: readonly TariffSpan[]
): MeterShare {
	const part = percent === undefined ? { whPerMonth: kwhPerMonth } : { percentE4: percent };
	return { id, name, part, tariffs };
}
