import {
	addDays,
	datesOf,
	daysBetween,
	slotWallMinutes,
	type DatePeriod,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';
import { divideHalfUp, priceQuantityMinor } from '#lib/domain/kernel/money.ts';
import {
	TIME_PERIODS,
	TIME_PERIODS_PRINTED,
	type DemandWindow,
	type OtherCharge,
	type TimePeriod,
	type YearSpan
} from '#lib/domain/tariffs/tariff.ts';
import { intervalsInWindows, isInSpans } from '#lib/domain/tariffs/time-periods.ts';
import { maximumDemand, percentOf, type MaximumDemand } from './demand.ts';
import { monthsOfRegister } from './demand-lines.ts';
import { sumOf } from './energy.ts';
import { PERCENT_BASE_OF, pricedLine, totalOf } from './lines.ts';
import type { RatingRefusal } from './notices.ts';
import type { Prepared } from './prepare.ts';
import { billMonths, monthsIn, prorationOf, type Segment } from './segments.ts';
import type { Block } from './shares.ts';
import type { RatedLine, RatingInput } from './types.ts';

type ChargeOf<Kind extends OtherCharge['kind']> = Extract<OtherCharge, { readonly kind: Kind }>;

/** Standing, demand and contract charges that a tariff names for itself. */
export function rateCharges(block: Block): RatedLine[] | RatingRefusal {
	const lines: RatedLine[] = [];
	const lastSegment = block.whole.segments.at(-1);
	for (const { tariff, segments } of editionsOf(block.whole)) {
		for (const charge of tariff.charges) {
			// What is due once in a bill is due by the edition of its last day.
			const isDue = charge.kind === 'fixed' && (charge.per !== 'bill' || segments.at(-1) === lastSegment);
			if (isDue) lines.push(...fixedLines(segments, charge));
			if (charge.kind === 'demand' || charge.kind === 'contract') {
				const made = segments.map((segment) => capacityLines(block, segment, charge));
				for (const one of made) {
					if ('code' in one) return one;
					lines.push(...one);
				}
			}
		}
	}
	return lines;
}

interface Edition {
	readonly tariff: Segment['tariff'];
	readonly segments: readonly Segment[];
}

/** Consecutive segments of one edition. */
function editionsOf({ segments }: Prepared): Edition[] {
	const editions: { tariff: Segment['tariff']; segments: Segment[] }[] = [];
	for (const segment of segments) {
		const last = editions.at(-1);
		if (last?.tariff === segment.tariff) last.segments.push(segment);
		else editions.push({ tariff: segment.tariff, segments: [segment] });
	}
	return editions;
}

/** The days of an edition in the bill, as the segment that its lines belong to. */
function wholeEdition(segments: readonly Segment[]): Segment | null {
	const [first] = segments;
	const last = segments.at(-1);
	if (first === undefined || last === undefined) return null;
	return { ...first, period: { start: first.period.start, end: last.period.end } };
}

function fixedLines(segments: readonly Segment[], charge: ChargeOf<'fixed'>): RatedLine[] {
	const whole = wholeEdition(segments);
	if (whole === null) return [];
	const parts = {
		name: charge.name,
		inPowerFactorBase: charge.inPowerFactorBase,
		behind: { kind: 'none' }
	} as const;
	const priced = {
		...parts,
		charge: 'fixed',
		reference: `fixed.${charge.id}`,
		unitPriceE8: charge.amountE8
	} as const;
	return countsOf(whole.period, charge).map(({ period, ...count }) =>
		pricedLine(part(whole, period), { ...priced, ...count })
	);
}

/** A part of an edition's days, whose lines carry the day they begin on. */
function part(whole: Segment, period: DatePeriod): Segment {
	return {
		...whole,
		period,
		suffix: period.start === whole.period.start ? whole.suffix : `@${period.start}`
	};
}

/** How many days, months or bills a charge counts in a period: whole months together, broken ones by their days. */
function countsOf(
	period: DatePeriod,
	{ per, spans }: Pick<ChargeOf<'fixed'>, 'per' | 'spans'>
): (Pick<RatedLine, 'quantityMilli' | 'unit' | 'proration'> & { period: DatePeriod })[] {
	const months = monthsIn(period).flatMap((month) => runsInSpans(month, spans));
	if (months.length === 0) return [];
	if (per === 'bill') return [{ quantityMilli: 1000, unit: 'bill', proration: null, period }];
	if (per === 'day') {
		const days = months.reduce((sum, { start, end }) => sum + daysBetween(start, end), 0);
		return [{ quantityMilli: days * 1000, unit: 'day', proration: null, period }];
	}
	const whole = months.filter((month) => prorationOf(month) === null);
	const broken = months.filter((month) => prorationOf(month) !== null);
	const lines = broken.map((month) => ({
		quantityMilli: 1000,
		unit: 'month' as const,
		proration: prorationOf(month),
		period: month
	}));
	const [first] = whole;
	const last = whole.at(-1);
	if (first === undefined || last === undefined) return lines;
	const together = { start: first.start, end: last.end };
	return [
		{ quantityMilli: whole.length * 1000, unit: 'month' as const, proration: null, period: together },
		...lines
	].sort((a, b) => (a.period.start < b.period.start ? -1 : 1));
}

/** The days of a month that lie in some spans of the year, as runs of days. */
function runsInSpans(month: DatePeriod, spans: readonly YearSpan[]): DatePeriod[] {
	const runs: { start: LocalDate; end: LocalDate }[] = [];
	for (const date of datesOf(month)) {
		if (!isInSpans(spans, date)) continue;
		const last = runs.at(-1);
		if (last?.end === date) last.end = addDays(date, 1);
		else runs.push({ start: date, end: addDays(date, 1) });
	}
	return runs;
}

/** Price per kW of the maximum demand, or of a contract and what exceeds it, for the month of a segment. */
function capacityLines(
	{ input, whole, portionOf }: Block,
	segment: Segment,
	charge: ChargeOf<'demand'> | ChargeOf<'contract'>
): RatedLine[] | RatingRefusal {
	if (!isInSpans(charge.spans, segment.period.start)) return [];
	const needsDemand = charge.kind === 'demand' || charge.overrun.length > 0;
	const maximum = needsDemand ? windowDemand(input, whole, segment, charge.windows) : null;
	if (needsDemand && maximum === null) return { code: 'NO_MEASURED_DEMAND' };
	const coarse = monthsOfRegister(whole.readings, whole.segments);
	if (needsDemand && charge.windows.length === 0 && coarse !== null) return coarse;
	const actualW = maximum?.maximumW ?? 0;
	const shared = {
		name: charge.name,
		inPowerFactorBase: charge.inPowerFactorBase,
		proration: prorationOf(segment.period),
		unit: 'kW'
	} as const;
	const behind = { kind: 'demand', dates: segment.period, charge: charge.id } as const;
	if (charge.kind === 'demand') {
		return charge.tiers.flatMap(({ fromW, toW, priceE8PerKw }, index) => {
			const quantityMilli = portionOf(Math.max(0, Math.min(actualW, toW ?? actualW) - fromW));
			if (quantityMilli === 0 && index > 0) return [];
			const reference = `demand.${charge.id}${charge.tiers.length > 1 ? `.tier${index + 1}` : ''}`;
			const tier = charge.tiers.length > 1 ? index + 1 : null;
			return [
				pricedLine(segment, {
					...shared,
					charge: 'demand',
					reference,
					tier,
					quantityMilli,
					unitPriceE8: priceE8PerKw,
					behind
				})
			];
		});
	}
	const contractW = input.account.contractsW[charge.contract];
	if (contractW === undefined) return { code: 'ACCOUNT_FACT_MISSING', fact: `contract.${charge.contract}` };
	const contract = pricedLine(segment, {
		...shared,
		charge: 'contract',
		reference: `contract.${charge.id}`,
		quantityMilli: portionOf(contractW),
		unitPriceE8: charge.priceE8PerKw,
		behind: { kind: 'none' }
	});
	return [contract, ...overrunLines(segment, charge, contractW, actualW, portionOf, { ...shared, behind })];
}

function overrunLines(
	segment: Segment,
	charge: ChargeOf<'contract'>,
	contractW: number,
	actualW: number,
	portionOf: Block['portionOf'],
	shared: Pick<RatedLine, 'name' | 'inPowerFactorBase' | 'proration' | 'unit' | 'behind'>
): RatedLine[] {
	let fromW = contractW;
	return charge.overrun.flatMap(({ toPercent, factorPercent }, index) => {
		const toW = toPercent === null ? null : percentOf(contractW, toPercent);
		const quantityMilli = portionOf(Math.max(0, Math.min(actualW, toW ?? actualW) - fromW));
		fromW = toW ?? fromW;
		if (quantityMilli === 0) return [];
		return [
			pricedLine(segment, {
				...shared,
				charge: 'contract_overrun',
				reference: `contract.${charge.id}.overrun${index + 1}`,
				quantityMilli,
				unitPriceE8: divideHalfUp(charge.priceE8PerKw * BigInt(factorPercent), 100n)
			})
		];
	});
}

/** The maximum demand of a segment's month inside some windows; at all times without any. */
export function windowDemand(
	input: RatingInput,
	{ readings, segments }: Prepared,
	segment: Segment,
	windows: readonly DemandWindow[]
): MaximumDemand | null {
	const sameMonth = segments.filter(({ month }) => month === segment.month);
	const dates = {
		start: sameMonth[0]?.period.start ?? segment.period.start,
		end: sameMonth.at(-1)?.period.end ?? segment.period.end
	};
	if (windows.length === 0) return maximumDemand(readings, dates, input.timeZone);
	return maximumDemand(readings, dates, input.timeZone, (day) =>
		intervalsInWindows(
			windows,
			day.localDate,
			slotWallMinutes(day.localDate, input.timeZone, day.intervalMinutes),
			input.calendar
		)
	);
}

/**
 * 免费电量: for every month of the bill so much is given back at a fixed price, never more than was used; by the
 * edition of the bill's last day.
 */
export function freeBasisLines(input: RatingInput, prepared: Prepared): RatedLine[] {
	const last = prepared.segments.at(-1);
	const rule = last?.tariff.freeBasis ?? null;
	if (!input.account.lowIncome || last === undefined || rule === null) return [];
	const usedWh = prepared.energy.buckets.reduce((sum, { importWh }) => sum + sumOf(importWh), 0);
	const freeWh = rule.whPerMonth * billMonths(input.period).length;
	return [
		pricedLine(wholeBill(input, last), {
			reference: 'free_basis',
			charge: 'free_basis',
			quantityMilli: 0 - Math.min(usedWh, freeWh),
			unit: 'kWh',
			unitPriceE8: rule.priceE8,
			behind: { kind: 'none' }
		})
	];
}

/** The whole bill by the edition of its last day, as the segment that a line belongs to. */
function wholeBill({ period }: RatingInput, last: Segment): Segment {
	return { ...last, period, suffix: '' };
}

/** Energy fed in, credited by period where the periods have different prices. */
export function exportLines({ segments, energy }: Prepared): RatedLine[] {
	return segments.flatMap((segment, index) => {
		const prices = segment.tariff.exportPriceE8;
		const exportWh = energy.buckets[index]?.exportWh;
		if (prices === null || exportWh === undefined || sumOf(exportWh) === 0) return [];
		const line = (timePeriod: TimePeriod | null, energyWh: number, unitPriceE8: bigint) =>
			pricedLine(segment, {
				reference: timePeriod === null ? 'export' : `export.${timePeriod}`,
				charge: 'export_credit',
				timePeriod,
				quantityMilli: -energyWh,
				unit: 'kWh',
				unitPriceE8,
				inPowerFactorBase: false,
				behind: { kind: 'energy', channel: 'active_export', dates: segment.period, timePeriod, tier: null }
			});
		const [uniformE8, ...others] = new Set(Object.values(prices));
		if (uniformE8 !== undefined && others.length === 0) return [line(null, sumOf(exportWh), uniformE8)];
		return TIME_PERIODS_PRINTED.flatMap((timePeriod) => {
			const energyWh = exportWh[TIME_PERIODS.indexOf(timePeriod)] ?? 0;
			const unitPriceE8 = prices[timePeriod];
			return energyWh === 0 || unitPriceE8 === undefined ? [] : [line(timePeriod, energyWh, unitPriceE8)];
		});
	});
}

/** What is missing to the least that a bill comes to, by the edition of its last day. */
export function minimumLine(
	input: RatingInput,
	prepared: Prepared,
	lines: readonly RatedLine[]
): RatedLine[] {
	const last = prepared.segments.at(-1);
	if (last?.tariff.minimum == null) return [];
	const { per, amountE8 } = last.tariff.minimum;
	const counts = countsOf(input.period, { per, spans: [{ fromMonthDay: 101, toMonthDay: 1231 }] });
	const least = counts.reduce(
		(sum, { quantityMilli, proration }) =>
			sum + priceQuantityMinor(BigInt(quantityMilli), amountE8, proration ?? undefined),
		0n
	);
	const missing = least - totalOf(lines);
	if (missing <= 0n) return [];
	return [
		pricedLine(wholeBill(input, last), {
			reference: 'minimum',
			charge: 'minimum',
			quantityMilli: 1000,
			unit: 'bill',
			unitPriceE8: missing * 1_000_000n,
			inPowerFactorBase: false,
			behind: { kind: 'none' }
		})
	];
}

/** Percentages of other lines, in the tariff's order, each rounded once; by the edition of the bill's last day. */
export function percentLines(
	input: RatingInput,
	prepared: Prepared,
	lines: readonly RatedLine[]
): RatedLine[] {
	const last = prepared.segments.at(-1);
	const made: RatedLine[] = [];
	for (const charge of last?.tariff.charges ?? []) {
		if (charge.kind !== 'percent' || last === undefined) continue;
		const base = [...lines, ...made].filter(({ charge: kind }) => {
			const base = PERCENT_BASE_OF[kind];
			return charge.of === null || (base !== null && charge.of.includes(base));
		});
		const baseMinor = totalOf(base);
		const line = pricedLine(wholeBill(input, last), {
			reference: `percent.${charge.id}`,
			charge: 'percent',
			name: charge.name,
			quantityMilli: Number(baseMinor),
			unit: 'money',
			unitPriceE8: 0n,
			inPowerFactorBase: false,
			behind: { kind: 'none' }
		});
		made.push({
			...line,
			unitPriceE8: null,
			percentE4: Number(charge.percentE4),
			amountMinor: divideHalfUp(baseMinor * charge.percentE4, 1_000_000n)
		});
	}
	return made;
}
