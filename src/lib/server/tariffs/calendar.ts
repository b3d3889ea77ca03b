import { createCalendar, type AnnouncedYear, type HolidayCalendar } from '#lib/domain/tariffs/calendar.ts';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import year2024 from '../../../../drizzle/seed/calendar/cn_holidays_2024.json' with { type: 'json' };
import year2025 from '../../../../drizzle/seed/calendar/cn_holidays_2025.json' with { type: 'json' };
import year2026 from '../../../../drizzle/seed/calendar/cn_holidays_2026.json' with { type: 'json' };

const announced: AnnouncedYear[] = [year2024, year2025, year2026].map(({ year, days }) => ({
	year,
	days: days.map((day) => ({ ...day, date: localDate(day.date) }))
}));

const china = createCalendar(announced);

/** Statutory holidays and moved working days of the supply areas, as far as they were announced. */
export function holidayCalendar(): HolidayCalendar {
	return china;
}
