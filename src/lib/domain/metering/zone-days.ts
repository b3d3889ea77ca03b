import {
	dayLengthMinutes,
	dateOfDayNumber,
	dayNumberOf,
	dayStartMs,
	localDateAt,
	Temporal,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** More days than any file's working set; the cache starts anew beyond it. */
const CACHE_LIMIT = 20_000;

/** A local day in a zone, [startMs, endMs). */
export interface ZoneDay {
	readonly date: LocalDate;
	/** Days since 1970-01-01: orders days and names them cheaply. */
	readonly dayNumber: number;
	readonly startMs: number;
	readonly endMs: number;
	readonly lengthMinutes: number;
}

/** Local days and wall-clock times of one zone, quick for the many readings of a day. */
export class ZoneDays {
	readonly timeZone: string;
	private readonly days = new Map<number, ZoneDay>();
	private last: ZoneDay | undefined;

	constructor(timeZone: string) {
		this.timeZone = timeZone;
	}

	/** The day that an instant lies in. */
	dayAt(instantMs: number): ZoneDay {
		const last = this.last;
		if (last !== undefined) {
			if (instantMs >= last.startMs && instantMs < last.endMs) return last;
			const next = this.dayByNumber(last.dayNumber + Math.floor((instantMs - last.startMs) / DAY_MS));
			if (instantMs >= next.startMs && instantMs < next.endMs) return (this.last = next);
		}
		const date = localDateAt(Temporal.Instant.fromEpochMilliseconds(instantMs), this.timeZone);
		return (this.last = this.dayByNumber(dayNumberOf(date)));
	}

	dayByNumber(dayNumber: number): ZoneDay {
		let day = this.days.get(dayNumber);
		if (day === undefined) {
			const date = dateOfDayNumber(dayNumber);
			const startMs = dayStartMs(date, this.timeZone);
			const lengthMinutes = dayLengthMinutes(date, this.timeZone);
			day = { date, dayNumber, startMs, endMs: startMs + lengthMinutes * MINUTE_MS, lengthMinutes };
			if (this.days.size >= CACHE_LIMIT) this.days.clear();
			this.days.set(dayNumber, day);
		}
		return day;
	}

	/**
	 * The instants at which the wall clock shows `wallMs` (milliseconds as if the clock were UTC): one, two
	 * where the clock is put back, none where it is put forward.
	 */
	instantsOf(wallMs: number): readonly number[] {
		const dayNumber = Math.floor(wallMs / DAY_MS);
		const day = this.dayByNumber(dayNumber);
		if (day.lengthMinutes === 1440) return [day.startMs + (wallMs - dayNumber * DAY_MS)];
		const wall = Temporal.Instant.fromEpochMilliseconds(wallMs).toZonedDateTimeISO('UTC').toPlainDateTime();
		const candidates = (['earlier', 'later'] as const)
			.map((disambiguation) => wall.toZonedDateTime(this.timeZone, { disambiguation }))
			.filter((zoned) => zoned.toPlainDateTime().equals(wall))
			.map((zoned) => zoned.epochMilliseconds);
		return [...new Set(candidates)];
	}
}
