import { describe, expect, it } from 'vitest';
import { costShares } from './cost-shares.ts';

describe('cost shares', () => {
	it('sum to the total of the bill, in the order of its lines', () => {
		const shares = costShares([
			{ charge: 'purchase', amountMinor: 5000n },
			{ charge: 'transmission', amountMinor: 2000n },
			{ charge: 'actual_demand', amountMinor: 2500n },
			{ charge: 'power_factor', amountMinor: -100n },
			{ charge: 'government_fund', amountMinor: 600n }
		]);
		expect(shares).toEqual([
			{ kind: 'energy', amountMinor: 7000n, share: 0.7 },
			{ kind: 'demand', amountMinor: 2500n, share: 0.25 },
			{ kind: 'power_factor', amountMinor: -100n, share: -0.01 },
			{ kind: 'fund', amountMinor: 600n, share: 0.06 }
		]);
	});

	it('have no share of nothing', () => {
		expect(costShares([{ charge: 'energy', amountMinor: 0n }])).toEqual([
			{ kind: 'energy', amountMinor: 0n, share: null }
		]);
	});
});
