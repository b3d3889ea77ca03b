import type { RatingInput } from '#lib/domain/rating/types.ts';
import type { Tier, TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import { daysFrom, dayAfter, everyDate, holds } from './calendar.ts';
import { fraction, plus, rounded, ZERO, type Fraction } from './fraction.ts';
import { inOrder, isTimed, lineOf, minor, PRINTED, suffix, type SlowLine } from './line.ts';
import { billMonths, cycleOf, demandW, isAddedUp, type Interval, type Stretch } from './model.ts';

/** Adds interval by interval at its own price, and rounds once. */
function energyLine(
	input: RatingInput,
	stretch: Stretch,
	parts: Pick<SlowLine, 'reference' | 'kind'> & { inBase?: boolean },
	priced: readonly { wh: bigint; estimatedWh: bigint; priceE8: bigint }[],
	unitPriceE8: bigint
): SlowLine {
	let amount: Fraction = ZERO;
	let quantityMicro = 0n;
	let estimatedMilli = 0n;
	for (const { wh, estimatedWh, priceE8 } of priced) {
		amount = plus(amount, minor(wh * 1000n, priceE8));
		quantityMicro += wh * 1000n;
		estimatedMilli += estimatedWh;
	}
	return {
		...parts,
		inBase: parts.inBase ?? true,
		reference: parts.reference + suffix(stretch.start, input.period.start),
		start: stretch.start,
		quantityMicro,
		estimatedMilli,
		unitPriceE8,
		amountMinor: rounded(amount)
	};
}

const at = (priceE8: bigint) => (interval: Interval) => ({
	wh: interval.wh,
	estimatedWh: interval.isEstimated ? interval.wh : 0n,
	priceE8
});

export function energyLines(
	input: RatingInput,
	stretches: readonly Stretch[],
	intervals: readonly Interval[]
): { lines: SlowLine[]; carried: RatingInput['carried'] } {
	const meter = tierMeter(input);
	const lines = stretches.flatMap((stretch) => {
		const own = intervals.filter((interval) => interval.stretch === stretch);
		const { tiers } = stretch.tariff;
		if (tiers === null) return periodLines(input, stretch, own);
		const inTiers = meter.run(stretch, own);
		if (tiers.lines === 'by_tier') return byTierLines(input, stretch, inTiers);
		return [...periodLines(input, stretch, own), ...surchargeLines(input, stretch, inTiers)];
	});
	return { lines: inOrder(lines), carried: meter.carried() };
}

function periodLines(input: RatingInput, stretch: Stretch, own: readonly Interval[]): SlowLine[] {
	const { components, prices } = stretch;
	const fixedE8 = components.reduce((total, { priceE8 }) => total + priceE8, 0n);
	const stem = components.length > 0 ? 'energy.purchase' : 'energy';
	const lines = PRINTED.flatMap((period) => {
		const price = prices[period];
		if (price === undefined) return [];
		const reference = isTimed(stretch) ? `${stem}.${period}` : stem;
		const kind = components.length > 0 ? 'purchase' : 'energy';
		const inPeriod = own.filter((interval) => interval.period === period).map(at(price - fixedE8));
		return [energyLine(input, stretch, { reference, kind }, inPeriod, price - fixedE8)];
	});
	const parts = components.map(({ component, priceE8, inPowerFactorBase: inBase }) =>
		energyLine(
			input,
			stretch,
			{ reference: component, kind: component, inBase },
			own.map(at(priceE8)),
			priceE8
		)
	);
	return [...lines, ...parts];
}

/** The energy of a stretch by tier: of all periods together in the order of time, and of each period. */
interface InTiers {
	readonly tiers: readonly Tier[];
	readonly together: readonly { wh: bigint; estimatedWh: bigint }[];
	readonly tiersOf: (period: TimePeriod) => readonly Tier[];
	readonly byPeriod: (period: TimePeriod) => readonly bigint[];
}

/** Runs through a bill and fills the tiers as the energy comes. */
function tierMeter(input: RatingInput) {
	let cycle = input.carried.tierCycle;
	let usedBy = new Map<TimePeriod, bigint>();
	let isFirst = true;
	return {
		carried: () => ({ tierCycle: cycle }),
		run(stretch: Stretch, own: readonly Interval[]): InTiers {
			const isRunning = cycle !== null && cycle.start === stretch.cycle;
			const before = isRunning && cycle !== null ? BigInt(cycle.usedWh) : 0n;
			if (isFirst || !isRunning) usedBy = new Map();
			isFirst = false;
			const inTiers = fill(input, stretch, own, before, new Map(usedBy));
			for (const { period, wh } of own) usedBy.set(period, (usedBy.get(period) ?? 0n) + wh);
			const used = own.reduce((total, { wh }) => total + wh, before);
			if (stretch.cycle !== null) cycle = { start: stretch.cycle, usedWh: Number(used) };
			return inTiers;
		}
	};
}

/** The part of [from, to) that lies in a tier. */
function inside(tier: Tier, from: bigint, to: bigint): bigint {
	const low = from > BigInt(tier.fromWh) ? from : BigInt(tier.fromWh);
	const high = tier.toWh === null || to < BigInt(tier.toWh) ? to : BigInt(tier.toWh);
	return high > low ? high - low : 0n;
}

function fill(
	input: RatingInput,
	stretch: Stretch,
	own: readonly Interval[],
	before: bigint,
	usedBy: ReadonlyMap<TimePeriod, bigint>
): InTiers {
	const { tiers, ofPeriod } = thresholds(input, stretch);
	const together = tiers.map(() => ({ wh: 0n, estimatedWh: 0n }));
	const passed = new Map<TimePeriod, bigint[]>();
	let used = before;
	for (const { period, wh, isEstimated } of own) {
		const counts = passed.get(period) ?? tiers.map(() => 0n);
		passed.set(period, counts);
		tiers.forEach((tier, index) => {
			const part = inside(tier, used, used + wh);
			const sums = together[index];
			if (sums === undefined) return;
			sums.wh += part;
			if (isEstimated) sums.estimatedWh += part;
			counts[index] = (counts[index] ?? 0n) + part;
		});
		used += wh;
	}
	const tiersOf = (period: TimePeriod) => ofPeriod[period] ?? tiers;
	const byPeriod = (period: TimePeriod): readonly bigint[] => {
		const whole = own.reduce(
			(total, interval) => total + (interval.period === period ? interval.wh : 0n),
			0n
		);
		const list = tiersOf(period);
		switch (stretch.tariff.tiers?.attribution) {
			case 'chronological':
				return passed.get(period) ?? list.map(() => 0n);
			case 'own_period': {
				const from = usedBy.get(period) ?? 0n;
				return list.map((tier) => inside(tier, from, from + whole));
			}
			default:
				return shared(
					whole,
					list.map((tier) => inside(tier, before, used))
				);
		}
	};
	return { tiers, together, tiersOf, byPeriod };
}

/** Whole Wh in proportion to weights: down first, then one more for the largest remainders. */
function shared(whole: bigint, weights: readonly bigint[]): bigint[] {
	const all = weights.reduce((total, weight) => total + weight, 0n);
	if (whole === 0n || all === 0n) return weights.map(() => 0n);
	const parts = weights.map((weight) => (whole * weight) / all);
	const given = new Set<number>();
	let left = whole - parts.reduce((total, part) => total + part, 0n);
	for (; left > 0n; left--) {
		const rest = weights.map((weight, index) => (given.has(index) ? -1n : (whole * weight) % all));
		const largest = rest.reduce((best, value, index) => (value > (rest[best] ?? -1n) ? index : best), 0);
		given.add(largest);
		parts[largest] = (parts[largest] ?? 0n) + 1n;
	}
	return parts;
}

/** Thresholds of a stretch in Wh, with days, kW, months and a large household counted in. */
function thresholds(input: RatingInput, stretch: Stretch) {
	const { tariff, start } = stretch;
	const { tiers } = tariff;
	const schedule = tiers?.schedules.find(({ spans }) => holds(spans, start));
	if (tiers === null || schedule === undefined) throw new Error('no tiers');
	const isSum = tiers.cycle === 'month' && isAddedUp(input);
	const months = isSum ? billMonths(input) : [start];
	const schedules = months.map((date) => tiers.schedules.find(({ spans }) => holds(spans, date)));
	const kilowatts = tiers.unit.startsWith('kWh_per_kW')
		? fraction(demandW(input, everyDate(input.period.start, input.period.end), []), 1000n)
		: fraction(1);
	const days = tiers.unit.endsWith('per_day') ? cycleDays(input, stretch) : 1;
	const extra = extraWh(input, stretch);
	const widen = (wh: number) =>
		Number(rounded({ n: BigInt(wh * days) * kilowatts.n, d: kilowatts.d })) + extra;
	const add = (lists: readonly (readonly Tier[] | undefined)[], index: number, key: 'fromWh' | 'toWh') =>
		lists.reduce((total, list) => total + (list?.[index]?.[key] ?? 0), 0);
	const made = (list: readonly Tier[], lists: readonly (readonly Tier[] | undefined)[]): Tier[] =>
		list.map((tier, index) => ({
			...tier,
			fromWh: index === 0 ? 0 : widen(add(lists, index, 'fromWh')),
			toWh: tier.toWh === null ? null : widen(add(lists, index, 'toWh'))
		}));
	const ofPeriod: Partial<Record<TimePeriod, Tier[]>> = {};
	for (const period of PRINTED) {
		const list = schedule.ofPeriod[period];
		if (list !== undefined) {
			ofPeriod[period] = made(
				list,
				schedules.map((one) => one?.ofPeriod[period])
			);
		}
	}
	const tierLists = schedules.map((one) => one?.tiers);
	return { tiers: made(schedule.tiers, tierLists), ofPeriod };
}

/** Days of supply in the running cycle, up to the end of the bill. */
function cycleDays(input: RatingInput, { cycle, tariff, start }: Stretch): number {
	const { openedOn } = input.account;
	const isOlder = openedOn !== null && openedOn < input.period.start;
	const supplied = isOlder ? openedOn : input.period.start;
	const begin = cycle ?? start;
	const from = begin > supplied ? begin : supplied;
	let end = start;
	while (end < input.period.end && cycleOf(input, tariff, end) === cycle) end = dayAfter(end);
	return daysFrom(from, end);
}

function extraWh(input: RatingInput, { tariff, start }: Stretch): number {
	const household = input.account.largeHousehold;
	const rule = tariff.tiers?.largeHousehold ?? null;
	if (rule === null || household === null || household.persons < rule.fromPersons) return 0;
	const month = start.slice(0, 7);
	if (tariff.tiers?.cycle === 'year') {
		if (month < household.from) return 0;
		const isSameYear = month.slice(0, 4) === household.from.slice(0, 4);
		return rule.extraWhPerMonth * (isSameYear ? 12 - Number(household.from.slice(5)) + 1 : 12);
	}
	const isWhole = tariff.tiers?.cycle === 'bill' || isAddedUp(input);
	const months = isWhole ? billMonths(input) : [start];
	return rule.extraWhPerMonth * months.filter((date) => date.slice(0, 7) >= household.from).length;
}

function surchargeLines(input: RatingInput, stretch: Stretch, inTiers: InTiers): SlowLine[] {
	const { tiers, together, byPeriod } = inTiers;
	const isOwn = stretch.tariff.tiers?.attribution === 'own_period';
	return tiers.flatMap((tier, index) => {
		const stem = `energy.tier${index + 1}_surcharge`;
		const shared = { kind: 'tier_surcharge', start: stretch.start, billStart: input.period.start };
		const distinct = new Set(Object.values(tier.surchargeE8));
		if (distinct.size <= 1 && !isOwn) {
			const [unitPriceE8 = 0n] = distinct;
			const { wh = 0n, estimatedWh: estimatedMilli = 0n } = together[index] ?? {};
			if (unitPriceE8 === 0n || wh === 0n) return [];
			return [lineOf({ ...shared, reference: stem, quantityMicro: wh * 1000n, estimatedMilli, unitPriceE8 })];
		}
		return PRINTED.flatMap((period) => {
			const unitPriceE8 = tier.surchargeE8[period] ?? 0n;
			const quantityMicro = (byPeriod(period)[index] ?? 0n) * 1000n;
			if (stretch.prices[period] === undefined || unitPriceE8 === 0n || quantityMicro === 0n) return [];
			const reference = `${stem}.${period}`;
			return [lineOf({ ...shared, reference, quantityMicro, unitPriceE8, estimatedMilli: null })];
		});
	});
}

function byTierLines(input: RatingInput, stretch: Stretch, { tiersOf, byPeriod }: InTiers): SlowLine[] {
	return PRINTED.flatMap((period) => {
		const price = stretch.prices[period];
		if (price === undefined) return [];
		return tiersOf(period).flatMap((tier, index) => {
			const quantityMicro = (byPeriod(period)[index] ?? 0n) * 1000n;
			if (quantityMicro === 0n && index > 0) return [];
			const stem = isTimed(stretch) ? `energy.${period}` : 'energy';
			return [
				lineOf({
					reference: `${stem}.tier${index + 1}`,
					kind: 'energy',
					start: stretch.start,
					billStart: input.period.start,
					quantityMicro,
					estimatedMilli: null,
					unitPriceE8: price + (tier.surchargeE8[period] ?? 0n)
				})
			];
		});
	});
}
