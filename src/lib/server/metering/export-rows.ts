import { addDays, dayStartMs, Temporal, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { scaledToDecimal } from '#lib/domain/kernel/money.ts';
import { meanPowerW } from '#lib/domain/metering/curve.ts';
import {
	CHANNELS,
	QUALITIES,
	unpackLoadDay,
	type Channel,
	type LoadDay,
	type PackedLoadDay,
	type Quality
} from '#lib/domain/metering/load-day.ts';

/** One interval with the readings of its channels. */
export interface ExportRow {
	/** Wall clock of the meter: "2026-11-22 00:15"; the end of a day is its 24:00 written as the next day's 00:00. */
	readonly start: string;
	readonly end: string;
	/** The same start with its UTC offset: unique also where the clock is put back. */
	readonly startWithOffset: string;
	readonly channels: Readonly<Partial<Record<Channel, ExportCell>>>;
}

export interface ExportCell {
	/** kWh or kvarh, exact, with three decimals; null where missing. */
	readonly energy: string | null;
	/** Mean kW or kvar, exact, with three decimals; null where missing. */
	readonly power: string | null;
	readonly quality: Quality;
}

/** The channels that occur, in their own order. */
export function exportChannels(days: readonly PackedLoadDay[]): Channel[] {
	return CHANNELS.filter((channel) => days.some((day) => day.channel === channel));
}

/** Every stored interval in order of time; days without any reading have no rows. */
export function* exportRows(days: readonly PackedLoadDay[], timeZone: string): Generator<ExportRow> {
	const byDate = new Map<LocalDate, LoadDay[]>();
	for (const packed of days) {
		const day = unpackLoadDay(packed);
		byDate.set(day.localDate, [...(byDate.get(day.localDate) ?? []), day]);
	}
	for (const date of [...byDate.keys()].sort()) {
		const sameDate = byDate.get(date) ?? [];
		for (const minutes of [...new Set(sameDate.map((day) => day.intervalMinutes))].sort((a, b) => a - b)) {
			yield* dayRows(
				date,
				sameDate.filter((day) => day.intervalMinutes === minutes),
				minutes,
				timeZone
			);
		}
	}
}

function* dayRows(date: LocalDate, days: readonly LoadDay[], minutes: number, timeZone: string) {
	const startMs = dayStartMs(date, timeZone);
	const slots = (dayStartMs(addDays(date, 1), timeZone) - startMs) / (minutes * 60_000);
	let start = wallClock(startMs, timeZone);
	for (let slot = 0; slot < slots; slot++) {
		const end = wallClock(startMs + (slot + 1) * minutes * 60_000, timeZone);
		const channels: Partial<Record<Channel, ExportCell>> = {};
		for (const day of days) channels[day.channel] = cellOf(day, slot);
		yield {
			start: start.text,
			end: end.text,
			startWithOffset: `${start.text.replace(' ', 'T')}${start.offset}`,
			channels
		} satisfies ExportRow;
		start = end;
	}
}

function wallClock(epochMs: number, timeZone: string): { text: string; offset: string } {
	const local = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone);
	return {
		text: local.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' '),
		offset: local.offset
	};
}

function cellOf(day: LoadDay, slot: number): ExportCell {
	const quality = QUALITIES[day.qualities[slot] ?? 0] ?? 'missing';
	if (quality === 'missing') return { energy: null, power: null, quality };
	const quantity = day.quantities[slot] ?? 0;
	return {
		energy: inThousands(quantity),
		power: inThousands(meanPowerW(quantity, day.intervalMinutes)),
		quality
	};
}

/** Wh as kWh and W as kW, exact: intervals divide the hour, so both are whole numbers. */
function inThousands(value: number): string {
	return scaledToDecimal(BigInt(value), 3, 3);
}
