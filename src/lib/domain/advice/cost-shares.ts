import type { Charge, RatedLine } from '#lib/domain/rating/types.ts';
import type { CostKind, CostShare } from './overview.ts';

const KIND_OF: Readonly<Record<Charge, CostKind>> = {
	energy: 'energy',
	tier_surcharge: 'energy',
	purchase: 'energy',
	transmission: 'energy',
	line_loss: 'energy',
	system_operation: 'energy',
	capacity: 'demand',
	contract_demand: 'demand',
	demand_overrun: 'demand',
	actual_demand: 'demand',
	demand: 'demand',
	contract: 'demand',
	contract_overrun: 'demand',
	power_factor: 'power_factor',
	government_fund: 'fund',
	free_basis: 'energy',
	export_credit: 'energy',
	fixed: 'other',
	minimum: 'other',
	percent: 'other'
};

/** The lines of a bill by what they are paid for, in the order in which they first occur. */
export function costShares(lines: readonly Pick<RatedLine, 'charge' | 'amountMinor'>[]): CostShare[] {
	const amounts = new Map<CostKind, bigint>();
	for (const { charge, amountMinor } of lines) {
		const kind = KIND_OF[charge];
		amounts.set(kind, (amounts.get(kind) ?? 0n) + amountMinor);
	}
	const total = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
	return [...amounts].map(([kind, amountMinor]) => ({
		kind,
		amountMinor,
		share: total === 0n ? null : Number(amountMinor) / Number(total)
	}));
}
