import {
	daysBetween,
	localDate,
	monthOf,
	nextMonthStart,
	yearOf,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';
import { divideHalfUp } from '#lib/domain/kernel/money.ts';
import { TIME_PERIODS, type Tier, type Tiers, type TierSchedule } from '#lib/domain/tariffs/tariff.ts';
import { isInSpans } from '#lib/domain/tariffs/time-periods.ts';
import { microOf } from './lines.ts';
import type { RatingRefusal, RatingWarning } from './notices.ts';
import { billMonths, isReadOverMonths, type Segment } from './segments.ts';
import type { CarriedState, RatingInput, TierFigures } from './types.ts';

/** Where a segment lies in its tier cycle: energy [fromWh, toWh) since the cycle began, and the tiers in Wh. */
export interface TierPosition {
	readonly fromWh: number;
	readonly toWh: number;
	/** As `fromWh` by period code, since the cycle or the bill began. */
	readonly fromWhByPeriod: readonly number[];
	readonly tiers: readonly Tier[];
	readonly ofPeriod: TierSchedule['ofPeriod'];
}

/**
 * Runs the carried energy through the segments; a new cycle starts at zero.
 * @param segmentWh energy of each segment by period code
 * @param maximumW maximum demand of the bill, for tiers that count hours of use
 */
export function tierPositions(
	input: RatingInput,
	segments: readonly Segment[],
	segmentWh: readonly Float64Array[],
	maximumW: number
): { positions: (TierPosition | null)[]; carried: CarriedState } | RatingRefusal {
	let cycle = input.carried.tierCycle;
	let byPeriod: number[] = [];
	const positions: (TierPosition | null)[] = [];
	for (const [index, segment] of segments.entries()) {
		if (segment.tierCycle === null || segment.tariff.tiers === null) {
			positions.push(null);
			continue;
		}
		const { start } = segment.tierCycle;
		const continues = cycle !== null && cycle.start === start;
		const fromWh = continues && cycle !== null ? cycle.usedWh : 0;
		if (index === 0 || !continues) byPeriod = TIME_PERIODS.map(() => 0);
		const own = segmentWh[index] ?? new Float64Array(TIME_PERIODS.length);
		const toWh = own.reduce((sum, wh) => sum + wh, fromWh);
		const thresholds = thresholdsOf(input, segment, segment.tariff.tiers, maximumW);
		if ('code' in thresholds) return thresholds;
		positions.push({ fromWh, toWh, fromWhByPeriod: byPeriod, ...thresholds });
		byPeriod = byPeriod.map((wh, code) => wh + (own[code] ?? 0));
		cycle = { start, usedWh: toWh };
	}
	return { positions, carried: { tierCycle: cycle } };
}

/** The tiers of a segment in Wh of its cycle: counted days, kW, months and a large household included. */
function thresholdsOf(
	input: RatingInput,
	segment: Segment,
	tiers: Tiers,
	maximumW: number
): Pick<TierPosition, 'tiers' | 'ofPeriod'> | RatingRefusal {
	const { schedule } = segment.tierCycle ?? {};
	if (schedule === undefined) return { tiers: [], ofPeriod: {} };
	const isSummed = tiers.cycle === 'month' && isReadOverMonths(input);
	const months = isSummed ? billMonths(input.period) : [segment.period.start];
	const schedules = months.map((start) => tiers.schedules.find(({ spans }) => isInSpans(spans, start)));
	if (schedules.some((other) => !hasSameSteps(schedule, other))) {
		return { code: 'TIERS_DIFFER_IN_CYCLE', tariffCode: segment.tariff.code };
	}
	const factor = unitFactor(input, segment, tiers, maximumW);
	const extraWh = householdExtraWh(input, segment, tiers);
	const widened = (wh: number) => Number(divideHalfUp(BigInt(wh) * factor.of, factor.by)) + extraWh;
	const resolve = (list: readonly Tier[], lists: readonly (readonly Tier[] | undefined)[]) =>
		list.map((tier, index): Tier => {
			const sum = (end: 'fromWh' | 'toWh') =>
				lists.reduce((total, other) => total + (other?.[index]?.[end] ?? 0), 0);
			return {
				...tier,
				fromWh: index === 0 ? 0 : widened(sum('fromWh')),
				toWh: tier.toWh === null ? null : widened(sum('toWh'))
			};
		});
	return {
		tiers: resolve(
			schedule.tiers,
			schedules.map((other) => other?.tiers)
		),
		ofPeriod: Object.fromEntries(
			TIME_PERIODS.flatMap((period) => {
				const own = schedule.ofPeriod[period];
				if (own === undefined) return [];
				return [[period, resolve(own, isSummed ? schedules.map((other) => other?.ofPeriod[period]) : [own])]];
			})
		)
	};
}

/** Whether the tiers of two months can be added up: as many, of the whole and of each period. */
function hasSameSteps(schedule: TierSchedule, other: TierSchedule | undefined): boolean {
	if (other?.tiers.length !== schedule.tiers.length) return false;
	return TIME_PERIODS.every((period) => schedule.ofPeriod[period]?.length === other.ofPeriod[period]?.length);
}

/** What a threshold's unit multiplies by: days of supply in the cycle, kW of maximum demand. */
function unitFactor(
	input: RatingInput,
	segment: Segment,
	tiers: Tiers,
	maximumW: number
): { of: bigint; by: bigint } {
	const days = BigInt(daysOfCycle(input, segment, tiers));
	switch (tiers.unit) {
		case 'kWh':
			return { of: 1n, by: 1n };
		case 'kWh_per_day':
			return { of: days, by: 1n };
		case 'kWh_per_kW':
			return { of: microOf(maximumW), by: 1_000_000n };
		case 'kWh_per_kW_per_day':
			return { of: microOf(maximumW) * days, by: 1_000_000n };
	}
}

/** Days of supply from the beginning of the cycle, whose energy is carried in, to its end or the bill's. */
function daysOfCycle(input: RatingInput, { tierCycle, period }: Segment, { cycle }: Tiers): number {
	const { openedOn } = input.account;
	const isOlder = openedOn !== null && openedOn < input.period.start;
	const supplied = isOlder ? openedOn : input.period.start;
	const begin = tierCycle?.start ?? period.start;
	const start = supplied > begin ? supplied : begin;
	const next = nextMonthStart(begin);
	const isMonth = cycle === 'month' && !isReadOverMonths(input);
	const end = isMonth && next < input.period.end ? next : input.period.end;
	return daysBetween(start, end);
}

/**
 * 一户多人口: in an annual cycle so much for every month from the application to December, in a monthly one for
 * every month from it on. Bills before the application stay as they were.
 */
function householdExtraWh(input: RatingInput, segment: Segment, tiers: Tiers): number {
	const household = input.account.largeHousehold;
	const rule = tiers.largeHousehold;
	if (rule === null || household === null || household.persons < rule.fromPersons) return 0;
	const { start } = segment.period;
	if (tiers.cycle === 'year') {
		if (monthOf(start) < household.from) return 0;
		const isFirstYear = household.from.startsWith(String(yearOf(start)));
		return rule.extraWhPerMonth * (isFirstYear ? 13 - Number(household.from.slice(5)) : 12);
	}
	const months = tiers.cycle === 'bill' || isReadOverMonths(input) ? billMonths(input.period) : [start];
	return rule.extraWhPerMonth * months.filter((month) => monthOf(month) >= household.from).length;
}

/** How much of the energy [fromWh, toWh) lies in a tier. */
export function energyInTier(
	tier: Tier,
	position: { readonly fromWh: number; readonly toWh: number }
): number {
	const from = Math.max(position.fromWh, tier.fromWh);
	const to = tier.toWh === null ? position.toWh : Math.min(position.toWh, tier.toWh);
	return Math.max(0, to - from);
}

/** The surcharge of a tier where all its periods have the same; null where they differ. */
export function uniformSurchargeE8({ surchargeE8 }: Tier): bigint | null {
	const amounts = Object.values(surchargeE8);
	const [first = 0n] = amounts;
	return amounts.every((amount) => amount === first) ? first : null;
}

/** The tier display of the cycle that runs at the bill's end; null without tiers. */
export function tierFigures(
	segments: readonly Segment[],
	positions: readonly (TierPosition | null)[]
): TierFigures | null {
	const last = segments.at(-1);
	const end = positions.at(-1);
	if (last?.tierCycle == null || last.tariff.tiers === null || end == null) return null;
	const { start } = last.tierCycle;
	const first = segments.findIndex(({ tierCycle }) => tierCycle?.start === start);
	const whole = { fromWh: positions[first]?.fromWh ?? end.fromWh, toWh: end.toWh };
	const current = end.tiers.findIndex(({ toWh }) => toWh === null || end.toWh < toWh);
	return {
		cycle: last.tariff.tiers.cycle,
		cycleStart: start,
		usedBeforeWh: whole.fromWh,
		usedAfterWh: whole.toWh,
		currentTier: current + 1,
		tiers: end.tiers.map((tier, index) => ({
			tier: index + 1,
			fromWh: tier.fromWh,
			toWh: tier.toWh,
			surchargeE8: uniformSurchargeE8(tier),
			energyWh: energyInTier(tier, whole)
		}))
	};
}

/** Warns where supply began before the bill but the cycle's earlier use was not carried in. */
export function tierWarning(
	first: Segment | undefined,
	carried: CarriedState,
	openedOn: LocalDate | null
): RatingWarning | null {
	const cycle = first?.tierCycle;
	if (first === undefined || cycle == null) return null;
	const known =
		cycle.start === first.period.start ||
		(openedOn !== null && openedOn >= first.period.start) ||
		carried.tierCycle?.start === cycle.start;
	return known ? null : { code: 'TIER_USE_BEFORE_UNKNOWN', cycleStart: localDate(cycle.start) };
}
