import {
	daysBetween,
	irregularDaysOf,
	clip,
	slotWallMinutes,
	yearOf,
	type DatePeriod,
	type IntervalMinutes,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';
import {
	CHANNELS,
	QUALITIES,
	QUALITY_CODE,
	type Channel,
	type LoadDay
} from '#lib/domain/metering/load-day.ts';
import { fillDays } from '#lib/domain/metering/filling.ts';
import { isWeekend, type IsDayOff } from '#lib/domain/metering/usual-band.ts';
import type { RatingRefusal } from './notices.ts';
import type { ChannelReadings, LossRule, PointUsage, RatingInput, RegisterQuantities } from './types.ts';

const MINUTES_PER_DAY = 1440;
/** For points of which nothing tells the length: the usual one. */
const USUAL_INTERVAL_MINUTES = 15;

/** The readings of one point inside the bill's period, by channel and in order of date. */
export interface PointReadings {
	readonly servicePointId: number;
	readonly period: DatePeriod;
	readonly channels: ReadonlyMap<Channel, readonly LoadDay[]>;
	/** What each of the channels holds. */
	readonly tallies: ReadonlyMap<Channel, Tally>;
	readonly registers: RegisterQuantities | null;
	readonly losses: LossRule | null;
}

/** Readings that passed the checks, and the days of the period that do not last 24 hours. */
export interface CheckedReadings {
	readonly points: readonly PointReadings[];
	/** Length in minutes of each day with a clock change. */
	readonly irregularDays: ReadonlyMap<LocalDate, number>;
}

/** Sorts and checks the readings of the period, and fills what is missing as far as the input says so. */
export function checkReadings(input: RatingInput): CheckedReadings | RatingRefusal {
	const irregularDays = irregularDaysOf(input.period, input.timeZone);
	const points: PointReadings[] = [];
	for (const usage of input.usage) {
		const period = clip(usage.period, input.period);
		if (period.start >= period.end) continue;
		const channels = new Map<Channel, readonly LoadDay[]>();
		const tallies = new Map<Channel, Tally>();
		for (const [channel, delivered] of byChannel(usage, period)) {
			const read = tallyDays(delivered, irregularDays);
			if ('code' in read) return read;
			const { days, ...filled } = fillDays(delivered, input.filling, {
				period,
				timeZone: input.timeZone,
				isDayOff: dayOffRule(input)
			});
			const tally = filled.intervals === 0 ? read : tallyDays(days, irregularDays);
			if ('code' in tally) return tally;
			channels.set(channel, days);
			// A day that was filled throughout is still a day on which nothing was read.
			tallies.set(channel, { ...tally, daysRead: read.daysRead, filled });
		}
		const { servicePointId, registers, losses } = usage;
		points.push({ servicePointId, period, channels, tallies, registers, losses });
	}
	return { points, irregularDays };
}

/** Days off by the calendar; weekends in a year that it does not know. */
function dayOffRule({ calendar }: RatingInput): IsDayOff {
	return (date) => (calendar.hasYear(yearOf(date)) ? calendar.isRestDay(date) : isWeekend(date));
}

function byChannel(usage: PointUsage, period: DatePeriod): Map<Channel, LoadDay[]> {
	const channels = new Map<Channel, LoadDay[]>();
	for (const day of usage.days) {
		if (day.localDate < period.start || day.localDate >= period.end) continue;
		const days = channels.get(day.channel);
		if (days === undefined) channels.set(day.channel, [day]);
		else days.push(day);
	}
	for (const days of channels.values()) {
		const isSorted = days.every(
			(day, index) => index === 0 || (days[index - 1]?.localDate ?? '') <= day.localDate
		);
		if (!isSorted) days.sort((a, b) => (a.localDate < b.localDate ? -1 : 1));
	}
	return channels;
}

/** What the known intervals of a channel hold. */
interface Tally {
	quantity: number;
	estimated: number;
	/** Missing intervals that were filled, and their quantity: parts of `counts` and `estimated`. */
	readonly filled: { readonly intervals: number; readonly quantity: number };
	corrected: number;
	/** By quality code. */
	readonly counts: Float64Array;
	readonly daysRead: Set<LocalDate>;
	minutes: number;
	highestVersion: number;
}

/** Checks days in order and adds them up: one pass over the intervals does both. */
function tallyDays(
	days: readonly LoadDay[],
	irregularDays: ReadonlyMap<LocalDate, number>
): Tally | RatingRefusal {
	const tally: Tally = {
		quantity: 0,
		estimated: 0,
		filled: { intervals: 0, quantity: 0 },
		corrected: 0,
		counts: new Float64Array(QUALITIES.length),
		daysRead: new Set(),
		minutes: 0,
		highestVersion: 0
	};
	let previous: LocalDate | null = null;
	for (const day of days) {
		const bad = badDay(day, previous, irregularDays) ?? tallyDay(day, tally);
		if (bad !== null) {
			return { code: 'BAD_READINGS', date: day.localDate, channel: day.channel, reason: bad };
		}
		previous = day.localDate;
	}
	return tally;
}

/** What is wrong with a day as a whole. */
function badDay(
	day: LoadDay,
	previous: LocalDate | null,
	irregularDays: ReadonlyMap<LocalDate, number>
): string | null {
	if (day.localDate === previous) return 'the day is there twice';
	const minutes = irregularDays.get(day.localDate) ?? MINUTES_PER_DAY;
	if (day.quantities.length * day.intervalMinutes !== minutes) {
		return `${day.quantities.length} intervals of ${day.intervalMinutes} minutes in a day of ${minutes}`;
	}
	return day.qualities.length === day.quantities.length ? null : 'one quality per interval is needed';
}

/** Adds a day. @returns what is wrong with an interval */
function tallyDay({ quantities, qualities, ...day }: LoadDay, tally: Tally): string | null {
	const { counts } = tally;
	let quantity = 0;
	let estimated = 0;
	let corrected = 0;
	let missing = 0;
	for (let slot = 0; slot < qualities.length; slot++) {
		const quality = qualities[slot] as number;
		counts[quality] = (counts[quality] as number) + 1;
		if (quality === QUALITY_CODE.missing) {
			missing++;
			continue;
		}
		const own = quantities[slot] as number;
		if (own < 0) return `interval ${slot} is negative`;
		quantity += own;
		if (quality === QUALITY_CODE.estimated) estimated += own;
		else if (quality === QUALITY_CODE.corrected) corrected += own;
	}
	tally.quantity += quantity;
	tally.estimated += estimated;
	tally.corrected += corrected;
	tally.minutes += quantities.length * day.intervalMinutes;
	if (missing < qualities.length) tally.daysRead.add(day.localDate);
	if (day.version > tally.highestVersion) tally.highestVersion = day.version;
	return null;
}

/** Wall-clock minutes of a day's slots; null for a day of 24 hours, where they follow from the index. */
export function wallMinutesOf(
	readings: CheckedReadings,
	date: LocalDate,
	timeZone: string,
	intervalMinutes: IntervalMinutes
): number[] | null {
	return readings.irregularDays.has(date) ? slotWallMinutes(date, timeZone, intervalMinutes) : null;
}

/**
 * What each channel that was read at all holds, in the order of `CHANNELS`. A point of which no active energy
 * was read counts with all its intervals as missing; only one that was read as export alone takes no energy, and
 * one whose registers are known needs no curve.
 */
export function summarizeChannels(readings: CheckedReadings): ChannelReadings[] {
	return CHANNELS.flatMap((channel) => {
		const points = readings.points.filter(
			({ channels, registers }) =>
				channels.has(channel) ||
				(channel === 'active_import' && registers === null && !channels.has('active_export'))
		);
		return points.length === 0 ? [] : [summarize(channel, points, readings.irregularDays)];
	});
}

/**
 * The readings without the channels that a register tells: what their curves lack is counted all the same.
 * @param needsDemand whether the maximum demand matters, which only a demand register tells without a curve
 */
export function withoutRegisters(readings: CheckedReadings, needsDemand: boolean): CheckedReadings {
	return {
		...readings,
		points: readings.points.map((point) => ({
			...point,
			channels: new Map([...point.channels].filter(([channel]) => !isRegistered(point, channel, needsDemand)))
		}))
	};
}

function isRegistered({ registers }: PointReadings, channel: Channel, needsDemand: boolean): boolean {
	if (registers === null) return false;
	switch (channel) {
		case 'active_import':
			return !needsDemand || registers.demandW !== null;
		case 'active_export':
			return registers.exportWh !== null;
		case 'reactive_import':
		case 'reactive_export':
			return registers.laggingVarh !== null;
	}
}

/** Intervals of a point that are not known, those of days without a row among them. */
export function missingIntervals(
	channel: Channel,
	point: PointReadings,
	irregularDays: ReadonlyMap<LocalDate, number>
): number {
	return summarize(channel, [point], irregularDays).missing;
}

function summarize(
	channel: Channel,
	points: readonly PointReadings[],
	irregularDays: ReadonlyMap<LocalDate, number>
): ChannelReadings {
	const counts = new Float64Array(QUALITIES.length);
	const daysRead = new Set<LocalDate>();
	let quantity = 0;
	let estimatedQuantity = 0;
	let filled = 0;
	let filledQuantity = 0;
	let correctedQuantity = 0;
	let highestVersion = 0;
	for (const point of points) {
		const tally = point.tallies.get(channel);
		let unseenMinutes = daysBetween(point.period.start, point.period.end) * MINUTES_PER_DAY;
		for (const [date, minutes] of irregularDays) {
			if (date >= point.period.start && date < point.period.end) unseenMinutes += minutes - MINUTES_PER_DAY;
		}
		if (tally !== undefined) {
			quantity += tally.quantity;
			estimatedQuantity += tally.estimated;
			filled += tally.filled.intervals;
			filledQuantity += tally.filled.quantity;
			correctedQuantity += tally.corrected;
			unseenMinutes -= tally.minutes;
			highestVersion = Math.max(highestVersion, tally.highestVersion);
			tally.counts.forEach((count, code) => (counts[code] = (counts[code] ?? 0) + count));
			for (const date of tally.daysRead) daysRead.add(date);
		}
		counts[QUALITY_CODE.missing] =
			(counts[QUALITY_CODE.missing] ?? 0) + unseenMinutes / intervalMinutesOf(channel, point, points);
	}
	return {
		channel,
		quantity,
		estimatedQuantity,
		filledQuantity,
		correctedQuantity,
		days: daysRead.size,
		missing: counts[QUALITY_CODE.missing] ?? 0,
		measured: counts[QUALITY_CODE.measured] ?? 0,
		estimated: counts[QUALITY_CODE.estimated] ?? 0,
		filled,
		corrected: counts[QUALITY_CODE.corrected] ?? 0,
		highestVersion
	};
}

/** Length of a point's intervals where a day has no row: as on its other days, in its other channels, in other points. */
function intervalMinutesOf(
	channel: Channel,
	point: PointReadings,
	points: readonly PointReadings[]
): IntervalMinutes {
	const known =
		point.channels.get(channel)?.[0] ??
		[...point.channels.values()][0]?.[0] ??
		points.find(({ channels }) => channels.has(channel))?.channels.get(channel)?.[0];
	return known?.intervalMinutes ?? USUAL_INTERVAL_MINUTES;
}
