import { readingPeriod, suppliedPeriod } from '#lib/domain/billing/reading-cycle.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { clip, monthOf, type DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import { rateAlternatives, type AlternativeCost } from '#lib/domain/rating/alternatives.ts';
import type { TariffSpan } from '#lib/domain/rating/types.ts';
import type { App } from '#lib/server/app.ts';
import { curveBasis } from './rating-input.ts';

/**
 * What an account's own use in a period would have cost under each choice of tariff, bill by bill in its reading
 * cycle. The readings are read once. A tier cycle that began before the period counts from its first day: the
 * carried state of one tariff means nothing to another.
 * @returns the costs in the order of the choices
 */
export async function compareTariffs(
	app: App,
	account: Authorized<Account>,
	period: DatePeriod,
	choices: readonly (readonly TariffSpan[])[]
): Promise<AlternativeCost[]> {
	const basis = await curveBasis(app.db, account, period);
	return rateAlternatives(basis, billPeriods(account, period), choices);
}

/** The reading cycles of a period, clipped to it and to the time of supply. */
function billPeriods(account: Account, period: DatePeriod): DatePeriod[] {
	const periods: DatePeriod[] = [];
	for (let at = period.start; at < period.end; at = readingPeriod(account, monthOf(at)).end) {
		const cycle = suppliedPeriod(account, monthOf(at));
		const own = cycle && clip(cycle, period);
		if (own !== null && own.start < own.end) periods.push(own);
	}
	return periods;
}
