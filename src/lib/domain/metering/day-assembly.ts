import type { IntervalMinutes, LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { METER_CLOCK, type Fragment } from './formats/fragment.ts';
import { refuse, type Place } from './formats/refusal.ts';
import { QUALITY_CODE, type Channel } from './load-day.ts';
import { firmer } from './merge-day.ts';
import { SeriesTally, type IntervalCounts, type SeriesSummary } from './series-tally.ts';
import { ZoneDays, type ZoneDay } from './zone-days.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const MISSING = QUALITY_CODE.missing;

/** The meter that readings of a file belong to. */
export interface ReadingTarget {
	/** Names the target in messages: the meter number. */
	readonly meterNo: string;
	readonly timeZone: string;
}

/** A local day as far as it was assembled. A day may come in several parts where a file is out of order. */
export interface AssembledDay<Target extends ReadingTarget> {
	readonly target: Target;
	readonly channel: Channel;
	readonly localDate: LocalDate;
	readonly intervalMinutes: IntervalMinutes;
	readonly quantities: Int32Array;
	readonly qualities: Uint8Array;
}

/** Days that are held open for more readings: bounds the memory, about 1 kB each. */
const OPEN_DAYS_LIMIT = 2_000;

interface OpenDay {
	readonly zoneDay: ZoneDay;
	readonly intervalMinutes: IntervalMinutes;
	readonly quantities: Int32Array;
	readonly qualities: Uint8Array;
}

interface Series<Target> {
	readonly target: Target;
	readonly channel: Channel;
	readonly source: string;
	readonly zone: ZoneDays;
	readonly days: Map<number, OpenDay>;
	readonly tally: SeriesTally;
}

/**
 * Puts runs of intervals together to local days of their meters, in bounded memory and whatever way the runs
 * are cut: the result depends on the readings only. Feed it with `add`, take finished days with `take`, and
 * the rest with `finish`.
 */
export class DayAssembly<Target extends ReadingTarget> {
	private readonly fileName: string;
	private readonly openDaysLimit: number;
	private readonly zones = new Map<string, ZoneDays>();
	private readonly series = new Map<Target, Map<Channel, Series<Target>>>();
	/** Days in the order in which they were opened; the oldest leaves first. */
	private readonly opened: { series: Series<Target>; dayNumber: number }[] = [];
	private finished: AssembledDay<Target>[] = [];

	constructor(fileName: string, options: { openDaysLimit?: number } = {}) {
		this.fileName = fileName;
		this.openDaysLimit = options.openDaysLimit ?? OPEN_DAYS_LIMIT;
	}

	/** @throws AppError IMPORT_REFUSED where the run does not fit the day grid or contradicts an earlier one */
	add(fragment: Fragment, target: Target): void {
		const series = this.seriesOf(fragment, target);
		if (this.addWholeDay(fragment, series)) return;
		const clock = fragment.clock === METER_CLOCK ? series.zone : this.zoneOf(fragment.clock);
		const lengthMs = fragment.intervalMinutes * MINUTE_MS;
		for (let index = 0; index < fragment.quantities.length; index++) {
			const instants = clock.instantsOf(fragment.labelMs + index * lengthMs);
			if (instants.length === 0) {
				const label = new Date(fragment.labelMs + index * lengthMs)
					.toISOString()
					.slice(0, 16)
					.replace('T', ' ');
				refuse(
					this.fileName,
					placeOf(fragment, index),
					`${label} does not exist in time zone ${clock.timeZone}`
				);
			}
			const starts = fragment.labels === 'end' ? instants.map((instant) => instant - lengthMs) : instants;
			this.put(series, fragment, index, starts);
		}
	}

	/** The days that were finished since the last call. */
	take(): AssembledDay<Target>[] {
		const days = this.finished;
		this.finished = [];
		return days;
	}

	/** Closes all days. */
	finish(): AssembledDay<Target>[] {
		for (const { series, dayNumber } of this.opened.splice(0)) this.close(series, dayNumber);
		return this.take();
	}

	/** Says that two parts of a day knew the same intervals, so that they are counted once. */
	noteOverlap(target: Target, channel: Channel, overlap: IntervalCounts): void {
		this.series.get(target)?.get(channel)?.tally.noteOverlap(overlap);
	}

	summaries(): SeriesSummary[] {
		return [...this.series.values()].flatMap((channels) =>
			[...channels.values()].map(({ target, channel, source, tally }) =>
				tally.summary({ meterNo: target.meterNo, channel, source })
			)
		);
	}

	private seriesOf(fragment: Fragment, target: Target): Series<Target> {
		let channels = this.series.get(target);
		if (channels === undefined) this.series.set(target, (channels = new Map<Channel, Series<Target>>()));
		let series = channels.get(fragment.channel);
		const source = `${fragment.sourceId} ${fragment.register}`.trim();
		if (series === undefined) {
			series = {
				target,
				channel: fragment.channel,
				source,
				zone: this.zoneOf(target.timeZone),
				days: new Map(),
				tally: new SeriesTally()
			};
			channels.set(fragment.channel, series);
		} else if (series.source !== source) {
			refuse(
				this.fileName,
				fragment.place,
				`${series.source} and ${source} are both ${fragment.channel} of meter ${target.meterNo}; map them to different meters`
			);
		}
		return series;
	}

	/** The quick way for a complete local day in one run, which most files of many meters consist of. */
	private addWholeDay(fragment: Fragment, series: Series<Target>): boolean {
		const { quantities, qualities, intervalMinutes, clock } = fragment;
		const lengthMinutes = quantities.length * intervalMinutes;
		if (lengthMinutes !== 1440 || fragment.labelMs % DAY_MS !== 0 || fragment.labels !== 'start')
			return false;
		if (clock !== METER_CLOCK && clock !== series.zone.timeZone) return false;
		const zoneDay = series.zone.dayByNumber(fragment.labelMs / DAY_MS);
		if (zoneDay.lengthMinutes !== lengthMinutes || series.days.has(zoneDay.dayNumber)) return false;
		if (qualities.includes(MISSING)) return false;
		this.emit(series, { zoneDay, intervalMinutes, quantities, qualities });
		return true;
	}

	private put(series: Series<Target>, fragment: Fragment, index: number, starts: readonly number[]): void {
		// Where the clock was put back the same label comes twice: first the earlier hour, then the later.
		for (const [attempt, startMs] of starts.entries()) {
			const day = this.openDay(series, fragment, startMs);
			const slot = (startMs - day.zoneDay.startMs) / MINUTE_MS / day.intervalMinutes;
			if (!Number.isInteger(slot)) {
				refuse(
					this.fileName,
					placeOf(fragment, index),
					`an interval of ${day.intervalMinutes} minutes cannot start at ${new Date(startMs).toISOString()}`
				);
			}
			const isLast = attempt === starts.length - 1;
			if (!isLast && day.qualities[slot] !== MISSING) continue;
			this.fill(series, day, slot, fragment, index);
			return;
		}
	}

	private fill(series: Series<Target>, day: OpenDay, slot: number, fragment: Fragment, index: number): void {
		const quality = fragment.qualities[index] ?? MISSING;
		const startMs = day.zoneDay.startMs + slot * day.intervalMinutes * MINUTE_MS;
		series.tally.noteExtent(startMs, startMs + day.intervalMinutes * MINUTE_MS, day.intervalMinutes);
		if (quality === MISSING) return;
		const quantity = fragment.quantities[index] ?? 0;
		const known = day.qualities[slot] ?? MISSING;
		if (known === MISSING) {
			day.quantities[slot] = quantity;
			day.qualities[slot] = quality;
		} else if (day.quantities[slot] === quantity) {
			day.qualities[slot] = firmer(known, quality);
			series.tally.noteDuplicate();
		} else {
			refuse(
				this.fileName,
				placeOf(fragment, index),
				`two values for the interval from ${new Date(startMs).toISOString()}: ${day.quantities[slot]} and ${quantity}`
			);
		}
	}

	private openDay(series: Series<Target>, fragment: Fragment, startMs: number): OpenDay {
		const zoneDay = series.zone.dayAt(startMs);
		let day = series.days.get(zoneDay.dayNumber);
		if (day === undefined) {
			if (this.opened.length >= this.openDaysLimit) {
				const oldest = this.opened.shift();
				if (oldest !== undefined) this.close(oldest.series, oldest.dayNumber);
			}
			const slots = zoneDay.lengthMinutes / fragment.intervalMinutes;
			if (!Number.isInteger(slots)) {
				refuse(
					this.fileName,
					fragment.place,
					`${zoneDay.date} lasts ${zoneDay.lengthMinutes} minutes: no whole number of intervals of ${fragment.intervalMinutes}`
				);
			}
			day = {
				zoneDay,
				intervalMinutes: fragment.intervalMinutes,
				quantities: new Int32Array(slots),
				qualities: new Uint8Array(slots)
			};
			series.days.set(zoneDay.dayNumber, day);
			this.opened.push({ series, dayNumber: zoneDay.dayNumber });
		} else if (day.intervalMinutes !== fragment.intervalMinutes) {
			refuse(
				this.fileName,
				fragment.place,
				`${zoneDay.date} of meter ${series.target.meterNo} has intervals of ${day.intervalMinutes} and of ${fragment.intervalMinutes} minutes`
			);
		}
		return day;
	}

	private close(series: Series<Target>, dayNumber: number): void {
		const day = series.days.get(dayNumber);
		series.days.delete(dayNumber);
		// A day without a single reading is a gap, not a day.
		if (day?.qualities.some((quality) => quality !== MISSING)) this.emit(series, day);
	}

	private emit(series: Series<Target>, day: OpenDay): void {
		series.tally.noteDay(day.zoneDay, day.intervalMinutes, day);
		this.finished.push({
			target: series.target,
			channel: series.channel,
			localDate: day.zoneDay.date,
			intervalMinutes: day.intervalMinutes,
			quantities: day.quantities,
			qualities: day.qualities
		});
	}

	private zoneOf(timeZone: string): ZoneDays {
		let zone = this.zones.get(timeZone);
		if (zone === undefined) this.zones.set(timeZone, (zone = new ZoneDays(timeZone)));
		return zone;
	}
}

/** Where one interval of a run stands. */
function placeOf({ place, linesPerInterval }: Fragment, index: number): Place {
	return place.line === undefined ? place : { ...place, line: place.line + index * linesPerInterval };
}
