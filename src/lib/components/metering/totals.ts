import type { Bar } from '#lib/components/charts/BarLinks.svelte';
import type { DayPeriods } from '#lib/domain/metering/curve-view.ts';
import type { DayTotal } from '#lib/domain/metering/day-statistics.ts';
import { TIME_PERIODS_PRINTED } from '#lib/domain/tariffs/tariff.ts';
import { formatDate, formatDecimal, formatEnergy, formatMonth } from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import { periodName, qualityNotes } from './names.ts';
import { usageHref } from './usage-address.ts';

/** Energy of a day or month with what it rests on. */
export interface Total {
	/** First date of it. */
	readonly date: string;
	readonly energyWh: number | null;
	readonly estimated: number;
	readonly missing: number;
}

/** Day totals added up by calendar month; a month of which no day is known stays unknown. */
export function monthTotals(totals: readonly DayTotal[]): Total[] {
	const months = new Map<string, Total>();
	for (const day of totals) {
		const month = day.localDate.slice(0, 7);
		const sum = months.get(month) ?? { date: `${month}-01`, energyWh: null, estimated: 0, missing: 0 };
		const energyWh = day.energyWh === null ? sum.energyWh : (sum.energyWh ?? 0) + day.energyWh;
		months.set(month, {
			date: sum.date,
			energyWh,
			estimated: sum.estimated + day.estimated,
			missing: sum.missing + day.missing
		});
	}
	return [...months.values()];
}

export function notesOf(total: Total): string | null {
	return qualityNotes({ measured: 0, corrected: 0, estimated: total.estimated, missing: total.missing });
}

/**
 * Bars of days or months; each leads to its day or month.
 * @param periods what the days are made of, where the price depends on the time of use
 */
export function barsOf(
	params: URLSearchParams,
	totals: readonly Total[],
	of: 'day' | 'month',
	periods: readonly DayPeriods[] = []
): Bar[] {
	const energyOn = new Map<string, DayPeriods['energy']>(
		periods.map(({ localDate, energy }) => [localDate, energy])
	);
	return totals.map((total) => {
		const parts = printed(energyOn.get(total.date) ?? []);
		const date = of === 'day' ? formatDate(total.date, undefined, 'weekday') : formatMonth(total.date);
		const quality = notesOf(total);
		const energy = total.energyWh === null ? '' : formatEnergy(total.energyWh);
		return {
			key: total.date,
			href: usageHref(params, { view: of, date: total.date }),
			value: total.energyWh,
			label: barLabel(total.date, of, totals.length),
			text: withPeriods(barText(date, energy, quality), parts),
			parts: parts.map(({ period, energyWh }) => ({ colour: `period-${period}`, value: energyWh })),
			state: total.missing > 0 ? 'missing' : total.estimated > 0 ? 'estimated' : 'whole'
		};
	});
}

/** In the order in which periods are printed. */
function printed(energy: DayPeriods['energy']): DayPeriods['energy'] {
	return TIME_PERIODS_PRINTED.flatMap((period) => energy.filter((one) => one.period === period));
}

function withPeriods(bar: string, parts: DayPeriods['energy']): string {
	if (parts.length === 0) return bar;
	const periods = parts.map(({ period, energyWh }) => `${periodName(period)} ${formatEnergy(energyWh)}`);
	return m.metering_bar_periods({ bar, periods: periods.join(m.metering_list_separator()) });
}

function barLabel(date: string, of: 'day' | 'month', count: number): string {
	if (of === 'month') return formatMonth(date, undefined, 'short');
	return count <= 7 ? formatDate(date, undefined, 'dayName') : formatDecimal(Number(date.slice(8)));
}

function barText(date: string, energy: string, quality: string | null): string {
	if (energy === '') return m.metering_bar_unknown({ date });
	return quality === null
		? m.metering_bar_whole({ date, energy })
		: m.metering_bar_partial({ date, energy, quality });
}

/** Mean of the days that are complete; null where none is. */
export function meanOfCompleteDays(totals: readonly DayTotal[]): number | null {
	const complete = totals.filter((day) => day.energyWh !== null && day.missing === 0);
	if (complete.length === 0) return null;
	return complete.reduce((sum, day) => sum + (day.energyWh ?? 0), 0) / complete.length;
}
