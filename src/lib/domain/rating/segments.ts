import {
	addDays,
	addMonths,
	daysBetween,
	localDate,
	monthNumber,
	monthOf,
	type DatePeriod,
	type LocalDate,
	type LocalMonth
} from '#lib/domain/kernel/civil-time.ts';
import type { Season, Tariff, Tier } from '#lib/domain/tariffs/tariff.ts';
import { seasonOf } from '#lib/domain/tariffs/time-periods.ts';
import type { RatingInput, RatingRefusal, TariffSpan } from './types.ts';

/** Consecutive days of the bill on which one edition, one season and one tier cycle hold. */
export interface Segment {
	readonly period: DatePeriod;
	readonly tariff: Tariff;
	readonly season: Season;
	/** The month in which demand is measured, for tariffs with demand or capacity charges. */
	readonly month: LocalMonth | null;
	readonly tierCycle: { readonly start: LocalDate; readonly tiers: readonly Tier[] } | null;
	/** Distinguishes the references of later segments: "" or "@2026-01-15". */
	readonly suffix: string;
}

/** Splits the bill where an edition, a season, a tier cycle or (with demand charges) a month begins. */
export function segmentsOf(input: RatingInput): Segment[] {
	const segments: Segment[] = [];
	for (const span of input.tariffs) {
		const start = later(span.period.start, input.period.start);
		const end = earlier(span.period.end, input.period.end);
		for (let from = start; from < end;) {
			let to = nextMonth(from);
			while (to < end && !breaksAt(span.tariff, to)) to = nextMonth(to);
			if (to > end) to = end;
			segments.push(segment(span.tariff, { start: from, end: to }, input.period.start));
			from = to;
		}
	}
	return segments;
}

function segment(tariff: Tariff, period: DatePeriod, billStart: LocalDate): Segment {
	return {
		period,
		tariff,
		season: seasonOf(tariff, period.start),
		month: tariff.demand === null ? null : monthOf(period.start),
		tierCycle: tierCycleAt(tariff, period.start),
		suffix: period.start === billStart ? '' : `@${period.start}`
	};
}

/** The running tier cycle and its tiers on a date. */
function tierCycleAt(tariff: Tariff, date: LocalDate): Segment['tierCycle'] {
	if (tariff.tiers === null) return null;
	const schedule = tariff.tiers.schedules.find(({ months }) => months.includes(monthNumber(date)));
	if (schedule === undefined) return null;
	const start = tariff.tiers.cycle === 'year' ? `${date.slice(0, 4)}-01-01` : `${monthOf(date)}-01`;
	return { start: localDate(start), tiers: schedule.tiers };
}

/** Whether something changes at `monthStart` within one edition. */
function breaksAt(tariff: Tariff, monthStart: LocalDate): boolean {
	if (tariff.demand !== null) return true;
	const before = addDays(monthStart, -1);
	return (
		seasonOf(tariff, before) !== seasonOf(tariff, monthStart) ||
		tierCycleAt(tariff, before)?.start !== tierCycleAt(tariff, monthStart)?.start
	);
}

function nextMonth(date: LocalDate): LocalDate {
	return addMonths(localDate(`${monthOf(date)}-01`), 1);
}

/** Checks that the editions cover the period once. */
export function checkCover(spans: readonly TariffSpan[], period: DatePeriod): RatingRefusal | null {
	let covered = period.start;
	for (const span of spans) {
		if (span.period.end <= period.start || span.period.start >= period.end) continue;
		const start = later(span.period.start, period.start);
		if (start > covered) return { code: 'NO_TARIFF', date: covered };
		if (start < covered) return { code: 'TARIFFS_OVERLAP', date: start };
		covered = span.period.end;
	}
	return covered < period.end ? { code: 'NO_TARIFF', date: covered } : null;
}

/** The days of the segment against its calendar month; null for the whole month. */
export function prorationOf(period: DatePeriod): { days: number; monthDays: number } | null {
	const monthStart = localDate(`${monthOf(period.start)}-01`);
	const monthDays = daysBetween(monthStart, addMonths(monthStart, 1));
	const days = daysBetween(period.start, period.end);
	return days === monthDays ? null : { days, monthDays };
}

function later(a: LocalDate, b: LocalDate): LocalDate {
	return a > b ? a : b;
}

function earlier(a: LocalDate, b: LocalDate): LocalDate {
	return a < b ? a : b;
}
