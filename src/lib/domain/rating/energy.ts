import { apportionQuantity } from '#lib/domain/kernel/apportion.ts';
import { clip, daysBetween } from '#lib/domain/kernel/civil-time.ts';
import { divideHalfUp } from '#lib/domain/kernel/money.ts';
import { QUALITY_CODE, type Channel, type LoadDay } from '#lib/domain/metering/load-day.ts';
import { TIME_PERIODS, type TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import { timePeriodsOfSlots } from '#lib/domain/tariffs/time-periods.ts';
import type { RatingRefusal, RatingWarning } from './notices.ts';
import { wallMinutesOf, type CheckedReadings, type PointReadings } from './readings.ts';
import type { Segment } from './segments.ts';
import type { ByPeriod, RatingInput } from './types.ts';

/** Energy of one segment by period code (place in `TIME_PERIODS`), in Wh: exact integers. */
export interface EnergyBuckets {
	readonly importWh: Float64Array;
	/** The part of `importWh` that rests on estimated intervals. */
	readonly estimatedWh: Float64Array;
	readonly exportWh: Float64Array;
}

export interface MeasuredEnergy {
	readonly buckets: readonly EnergyBuckets[];
	/** Active energy that was added as loss between meter and boundary, Wh. */
	readonly lossWh: number;
	readonly warnings: readonly RatingWarning[];
}

/** Energy of all points per segment and period: registers where there are any, the curve's shape, then losses. */
export function measureEnergy(
	input: RatingInput,
	readings: CheckedReadings,
	segments: readonly Segment[]
): MeasuredEnergy | RatingRefusal {
	const total = segments.map(emptyBuckets);
	const warnings: RatingWarning[] = [];
	let lossWh = 0;
	for (const point of readings.points) {
		const own = curveBuckets(input, readings, segments, point);
		if (point.registers !== null) {
			const adjusted = byRegisters(point, segments, own, warnings);
			if (adjusted !== null) return adjusted;
		}
		lossWh += addLosses(point, segments, own);
		own.forEach((buckets, index) => {
			for (const key of ['importWh', 'estimatedWh', 'exportWh'] as const) {
				const sum = total[index]?.[key];
				if (sum !== undefined) buckets[key].forEach((wh, code) => (sum[code] = (sum[code] ?? 0) + wh));
			}
		});
	}
	return { buckets: total, lossWh, warnings };
}

function emptyBuckets(): EnergyBuckets {
	const zeros = () => new Float64Array(TIME_PERIODS.length);
	return { importWh: zeros(), estimatedWh: zeros(), exportWh: zeros() };
}

/** Sums the curves of a point into one bucket per segment and period. */
function curveBuckets(
	input: RatingInput,
	readings: CheckedReadings,
	segments: readonly Segment[],
	point: PointReadings
): EnergyBuckets[] {
	const buckets = segments.map(emptyBuckets);
	for (const channel of ['active_import', 'active_export'] as const) {
		let at = 0;
		for (const day of point.channels.get(channel) ?? []) {
			while (day.localDate >= (segments[at]?.period.end ?? '')) at++;
			const segment = segments[at];
			const bucket = buckets[at];
			if (segment === undefined || bucket === undefined) break;
			const codes = periodCodes(input, readings, segment, day);
			if (channel === 'active_import') addDay(day, codes, bucket.importWh, bucket.estimatedWh);
			else addDay(day, codes, bucket.exportWh, null);
		}
	}
	return buckets;
}

/** The period code of each interval of a day. */
export function periodCodes(
	input: RatingInput,
	readings: CheckedReadings,
	segment: Segment,
	day: LoadDay
): Uint8Array {
	const wall = wallMinutesOf(readings, day.localDate, input.timeZone, day.intervalMinutes);
	return timePeriodsOfSlots(segment.season, day.localDate, wall, day.intervalMinutes, input.calendar);
}

/** The hot loop: nothing but integer sums over typed arrays. */
function addDay(
	day: LoadDay,
	codes: Uint8Array,
	energyWh: Float64Array,
	estimatedWh: Float64Array | null
): void {
	const { quantities, qualities } = day;
	for (let slot = 0; slot < quantities.length; slot++) {
		const quality = qualities[slot];
		if (quality === QUALITY_CODE.missing) continue;
		const code = codes[slot] as number;
		const quantity = quantities[slot] as number;
		energyWh[code] = (energyWh[code] as number) + quantity;
		if (quality === QUALITY_CODE.estimated && estimatedWh !== null) {
			estimatedWh[code] = (estimatedWh[code] as number) + quantity;
		}
	}
}

/** Replaces the totals of a point by what its registers counted. */
function byRegisters(
	point: PointReadings,
	segments: readonly Segment[],
	own: readonly EnergyBuckets[],
	warnings: RatingWarning[]
): RatingRefusal | null {
	const { registers, servicePointId } = point;
	if (registers === null) return null;
	const curveWh = own.reduce((sum, { importWh }) => sum + sumOf(importWh), 0);
	const isRead = point.channels.has('active_import');
	for (const [key, given] of [
		['importWh', registers.importWh],
		['exportWh', registers.exportWh]
	] as const) {
		if (given === null) continue;
		const channel: Channel = key === 'importWh' ? 'active_import' : 'active_export';
		const refusal = spread(point, segments, own, key, given, point.channels.has(channel));
		if (refusal !== null) return refusal;
	}
	const registerWh = own.reduce((sum, { importWh }) => sum + sumOf(importWh), 0);
	if (isRead && registerWh !== curveWh) {
		warnings.push({ code: 'REGISTER_DIFFERS', servicePointId, registerWh, curveWh });
	}
	const estimatedWh = Math.min(registers.estimatedImportWh ?? 0, registerWh);
	markEstimated(estimatedWh, own);
	if (estimatedWh > 0) warnings.push({ code: 'REGISTER_ESTIMATED', servicePointId, energyWh: estimatedWh });
	if (!isRead && suppliedSegments(point, segments) > 1) {
		warnings.push({ code: 'REGISTER_SPLIT_BY_DAYS', servicePointId });
	}
	return null;
}

/** The registers counted what the curve only estimated; what they only estimated is spread as their total is. */
function markEstimated(estimatedWh: number, own: readonly EnergyBuckets[]): void {
	const shape = own.flatMap(({ importWh }) => [...importWh]);
	const parts = estimatedWh > 0 ? apportionQuantity(estimatedWh, shape) : [];
	own.forEach((buckets, index) => {
		for (let code = 0; code < TIME_PERIODS.length; code++) {
			buckets.estimatedWh[code] = parts[index * TIME_PERIODS.length + code] ?? 0;
		}
	});
}

function suppliedSegments({ period }: PointReadings, segments: readonly Segment[]): number {
	return segments.filter((segment) => segment.period.start < period.end && segment.period.end > period.start)
		.length;
}

/** Spreads register quantities over segments and periods as the curve does; without a curve, by calendar days. */
function spread(
	{ servicePointId, period }: PointReadings,
	segments: readonly Segment[],
	own: readonly EnergyBuckets[],
	key: 'importWh' | 'exportWh',
	given: ByPeriod,
	hasCurve: boolean
): RatingRefusal | null {
	const days = segments.map((segment) => {
		const { start, end } = clip(segment.period, period);
		return start < end ? daysBetween(start, end) : 0;
	});
	if (segments.some(({ tariff }) => tariff.dynamic !== null)) {
		return { code: 'REGISTER_TOO_COARSE', servicePointId, reason: 'price_series' };
	}
	if (typeof given === 'number') {
		const shape = own.flatMap((buckets) => [...buckets[key]]);
		if (hasCurve && shape.some((wh) => wh > 0)) {
			write(own, key, apportionQuantity(given, shape));
			return null;
		}
		if (given !== 0 && segments.some((segment) => isPricedByPeriod(segment, key))) {
			const reason = key === 'importWh' ? 'no_periods' : 'export_periods';
			return { code: 'REGISTER_TOO_COARSE', servicePointId, reason };
		}
		const parts = apportionQuantity(given, days);
		own.forEach((buckets, index) => {
			const code = TIME_PERIODS.indexOf(segments[index]?.season.rest ?? 'flat');
			buckets[key].fill(0);
			buckets[key][code] = parts[index] ?? 0;
		});
		return null;
	}
	for (const { code, wh } of periodTotals(given, segments)) {
		const timePeriod = TIME_PERIODS[code] ?? 'flat';
		const hours = segments.map(({ season }, index) =>
			hasHours(season, timePeriod) ? (days[index] ?? 0) : 0
		);
		const shape = own.map((buckets) => buckets[key][code] ?? 0);
		const weights = hasCurve && shape.some((value) => value > 0) ? shape : hours;
		if (wh !== 0 && weights.every((weight) => weight === 0)) {
			return { code: 'REGISTER_PERIOD_UNKNOWN', servicePointId, timePeriod };
		}
		const parts = wh === 0 ? weights.map(() => 0) : apportionQuantity(wh, weights);
		own.forEach((buckets, index) => (buckets[key][code] = parts[index] ?? 0));
	}
	return null;
}

/** Whether it matters for the price in which period energy was taken or fed in. */
function isPricedByPeriod({ season, tariff }: Segment, key: 'importWh' | 'exportWh'): boolean {
	if (season.windows.length === 0) return false;
	return key === 'importWh' || new Set(Object.values(tariff.exportPriceE8 ?? {})).size > 1;
}

/** What is given by period; where no price depends on the time, all of it counts as the one period. */
function periodTotals(
	given: Exclude<ByPeriod, number>,
	segments: readonly Segment[]
): { code: number; wh: number }[] {
	if (segments.every(({ season }) => season.windows.length === 0)) {
		const code = TIME_PERIODS.indexOf(segments[0]?.season.rest ?? 'flat');
		return [{ code, wh: Object.values(given).reduce((sum, wh) => sum + wh, 0) }];
	}
	return TIME_PERIODS.map((timePeriod, code) => ({ code, wh: given[timePeriod] ?? 0 }));
}

function hasHours({ rest, windows }: Segment['season'], timePeriod: TimePeriod): boolean {
	return rest === timePeriod || windows.some(({ period }) => period === timePeriod);
}

function write(own: readonly EnergyBuckets[], key: 'importWh' | 'exportWh', values: readonly number[]): void {
	own.forEach((buckets, index) => {
		for (let code = 0; code < TIME_PERIODS.length; code++) {
			buckets[key][code] = values[index * TIME_PERIODS.length + code] ?? 0;
		}
	});
}

/** Adds a point's losses, shared to the periods in proportion to their energy. */
function addLosses(
	point: PointReadings,
	segments: readonly Segment[],
	own: readonly EnergyBuckets[]
): number {
	const rule = point.losses;
	if (rule === null) return 0;
	let total = 0;
	own.forEach(({ importWh }, index) => {
		const segment = segments[index];
		const energyWh = sumOf(importWh);
		if (segment === undefined || energyWh === 0) return;
		const { start, end } = clip(segment.period, point.period);
		const lossWh =
			rule.activeWhPerDay * daysBetween(start, end) + percentE2Of(energyWh, rule.activePercentE2);
		apportionQuantity(lossWh, [...importWh]).forEach(
			(part, code) => (importWh[code] = (importWh[code] ?? 0) + part)
		);
		total += lossWh;
	});
	return total;
}

/** Percent (times 100) of a whole quantity, rounded half up. */
export function percentE2Of(quantity: number, percentE2: number): number {
	return Number(divideHalfUp(BigInt(quantity) * BigInt(percentE2), 10_000n));
}

export function sumOf(values: Float64Array): number {
	return values.reduce((sum, value) => sum + value, 0);
}
