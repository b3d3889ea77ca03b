import type { IntervalMinutes } from '#lib/domain/kernel/civil-time.ts';
import { CHANNELS, QUALITY_CODE, type Channel, type Quality } from '#lib/domain/metering/load-day.ts';
import { assert } from '#lib/domain/kernel/assert.ts';

/** Interval assumed for a day of a meter that has no readings to tell it. */
export const DEFAULT_INTERVAL_MINUTES: IntervalMinutes = 15;

/** Quality letters by stored code, as `PackedLoadDay` carries them. */
const LETTER_BY_CODE = ['x', 'm', 'e', 'c'] as const;

/** The stored code of a channel: its place in `CHANNELS`, counted from 1. */
export function channelToCode(channel: Channel): number {
	return CHANNELS.indexOf(channel) + 1;
}

export function channelFromCode(code: number): Channel {
	const channel = CHANNELS[code - 1];
	assert(channel !== undefined, `unknown channel code ${code}`);
	return channel;
}

export function qualityToCode(quality: Quality): number {
	return QUALITY_CODE[quality];
}

/** Stored quality codes as travelling letters: one for a uniform day, else one per interval. */
export function qualityLetters(codes: Buffer): string {
	if (codes.length === 1) return letterOf(codes[0]);
	let letters = '';
	for (const code of codes) letters += letterOf(code);
	return letters;
}

function letterOf(code: number | undefined): string {
	const letter = LETTER_BY_CODE[code ?? -1];
	assert(letter !== undefined, `unknown quality code ${code}`);
	return letter;
}
