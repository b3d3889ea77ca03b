import { PERCENT_BASE_OF } from '#lib/domain/rating/lines.ts';
import type { Charge, RatedLine } from '#lib/domain/rating/types.ts';
import type { CostKind, CostShare } from './overview.ts';

/** Fed-in energy is a part of what energy costs. */
function kindOf(charge: Charge): CostKind {
	const base = charge === 'export_credit' ? 'energy' : PERCENT_BASE_OF[charge];
	switch (base) {
		case 'government_fund':
			return 'fund';
		case 'fixed':
		case null:
			return 'other';
		default:
			return base;
	}
}

/** The lines of a bill by what they are paid for, in the order in which they first occur. */
export function costShares(lines: readonly Pick<RatedLine, 'charge' | 'amountMinor'>[]): CostShare[] {
	const amounts = new Map<CostKind, bigint>();
	for (const { charge, amountMinor } of lines) {
		const kind = kindOf(charge);
		amounts.set(kind, (amounts.get(kind) ?? 0n) + amountMinor);
	}
	const total = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
	return [...amounts].map(([kind, amountMinor]) => ({
		kind,
		amountMinor,
		share: total === 0n ? null : Number(amountMinor) / Number(total)
	}));
}
