import {
	addDays,
	addMonths,
	clip,
	daysBetween,
	isLocalDate,
	localDate,
	monthOf,
	monthStart,
	nextMonthStart,
	yearOf,
	type DatePeriod,
	type LocalDate,
	type LocalMonth
} from '#lib/domain/kernel/civil-time.ts';
import type {
	FixedComponent,
	PeriodPrices,
	Season,
	Tariff,
	TierSchedule
} from '#lib/domain/tariffs/tariff.ts';
import { isInSpans, seasonOf } from '#lib/domain/tariffs/time-periods.ts';
import type { RatingRefusal } from './notices.ts';
import type { RatingInput, TariffSpan } from './types.ts';

/** Consecutive days of the bill on which one edition, one season and one tier cycle hold. */
export interface Segment {
	readonly period: DatePeriod;
	readonly tariff: Tariff;
	readonly season: Season;
	/** First-tier prices: the season's or the month's. Empty under a price series. */
	readonly priceE8: PeriodPrices;
	readonly components: readonly FixedComponent[];
	/** The month in which demand is measured, for tariffs that charge it. */
	readonly month: LocalMonth | null;
	readonly tierCycle: { readonly start: LocalDate; readonly schedule: TierSchedule } | null;
	/** Distinguishes the references of later segments: "" or "@2026-01-15". */
	readonly suffix: string;
}

/** Splits the bill where an edition, a season, a tier cycle or (with demand charges) a month begins. */
export function segmentsOf(input: RatingInput): Segment[] | RatingRefusal {
	const segments: Segment[] = [];
	for (const span of input.tariffs) {
		const { start, end } = clip(span.period, input.period);
		for (let from = start; from < end;) {
			let to = nextBoundary(span.tariff, from);
			while (to < end && !breaksAt(input, span.tariff, to)) to = nextBoundary(span.tariff, to);
			if (to > end) to = end;
			const made = segment(input, span.tariff, { start: from, end: to });
			if ('code' in made) return made;
			segments.push(made);
			from = to;
		}
	}
	return segments;
}

function segment(input: RatingInput, tariff: Tariff, period: DatePeriod): Segment | RatingRefusal {
	const season = seasonOf(tariff, period.start);
	const month = monthOf(period.start);
	const table = tariff.priceTable.find((prices) => prices.month === month);
	if (table === undefined && tariff.dynamic === null && Object.keys(season.priceE8).length === 0) {
		return { code: 'NO_PRICE_FOR_MONTH', month, tariffCode: tariff.code };
	}
	return {
		period,
		tariff,
		season,
		priceE8: table?.priceE8 ?? season.priceE8,
		components: table?.components ?? tariff.components,
		month: countsMonths(tariff) ? month : null,
		tierCycle: tierCycleAt(input, tariff, period.start),
		suffix: period.start === input.period.start ? '' : `@${period.start}`
	};
}

function countsMonths(tariff: Tariff): boolean {
	return tariff.demand !== null || capacityCharges(tariff).length > 0;
}

/** The running tier cycle and its tiers on a date. */
function tierCycleAt(input: RatingInput, tariff: Tariff, date: LocalDate): Segment['tierCycle'] {
	const { tiers } = tariff;
	const schedule = tiers?.schedules.find(({ spans }) => isInSpans(spans, date));
	if (tiers === null || schedule === undefined) return null;
	if (tiers.cycle === 'year') return { start: localDate(`${yearOf(date)}-01-01`), schedule };
	if (tiers.cycle === 'bill' || isReadOverMonths(input)) return { start: input.period.start, schedule };
	return { start: monthStart(date), schedule };
}

/** Whether monthly tiers are added up over the bill: with a longer reading cycle, and where no curve tells the months. */
export function isReadOverMonths({ account, usage, period }: RatingInput): boolean {
	if (account.readingMonths > 1) return true;
	return monthOf(period.start) !== monthOf(addDays(period.end, -1)) && usage.some(isRegisterOnly);
}

