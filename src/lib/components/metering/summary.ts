import type { CurveChange } from '#lib/domain/metering/curve.ts';
import type { DayView, RangeView } from '#lib/domain/metering/curve-view.ts';
import {
	formatDate,
	formatDecimal,
	formatEnergy,
	formatPercent,
	formatPower,
	formatRange,
	formatTimeRange
} from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import { periodName, qualityNotes } from './names.ts';
import { changeFromUsualInWords, isNotable } from './change-in-words.ts';

/*
 * Written on the server, in the language of the request: the texts would be a tenth of the page's script.
 */

/** What the day is compared with, in the order of how telling it is. */
function changesOf(view: DayView): { other: string; change: CurveChange }[] {
	return [
		{ other: m.metering_sum_other_usual(), change: view.usual?.change },
		{ other: m.metering_sum_other_week_before(), change: view.weekBefore?.change },
		{ other: m.metering_sum_other_day_before(), change: view.dayBefore?.change }
	].flatMap(({ other, change }) => (change ? [{ other, change }] : []));
}

/** The most telling change: "12% more than usual"; null where nothing can be compared. */
export function trendInWords(view: DayView): string | null {
	if (view.usual?.change) return changeFromUsualInWords(view.usual.change.ratio);
	const first = changesOf(view)[0];
	if (first === undefined) return null;
	const { other, change } = first;
	const percent = formatPercent(Math.abs(change.ratio));
	if (!isNotable(change.ratio)) return m.metering_same_as({ other });
	return change.ratio > 0
		? m.metering_more_than({ percent, other })
		: m.metering_less_than({ percent, other });
}

/** What the figures of a day or span rest on. */
export function figureNotes({ statistics }: DayView | RangeView): string[] {
	const demand = statistics.maximumDemand;
	return [
		...(statistics.quality.estimated > 0 ? [m.metering_estimates_note()] : []),
		...(demand === null ? [] : [m.metering_peak_demand_note({ minutes: demand.blockMinutes })])
	];
}

/** The curve in sentences: for those who do not see it, and for those who would rather read. */
export function summarySentences(view: DayView | RangeView): string[] {
	const { statistics } = view;
	const isDay = 'wallMinutes' in view;
	const name = isDay
		? formatDate(view.localDate, undefined, 'full')
		: formatRange({ start: view.from, end: view.to });
	if (statistics.energyWh === null) return [m.metering_sum_unknown({ date: name })];
	const energy = formatEnergy(statistics.energyWh);
	const sentences: string[] = [
		isDay
			? m.metering_sum_energy_day({ date: name, energy })
			: m.metering_sum_energy_span({ range: name, energy })
	];
	if (isDay) sentences.push(...changesOf(view).map(changeSentence));
	const demand = statistics.maximumDemand;
	if (demand !== null && view.demandTime !== null) {
		const time = formatTimeRange(view.demandTime.startMinute, view.demandTime.endMinute);
		const power = formatPower(demand.powerW);
		const at = isDay ? time : `${formatDate(demand.localDate, undefined, 'weekday')} ${time}`;
		sentences.push(m.metering_sum_peak({ time: at, power }));
	}
	if (statistics.minimumPowerW !== null) {
		sentences.push(m.metering_sum_low({ power: formatPower(statistics.minimumPowerW) }));
	}
	for (const { period, share } of statistics.byPeriod) {
		if (share === null || statistics.byPeriod.length < 2) continue;
		sentences.push(m.metering_sum_period({ share: formatPercent(share), period: periodName(period) }));
	}
	const quality = qualityNotes(statistics.quality);
	if (quality !== null) {
		sentences.push(m.metering_sum_quality({ total: formatDecimal(statistics.intervals), quality }));
	}
	return sentences;
}

function changeSentence({ other, change }: { other: string; change: CurveChange }): string {
	const percent = formatPercent(Math.abs(change.ratio));
	if (!isNotable(change.ratio)) return m.metering_sum_same({ other });
	return change.ratio > 0 ? m.metering_sum_more({ percent, other }) : m.metering_sum_less({ percent, other });
}
