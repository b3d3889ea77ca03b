import { localDate, type DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import { USUAL_FACTS } from '#lib/domain/identity/account.ts';
import type { LoadDay } from '#lib/domain/metering/load-day.ts';
import type { AccountFacts, PointUsage, RatingInput } from '#lib/domain/rating/types.ts';
import { createCalendar, type AnnouncedYear, type HolidayCalendar } from '#lib/domain/tariffs/calendar.ts';
import type { Tariff } from '#lib/domain/tariffs/tariff.ts';
import year2024 from '../../drizzle/seed/calendar/cn_holidays_2024.json' with { type: 'json' };
import year2025 from '../../drizzle/seed/calendar/cn_holidays_2025.json' with { type: 'json' };
import year2026 from '../../drizzle/seed/calendar/cn_holidays_2026.json' with { type: 'json' };

// Reads no files, so that what builds on it also runs in a browser.

const YEARS = [year2024, year2025, year2026] as unknown as readonly AnnouncedYear[];

/** The shipped holiday calendars. */
export function shippedCalendar(years: readonly number[] = [2024, 2025, 2026]): HolidayCalendar {
	return createCalendar(YEARS.filter(({ year }) => years.includes(year)));
}

export const HOME: AccountFacts = {
	voltage: 'below_1kv',
	currency: 'CNY',
	contractedCapacityVa: null,
	demandBasis: 'none',
	contractDemandW: null,
	powerFactorStandard: null,
	openedOn: localDate('2020-01-01'),
	...USUAL_FACTS
};

export function point(period: DatePeriod, ...parts: LoadDay[][]): PointUsage {
	return { servicePointId: 1, period, days: parts.flat(), registers: null, losses: null };
}

/** A whole rating input from the parts that a case is about. */
export function ratingInput(
	tariff: Tariff,
	period: DatePeriod,
	usage: readonly PointUsage[],
	parts: Partial<RatingInput> = {}
): RatingInput {
	return {
		account: HOME,
		timeZone: 'Asia/Shanghai',
		period,
		tariffs: [{ period, tariff }],
		usage,
		carried: { tierCycle: null },
		calendar: shippedCalendar(),
		priceSeries: [],
		shares: [],
		filling: 'none',
		...parts
	};
}
