import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { FixedComponent, PeriodPrices, Season, Tariff, TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import type { RatingInput } from '#lib/domain/rating/types.ts';
import { dayAfter, everyDate, holds, isInWindow, monthsFrom, periodAt, wallClock } from './calendar.ts';

/** Days in a row for which one and the same set of rules holds. */
export interface Stretch {
	readonly start: LocalDate;
	end: LocalDate;
	readonly tariff: Tariff;
	readonly edition: number;
	readonly season: Season;
	readonly prices: PeriodPrices;
	readonly components: readonly FixedComponent[];
	readonly month: string | null;
	readonly cycle: LocalDate | null;
}

/** The energy of one interval of one meter. */
export interface Interval {
	readonly stretch: Stretch;
	readonly date: LocalDate;
	readonly minute: number;
	readonly period: TimePeriod;
	readonly meter: number;
	/** Place in time among the intervals of the date, by its end. */
	readonly endsAt: number;
	readonly wh: bigint;
	readonly isEstimated: boolean;
}

const MISSING = 0;
const ESTIMATED = 2;

function capacityCharges({ charges }: Tariff) {
	return charges.filter(({ kind }) => kind === 'demand' || kind === 'contract');
}

export function isAddedUp({ account }: RatingInput): boolean {
	return account.readingMonths > 1;
}

/** The first day of the tier cycle that a date lies in. */
export function cycleOf(input: RatingInput, { tiers }: Tariff, date: LocalDate): LocalDate | null {
	if (tiers === null) return null;
	if (tiers.cycle === 'year') return `${date.slice(0, 4)}-01-01` as LocalDate;
	if (tiers.cycle === 'bill' || isAddedUp(input)) return input.period.start;
	return `${date.slice(0, 7)}-01` as LocalDate;
}

/** Day by day: a stretch goes on as long as nothing that prices depend on changes. */
export function stretchesOf(input: RatingInput): Stretch[] {
	const stretches: Stretch[] = [];
	let lastKey = '';
	for (const date of everyDate(input.period.start, input.period.end)) {
		const edition = input.tariffs.findIndex(({ period }) => period.start <= date && date < period.end);
		const tariff = input.tariffs[edition]?.tariff;
		if (tariff === undefined) throw new Error(`no tariff on ${date}`);
		const season = tariff.seasons.find(({ spans }) => holds(spans, date));
		if (season === undefined) throw new Error(`no season on ${date}`);
		const capacity = capacityCharges(tariff);
		const isMonthly = tariff.demand !== null || capacity.length > 0;
		const month = date.slice(0, 7);
		const cycle = cycleOf(input, tariff, date);
		const schedule = tariff.tiers?.schedules.findIndex(({ spans }) => holds(spans, date));
		const inForce = capacity.map((charge) => 'spans' in charge && holds(charge.spans, date));
		const monthKey = isMonthly || tariff.priceTable.length > 0 ? month : '';
		const key = [edition, season.id, cycle, schedule, monthKey, ...inForce].join('|');
		const last = stretches.at(-1);
		if (key === lastKey && last !== undefined) last.end = dayAfter(date);
		else {
			const table = tariff.priceTable.find((entry) => entry.month === month);
			stretches.push({
				start: date,
				end: dayAfter(date),
				tariff,
				edition,
				season,
				prices: table?.priceE8 ?? season.priceE8,
				components: table?.components ?? tariff.components,
				month: isMonthly ? month : null,
				cycle
			});
		}
		lastKey = key;
	}
	return stretches;
}

/** Every known interval of a channel in the order of time; of those that end together, meter by meter. */
export function intervalsOf(
	input: RatingInput,
	stretches: readonly Stretch[],
	channel: 'active_import' | 'active_export'
): Interval[] {
	const all: Interval[] = [];
	for (const stretch of stretches) {
		for (const date of everyDate(stretch.start, stretch.end)) {
			const today: Interval[] = [];
			input.usage.forEach(({ period, days }, meter) => {
				if (date < period.start || date >= period.end) return;
				const day = days.find((one) => one.channel === channel && one.localDate === date);
				if (day === undefined) return;
				const wall = wallClock(date, input.timeZone, day.intervalMinutes);
				day.quantities.forEach((quantity, slot) => {
					if (day.qualities[slot] === MISSING) return;
					const minute = wall[slot] ?? 0;
					today.push({
						stretch,
						date,
						minute,
						meter,
						period: periodAt(stretch.season, date, minute, input.calendar),
						endsAt: (slot + 1) * day.intervalMinutes,
						wh: BigInt(quantity),
						isEstimated: day.qualities[slot] === ESTIMATED
					});
				});
			});
			all.push(...today.sort((a, b) => a.endsAt - b.endsAt || a.meter - b.meter));
		}
	}
	return all;
}

/** A demand that has to be known is not. */
export class NoDemand extends Error {}

/** The dates of the bill that count for a month's demand. */
export function monthDates(stretches: readonly Stretch[], month: string | null): LocalDate[] {
	const own = stretches.filter((stretch) => stretch.month === month);
	const [first] = own;
	const last = own.at(-1);
	return first === undefined || last === undefined ? [] : everyDate(first.start, last.end);
}

/**
 * Maximum demand in W: the highest block of each meter, added over the meters that are supplied on one and the
 * same day, on the day when that is most.
 * @throws NoDemand where nothing of a meter was read, or none of its blocks was measured
 */
export function demandW(
	input: RatingInput,
	dates: readonly LocalDate[],
	windows: Parameters<typeof isInWindow>[0][]
): number {
	const highest: { period: { start: LocalDate; end: LocalDate }; watts: number }[] = [];
	for (const { period, days } of input.usage) {
		if (!dates.some((date) => period.start <= date && date < period.end)) continue;
		const blocks: (number | null)[] = [];
		let isRead = false;
		for (const day of days) {
			const isRightDay = dates.includes(day.localDate) && day.localDate >= period.start;
			if (day.channel !== 'active_import' || !isRightDay || day.localDate >= period.end) continue;
			isRead = true;
			const wall = wallClock(day.localDate, input.timeZone, day.intervalMinutes);
			const minutes = Math.max(15, day.intervalMinutes);
			const count = minutes / day.intervalMinutes;
			for (let slot = 0; slot < wall.length; slot += count) {
				const minute = wall[slot] ?? 0;
				const counts =
					windows.length === 0 ||
					windows.some((window) => isInWindow(window, day.localDate, minute, input.calendar));
				if (!counts) continue;
				const slots = Array.from({ length: count }, (_, step) => slot + step);
				const isMeasured = slots.every((at) => day.qualities[at] === 1 || day.qualities[at] === 3);
				const wh = slots.reduce((total, at) => total + (day.quantities[at] ?? 0), 0);
				blocks.push(isMeasured ? (wh * 60) / minutes : null);
			}
		}
		const measured = blocks.filter((block) => block !== null);
		if (measured.length > 0) highest.push({ period, watts: Math.max(...measured) });
		else if (blocks.length > 0 || !isRead) throw new NoDemand();
	}
	const together = dates.map((date) =>
		highest
			.filter(({ period }) => period.start <= date && date < period.end)
			.reduce((total, { watts }) => total + watts, 0)
	);
	return Math.max(0, ...together);
}

/** Months for which a bill's allowances count. */
export function billMonths(input: RatingInput): LocalDate[] {
	return monthsFrom(input.period.start, input.period.end);
}
