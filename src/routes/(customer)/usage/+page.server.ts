import {
	addDays,
	addMonths,
	dayOfWeek,
	localDateAt,
	monthPeriod,
	monthOf,
	type DatePeriod,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';
import type { DayView, Freshness } from '#lib/domain/metering/curve-view.ts';
import { priceView } from '#lib/components/metering/price-words.ts';
import type { PriceView } from '#lib/components/metering/price-view.ts';
import { figureNotes, summarySentences, trendInWords } from '#lib/components/metering/summary.ts';
import { readAccountId } from '#lib/components/layout/account-address.ts';
import { readDate, readPrice, readView, type UsageViewName } from '#lib/components/metering/usage-address.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import { isViewableDate } from '#lib/server/trpc/routers/metering.ts';
import type { PageServerLoad } from './$types';

/** The dates that a view of `date` covers: its ISO week, its month, or the year that ends with it. */
function periodOf(view: UsageViewName, date: LocalDate): DatePeriod {
	switch (view) {
		case 'day':
			return { start: date, end: addDays(date, 1) };
		case 'week': {
			const start = addDays(date, 1 - dayOfWeek(date));
			return { start, end: addDays(start, 7) };
		}
		case 'month':
			return monthPeriod(monthOf(date));
		case 'year': {
			const end = addDays(date, 1);
			return { start: addMonths(end, -12), end };
		}
	}
}

/** Dates to step to, where there are readings on that side. */
function neighbours(view: UsageViewName, date: LocalDate, period: DatePeriod, freshness: Freshness | null) {
	if (freshness === null) return { previousDate: null, nextDate: null };
	const { firstDate, lastDate } = freshness;
	const step = (direction: 1 | -1) => {
		if (view === 'day') return addDays(date, direction);
		if (view === 'week') return addDays(date, 7 * direction);
		return addMonths(date, direction * (view === 'month' ? 1 : 12));
	};
	const clamped = (to: LocalDate) => (to < firstDate ? firstDate : to > lastDate ? lastDate : to);
	return {
		previousDate: period.start > firstDate ? clamped(step(-1)) : null,
		nextDate: period.end <= lastDate ? clamped(step(1)) : null
	};
}

/**
 * Reads only the parameters that choose readings and prices: unit and comparisons change in the browser, without
 * coming back here.
 */
export const load: PageServerLoad = async ({ locals, url }) => {
	const view = readView(url.searchParams);
	const asked = readDate(url.searchParams);
	const meterNo = url.searchParams.get('meter') ?? undefined;
	const choice = { accountId: readAccountId(url.searchParams), meterNo };
	const askedDate = asked !== undefined && isViewableDate(asked) ? asked : undefined;
	/** Says why the page shows the newest day where what was asked for is no date. */
	const refusedDate =
		asked === undefined || askedDate !== undefined ? null : m.metering_refused_date({ date: asked });

	if (view === 'day') {
		const day = await locals.caller.metering.day({ ...choice, date: askedDate });
		const period = periodOf(view, day.localDate);
		const prices = readPrice(url.searchParams) ? await pricesOf(locals, choice.accountId, day) : null;
		return {
			...{ view, date: day.localDate, period, refusedDate },
			...neighbours(view, day.localDate, period, day.freshness),
			day,
			prices,
			range: null,
			summary: [...summarySentences(day), ...(prices?.sentences ?? [])],
			trend: trendInWords(day),
			notes: figureNotes(day)
		};
	}
	const date = askedDate ?? (await newestDate(locals, choice));
	const period = periodOf(view, date);
	const range = await locals.caller.metering.range({ ...choice, from: period.start, to: period.end });
	return {
		...{ view, date, period, refusedDate },
		...neighbours(view, date, period, range.freshness),
		day: null,
		prices: null,
		range,
		summary: summarySentences(range),
		trend: null,
		notes: figureNotes(range)
	};
};

/** What one more kWh would have cost on the day, in figures and words. */
async function pricesOf(locals: App.Locals, accountId: number | undefined, day: DayView): Promise<PriceView> {
	const { meter, localDate } = day;
	const prices = await locals.caller.billing.dayPrices({
		accountId,
		meterNo: meter.meterNo,
		date: localDate
	});
	return priceView(day, prices);
}

/** The newest day with readings; yesterday where there is none. */
async function newestDate(
	locals: App.Locals,
	choice: { accountId?: number | undefined; meterNo?: string | undefined }
) {
	const { freshness, meter } = await locals.caller.metering.freshness(choice);
	return freshness?.lastDate ?? addDays(localDateAt(locals.app.clock.now(), meter.timeZone), -1);
}
