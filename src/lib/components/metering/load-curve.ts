import { runsWhere, type CurveLine, type CurveModel } from '#lib/components/charts/curve-model.ts';
import {
	curveInUnit,
	intervalEnergyWh,
	powerFactorCurve,
	type CurveUnit
} from '#lib/domain/metering/curve.ts';
import type { DayView, PeriodRun, RangeView } from '#lib/domain/metering/curve-view.ts';
import { QUALITY_CODE, unpackLoadDay, type Channel, type LoadDay } from '#lib/domain/metering/load-day.ts';
import type { TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import { formatDate, formatDecimal, formatTime } from '#lib/i18n/format.ts';
import type { Comparison } from './usage-address.ts';

/*
 * From what the server sends to what the charts draw: the active and reactive curves, and the power factor.
 */

const DAY_MINUTES = 1440;

/** Most days whose periods are told apart behind the curve: more are stripes of a few pixels. */
const BANDED_DAYS = 7;

/** Colours by channel: tokens. */
const CHANNEL_LINES: Readonly<Record<Channel, Pick<CurveLine, 'colour' | 'style' | 'dash'>>> = {
	active_import: { colour: 'series-active', style: 'main' },
	active_export: { colour: 'ink', style: 'second' },
	reactive_import: { colour: 'series-reactive', style: 'second' },
	reactive_export: { colour: 'series-reactive', style: 'second', dash: 'dashed' }
};

const COMPARISON_LINES = {
	'day-before': { colour: 'ink-soft', style: 'compare', dash: 'dotted' },
	'week-before': { colour: 'ink-soft', style: 'compare', dash: 'dashed' }
} as const;

/** The panels of a curve and the readings behind them. */
export interface LoadCurve {
	readonly main: CurveModel;
	/** Null without reactive readings. */
	readonly factor: CurveModel | null;
	/** Days on the axis, with the place of their first interval. */
	readonly days: readonly { readonly localDate: string; readonly firstSlot: number }[];
	readonly intervalMinutes: number;
	readonly qualities: Uint8Array;
	/** Whether a reading should be there: not before the meter's first or after its last day. */
	readonly expected: readonly boolean[];
	/** Real minutes from the start of its day at which each interval starts. */
	readonly startMinutes: readonly number[];
	/** Time-of-use period of an interval; null where the day has no more than one. */
	readonly periodAt: (slot: number) => TimePeriod | null;
}

/** A curve before the periods are laid behind it. */
type Curves = Omit<LoadCurve, 'periodAt'>;

/** A day's value axis in a unit: watts to kW or to the kWh of an interval. */
function inUnit(powerW: number | null, unit: CurveUnit, intervalMinutes: number): number | null {
	if (powerW === null) return null;
	return (unit === 'kW' ? powerW : intervalEnergyWh(powerW, intervalMinutes)) / 1000;
}

const formatAxis = (value: number) => formatDecimal(value, undefined, { min: 0, max: 2 });

export function dayCurve(view: DayView, unit: CurveUnit, comparisons: readonly Comparison[]): LoadCurve {
	const channels = view.days.map(unpackLoadDay);
	const intervalMinutes = channels[0]?.intervalMinutes ?? DAY_MINUTES / view.wallMinutes.length;
	const curve = channelCurve([view], channels, unit, intervalMinutes, view.wallMinutes.length, () => true);
	const overlay = (powerW: readonly (number | null)[]) =>
		powerW.map((power) => inUnit(power, unit, intervalMinutes));
	const lines: CurveLine[] = [...curve.main.lines];
	for (const [key, day] of [
		['day-before', view.dayBefore],
		['week-before', view.weekBefore]
	] as const) {
		if (day === null || !comparisons.includes(key)) continue;
		lines.push({ key, values: overlay(day.powerW), ...COMPARISON_LINES[key] });
	}
	const usual = comparisons.includes('usual') ? view.usual : null;
	const periods = periodBands(view.periods, intervalMinutes);
	const ticks = [6, 4, 3, 2, 1].map((hours) => clockTicks(view.wallMinutes, intervalMinutes, hours * 60));
	const band = usual && { low: overlay(usual.low), high: overlay(usual.high) };
	return {
		...curve,
		main: { ...curve.main, lines, band, periods, ticks },
		factor: curve.factor && { ...curve.factor, periods, ticks },
		periodAt: periodIn(view.periods)
	};
}

function periodBands(runs: readonly PeriodRun[], intervalMinutes: number): CurveModel['periods'] {
	return runs.map(({ startSlot, endSlot, period }) => ({
		from: startSlot * intervalMinutes,
		to: endSlot * intervalMinutes,
		colour: `period-${period}`
	}));
}

function periodIn(runs: readonly PeriodRun[]): LoadCurve['periodAt'] {
	return (slot) => runs.find((run) => slot >= run.startSlot && slot < run.endSlot)?.period ?? null;
}

/** Places where the wall clock shows a multiple of `stepMinutes`, and the end of the day. */
function clockTicks(wallMinutes: readonly number[], intervalMinutes: number, stepMinutes: number) {
	const at: number[] = [];
	const labels: string[] = [];
	const seen = new Set<number>();
	wallMinutes.forEach((minute, slot) => {
		if (minute % stepMinutes !== 0 || seen.has(minute)) return;
		seen.add(minute);
		at.push(slot * intervalMinutes);
		labels.push(formatTime(minute));
	});
	at.push(wallMinutes.length * intervalMinutes);
	labels.push(formatTime(DAY_MINUTES));
	return { at, labels };
}

/** Several days on one axis, in real time; days that are absent keep their place. */
export function rangeCurve(view: RangeView, unit: CurveUnit): LoadCurve {
	const channels = view.days.map(unpackLoadDay);
	const intervalMinutes = channels[0]?.intervalMinutes ?? 60;
	const lengths = new Map(view.irregularDays.map((day) => [day.localDate, day.lengthMinutes]));
	const dates = datesFrom(view.from, view.to);
	const days = dates.map((localDate) => ({
		localDate,
		minutes: lengths.get(localDate as RangeView['from']) ?? DAY_MINUTES
	}));
	const slots = days.reduce((sum, day) => sum + day.minutes / intervalMinutes, 0);
	const { firstDate, lastDate } = view.freshness ?? { firstDate: view.from, lastDate: view.from };
	const expected = (localDate: string) => localDate >= firstDate && localDate <= lastDate;
	const curve = channelCurve(days, channels, unit, intervalMinutes, slots, expected);
	const starts = curve.days.map((day) => day.firstSlot * intervalMinutes);
	const ticks = [14, 7, 4, 2, 1].map((step) => ({
		at: starts.filter((_, index) => index % step === 0),
		labels: dates
			.filter((_, index) => index % step === 0)
			.map((date) => formatDate(date, undefined, dates.length > 7 ? 'short' : 'weekday'))
	}));
	const runs = runsOnAxis(view, curve, channels);
	const periods = dates.length <= BANDED_DAYS ? periodBands(runs, intervalMinutes) : [];
	return {
		...curve,
		main: { ...curve.main, periods, ticks },
		factor: curve.factor && { ...curve.factor, periods, ticks },
		periodAt: periodIn(runs)
	};
}

/** The periods of all days in intervals of the axis; days in other interval lengths are not on it. */
function runsOnAxis(view: RangeView, curve: Curves, loaded: readonly LoadDay[]): PeriodRun[] {
	const firstSlots = new Map(curve.days.map((day) => [day.localDate, day.firstSlot]));
	return view.periods.flatMap(({ localDate, runs }) => {
		const first = firstSlots.get(localDate);
		const day = loaded.find((one) => one.localDate === localDate && one.channel === 'active_import');
		if (first === undefined || (day && day.intervalMinutes !== curve.intervalMinutes)) return [];
		return runs.map((run) => ({
			...run,
			startSlot: first + run.startSlot,
			endSlot: first + run.endSlot
		}));
	});
}

/** Civil dates [from, to) without a calendar library: dates are counted in UTC. */
function datesFrom(from: string, to: string): string[] {
	const dates: string[] = [];
	const end = Date.parse(`${to}T00:00:00Z`);
	for (let at = Date.parse(`${from}T00:00:00Z`); at < end; at += DAY_MINUTES * 60_000) {
		dates.push(new Date(at).toISOString().slice(0, 10));
	}
	return dates;
}

/** The channels laid along one axis. Days in other interval lengths stay gaps: mixed spans are rare. */
function channelCurve(
	days: readonly { readonly localDate: string; readonly minutes?: number }[],
	loaded: readonly LoadDay[],
	unit: CurveUnit,
	intervalMinutes: number,
	slots: number,
	isExpected: (localDate: string) => boolean
): Curves {
	const firstSlots: { localDate: string; firstSlot: number }[] = [];
	const startMinutes: number[] = [];
	const expected: boolean[] = [];
	for (const day of days) {
		firstSlots.push({ localDate: day.localDate, firstSlot: startMinutes.length });
		const count = day.minutes === undefined ? slots : day.minutes / intervalMinutes;
		for (let slot = 0; slot < count; slot++) startMinutes.push(slot * intervalMinutes);
		for (let slot = 0; slot < count; slot++) expected.push(isExpected(day.localDate));
	}
	const edges = Array.from({ length: slots + 1 }, (_, slot) => slot * intervalMinutes);
	const at = new Map(firstSlots.map((day) => [day.localDate, day.firstSlot]));
	const place = (channel: Channel) => {
		const values = new Array<number | null>(slots).fill(null);
		const qualities = new Uint8Array(slots);
		for (const day of loaded) {
			if (day.channel !== channel || day.intervalMinutes !== intervalMinutes) continue;
			const first = at.get(day.localDate) ?? 0;
			curveInUnit(day, unit).forEach((value, slot) => (values[first + slot] = value));
			qualities.set(day.qualities, first);
		}
		return { values, qualities };
	};
	const active = place('active_import');
	const present = new Set<Channel>(loaded.map((day) => day.channel));
	const lines = (Object.keys(CHANNEL_LINES) as Channel[])
		.filter((channel) => present.has(channel))
		.map((channel): CurveLine => {
			const { values, qualities } = channel === 'active_import' ? active : place(channel);
			const estimated = Array.from(qualities, (code) => code === QUALITY_CODE.estimated);
			return { key: channel, values, estimated, ...CHANNEL_LINES[channel] };
		});
	const isMissing = (slot: number) =>
		active.qualities[slot] === QUALITY_CODE.missing && expected[slot] === true;
	const missing = runsWhere(edges, isMissing);
	const base = { edges, band: null, periods: [], missing, ticks: [] };
	const factorValues = factorsOf(loaded, at, slots, intervalMinutes);
	return {
		main: { ...base, lines, formatValue: formatAxis },
		factor: factorValues && {
			...base,
			limits: [0, 1],
			lines: [{ key: 'factor', colour: 'ink-soft', style: 'second', values: factorValues }],
			formatValue: formatAxis
		},
		days: firstSlots,
		intervalMinutes,
		qualities: active.qualities,
		expected,
		startMinutes
	};
}

function factorsOf(
	loaded: readonly LoadDay[],
	at: ReadonlyMap<string, number>,
	slots: number,
	intervalMinutes: number
): (number | null)[] | null {
	const reactive = loaded.filter((day) => day.channel.startsWith('reactive_'));
	if (reactive.length === 0) return null;
	const values = new Array<number | null>(slots).fill(null);
	for (const day of loaded) {
		if (day.channel !== 'active_import' || day.intervalMinutes !== intervalMinutes) continue;
		const same = reactive.filter(
			(other) => other.localDate === day.localDate && other.quantities.length === day.quantities.length
		);
		if (same.length === 0) continue;
		const first = at.get(day.localDate) ?? 0;
		powerFactorCurve(day, same).forEach((factor, slot) => (values[first + slot] = factor));
	}
	return values;
}
