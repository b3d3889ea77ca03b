import type { DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import { DEMAND_BLOCK_MINUTES } from '#lib/domain/metering/day-statistics.ts';
import { QUALITY_CODE, type Channel, type LoadDay } from '#lib/domain/metering/load-day.ts';
import { TIME_PERIODS } from '#lib/domain/tariffs/tariff.ts';
import { dayBehind, energyInOrder } from './chronology.ts';
import { maximumDemand } from './demand.ts';
import { periodCodes } from './energy.ts';
import { prepare, type Prepared } from './prepare.ts';
import type {
	DayBehind,
	IntervalSelector,
	IntervalsBehind,
	RatedLine,
	RatingInput,
	RatingRefusal
} from './types.ts';

/** Opens the days and intervals that a line rests on, from the input that the line was rated from. */
export function intervalsBehind(input: RatingInput, line: RatedLine): IntervalsBehind | RatingRefusal {
	const prepared = prepare(input);
	if ('code' in prepared) return prepared;
	return { reference: line.reference, days: daysOf(input, prepared, line.behind) };
}

function daysOf(input: RatingInput, prepared: Prepared, behind: IntervalSelector): readonly DayBehind[] {
	switch (behind.kind) {
		case 'none':
			return [];
		case 'demand':
			return demandDays(input, prepared, behind.dates);
		case 'power_factor':
			return (['active_import', 'reactive_import', 'reactive_export'] as const).flatMap((channel) =>
				knownDays(prepared, channel, behind.dates, () => everySlot)
			);
		case 'energy': {
			const { dates, timePeriod, tier } = behind;
			const index = prepared.segments.findIndex(({ period }) => period.start === dates.start);
			const segment = prepared.segments[index];
			if (segment === undefined) return [];
			if (tier !== null) return energyInOrder(prepared, index, tier).days;
			if (timePeriod === null) return knownDays(prepared, behind.channel, dates, () => everySlot);
			const wanted = TIME_PERIODS.indexOf(timePeriod);
			return knownDays(prepared, behind.channel, dates, (day) => {
				const codes = periodCodes(input, prepared.readings, segment, day);
				return (slot) => codes[slot] === wanted;
			});
		}
	}
}

const everySlot = () => true;

/** The known intervals of a channel that `chosen` keeps; days without any are left out. */
function knownDays(
	{ readings }: Prepared,
	channel: Channel,
	dates: DatePeriod,
	chosen: (day: LoadDay) => (slot: number) => boolean
): DayBehind[] {
	return readings.points.flatMap(({ servicePointId, channels }) =>
		(channels.get(channel) ?? [])
			.filter(({ localDate }) => localDate >= dates.start && localDate < dates.end)
			.map((day) => {
				const keeps = chosen(day);
				const slots = Array.from(day.quantities.keys()).filter(
					(slot) => day.qualities[slot] !== QUALITY_CODE.missing && keeps(slot)
				);
				return dayBehind(
					servicePointId,
					day,
					slots,
					slots.map((slot) => day.quantities[slot] ?? 0)
				);
			})
			.filter(({ slots }) => slots.length > 0)
	);
}

/** The block of each point in which its demand was highest, in the month of the line. */
function demandDays(input: RatingInput, prepared: Prepared, dates: DatePeriod): DayBehind[] {
	const month = prepared.segments.find(({ period }) => period.start === dates.start)?.month;
	const sameMonth = prepared.segments.filter((segment) => segment.month === month);
	const start = sameMonth[0]?.period.start ?? dates.start;
	const end = sameMonth.at(-1)?.period.end ?? dates.end;
	const maximum = maximumDemand(prepared.readings, { start, end }, input.timeZone);
	return (maximum?.peaks ?? []).flatMap((peak) => {
		const point = prepared.readings.points.find(
			({ servicePointId }) => servicePointId === peak.servicePointId
		);
		const day = point?.channels.get('active_import')?.find(({ localDate }) => localDate === peak.localDate);
		if (day === undefined) return [];
		const first = peak.slot;
		const slots = Array.from(
			{ length: DEMAND_BLOCK_MINUTES / day.intervalMinutes },
			(_, step) => first + step
		);
		return [
			dayBehind(
				peak.servicePointId,
				day,
				slots,
				slots.map((slot) => day.quantities[slot] ?? 0)
			)
		];
	});
}
