import type { MarginalDay, MarginalRefusal } from '#lib/domain/rating/marginal.ts';

/** What one more kWh would have cost in each interval of a meter's day, or why that cannot be said. */
export type DayPrices =
	| {
			readonly ok: false;
			readonly refusal:
				| MarginalRefusal
				/** What the months before used, which tiers count, is not known. */
				| { readonly code: 'EARLIER_MONTH_NOT_BILLED' };
	  }
	| (Extract<MarginalDay, { readonly ok: true }> & {
			/** The issued bill that the day is in; null: its month has none yet and is rated as it stands. */
			readonly billNo: string | null;
	  });

export type DayPricesRefusal = Extract<DayPrices, { readonly ok: false }>['refusal'];
