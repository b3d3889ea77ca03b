import {
	addDays,
	dayLengthMinutes,
	dayStartMs,
	daysBetween,
	slotWallMinutes,
	type DatePeriod,
	type IntervalMinutes,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';
import { CHANNELS, QUALITY_CODE, type Channel, type LoadDay } from '#lib/domain/metering/load-day.ts';
import type { ChannelReadings, PointUsage, RatingInput, RatingRefusal } from './types.ts';

const MINUTES_PER_DAY = 1440;
const CHUNK_DAYS = 7;
/** For points of which nothing tells the length: the usual one. */
const USUAL_INTERVAL_MINUTES = 15;

/** The readings of one point inside the bill's period, by channel and in order of date. */
export interface PointReadings {
	readonly servicePointId: number;
	readonly period: DatePeriod;
	readonly channels: ReadonlyMap<Channel, readonly LoadDay[]>;
}

/** Readings that passed the checks, and the days of the period that do not last 24 hours. */
export interface CheckedReadings {
	readonly points: readonly PointReadings[];
	/** Length in minutes of each day with a clock change. */
	readonly irregularDays: ReadonlyMap<LocalDate, number>;
}

/** Sorts and checks the readings of the period. */
export function checkReadings(input: RatingInput): CheckedReadings | RatingRefusal {
	const irregularDays = irregularDaysOf(input.period, input.timeZone);
	const points: PointReadings[] = [];
	for (const usage of input.usage) {
		const period = intersection(usage.period, input.period);
		if (period === null) continue;
		const channels = byChannel(usage, period);
		for (const days of channels.values()) {
			const refusal = checkDays(days, irregularDays);
			if (refusal !== null) return refusal;
		}
		points.push({ servicePointId: usage.servicePointId, period, channels });
	}
	return { points, irregularDays };
}

function byChannel(usage: PointUsage, period: DatePeriod): Map<Channel, LoadDay[]> {
	const channels = new Map<Channel, LoadDay[]>();
	for (const day of usage.days) {
		if (day.localDate < period.start || day.localDate >= period.end) continue;
		const days = channels.get(day.channel);
		if (days === undefined) channels.set(day.channel, [day]);
		else days.push(day);
	}
	for (const days of channels.values()) days.sort((a, b) => (a.localDate < b.localDate ? -1 : 1));
	return channels;
}

function checkDays(
	days: readonly LoadDay[],
	irregularDays: ReadonlyMap<LocalDate, number>
): RatingRefusal | null {
	let previous: LocalDate | null = null;
	for (const day of days) {
		const bad = (reason: string): RatingRefusal => ({
			code: 'BAD_READINGS',
			date: day.localDate,
			channel: day.channel,
			reason
		});
		if (day.localDate === previous) return bad('the day is there twice');
		previous = day.localDate;
		const minutes = irregularDays.get(day.localDate) ?? MINUTES_PER_DAY;
		if (day.quantities.length * day.intervalMinutes !== minutes) {
			return bad(
				`${day.quantities.length} intervals of ${day.intervalMinutes} minutes in a day of ${minutes}`
			);
		}
		if (day.qualities.length !== day.quantities.length) return bad('one quality per interval is needed');
		for (let slot = 0; slot < day.quantities.length; slot++) {
			if ((day.quantities[slot] ?? 0) < 0 && day.qualities[slot] !== QUALITY_CODE.missing) {
				return bad(`interval ${slot} is negative`);
			}
		}
	}
	return null;
}

/** Days that last 23 or 25 hours. Whole weeks are looked at first: calendar arithmetic is the slow part. */
function irregularDaysOf(period: DatePeriod, timeZone: string): Map<LocalDate, number> {
	const irregular = new Map<LocalDate, number>();
	for (let from = period.start; from < period.end;) {
		const to = addDays(from, Math.min(CHUNK_DAYS, daysBetween(from, period.end)));
		const minutes = (dayStartMs(to, timeZone) - dayStartMs(from, timeZone)) / 60_000;
		if (minutes !== daysBetween(from, to) * MINUTES_PER_DAY) {
			for (let date = from; date < to; date = addDays(date, 1)) {
				const length = dayLengthMinutes(date, timeZone);
				if (length !== MINUTES_PER_DAY) irregular.set(date, length);
			}
		}
		from = to;
	}
	return irregular;
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
 * was read counts with all its intervals as missing; only one that was read as export alone takes no energy.
 */
export function summarizeChannels(readings: CheckedReadings): ChannelReadings[] {
	return CHANNELS.flatMap((channel) => {
		const points = readings.points.filter(
			({ channels }) =>
				channels.has(channel) || (channel === 'active_import' && !channels.has('active_export'))
		);
		return points.length === 0 ? [] : [summarize(channel, points, readings.irregularDays)];
	});
}

function summarize(
	channel: Channel,
	points: readonly PointReadings[],
	irregularDays: ReadonlyMap<LocalDate, number>
): ChannelReadings {
	const counts = [0, 0, 0, 0];
	const daysRead = new Set<LocalDate>();
	let quantity = 0;
	let estimatedQuantity = 0;
	let highestVersion = 0;
	for (const point of points) {
		const days = point.channels.get(channel) ?? [];
		let expectedMinutes = daysBetween(point.period.start, point.period.end) * MINUTES_PER_DAY;
		for (const [date, minutes] of irregularDays) {
			if (date >= point.period.start && date < point.period.end) expectedMinutes += minutes - MINUTES_PER_DAY;
		}
		for (const day of days) {
			let known = 0;
			for (let slot = 0; slot < day.qualities.length; slot++) {
				const quality = day.qualities[slot] ?? 0;
				counts[quality] = (counts[quality] ?? 0) + 1;
				if (quality === QUALITY_CODE.missing) continue;
				known++;
				quantity += day.quantities[slot] ?? 0;
				if (quality === QUALITY_CODE.estimated) estimatedQuantity += day.quantities[slot] ?? 0;
			}
			expectedMinutes -= day.quantities.length * day.intervalMinutes;
			if (known > 0) daysRead.add(day.localDate);
			if (day.version > highestVersion) highestVersion = day.version;
		}
		counts[0] = (counts[0] ?? 0) + expectedMinutes / intervalMinutesOf(channel, point, points);
	}
	return {
		channel,
		quantity,
		estimatedQuantity,
		days: daysRead.size,
		missing: counts[QUALITY_CODE.missing] ?? 0,
		measured: counts[QUALITY_CODE.measured] ?? 0,
		estimated: counts[QUALITY_CODE.estimated] ?? 0,
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

function intersection(a: DatePeriod, b: DatePeriod): DatePeriod | null {
	const start = a.start > b.start ? a.start : b.start;
	const end = a.end < b.end ? a.end : b.end;
	return start < end ? { start, end } : null;
}
