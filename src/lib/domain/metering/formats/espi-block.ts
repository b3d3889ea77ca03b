import { INTERVAL_MINUTES, type IntervalMinutes } from '#lib/domain/kernel/civil-time.ts';
import { QUALITY_CODE, type Channel } from '../load-day.ts';
import { espiQuality, type ReadingType } from './espi-codes.ts';
import { MAX_QUANTITY, type Fragment } from './fragment.ts';
import { firmer } from '../merge-day.ts';
import { parseDecimal } from './quantity.ts';
import { refuse } from './refusal.ts';

/** A day of 5-minute intervals: longer runs save nothing. */
const MAX_RUN = 288;

/** The readings of an IntervalBlock, before it is known what they are of. Times in seconds since 1970. */
export interface Block {
	readonly line: number;
	readonly intervalStart: number | undefined;
	readonly length: number;
	readonly starts: readonly (number | undefined)[];
	readonly durations: readonly (number | undefined)[];
	readonly values: readonly number[];
	/** QualityOfReading codes as delivered, folded to ours; undefined where none is given. */
	readonly qualities: readonly (number | undefined)[];
	readonly lines: readonly number[];
}

interface OpenReading {
	readonly line: number;
	start?: number;
	duration?: number;
	value?: number;
	quality?: number;
}

type ReadingField = 'start' | 'duration' | 'value' | 'quality';

export class BlockBuilder {
	private readonly fileName: string;
	private readonly line: number;
	private intervalStart: number | undefined;
	private reading: OpenReading | undefined;
	private readonly starts: (number | undefined)[] = [];
	private readonly durations: (number | undefined)[] = [];
	private readonly values: number[] = [];
	private readonly qualities: (number | undefined)[] = [];
	private readonly lines: number[] = [];

	constructor(fileName: string, line: number) {
		this.fileName = fileName;
		this.line = line;
	}

	startReading(line: number): void {
		this.reading = { line };
	}

	field(name: ReadingField, text: string, line: number): void {
		const { reading } = this;
		if (reading === undefined) return;
		const value = this.integer(name, text, line);
		if (name !== 'quality') {
			reading[name] = value;
			return;
		}
		const quality =
			espiQuality(value) ?? refuse(this.fileName, { line, element: name }, `unknown quality ${value}`);
		// Of several remarks on one reading the least firm one counts.
		reading.quality = reading.quality === undefined ? quality : leastFirm(reading.quality, quality);
	}

	intervalField(name: 'start' | 'duration', text: string, line: number): void {
		const value = this.integer(name, text, line);
		if (name === 'start') this.intervalStart = value;
	}

	endReading(): void {
		const { reading } = this;
		this.reading = undefined;
		if (reading === undefined) return;
		// A reading without a value is a missing one: the interval stays empty.
		if (reading.value === undefined) return;
		this.starts.push(reading.start);
		this.durations.push(reading.duration);
		this.values.push(reading.value);
		this.qualities.push(reading.quality);
		this.lines.push(reading.line);
	}

	finish(): Block {
		const { line, intervalStart, starts, durations, values, qualities, lines } = this;
		return { line, intervalStart, length: values.length, starts, durations, values, qualities, lines };
	}

	private integer(element: string, text: string, line: number): number {
		if (/^[+-]?\d{1,15}$/.test(text)) return Number(text);
		return refuse(this.fileName, { line, element }, `"${text.slice(0, 40)}" is no integer`);
	}
}

function leastFirm(one: number, other: number): number {
	return firmer(one, other) === one ? other : one;
}

/** Cuts a block to runs of consecutive intervals of one length, in Wh or varh. */
export function* fragmentsOf(
	block: Block,
	series: { sourceId: string; channel: Channel; type: ReadingType },
	fileName: string
): Generator<Fragment> {
	const { type } = series;
	let from = 0;
	let run: { startSeconds: number; minutes: IntervalMinutes } | undefined;
	let nextSeconds = block.intervalStart;
	for (let index = 0; index < block.length; index++) {
		const line = block.lines[index] ?? block.line;
		const durationSeconds = block.durations[index] ?? type.intervalLength;
		const startSeconds = block.starts[index] ?? nextSeconds;
		if (startSeconds === undefined || durationSeconds === undefined) {
			refuse(fileName, { line, element: 'IntervalReading' }, 'the reading says no start or no duration');
		}
		const minutes = INTERVAL_MINUTES.find((candidate) => candidate * 60 === durationSeconds);
		if (minutes === undefined) {
			refuse(
				fileName,
				{ line, element: 'duration' },
				`a reading of ${durationSeconds} s is no interval of 5, 10, 15, 30 or 60 minutes`
			);
		}
		const follows = run !== undefined && startSeconds === nextSeconds && run.minutes === minutes;
		if (!follows || index - from === MAX_RUN) {
			if (run !== undefined) yield fragment(block, series, fileName, { ...run, from, to: index });
			run = { startSeconds, minutes };
			from = index;
		}
		nextSeconds = startSeconds + durationSeconds;
	}
	if (run !== undefined) yield fragment(block, series, fileName, { ...run, from, to: block.length });
}

function fragment(
	block: Block,
	{ sourceId, channel, type }: { sourceId: string; channel: Channel; type: ReadingType },
	fileName: string,
	run: { startSeconds: number; minutes: IntervalMinutes; from: number; to: number }
): Fragment {
	const length = run.to - run.from;
	const quantities = new Int32Array(length);
	const qualities = new Uint8Array(length);
	const defaultQuality = type.defaultQuality === undefined ? undefined : espiQuality(type.defaultQuality);
	for (let index = 0; index < length; index++) {
		const value = block.values[run.from + index] ?? 0;
		const quantity = scaled(value, type.powerOfTenMultiplier);
		if (!(quantity >= 0 && quantity <= MAX_QUANTITY)) {
			refuse(
				fileName,
				{ line: block.lines[run.from + index] ?? block.line, element: 'value' },
				`${value < 0 ? 'negative' : 'impossibly large'} quantity ${value}`
			);
		}
		quantities[index] = quantity;
		qualities[index] = block.qualities[run.from + index] ?? defaultQuality ?? QUALITY_CODE.measured;
	}
	return {
		kind: 'intervals',
		sourceId,
		register: '',
		channel,
		intervalMinutes: run.minutes,
		clock: 'UTC',
		labelMs: run.startSeconds * 1000,
		labels: 'start',
		quantities,
		qualities,
		place: { line: block.lines[run.from] ?? block.line, element: 'IntervalReading' },
		linesPerInterval: 0
	};
}

function scaled(value: number, powerOfTen: number): number {
	if (powerOfTen === 0) return value;
	const text = String(value);
	return parseDecimal(text, 0, text.length, powerOfTen);
}
