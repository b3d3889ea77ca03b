import { addDays, dayOfWeek, localDate, type LocalDate } from '#lib/domain/kernel/civil-time.ts';

const MONDAY = 1;
const THURSDAY = 4;
const SUNDAY = 7;

/** Holidays that United States rate sheets name, by year. */
const RULES = {
	new_years_day: (year) => on(year, 1, 1),
	mlk_day: (year) => nth(year, 1, MONDAY, 3),
	washingtons_birthday: (year) => nth(year, 2, MONDAY, 3),
	memorial_day: (year) => addDays(nth(year, 6, MONDAY, 1), -7),
	juneteenth: (year) => on(year, 6, 19),
	independence_day: (year) => on(year, 7, 4),
	labor_day: (year) => nth(year, 9, MONDAY, 1),
	columbus_day: (year) => nth(year, 10, MONDAY, 2),
	veterans_day: (year) => on(year, 11, 11),
	thanksgiving: (year) => nth(year, 11, THURSDAY, 4),
	day_after_thanksgiving: (year) => addDays(nth(year, 11, THURSDAY, 4), 1),
	christmas: (year) => on(year, 12, 25)
} satisfies Record<string, (year: number) => LocalDate>;

export type UsHoliday = keyof typeof RULES;
export const US_HOLIDAYS = Object.keys(RULES) as [UsHoliday, ...UsHoliday[]];

/** Whether the Monday after a Sunday holiday counts as well. */
export const US_OBSERVANCES = ['sunday_to_monday', 'actual_day'] as const;
export type UsObservance = (typeof US_OBSERVANCES)[number];

/** The dates of some holidays that fall on Monday to Friday in the years `first` to `last`, in order. */
export function holidayDates(
	holidays: readonly UsHoliday[],
	observance: UsObservance,
	{ first, last }: { readonly first: number; readonly last: number }
): LocalDate[] {
	const dates = new Set<LocalDate>();
	for (let year = first; year <= last; year++) {
		for (const holiday of holidays) {
			const date = RULES[holiday](year);
			const weekday = dayOfWeek(date);
			if (weekday <= 5) dates.add(date);
			else if (weekday === SUNDAY && observance === 'sunday_to_monday') dates.add(addDays(date, 1));
		}
	}
	return [...dates].sort();
}

function on(year: number, month: number, day: number): LocalDate {
	return localDate(`${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);
}

/** The n-th such weekday of a month. */
function nth(year: number, month: number, weekday: number, n: number): LocalDate {
	const first = on(year, month, 1);
	return addDays(first, ((weekday - dayOfWeek(first) + 7) % 7) + 7 * (n - 1));
}
