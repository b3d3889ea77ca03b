import type { IntervalMinutes } from '#lib/domain/kernel/civil-time.ts';
import type { Channel } from '../load-day.ts';
import type { Place } from './refusal.ts';

/** The clock that a file's times are read on: a zone or offset, or the wall clock where the meter stands. */
export type FileClock = string;
export const METER_CLOCK = 'meter';

/** A run of consecutive intervals of one series: what every format is parsed to. */
export interface Fragment {
	readonly kind: 'intervals';
	/** The file's own name for the meter: NMI, usage point, column. */
	readonly sourceId: string;
	/** Tells apart registers of one source that could mean the same channel, e.g. "E1" and "E2". */
	readonly register: string;
	readonly channel: Channel;
	readonly intervalMinutes: IntervalMinutes;
	readonly clock: FileClock;
	/** Time label of the first interval on `clock`, in milliseconds as if that clock were UTC. */
	readonly labelMs: number;
	/** Whether labels name the start or the end of their interval. */
	readonly labels: 'start' | 'end';
	/** Wh or varh; no meaning where the quality is missing. */
	readonly quantities: Int32Array;
	readonly qualities: Uint8Array;
	readonly place: Place;
	/** 1 where each interval stands on a line of its own, so that refusals can name it. */
	readonly linesPerInterval: 0 | 1;
}

/** Energy between two readings of a cumulative register. */
export interface RegisterFragment {
	readonly kind: 'register';
	readonly sourceId: string;
	readonly register: string;
	readonly channel: Channel;
	readonly fromMs: number;
	readonly toMs: number;
	/** As printed in the file, leading zeros included. */
	readonly previousReading: string;
	readonly currentReading: string;
	/** Wh or varh. */
	readonly quantity: number;
	readonly quality: number;
	readonly place: Place;
}

/** A series of the file that is no energy (voltage, for one) and is not kept. */
export interface IgnoredSeries {
	readonly kind: 'ignored';
	readonly sourceId: string;
	readonly register: string;
	readonly reason: string;
}

/** What a file says of the local time of its meters; its readings themselves are instants. */
export interface StatedClock {
	readonly kind: 'clock';
	/** Offset from UTC in minutes at an instant, daylight saving included. */
	offsetMinutesAt(instantMs: number): number;
}

export type FileItem = Fragment | RegisterFragment | IgnoredSeries | StatedClock;

/** Text of a file in pieces of any size. */
export type TextChunks = AsyncIterable<string>;

/** What a parser needs besides the text. */
export interface ParseOptions {
	/** For the messages of refusals. */
	readonly fileName: string;
	/** Reads the times on this clock instead of the one that the format or the profile says. */
	readonly clock?: FileClock;
}

/** The largest interval quantity that is stored: 2.1 GWh. */
export const MAX_QUANTITY = 0x7fff_ffff;
