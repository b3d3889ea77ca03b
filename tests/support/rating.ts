import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
	addDays,
	datesOf,
	localDate,
	slotsInDay,
	type DatePeriod,
	type IntervalMinutes,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';
import { USUAL_FACTS } from '#lib/domain/identity/account.ts';
import { QUALITY_CODE, type Channel, type LoadDay, type Quality } from '#lib/domain/metering/load-day.ts';
import { intervalsBehind } from '#lib/domain/rating/behind.ts';
import { rate } from '#lib/domain/rating/rate.ts';
import type { AccountFacts, IntervalsBehind, RatingInput, RatingResult } from '#lib/domain/rating/types.ts';
import { parseTariff } from '#lib/domain/tariffs/parse.ts';
import type { Tariff } from '#lib/domain/tariffs/tariff.ts';

export { HOME, point, ratingInput, shippedCalendar } from './rating-input.ts';

const tariffsDir = path.resolve(import.meta.dirname, '../../drizzle/seed/tariffs');

/** The JSON of a shipped tariff document, fresh for every caller. */
export function tariffJson(file: string): Record<string, unknown> {
	const text = readFileSync(path.join(tariffsDir, `${file}.json`), 'utf8');
	return JSON.parse(text) as Record<string, unknown>;
}

/** A shipped tariff, with some fields of the document replaced. */
export function shippedTariff(file: string, changes: Record<string, unknown> = {}): Tariff {
	return parseTariff({ ...tariffJson(file), ...changes });
}

export function days(from: string, to: string): DatePeriod {
	return { start: localDate(from), end: localDate(to) };
}

/** [the month's first day, the next month's first day) */
export function month(text: string): DatePeriod {
	const start = localDate(`${text}-01`);
	return { start, end: localDate(`${addDays(start, 31).slice(0, 7)}-01`) };
}

/** Quantity of an interval: slot counts from the day's first instant; null is a missing reading. */
export type QuantityAt = (date: LocalDate, slot: number) => number | null;

export interface SeriesOptions {
	readonly channel?: Channel;
	readonly intervalMinutes?: IntervalMinutes;
	readonly timeZone?: string;
	readonly quality?: (date: LocalDate, slot: number) => Quality;
}

/** Days of one channel whose intervals `quantityAt` gives. */
export function series(period: DatePeriod, quantityAt: QuantityAt, options: SeriesOptions = {}): LoadDay[] {
	const { channel = 'active_import', intervalMinutes = 15, timeZone = 'Asia/Shanghai', quality } = options;
	return datesOf(period).map((date) => {
		const count = slotsInDay(date, timeZone, intervalMinutes);
		const quantities = new Int32Array(count);
		const qualities = new Uint8Array(count);
		for (let slot = 0; slot < count; slot++) {
			const quantity = quantityAt(date, slot);
			qualities[slot] =
				quantity === null ? QUALITY_CODE.missing : QUALITY_CODE[quality?.(date, slot) ?? 'measured'];
			quantities[slot] = quantity ?? 0;
		}
		return { channel, localDate: date, intervalMinutes, quantities, qualities, version: 1 };
	});
}

export const PLANT: AccountFacts = {
	voltage: '1_to_10kv',
	currency: 'CNY',
	contractedCapacityVa: 1_000_000,
	demandBasis: 'actual_demand',
	contractDemandW: null,
	powerFactorStandard: '0.90',
	openedOn: localDate('2020-01-01'),
	...USUAL_FACTS
};

/** The rating of an input that must not be refused. */
export function rated(input: RatingInput): Extract<RatingResult, { ok: true }> {
	const result = rate(input);
	if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
	return result;
}

/** The intervals behind the line with a reference. */
export function behind(input: RatingInput, reference: string): IntervalsBehind {
	const line = rated(input).lines.find((candidate) => candidate.reference === reference);
	if (line === undefined) throw new Error(`no line ${reference}`);
	const intervals = intervalsBehind(input, line);
	if ('code' in intervals) throw new Error(intervals.code);
	return intervals;
}

/** Reference and amount of each line, in printed order. */
export function amounts(result: Extract<RatingResult, { ok: true }>): Record<string, bigint> {
	return Object.fromEntries(result.lines.map(({ reference, amountMinor }) => [reference, amountMinor]));
}
