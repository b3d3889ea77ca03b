import { z } from 'zod';
import { DEMAND_BASES, VOLTAGE_CLASSES } from '#lib/domain/identity/account.ts';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { Tariff } from '#lib/domain/tariffs/tariff.ts';
import type { AccountFacts, CarriedState } from '../types.ts';
import { kilowatts, localDate, localMonth, thousands } from './values.ts';

/** The facts of an account and what earlier bills hand over, as written in a file; everything may be left out. */
export const accountFile = z.strictObject({
	timeZone: z.string().default('Asia/Shanghai'),
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
	carried: z
		.strictObject({
			tierCycle: z.strictObject({ start: localDate, usedKwh: thousands }).nullable().default(null)
		})
		.default({ tierCycle: null })
});

/** Account facts, zone and carried state; what the file leaves out fits the tariff. */
export function accountOf(
	file: z.output<typeof accountFile>,
	tariff: Tariff,
	from: LocalDate
): { account: AccountFacts; timeZone: string; carried: CarriedState } {
	const { tierCycle } = file.carried;
	return {
		account: {
			voltage: file.voltage ?? tariff.voltages[0] ?? 'below_1kv',
			currency: tariff.currency,
			contractedCapacityVa: file.contractedCapacityKva,
			demandBasis: file.demandBasis,
			contractDemandW: file.contractDemandKw,
			powerFactorStandard: file.powerFactorStandard,
			openedOn: file.openedOn ?? from,
			largeHousehold: file.largeHousehold,
			lowIncome: file.lowIncome,
			readingMonths: file.readingMonths,
			contractsW: file.contractsKw
		},
		timeZone: file.timeZone,
		carried: {
			tierCycle: tierCycle === null ? null : { start: tierCycle.start, usedWh: tierCycle.usedKwh }
		}
	};
}
