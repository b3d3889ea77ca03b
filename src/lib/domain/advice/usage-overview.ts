import { addDays, datesOf, slotWallMinutes, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { curveChange, powerAtWallMinutes, powerCurveW } from '#lib/domain/metering/curve.ts';
import type { DayView } from '#lib/domain/metering/curve-view.ts';
import type { DayTotal } from '#lib/domain/metering/day-statistics.ts';
import { unpackLoadDay, type LoadDay, type PackedLoadDay } from '#lib/domain/metering/load-day.ts';
import type { UsageOverview } from './overview.ts';

const WEEK_DAYS = 7;

/** Days of active import that `usageOverview` compares: the last seven and the seven before. */
export const COMPARED_DAYS = 2 * WEEK_DAYS;

/**
 * The last complete day against the usual, and its week against the one before.
 * @param day the last complete day, as the load curve page shows it
 * @param totals one entry per expected day up to and with that day; absent days say that they are missing
 * @param packed stored days of active import of the last `COMPARED_DAYS`
 */
export function usageOverview(
	day: DayView,
	totals: readonly DayTotal[],
	packed: readonly PackedLoadDay[],
	ageDays: number
): UsageOverview {
	const active = day.days.find(({ channel }) => channel === 'active_import');
	const { missing, estimated } = day.statistics.quality;
	const week = totals.filter(({ localDate }) => localDate > addDays(day.localDate, -WEEK_DAYS));
	const known = week.filter(({ energyWh }) => energyWh !== null);
	return {
		meter: { meterNo: day.meter.meterNo, of: day.meters.length },
		day: {
			localDate: day.localDate,
			ageDays,
			energyWh: day.statistics.energyWh,
			missing,
			estimated,
			intervalMinutes: active?.intervalMinutes ?? 1440 / day.wallMinutes.length,
			changeFromUsual: day.usual?.change?.ratio ?? null,
			powerW: active === undefined ? day.wallMinutes.map(() => null) : powerCurveW(unpackLoadDay(active)),
			usual: day.usual && { lowW: day.usual.low, highW: day.usual.high, days: day.usual.days },
			exportWh: day.exportWh
		},
		week: {
			days: week,
			energyWh: known.length === 0 ? null : known.reduce((sum, { energyWh }) => sum + (energyWh ?? 0), 0),
			missing: week.reduce((sum, total) => sum + total.missing, 0),
			estimated: week.reduce((sum, total) => sum + total.estimated, 0),
			changeFromWeekBefore: changeFromWeekBefore(packed, day.localDate, day.meter.timeZone)
		}
	};
}

/**
 * The seven days up to `last` against the seven before, quarter-hour by quarter-hour: only what is known in
 * both weeks counts, so that a lost day makes no week look thrifty.
 * @returns e.g. 0.12 for 12 % more; null where too little is known in both
 */
export function changeFromWeekBefore(
	packed: readonly PackedLoadDay[],
	last: LocalDate,
	timeZone: string
): number | null {
	const byDate = new Map(
		packed.filter(({ channel }) => channel === 'active_import').map((day) => [day.localDate, day])
	);
	const place = (day: LoadDay) => ({
		day,
		wallMinutes: slotWallMinutes(day.localDate, timeZone, day.intervalMinutes)
	});
	const current: (number | null)[] = [];
	const before: (number | null)[] = [];
	for (const date of datesOf({ start: addDays(last, 1 - WEEK_DAYS), end: addDays(last, 1) })) {
		const [now, then] = [byDate.get(date), byDate.get(addDays(date, -WEEK_DAYS))];
		if (now === undefined || then === undefined) {
			// A day of which one week knows nothing: it must weigh in the count of what cannot be compared.
			current.push(...unknownDay(now ?? then));
			before.push(...unknownDay(now ?? then));
			continue;
		}
		const placed = place(unpackLoadDay(now));
		current.push(...powerCurveW(placed.day));
		before.push(
			...powerAtWallMinutes(place(unpackLoadDay(then)), placed.wallMinutes, placed.day.intervalMinutes)
		);
	}
	return curveChange(current, before)?.ratio ?? null;
}

function unknownDay(like: PackedLoadDay | undefined): null[] {
	return new Array<null>(like === undefined ? 96 : 1440 / like.intervalMinutes).fill(null);
}
