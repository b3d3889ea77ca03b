import {
	addDays,
	datesOf,
	slotsInDay,
	slotWallMinutes,
	type DatePeriod,
	type IntervalMinutes,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';
import { isKnown } from './curve.ts';
import { QUALITY_CODE, type LoadDay } from './load-day.ts';
import { DAY_KINDS, dayKind, USUAL_DAYS_AT_LEAST, type DayKind, type IsDayOff } from './usual-band.ts';

/**
 * How missing intervals are filled before they are billed.
 * - `none`: not at all.
 * - `linear`: a straight line between the known intervals on both sides of a gap of at most two hours, also over
 *   midnight.
 * - `like_days`: the mean of the same wall-clock interval on the other days of the same kind (`dayKind`) in the
 *   same bill, of at least three.
 * What a method cannot fill stays missing.
 */
export const FILLING_METHODS = ['none', 'linear', 'like_days'] as const;
export type FillingMethod = (typeof FILLING_METHODS)[number];

/** The longest gap that a straight line may cross. */
const LINEAR_MINUTES_AT_MOST = 120;
const MINUTES_PER_DAY = 1440;

/** What the filling of one channel needs beside its readings. */
export interface FillingBasis {
	/** Days that should have been read. */
	readonly period: DatePeriod;
	readonly timeZone: string;
	readonly isDayOff: IsDayOff;
}

export interface FilledDays {
	readonly days: readonly LoadDay[];
	/** Intervals that were filled. Each is `estimated` from here on. */
	readonly intervals: number;
	/** Their quantity, Wh or varh. */
	readonly quantity: number;
}

/**
 * Fills the gaps of one channel by a named method, half up to whole Wh or varh. The values of other days and
 * neighbours are those that were delivered, never filled ones.
 * @param days in order of date, at most one per date; they are not written to
 */
export function fillDays(days: readonly LoadDay[], method: FillingMethod, basis: FillingBasis): FilledDays {
	switch (method) {
		case 'none':
			return { days, intervals: 0, quantity: 0 };
		case 'linear':
			return fillLinearly(days);
		case 'like_days':
			return fillByLikeDays(days, basis);
	}
}

/** A copy of some days that counts what is filled in. */
class Filling {
	intervals = 0;
	quantity = 0;

	/** @param day whose arrays may be written to */
	fill({ quantities, qualities }: LoadDay, slot: number, quantity: number): void {
		quantities[slot] = quantity;
		qualities[slot] = QUALITY_CODE.estimated;
		this.intervals++;
		this.quantity += quantity;
	}
}

function writableCopy(day: LoadDay): LoadDay {
	if (!day.qualities.includes(QUALITY_CODE.missing)) return day;
	return { ...day, quantities: day.quantities.slice(), qualities: day.qualities.slice() };
}

/** Sum over count, both whole and not negative, rounded half up. */
function meanHalfUp(sum: number, count: number): number {
	return Math.floor((2 * sum + count) / (2 * count));
}

function fillLinearly(days: readonly LoadDay[]): FilledDays {
	const filling = new Filling();
	const copies = days.map(writableCopy);
	for (const run of runsOf(copies)) {
		const slots = run.flatMap((day) => Array.from(day.quantities.keys(), (slot) => ({ day, slot })));
		let left = -1;
		for (const [at, { day, slot }] of slots.entries()) {
			if (!isKnown(day, slot)) continue;
			const gap = at - left - 1;
			if (left >= 0 && gap > 0 && gap * day.intervalMinutes <= LINEAR_MINUTES_AT_MOST) {
				const [from, to] = [quantityOf(slots[left]), quantityOf(slots[at])];
				for (let step = 1; step <= gap; step++) {
					const missing = slots[left + step];
					if (missing === undefined) continue;
					filling.fill(missing.day, missing.slot, meanHalfUp(from * (gap + 1 - step) + to * step, gap + 1));
				}
			}
			left = at;
		}
	}
	return { days: copies, intervals: filling.intervals, quantity: filling.quantity };
}

function quantityOf(place: { readonly day: LoadDay; readonly slot: number } | undefined): number {
	return place?.day.quantities[place.slot] ?? 0;
}

/** Days that follow each other with intervals of one length. */
function runsOf(days: readonly LoadDay[]): LoadDay[][] {
	const runs: LoadDay[][] = [];
	let last: LoadDay | null = null;
	for (const day of days) {
		const follows =
			last !== null &&
			addDays(last.localDate, 1) === day.localDate &&
			last.intervalMinutes === day.intervalMinutes;
		if (follows) runs.at(-1)?.push(day);
		else runs.push([day]);
		last = day;
	}
	return runs;
}

/** What is known of the days of a kind at each wall-clock minute. */
interface Known {
	readonly sums: Float64Array;
	readonly counts: Float64Array;
}

function fillByLikeDays(days: readonly LoadDay[], basis: FillingBasis): FilledDays {
	const filling = new Filling();
	const byDate = new Map<LocalDate, LoadDay>(days.map((day) => [day.localDate, day]));
	const usual = days[0];
	const filled: LoadDay[] = [];
	const known = new Map<IntervalMinutes, Record<DayKind, Known>>();
	for (const date of usual === undefined ? [] : datesOf(basis.period)) {
		const day = byDate.get(date);
		const copy = day === undefined ? emptyDay(usual, date, basis.timeZone) : writableCopy(day);
		if (copy === null) continue;
		const { intervalMinutes } = copy;
		let kinds = known.get(intervalMinutes);
		if (kinds === undefined) known.set(intervalMinutes, (kinds = knownByKind(days, intervalMinutes, basis)));
		fillFrom(kinds[dayKind(date, basis.isDayOff)], copy, basis.timeZone, filling);
		if (copy.qualities.some((quality) => quality !== QUALITY_CODE.missing)) filled.push(copy);
	}
	return { days: filled, intervals: filling.intervals, quantity: filling.quantity };
}

/** A day of which nothing was read, with intervals as on the days that were. */
function emptyDay(usual: LoadDay | undefined, date: LocalDate, timeZone: string): LoadDay | null {
	if (usual === undefined) return null;
	const { channel, intervalMinutes } = usual;
	const count = slotsInDay(date, timeZone, intervalMinutes);
	return {
		channel,
		localDate: date,
		intervalMinutes,
		quantities: new Int32Array(count),
		qualities: new Uint8Array(count),
		version: 1
	};
}

/** Days with a clock change give no values: their hours are not those of other days. */
function knownByKind(
	days: readonly LoadDay[],
	intervalMinutes: IntervalMinutes,
	{ isDayOff }: FillingBasis
): Record<DayKind, Known> {
	const count = MINUTES_PER_DAY / intervalMinutes;
	const kinds = Object.fromEntries(
		DAY_KINDS.map((kind) => [kind, { sums: new Float64Array(count), counts: new Float64Array(count) }])
	) as unknown as Record<DayKind, Known>;
	for (const day of days) {
		if (day.intervalMinutes !== intervalMinutes || day.quantities.length !== count) continue;
		const { sums, counts } = kinds[dayKind(day.localDate, isDayOff)];
		for (let slot = 0; slot < count; slot++) {
			if (!isKnown(day, slot)) continue;
			sums[slot] = (sums[slot] ?? 0) + (day.quantities[slot] ?? 0);
			counts[slot] = (counts[slot] ?? 0) + 1;
		}
	}
	return kinds;
}

function fillFrom({ sums, counts }: Known, day: LoadDay, timeZone: string, filling: Filling): void {
	if (!day.qualities.includes(QUALITY_CODE.missing)) return;
	const wallMinutes = slotWallMinutes(day.localDate, timeZone, day.intervalMinutes);
	for (const [slot, minute] of wallMinutes.entries()) {
		if (isKnown(day, slot)) continue;
		const at = minute / day.intervalMinutes;
		const count = counts[at] ?? 0;
		if (count >= USUAL_DAYS_AT_LEAST) filling.fill(day, slot, meanHalfUp(sums[at] ?? 0, count));
	}
}
