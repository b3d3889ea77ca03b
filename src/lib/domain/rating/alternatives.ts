import { clip, type DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import type { RatingRefusal } from './notices.ts';
import { rate } from './rate.ts';
import type { CarriedState, MeterShare, PointUsage, RatingInput, TariffSpan } from './types.ts';

/** What the same use comes to under one choice of tariff. */
export type AlternativeCost =
	| {
			readonly ok: true;
			readonly totalMinor: bigint;
			/** One for each bill, in order. */
			readonly bills: readonly { readonly period: DatePeriod; readonly totalMinor: bigint }[];
	  }
	/** A bill that cannot be rated has no total, and neither have all together. */
	| { readonly ok: false; readonly period: DatePeriod; readonly refusal: RatingRefusal };

/** A share on the days that it holds; a bill that lies outside of them has no such share. */
export interface DatedShare extends MeterShare {
	readonly period: DatePeriod;
}

/** What all choices have in common. `carried` is what the bill before the first one hands on. */
export type SharedBasis = Omit<RatingInput, 'period' | 'tariffs' | 'shares'> & {
	readonly shares: readonly DatedShare[];
};

/**
 * Rates the same readings under several choices of tariff, bill by bill, each choice with a carried state of its
 * own. The readings are cut to the bills once, for all choices.
 * @param periods of the bills, in order and without gap
 * @param choices the editions of each choice
 */
export function rateAlternatives(
	basis: SharedBasis,
	periods: readonly DatePeriod[],
	choices: readonly (readonly TariffSpan[])[]
): AlternativeCost[] {
	const bills = periods.map((period) => ({ period, usage: usageIn(basis.usage, period) }));
	return choices.map((tariffs) => costUnder(basis, bills, tariffs));
}

function costUnder(
	basis: SharedBasis,
	bills: readonly Pick<RatingInput, 'period' | 'usage'>[],
	tariffs: readonly TariffSpan[]
): AlternativeCost {
	const rated: { period: DatePeriod; totalMinor: bigint }[] = [];
	let carried: CarriedState = basis.carried;
	let totalMinor = 0n;
	for (const { period, usage } of bills) {
		const shares = basis.shares.filter(
			({ period: held }) => held.start < period.end && held.end > period.start
		);
		const result = rate({ ...basis, period, usage, tariffs, shares, carried });
		if (!result.ok) return { ok: false, period, refusal: result.refusal };
		rated.push({ period, totalMinor: result.totalMinor });
		totalMinor += result.totalMinor;
		carried = result.carried;
	}
	return { ok: true, totalMinor, bills: rated };
}

/** The points that are supplied in a period, with their days of it. */
function usageIn(usage: readonly PointUsage[], period: DatePeriod): PointUsage[] {
	return usage.flatMap((point) => {
		const own = clip(point.period, period);
		if (own.start >= own.end) return [];
		const days = point.days.filter(({ localDate }) => localDate >= own.start && localDate < own.end);
		return [{ ...point, period: own, days }];
	});
}
