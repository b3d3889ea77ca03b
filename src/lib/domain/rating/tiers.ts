import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { Tier } from '#lib/domain/tariffs/tariff.ts';
import type { Segment } from './segments.ts';
import type { CarriedState, RatingWarning, TierFigures } from './types.ts';

/** Where a segment lies in its tier cycle: energy [fromWh, toWh) since the cycle began. */
export interface TierPosition {
	readonly fromWh: number;
	readonly toWh: number;
}

/** Runs the carried energy through the segments; a new cycle starts at zero. */
export function tierPositions(
	segments: readonly Segment[],
	segmentWh: readonly number[],
	carried: CarriedState
): { positions: (TierPosition | null)[]; carried: CarriedState } {
	let cycle = carried.tierCycle;
	const positions = segments.map(({ tierCycle }, index) => {
		if (tierCycle === null) return null;
		const fromWh = cycle !== null && cycle.start === tierCycle.start ? cycle.usedWh : 0;
		const toWh = fromWh + (segmentWh[index] ?? 0);
		cycle = { start: tierCycle.start, usedWh: toWh };
		return { fromWh, toWh };
	});
	return { positions, carried: { tierCycle: cycle } };
}

/** How much of the cycle's energy [fromWh, toWh) lies in a tier. */
export function energyInTier(tier: Tier, position: TierPosition): number {
	const from = Math.max(position.fromWh, tier.fromWh);
	const to = tier.toWh === null ? position.toWh : Math.min(position.toWh, tier.toWh);
	return Math.max(0, to - from);
}

/** The tier display of the cycle that runs at the bill's end; null without tiers. */
export function tierFigures(
	segments: readonly Segment[],
	positions: readonly (TierPosition | null)[]
): TierFigures | null {
	const last = segments.at(-1);
	const end = positions.at(-1);
	if (last?.tierCycle == null || last.tariff.tiers === null || end == null) return null;
	const { start, tiers } = last.tierCycle;
	const first = segments.findIndex(({ tierCycle }) => tierCycle?.start === start);
	const whole = { fromWh: positions[first]?.fromWh ?? end.fromWh, toWh: end.toWh };
	const current = tiers.findIndex(({ toWh }) => toWh === null || end.toWh < toWh);
	return {
		cycle: last.tariff.tiers.cycle,
		cycleStart: start,
		usedBeforeWh: whole.fromWh,
		usedAfterWh: whole.toWh,
		currentTier: current + 1,
		tiers: tiers.map((tier, index) => ({
			tier: index + 1,
			fromWh: tier.fromWh,
			toWh: tier.toWh,
			surchargeE8: tier.surchargeE8,
			energyWh: energyInTier(tier, whole)
		}))
	};
}

/** Warns where supply began before the bill but the cycle's earlier use was not carried in. */
export function tierWarning(
	first: Segment | undefined,
	carried: CarriedState,
	openedOn: LocalDate
): RatingWarning | null {
	const cycle = first?.tierCycle;
	if (first === undefined || cycle == null) return null;
	const known =
		cycle.start === first.period.start ||
		openedOn >= first.period.start ||
		carried.tierCycle?.start === cycle.start;
	return known ? null : { code: 'TIER_USE_BEFORE_UNKNOWN', cycleStart: cycle.start };
}
