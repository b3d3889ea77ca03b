import { z } from 'zod';
import { daysBetween, isLocalDate, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { locales } from '#lib/i18n/paraglide/runtime.js';
import { accountInView } from '#lib/server/auth/policy.ts';
import {
	dayView,
	EXPORT_FORMATS,
	exportReadings,
	meterFreshness,
	rangeView,
	yearView
} from '#lib/server/metering/index.ts';
import { customerProcedure, router } from '../init.ts';

/** The longest span that one request may ask for. */
const MAX_RANGE_DAYS = 366;

/** The longest span whose curve comes with its statistics; a year's is fetched on its own. */
const MAX_CURVE_DAYS = 31;

/** Whether it is a date of the calendar in the years that a meter can be looked at in. */
export function isViewableDate(text: string): text is LocalDate {
	return isLocalDate(text) && text >= '1990-01-01' && text < '2200-01-01';
}

/** A date as an address names it. */
export const date = z.string().refine(isViewableDate, 'not a date');

const meter = {
	/** The customer's first account where it is absent; 0 is no account, like somebody else's. */
	accountId: z.int().nonnegative().optional(),
	/** The account's first meter where it is absent. */
	meterNo: z.string().min(1).max(64).optional()
};

const spanFields = { ...meter, from: date, to: date };

interface Span {
	readonly from: LocalDate;
	readonly to: LocalDate;
}

const isNotEmpty = ({ from, to }: Span) => from < to;
const isBounded = ({ from, to }: Span) => daysBetween(from, to) <= MAX_RANGE_DAYS;

const span = z.object(spanFields).refine(isNotEmpty, 'empty').refine(isBounded, 'too long');
const exported = z
	.object({ ...spanFields, format: z.enum(EXPORT_FORMATS), locale: z.enum(locales) })
	.refine(isNotEmpty, 'empty')
	.refine(isBounded, 'too long');

export const meteringRouter = router({
	/** Which readings the meter has. */
	freshness: customerProcedure
		.input(z.object(meter))
		.query(async ({ ctx, input }) =>
			meterFreshness(ctx.app, await accountInView(ctx.app, ctx.actor, input.accountId), input)
		),

	/** One day's curve with everything beside it; the newest day with readings where none is named. */
	day: customerProcedure
		.input(z.object({ ...meter, date: date.optional() }))
		.query(async ({ ctx, input }) =>
			dayView(ctx.app, await accountInView(ctx.app, ctx.actor, input.accountId), input)
		),

	/** Day totals and statistics of [from, to); with the curve itself up to a month. */
	range: customerProcedure.input(span).query(async ({ ctx, input }) => {
		const account = await accountInView(ctx.app, ctx.actor, input.accountId);
		const withDays = daysBetween(input.from, input.to) <= MAX_CURVE_DAYS;
		return rangeView(ctx.app, account, { start: input.from, end: input.to }, { ...input, withDays });
	}),

	/** The stored days of [from, to), all channels, untouched: for the heat map and the zoomable curve. */
	year: customerProcedure.input(span).query(async ({ ctx, input }) => {
		const account = await accountInView(ctx.app, ctx.actor, input.accountId);
		return yearView(ctx.app, account, { start: input.from, end: input.to }, input);
	}),

	/** All channels of [from, to) as a file. */
	export: customerProcedure.input(exported).query(async ({ ctx, input }) => {
		const account = await accountInView(ctx.app, ctx.actor, input.accountId);
		return exportReadings(ctx.app, account, { start: input.from, end: input.to }, input);
	})
});
