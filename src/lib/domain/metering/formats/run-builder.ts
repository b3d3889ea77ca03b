import type { IntervalMinutes } from '#lib/domain/kernel/civil-time.ts';
import type { Channel } from '../load-day.ts';
import type { Fragment } from './fragment.ts';

const MINUTE_MS = 60_000;
/** A day of 5-minute intervals: longer runs save nothing. */
const MAX_RUN = 288;

/** One reading of one series. */
export interface SingleReading {
	readonly sourceId: string;
	readonly channel: Channel;
	readonly clock: string;
	readonly labelMs: number;
	readonly quantity: number;
	readonly quality: number;
	readonly line: number;
}

interface Run {
	readonly first: SingleReading;
	readonly quantities: Int32Array;
	readonly qualities: Uint8Array;
	length: number;
}

/** Joins readings that follow each other to runs, per series. */
export class RunBuilder {
	/** Readings taken, missing ones not counted. */
	count = 0;
	private readonly intervalMinutes: IntervalMinutes;
	private readonly labels: 'start' | 'end';
	private readonly runs = new Map<string, Run>();
	private items: Fragment[] = [];

	constructor(intervalMinutes: IntervalMinutes, labels: 'start' | 'end') {
		this.intervalMinutes = intervalMinutes;
		this.labels = labels;
	}

	add(reading: SingleReading): void {
		if (reading.quality !== 0) this.count++;
		const key = `${reading.channel} ${reading.sourceId}`;
		let run = this.runs.get(key);
		if (run !== undefined) {
			const nextMs = run.first.labelMs + run.length * this.intervalMinutes * MINUTE_MS;
			const follows =
				reading.labelMs === nextMs &&
				reading.clock === run.first.clock &&
				reading.line === run.first.line + run.length;
			if (!follows || run.length === MAX_RUN) {
				this.close(run);
				run = undefined;
			}
		}
		if (run === undefined) {
			run = {
				first: reading,
				quantities: new Int32Array(MAX_RUN),
				qualities: new Uint8Array(MAX_RUN),
				length: 0
			};
			this.runs.set(key, run);
		}
		run.quantities[run.length] = reading.quantity;
		run.qualities[run.length] = reading.quality;
		run.length++;
	}

	take(): Fragment[] {
		if (this.items.length === 0) return this.items;
		const items = this.items;
		this.items = [];
		return items;
	}

	finish(): Fragment[] {
		for (const run of this.runs.values()) this.close(run);
		this.runs.clear();
		return this.take();
	}

	private close(run: Run): void {
		const { sourceId, channel, clock, labelMs, line } = run.first;
		this.items.push({
			kind: 'intervals',
			sourceId,
			register: '',
			channel,
			intervalMinutes: this.intervalMinutes,
			clock,
			labelMs,
			labels: this.labels,
			quantities: run.quantities.subarray(0, run.length),
			qualities: run.qualities.subarray(0, run.length),
			place: { line },
			linesPerInterval: 1
		});
	}
}
