import type { HeatGrid } from '#lib/components/charts/heat-map.ts';
import type { LongAxis, LongLine } from '#lib/components/charts/long-curve.ts';
import { runsWhere } from '#lib/components/charts/curve-model.ts';
import type { RangeView, YearView } from '#lib/domain/metering/curve-view.ts';
import { formatDate, formatMonth, formatTime } from '#lib/i18n/format.ts';
import { rangeCurve, type LoadCurve } from './load-curve.ts';

const DAY_MINUTES = 1440;

/** A year's readings laid out for the zoomable curve. */
export interface YearCurve {
	readonly curve: LoadCurve;
	readonly axis: LongAxis;
	readonly lines: readonly LongLine[];
	readonly factor: LongLine | null;
	readonly highest: number;
}

/** Lays the stored days out along one axis; in kW and kvar, and the power factor. */
export function yearCurve(year: YearView, range: RangeView): YearCurve {
	const curve = rangeCurve({ ...range, days: year.days }, 'kW');
	const { edges, lines, missing } = curve.main;
	const first = lines[0];
	const longLines = lines.map((line, index) => ({
		key: line.key,
		colour: line.colour,
		values: line.values as (number | null)[],
		filled: index === 0
	}));
	let highest = 0;
	for (const line of lines)
		for (const value of line.values) if (value !== null && value > highest) highest = value;
	const factor = curve.factor?.lines[0];
	return {
		curve,
		axis: {
			starts: edges.slice(0, -1),
			missing,
			estimated: runsWhere(edges, (slot) => first?.estimated?.[slot] === true),
			ticks: tickFinder(curve)
		},
		lines: longLines,
		factor: factor === undefined ? null : { ...factor, values: factor.values as (number | null)[] },
		highest: highest * 1.05 || 1
	};
}

/** Ticks at months, days or hours: the finest of which no more than `most` are shown. */
function tickFinder(curve: LoadCurve): LongAxis['ticks'] {
	const starts = curve.days.map((day) => day.firstSlot * curve.intervalMinutes);
	const dateAt = new Map(starts.map((at, index) => [at, curve.days[index]!.localDate]));
	const label = (at: number) => {
		const date = dateAt.get(at);
		if (date === undefined) {
			return formatTime(curve.startMinutes[Math.round(at / curve.intervalMinutes)] ?? 0);
		}
		return date.endsWith('-01') ? formatMonth(date, undefined, 'short') : formatDate(date);
	};
	const months = starts.filter((_, index) => curve.days[index]!.localDate.endsWith('-01'));
	return (from, to, most) => {
		const days = (to - from) / DAY_MINUTES;
		const inside = (at: number) => at >= from && at <= to;
		for (const hours of [1, 2, 3, 6, 12]) {
			if ((days * 24) / hours > most) continue;
			const step = hours * 60;
			const at: number[] = [];
			for (let place = Math.ceil(from / step) * step; place <= to; place += step) at.push(place);
			return { at, label };
		}
		for (const step of [1, 2, 7, 14]) {
			if (days / step <= most)
				return { at: starts.filter((at, day) => day % step === 0 && inside(at)), label };
		}
		const step = Math.max(1, Math.ceil(months.filter(inside).length / most));
		return { at: months.filter((at, month) => month % step === 0 && inside(at)), label };
	};
}

/** The heat map's grid: days by intervals of 24 hours. The last hour of a day of 25 has no row. */
export function heatGrid(curve: LoadCurve): HeatGrid {
	const slots = DAY_MINUTES / curve.intervalMinutes;
	const values = new Float32Array(curve.days.length * slots).fill(Number.NaN);
	const line = curve.main.lines.find(({ key }) => key === 'active_import');
	curve.days.forEach((day, index) => {
		const next = curve.days[index + 1]?.firstSlot ?? curve.qualities.length;
		for (let slot = 0; slot < Math.min(slots, next - day.firstSlot); slot++) {
			const value = line?.values[day.firstSlot + slot];
			if (typeof value === 'number') values[index * slots + slot] = value;
		}
	});
	const expectedDays = curve.days.map((day) => curve.expected[day.firstSlot] === true);
	const expected = [Math.max(0, expectedDays.indexOf(true)), expectedDays.lastIndexOf(true) + 1] as const;
	return { days: curve.days.length, slots, values, expected };
}
