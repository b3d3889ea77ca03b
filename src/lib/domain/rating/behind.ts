import type { DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import { demandBlockMinutes } from '#lib/domain/metering/day-statistics.ts';
import { QUALITY_CODE, type Channel, type LoadDay } from '#lib/domain/metering/load-day.ts';
import { TIME_PERIODS } from '#lib/domain/tariffs/tariff.ts';
import { dayBehind, energyInOrder } from './chronology.ts';
import { windowDemand } from './other-lines.ts';
import { prepare, type Prepared } from './prepare.ts';
import { blocksOf, type Block } from './shares.ts';
import type { DayBehind, IntervalSelector, IntervalsBehind, RatedLine, RatingInput } from './types.ts';
import type { RatingRefusal } from './notices.ts';

/** Opens the days and intervals that a line rests on, from the input that the line was rated from. */
export function intervalsBehind(input: RatingInput, line: RatedLine): IntervalsBehind | RatingRefusal {
	const whole = prepare(input);
	if ('code' in whole) return whole;
	const blocks = blocksOf(input, whole);
	if ('code' in blocks) return blocks;
	const block = blocks.find(({ share }) => share?.id === line.share?.id);
	return { reference: line.reference, days: block === undefined ? [] : daysOf(block, line.behind) };
}

/** The block's part of each interval; demand and power factor rest on all that was metered. */
function daysOf({ input, prepared, whole }: Block, behind: IntervalSelector): readonly DayBehind[] {
	switch (behind.kind) {
		case 'none':
			return [];
		case 'demand':
			return demandDays(input, whole, behind);
		case 'power_factor':
			return (['active_import', 'reactive_import', 'reactive_export'] as const).flatMap((channel) =>
				knownDays(whole, channel, behind.dates, () => everySlot)
			);
		case 'energy': {
			const { dates, timePeriod, tier } = behind;
			const index = prepared.segments.findIndex(({ period }) => period.start === dates.start);
			if (index < 0) return [];
			const wanted = timePeriod === null ? null : TIME_PERIODS.indexOf(timePeriod);
			if (tier !== null) return tierDays(prepared, index, tier, wanted);
			if (wanted === null) return knownDays(prepared, behind.channel, dates, () => everySlot);
			return knownDays(prepared, behind.channel, dates, (day) => {
				const codes = prepared.codesOf(index, day);
				return (slot) => codes[slot] === wanted;
			});
		}
	}
}

const everySlot = () => true;

/** The intervals of a tier, or those of them that lie in a period (code). */
function tierDays(
	prepared: Prepared,
	segmentIndex: number,
	tier: number,
	wanted: number | null
): DayBehind[] {
	return energyInOrder(prepared, segmentIndex, tier).entries.flatMap((entry) => {
		if (wanted === null) return [dayBehind(entry)];
		const codes = prepared.codesOf(segmentIndex, entry.day);
		const kept = entry.slots.map((slot, index) => ({ slot, wh: entry.quantities[index] ?? 0 }));
		const inPeriod = kept.filter(({ slot }) => codes[slot] === wanted);
		if (inPeriod.length === 0) return [];
		const slots = inPeriod.map(({ slot }) => slot);
		return [dayBehind({ ...entry, slots, quantities: inPeriod.map(({ wh }) => wh) })];
	});
}

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
				return dayBehind({
					servicePointId,
					day,
					slots,
					quantities: slots.map((slot) => day.quantities[slot] ?? 0)
				});
			})
			.filter(({ slots }) => slots.length > 0)
	);
}

/** The block of each point in which its demand was highest, in the month of the line. */
function demandDays(
	input: RatingInput,
	prepared: Prepared,
	{ dates, charge: id }: Extract<IntervalSelector, { readonly kind: 'demand' }>
): DayBehind[] {
	const segment = prepared.segments.find(({ period }) => period.start === dates.start);
	if (segment === undefined) return [];
	const charge = segment.tariff.charges.find((one) => one.id === id);
	const windows = charge !== undefined && 'windows' in charge ? charge.windows : [];
	const maximum = windowDemand(input, prepared, segment, windows);
	return (maximum?.peaks ?? []).flatMap(({ servicePointId, at }) => {
		if (at === null) return [];
		const point = prepared.readings.points.find((one) => one.servicePointId === servicePointId);
		const day = point?.channels.get('active_import')?.find(({ localDate }) => localDate === at.localDate);
		if (day === undefined) return [];
		const count = demandBlockMinutes(day.intervalMinutes) / day.intervalMinutes;
		const slots = Array.from({ length: count }, (_, step) => at.slot + step);
		const quantities = slots.map((slot) => day.quantities[slot] ?? 0);
		return [dayBehind({ servicePointId, day, slots, quantities })];
	});
}
