import { QUALITY_CODE, type LoadDay } from '#lib/domain/metering/load-day.ts';
import type { Prepared } from './prepare.ts';
import type { DayBehind } from './types.ts';

/** The energy of one tier in the order in which it was used. */
export interface EnergyInOrder {
	readonly entries: readonly DaySlots[];
	/** The part in estimated intervals. */
	readonly estimatedWh: number;
}

/** Some intervals of a day, and the part of each that counts. */
export interface DaySlots {
	readonly servicePointId: number;
	readonly day: LoadDay;
	readonly slots: number[];
	/** Wh of each slot. */
	readonly quantities: number[];
}

/**
 * Which intervals of a segment lie in a tier. Tiers count the cycle's total, so the energy of all points is
 * laid end to end by the time at which each interval ends (equal times: by point); the interval in which a
 * threshold is passed belongs to the tier with a part of its energy.
 * @param tier 1 is the first
 */
export function energyInOrder(prepared: Prepared, segmentIndex: number, tier: number): EnergyInOrder {
	const segment = prepared.segments[segmentIndex];
	const position = prepared.positions[segmentIndex];
	const range = position?.tiers[tier - 1];
	if (segment === undefined || position == null || range === undefined)
		return { entries: [], estimatedWh: 0 };
	const { start, end } = segment.period;
	const entries: DaySlots[] = prepared.readings.points.flatMap((point) =>
		(point.channels.get('active_import') ?? [])
			.filter((day) => day.localDate >= start && day.localDate < end)
			.map((day) => ({ servicePointId: point.servicePointId, day, slots: [], quantities: [] }))
	);
	let usedWh = position.fromWh;
	let estimatedWh = 0;
	for (const { entry, slot } of inOrderOfTime(entries)) {
		const quality = entry.day.qualities[slot];
		if (quality === QUALITY_CODE.missing) continue;
		const before = usedWh;
		usedWh += entry.day.quantities[slot] ?? 0;
		const from = Math.max(before, range.fromWh);
		const to = range.toWh === null ? usedWh : Math.min(usedWh, range.toWh);
		if (to <= from) continue;
		entry.slots.push(slot);
		entry.quantities.push(to - from);
		if (quality === QUALITY_CODE.estimated) estimatedWh += to - from;
	}
	return { entries: entries.filter(({ slots }) => slots.length > 0), estimatedWh };
}

function* inOrderOfTime(entries: readonly DaySlots[]): Generator<{ entry: DaySlots; slot: number }> {
	const byDate = new Map<string, DaySlots[]>();
	for (const entry of entries) {
		const sameDay = byDate.get(entry.day.localDate);
		if (sameDay === undefined) byDate.set(entry.day.localDate, [entry]);
		else sameDay.push(entry);
	}
	for (const date of [...byDate.keys()].sort()) {
		const sameDay = byDate.get(date) ?? [];
		const steps = sameDay.flatMap((entry, order) =>
			Array.from(entry.day.quantities, (_, slot) => ({
				entry,
				slot,
				order,
				endMinute: (slot + 1) * entry.day.intervalMinutes
			}))
		);
		if (sameDay.length > 1) steps.sort((a, b) => a.endMinute - b.endMinute || a.order - b.order);
		yield* steps;
	}
}

/** Describes slots of a day with the part of each that counts. */
export function dayBehind({ servicePointId, day, slots, quantities }: DaySlots): DayBehind {
	return {
		servicePointId,
		channel: day.channel,
		localDate: day.localDate,
		intervalMinutes: day.intervalMinutes,
		version: day.version,
		quantity: quantities.reduce((sum, quantity) => sum + quantity, 0),
		slots,
		quantities,
		qualities: slots.map((slot) => day.qualities[slot] ?? QUALITY_CODE.missing)
	};
}
