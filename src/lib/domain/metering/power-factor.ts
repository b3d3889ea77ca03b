import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { isKnown } from './curve.ts';
import type { LoadDay } from './load-day.ts';

/**
 * Average power factor times 100, rounded half up: P / √(P² + Q²). In integers throughout: the result is
 * the largest n with P / √(P² + Q²) ≥ (n − ½) / 100, so no boundary depends on a square root. (Whole Wh
 * and varh never hit a boundary exactly: 200² is no sum of two odd squares.)
 * @param activeWh above zero
 */
export function powerFactorHundredths(activeWh: number, reactiveVarh: number): number {
	const active = BigInt(activeWh);
	const reactive = BigInt(reactiveVarh);
	const apparentSquared = active * active + reactive * reactive;
	const left = 40_000n * active * active;
	let n = 100n;
	while (n > 0n && left < (2n * n - 1n) * (2n * n - 1n) * apparentSquared) n--;
	return Number(n);
}

/** Reactive energy beside some active energy, and how many intervals of it lack theirs. */
export interface ReactiveEnergy {
	readonly laggingVarh: number;
	readonly leadingVarh: number;
	readonly missingIntervals: number;
}

/**
 * Reactive energy of the intervals whose active energy is known: what the average power factor of a bill and
 * of a chart rests on. Lagging and leading count by magnitude (power-factor rules of 1983: energy sent back
 * counts against the customer as well).
 * @param leading null where the point has no such register; where it has, it must have it throughout
 */
export function reactiveEnergyOf(
	active: readonly LoadDay[],
	lagging: readonly LoadDay[],
	leading: readonly LoadDay[] | null
): ReactiveEnergy {
	const laggingOn = byDate(lagging);
	const leadingOn = leading && byDate(leading);
	let laggingVarh = 0;
	let leadingVarh = 0;
	let missingIntervals = 0;
	for (const day of active) {
		const lag = sumBeside(day, laggingOn.get(day.localDate));
		const lead = leadingOn === null ? { varh: 0, missing: 0 } : sumBeside(day, leadingOn.get(day.localDate));
		laggingVarh += lag.varh;
		leadingVarh += lead.varh;
		missingIntervals += Math.max(lag.missing, lead.missing);
	}
	return { laggingVarh, leadingVarh, missingIntervals };
}

function byDate(days: readonly LoadDay[]): Map<LocalDate, LoadDay> {
	return new Map(days.map((day) => [day.localDate, day]));
}

/** Sum of the reactive intervals where active energy is known. Different interval lengths cannot be matched. */
function sumBeside(active: LoadDay, reactive: LoadDay | undefined): { varh: number; missing: number } {
	let varh = 0;
	let missing = 0;
	const fits = reactive !== undefined && reactive.quantities.length === active.quantities.length;
	for (let slot = 0; slot < active.qualities.length; slot++) {
		if (!isKnown(active, slot)) continue;
		if (!fits || !isKnown(reactive, slot)) missing++;
		else varh += Math.abs(reactive.quantities[slot] ?? 0);
	}
	return { varh, missing };
}

/**
 * Average power factor of some days times 100, rounded as a bill rounds it; null where nothing was used or
 * where an interval with active energy has no reactive energy (the sums would not belong together).
 */
export function averagePowerFactorHundredths(
	active: readonly LoadDay[],
	lagging: readonly LoadDay[],
	leading: readonly LoadDay[] | null
): number | null {
	let activeWh = 0;
	for (const day of active) {
		for (let slot = 0; slot < day.quantities.length; slot++) {
			if (isKnown(day, slot)) activeWh += day.quantities[slot] ?? 0;
		}
	}
	const { laggingVarh, leadingVarh, missingIntervals } = reactiveEnergyOf(active, lagging, leading);
	if (activeWh <= 0 || missingIntervals > 0) return null;
	return powerFactorHundredths(activeWh, laggingVarh + leadingVarh);
}
