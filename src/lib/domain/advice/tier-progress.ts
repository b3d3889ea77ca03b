import { addDays, localDate, yearOf, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { Currency } from '#lib/domain/kernel/money.ts';
import type { DayTotal } from '#lib/domain/metering/day-statistics.ts';
import type { TierFigures } from '#lib/domain/rating/types.ts';
import type { TierProgress } from './overview.ts';

/** Days whose mean is the pace. */
const PACE_DAYS = 14;

/** The fewest known days that make a pace. */
const PACE_DAYS_AT_LEAST = 7;

/** What the newest bill says about the tiers of its year, and until when. */
export interface BilledTiers {
	readonly figures: TierFigures;
	/** First day after the bill. */
	readonly billedUntil: LocalDate;
	readonly currency: Currency;
}

/** First day whose use the bill's tier figures do not hold yet, in the year of `last`. */
export function firstUnbilledDay(billed: BilledTiers, last: LocalDate): LocalDate {
	const yearStart = localDate(`${yearOf(last)}-01-01`);
	return billed.billedUntil > yearStart ? billed.billedUntil : yearStart;
}

/**
 * How far the year's use has come up the tiers: what the newest bill counted, and the readings since.
 * @param last the last complete day
 * @param totals days from `firstUnbilledDay` to `last`
 * @param recent the days before and with `last` that the pace is taken from, in order
 * @returns null where the tiers do not count by the year
 */
export function tierProgress(
	billed: BilledTiers,
	last: LocalDate,
	totals: readonly DayTotal[],
	recent: readonly DayTotal[]
): TierProgress | null {
	const { figures } = billed;
	if (figures.cycle !== 'year') return null;
	const cycleStart = localDate(`${yearOf(last)}-01-01`);
	const billedWh = figures.cycleStart >= cycleStart ? figures.usedAfterWh : 0;
	const usedWh = totals.reduce((sum, { energyWh }) => sum + (energyWh ?? 0), billedWh);
	const current = figures.tiers.find(({ toWh }) => toWh === null || usedWh < toWh) ?? figures.tiers.at(-1);
	if (current === undefined) return null;
	const next = figures.tiers.find(({ tier }) => tier === current.tier + 1);
	return {
		cycleStart,
		usedWh,
		hasMissing: totals.some(({ missing }) => missing > 0),
		currentTier: current.tier,
		tiers: figures.tiers.map(({ tier, toWh }) => ({ tier, toWh })),
		next:
			next === undefined
				? null
				: {
						tier: next.tier,
						remainingWh: next.fromWh - usedWh,
						extraPriceE8:
							next.surchargeE8 === null || current.surchargeE8 === null
								? null
								: next.surchargeE8 - current.surchargeE8,
						currency: billed.currency,
						expectedOn: expectedOn(next.fromWh - usedWh, last, recent)
					}
	};
}

/** The day on which `remainingWh` more are used at the pace of the last two weeks, within the year. */
function expectedOn(remainingWh: number, last: LocalDate, recent: readonly DayTotal[]): LocalDate | null {
	const known = recent
		.slice(-PACE_DAYS)
		.map(({ energyWh, missing }) => (missing === 0 ? energyWh : null))
		.filter((energyWh) => energyWh !== null);
	if (known.length < PACE_DAYS_AT_LEAST) return null;
	const paceWh = known.reduce((sum, energyWh) => sum + energyWh, 0) / known.length;
	if (paceWh <= 0) return null;
	const days = Math.floor(remainingWh / paceWh) + 1;
	if (days > 366) return null;
	const date = addDays(last, days);
	return yearOf(date) === yearOf(last) ? date : null;
}
