import {
	addDays,
	dayOfWeek,
	yearOf,
	type DatePeriod,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';

/** One announced day: a statutory holiday, or a weekend day that is worked in exchange. */
export interface AnnouncedDay {
	readonly name: string;
	readonly date: LocalDate;
	readonly isOffDay: boolean;
}

/** The announcements of one year, as the State Council publishes them. */
export interface AnnouncedYear {
	readonly year: number;
	readonly days: readonly AnnouncedDay[];
}

/** Statutory holidays and working days. Years that were not announced are unknown, not ordinary. */
export interface HolidayCalendar {
	hasYear(year: number): boolean;
	/** Weekends and holidays, without the days worked in exchange. @throws RangeError for an unknown year */
	isRestDay(date: LocalDate): boolean;
	/** The holiday a day off belongs to, or null. @throws RangeError for an unknown year */
	holidayOf(date: LocalDate): { readonly name: string; readonly dayNo: number } | null;
	/** The announcements that decide about the days of a period: a calendar made of them says the same of each. */
	excerpt(period: DatePeriod): AnnouncedYear[];
}

/** Builds a calendar from the announcements. December days may also come with the next year's notice. */
export function createCalendar(years: readonly AnnouncedYear[]): HolidayCalendar {
	const known = new Set(years.map(({ year }) => year));
	const days = new Map<LocalDate, AnnouncedDay>();
	for (const year of [...years].sort((a, b) => a.year - b.year)) {
		for (const day of year.days) days.set(day.date, day);
	}
	const require = (date: LocalDate) => {
		if (!known.has(yearOf(date))) throw new RangeError(`no holiday calendar for ${yearOf(date)}`);
	};
	return {
		hasYear: (year) => known.has(year),
		isRestDay(date) {
			require(date);
			return days.get(date)?.isOffDay ?? dayOfWeek(date) >= 6;
		},
		holidayOf(date) {
			require(date);
			const day = days.get(date);
			if (day === undefined || !day.isOffDay) return null;
			let dayNo = 1;
			for (let at = addDays(date, -1); isDayOf(days.get(at), day.name); at = addDays(at, -1)) dayNo++;
			return { name: day.name, dayNo };
		},
		excerpt({ start, end }) {
			// A holiday that runs into the period counts its days from its first.
			let from = start;
			while (days.get(addDays(from, -1))?.isOffDay) from = addDays(from, -1);
			const [firstYear, lastYear] = [yearOf(start), yearOf(addDays(end, -1))];
			return years
				.map(({ year, days: all }) => ({ year, days: all.filter(({ date }) => date >= from && date < end) }))
				.filter(({ year, days: some }) => some.length > 0 || (year >= firstYear && year <= lastYear));
		}
	};
}

function isDayOf(day: AnnouncedDay | undefined, name: string): boolean {
	return day !== undefined && day.isOffDay && day.name === name;
}