/** Whether nothing but register quantities is known of a point. */
function isRegisterOnly({ registers, days }: RatingInput['usage'][number]): boolean {
	return registers !== null && !days.some(({ channel }) => channel === 'active_import');
}

/** Charges that are measured and billed month by month. */
function capacityCharges({ charges }: Tariff) {
	return charges.filter((charge) => charge.kind === 'demand' || charge.kind === 'contract');
}

/** Whether something changes at `date` within one edition. */
function breaksAt(input: RatingInput, tariff: Tariff, date: LocalDate): boolean {
	const isMonthStart = date.endsWith('-01');
	if (isMonthStart && (countsMonths(tariff) || tariff.priceTable.length > 0)) return true;
	const before = addDays(date, -1);
	if (capacityCharges(tariff).some(({ spans }) => isInSpans(spans, before) !== isInSpans(spans, date))) {
		return true;
	}
	if (seasonOf(tariff, before) !== seasonOf(tariff, date)) return true;
	const [old, now] = [tierCycleAt(input, tariff, before), tierCycleAt(input, tariff, date)];
	return old?.start !== now?.start || old?.schedule !== now?.schedule;
}

/** The next day on which anything may change: the first of a month, or where a span begins or has ended within one. */
function nextBoundary(tariff: Tariff, date: LocalDate): LocalDate {
	const next = nextMonthStart(date);
	let first = next;
	for (const { spans } of [
		...tariff.seasons,
		...(tariff.tiers?.schedules ?? []),
		...capacityCharges(tariff)
	]) {
		for (const { fromMonthDay, toMonthDay } of spans) {
			for (const change of [onDay(date, fromMonthDay), dayAfter(onDay(date, toMonthDay))]) {
				if (change !== null && change > date && change < first) first = change;
			}
		}
	}
	return first;
}

/** A day of the year (MMDD) in the year of a date; null where that year has no such day. */
function onDay(date: LocalDate, monthDay: number): LocalDate | null {
	const text = String(monthDay).padStart(4, '0');
	const day = `${date.slice(0, 4)}-${text.slice(0, 2)}-${text.slice(2)}`;
	return isLocalDate(day) ? localDate(day) : null;
}

function dayAfter(date: LocalDate | null): LocalDate | null {
	return date === null ? null : addDays(date, 1);
}

/** Checks that the editions cover the period once. */
export function checkCover(spans: readonly TariffSpan[], period: DatePeriod): RatingRefusal | null {
	let covered = period.start;
	for (const span of spans) {
		if (span.period.end <= period.start || span.period.start >= period.end) continue;
		const { start } = clip(span.period, period);
		if (start > covered) return { code: 'NO_TARIFF', date: covered };
		if (start < covered) return { code: 'TARIFFS_OVERLAP', date: start };
		covered = span.period.end;
	}
	return covered < period.end ? { code: 'NO_TARIFF', date: covered } : null;
}

/** The days of the segment against its calendar month; null for the whole month. */
export function prorationOf(period: DatePeriod): { days: number; monthDays: number } | null {
	const monthDays = daysBetween(monthStart(period.start), nextMonthStart(period.start));
	const days = daysBetween(period.start, period.end);
	return days === monthDays ? null : { days, monthDays };
}

/** The calendar months of a period, each clipped to it. */
export function monthsIn(period: DatePeriod): DatePeriod[] {
	const months: DatePeriod[] = [];
	for (let start = period.start; start < period.end; start = nextMonthStart(start)) {
		months.push(clip({ start, end: nextMonthStart(start) }, period));
	}
	return months;
}

/** The months of a bill, counted from its first day: from 15 January to 15 March there are two. */
export function billMonths({ start, end }: DatePeriod): LocalDate[] {
	const months: LocalDate[] = [];
	for (let month = start; month < end; month = addMonths(start, months.length)) months.push(month);
	return months;
}
