import type { RatingInput } from '#lib/domain/rating/types.ts';
import type { OtherCharge, Tariff } from '#lib/domain/tariffs/tariff.ts';
import { dayAfter, daysFrom, daysOfMonth, everyDate, holds } from './calendar.ts';
import { fraction, rounded, times, type Fraction } from './fraction.ts';
import { lineOf, minor, PRINTED, type SlowLine } from './line.ts';
import { billMonths, demandW, monthDates, type Interval, type Stretch } from './model.ts';

const WATT = 1000n;
const ONE = 1_000_000n;

function inMicro(watts: number): bigint {
	return BigInt(watts) * WATT;
}

/** The days of a stretch as a share of its month. */
function monthShare({ start, end }: { start: Stretch['start']; end: Stretch['end'] }): Fraction {
	return fraction(daysFrom(start, end), daysOfMonth(start));
}

/** Demand and capacity charges as in China. */
export function demandLines(
	input: RatingInput,
	stretches: readonly Stretch[],
	intervals: readonly Interval[]
): SlowLine[] {
	const { demandBasis, contractDemandW, contractedCapacityVa } = input.account;
	return stretches.flatMap((stretch) => {
		const rule = stretch.tariff.demand;
		if (rule === null) return [];
		const shared = { start: stretch.start, billStart: input.period.start, share: monthShare(stretch) };
		const capacityMicro = BigInt(contractedCapacityVa ?? 0) * WATT;
		if (demandBasis === 'capacity') {
			const line = { reference: 'demand.capacity', kind: 'capacity', quantityMicro: capacityMicro };
			return [lineOf({ ...shared, ...line, unitPriceE8: rule.capacityPriceE8PerKva })];
		}
		const actual = inMicro(demandW(input, monthDates(stretches, stretch.month), []));
		const monthWh = intervals
			.filter((interval) => interval.stretch.month === stretch.month)
			.reduce((total, { wh }) => total + wh, 0n);
		const discount = rule.loadFactorDiscount;
		const isEarned =
			discount !== null &&
			contractedCapacityVa !== null &&
			monthWh * WATT >= capacityMicro * BigInt(discount.fromKwhPerKva);
		const unitPriceE8 = isEarned
			? rounded(fraction(rule.demandPriceE8PerKw * BigInt(discount.factorPercent), 100n))
			: rule.demandPriceE8PerKw;
		const priced = { ...shared, unitPriceE8 };
		if (demandBasis === 'actual_demand') {
			return [
				lineOf({ ...priced, reference: 'demand.actual', kind: 'actual_demand', quantityMicro: actual })
			];
		}
		const percentOf = (micro: bigint, percent: number) => rounded(fraction(micro * BigInt(percent), 100n));
		const floor = percentOf(capacityMicro, rule.contract.floorPercentOfCapacity);
		const own = BigInt(contractDemandW ?? 0) * WATT;
		const contract = own > floor ? own : floor;
		const band = percentOf(contract, rule.contract.bandPercent);
		if (actual <= band) {
			return [
				lineOf({ ...priced, reference: 'demand.contract', kind: 'contract_demand', quantityMicro: contract })
			];
		}
		const single = rule.contract.overrunFormula === 'contract' ? contract : band;
		return [
			lineOf({ ...priced, reference: 'demand.contract', kind: 'contract_demand', quantityMicro: single }),
			lineOf({
				...priced,
				reference: 'demand.overrun',
				kind: 'demand_overrun',
				quantityMicro: actual - band,
				unitPriceE8: unitPriceE8 * 2n
			})
		];
	});
}

type ChargeOf<Kind extends OtherCharge['kind']> = Extract<OtherCharge, { readonly kind: Kind }>;

/** Charges with a name of their own, edition by edition. */
export function namedLines(input: RatingInput, stretches: readonly Stretch[]): SlowLine[] {
	return input.tariffs.flatMap(({ tariff, period }, edition) => {
		const own = stretches.filter((stretch) => stretch.edition === edition);
		const [first] = own;
		const last = own.at(-1);
		if (first === undefined || last === undefined) return [];
		return tariff.charges.flatMap((charge) => {
			switch (charge.kind) {
				case 'fixed': {
					const isLast = period.end >= input.period.end;
					return fixedLines(input, charge, { start: first.start, end: last.end }, isLast);
				}
				case 'demand':
					return own.flatMap((stretch) => demandTierLines(input, stretches, stretch, charge));
				case 'contract':
					return own.flatMap((stretch) => contractLines(input, stretches, stretch, charge));
				case 'percent':
					return [];
			}
		});
	});
}

/** Runs of dates inside one calendar month on which a charge is in force. */
function runsOf(charge: ChargeOf<'fixed'>, start: Stretch['start'], end: Stretch['end']) {
	const runs: { start: Stretch['start']; end: Stretch['end'] }[] = [];
	for (const date of everyDate(start, end)) {
		if (!holds(charge.spans, date)) continue;
		const last = runs.at(-1);
		const goesOn = last?.end === date && !date.endsWith('-01');
		if (goesOn && last !== undefined) last.end = dayAfter(date);
		else runs.push({ start: date, end: dayAfter(date) });
	}
	return runs;
}

function fixedLines(
	input: RatingInput,
	charge: ChargeOf<'fixed'>,
	{ start, end }: { start: Stretch['start']; end: Stretch['end'] },
	isLastEdition: boolean
): SlowLine[] {
	const runs = runsOf(charge, start, end);
	const shared = {
		reference: `fixed.${charge.id}`,
		kind: 'fixed',
		billStart: input.period.start,
		unitPriceE8: charge.amountE8,
		inBase: charge.inPowerFactorBase
	};
	if (runs.length === 0) return [];
	if (charge.per === 'bill') return isLastEdition ? [lineOf({ ...shared, start, quantityMicro: ONE })] : [];
	if (charge.per === 'day') {
		const days = runs.reduce((total, run) => total + daysFrom(run.start, run.end), 0);
		return [lineOf({ ...shared, start, quantityMicro: BigInt(days) * ONE })];
	}
	const isWhole = (run: { start: Stretch['start']; end: Stretch['end'] }) =>
		daysFrom(run.start, run.end) === daysOfMonth(run.start);
	const whole = runs.filter(isWhole);
	const broken = runs.filter((run) => !isWhole(run));
	const [first] = whole;
	const together =
		first === undefined
			? []
			: [lineOf({ ...shared, start: first.start, quantityMicro: BigInt(whole.length) * ONE })];
	const parts = broken.map((run) =>
		lineOf({ ...shared, start: run.start, quantityMicro: ONE, share: monthShare(run) })
	);
	return [...together, ...parts];
}

function demandTierLines(
	input: RatingInput,
	stretches: readonly Stretch[],
	stretch: Stretch,
	charge: ChargeOf<'demand'>
): SlowLine[] {
	if (!holds(charge.spans, stretch.start)) return [];
	const actual = inMicro(demandW(input, monthDates(stretches, stretch.month), [...charge.windows]));
	return charge.tiers.flatMap(({ fromW, toW, priceE8PerKw }, index) => {
		const from = BigInt(fromW) * WATT;
		const to = toW === null || BigInt(toW) * WATT > actual ? actual : BigInt(toW) * WATT;
		const quantityMicro = to > from ? to - from : 0n;
		if (quantityMicro === 0n && index > 0) return [];
		return [
			lineOf({
				reference: `demand.${charge.id}${charge.tiers.length > 1 ? `.tier${index + 1}` : ''}`,
				kind: 'demand',
				start: stretch.start,
				billStart: input.period.start,
				share: monthShare(stretch),
				inBase: charge.inPowerFactorBase,
				quantityMicro,
				unitPriceE8: priceE8PerKw
			})
		];
	});
}

function contractLines(
	input: RatingInput,
	stretches: readonly Stretch[],
	stretch: Stretch,
	charge: ChargeOf<'contract'>
): SlowLine[] {
	if (!holds(charge.spans, stretch.start)) return [];
	const contract = BigInt(input.account.contractsW[charge.contract] ?? 0) * WATT;
	const shared = {
		start: stretch.start,
		billStart: input.period.start,
		share: monthShare(stretch),
		inBase: charge.inPowerFactorBase
	};
	const lines = [
		lineOf({
			...shared,
			reference: `contract.${charge.id}`,
			kind: 'contract',
			quantityMicro: contract,
			unitPriceE8: charge.priceE8PerKw
		})
	];
	if (charge.overrun.length === 0) return lines;
	const actual = inMicro(demandW(input, monthDates(stretches, stretch.month), [...charge.windows]));
	let from = contract;
	charge.overrun.forEach(({ toPercent, factorPercent }, index) => {
		const limit = toPercent === null ? actual : rounded(fraction(contract * BigInt(toPercent), 100n));
		const to = limit < actual ? limit : actual;
		if (to > from) {
			lines.push(
				lineOf({
					...shared,
					reference: `contract.${charge.id}.overrun${index + 1}`,
					kind: 'contract_overrun',
					quantityMicro: to - from,
					unitPriceE8: rounded(fraction(charge.priceE8PerKw * BigInt(factorPercent), 100n))
				})
			);
		}
		if (limit > from) from = limit;
	});
	return lines;
}

/** The edition that holds on the bill's last day. */
export function lastTariff(stretches: readonly Stretch[]): Tariff {
	const last = stretches.at(-1);
	if (last === undefined) throw new Error('an empty bill');
	return last.tariff;
}

export function freeLines(input: RatingInput, stretches: readonly Stretch[], usedWh: bigint): SlowLine[] {
	const { freeBasis } = lastTariff(stretches);
	if (freeBasis === null || !input.account.lowIncome) return [];
	const freeWh = BigInt(freeBasis.whPerMonth * billMonths(input).length);
	return [
		lineOf({
			reference: 'free_basis',
			kind: 'free_basis',
			start: input.period.start,
			billStart: input.period.start,
			quantityMicro: -(usedWh < freeWh ? usedWh : freeWh) * WATT,
			unitPriceE8: freeBasis.priceE8
		})
	];
}

export function creditLines(input: RatingInput, exported: readonly Interval[]): SlowLine[] {
	return [...new Set(exported.map(({ stretch }) => stretch))].flatMap((stretch) => {
		const prices = stretch.tariff.exportPriceE8;
		if (prices === null) return [];
		const shared = {
			kind: 'export_credit',
			start: stretch.start,
			billStart: input.period.start,
			inBase: false
		};
		const own = exported.filter((interval) => interval.stretch === stretch);
		const [uniformE8 = 0n, ...others] = new Set(Object.values(prices));
		const allWh = own.reduce((total, { wh }) => total + wh, 0n);
		if (others.length === 0 && allWh > 0n) {
			const quantityMicro = -allWh * WATT;
			return [lineOf({ ...shared, reference: 'export', quantityMicro, unitPriceE8: uniformE8 })];
		}
		return PRINTED.flatMap((period) => {
			const unitPriceE8 = prices[period];
			const wh = own.reduce((total, interval) => total + (interval.period === period ? interval.wh : 0n), 0n);
			if (wh === 0n || unitPriceE8 === undefined) return [];
			return [lineOf({ ...shared, reference: `export.${period}`, quantityMicro: -wh * WATT, unitPriceE8 })];
		});
	});
}

export function minimumLines(
	input: RatingInput,
	stretches: readonly Stretch[],
	soFarMinor: bigint
): SlowLine[] {
	const { minimum } = lastTariff(stretches);
	if (minimum === null) return [];
	const { start, end } = input.period;
	const once = rounded(minor(ONE, minimum.amountE8));
	const perMonth = () => {
		const months = new Set(everyDate(start, end).map((date) => date.slice(0, 7)));
		const shares = [...months].map((month) => {
			const dates = everyDate(start, end).filter((date) => date.startsWith(month));
			return fraction(dates.length, daysOfMonth(dates[0] ?? start));
		});
		const whole = shares.filter(({ n, d }) => n === d);
		const wholeMinor = rounded(minor(BigInt(whole.length) * ONE, minimum.amountE8));
		const broken = shares
			.filter(({ n, d }) => n !== d)
			.map((share) => rounded(times(minor(ONE, minimum.amountE8), share)));
		return broken.reduce((total, amount) => total + amount, wholeMinor);
	};
	const perDay = () => rounded(minor(BigInt(daysFrom(start, end)) * ONE, minimum.amountE8));
	const least = minimum.per === 'bill' ? once : minimum.per === 'day' ? perDay() : perMonth();
	if (least <= soFarMinor) return [];
	return [
		{
			reference: 'minimum',
			kind: 'minimum',
			start,
			quantityMicro: ONE,
			unitPriceE8: (least - soFarMinor) * 1_000_000n,
			estimatedMilli: 0n,
			inBase: false,
			amountMinor: least - soFarMinor
		}
	];
}

const GROUPS: Readonly<Record<string, readonly string[]>> = {
	energy: [
		'energy',
		'tier_surcharge',
		'free_basis',
		'purchase',
		'transmission',
		'line_loss',
		'system_operation'
	],
	demand: [
		...['capacity', 'contract_demand', 'demand_overrun', 'actual_demand'],
		...['demand', 'contract', 'contract_overrun']
	],
	fixed: ['fixed'],
	power_factor: ['power_factor'],
	government_fund: ['government_fund']
};

export function percentLines(
	input: RatingInput,
	stretches: readonly Stretch[],
	lines: readonly SlowLine[]
): SlowLine[] {
	const made: SlowLine[] = [];
	for (const charge of lastTariff(stretches).charges) {
		if (charge.kind !== 'percent') continue;
		const kinds = charge.of?.flatMap((group) => GROUPS[group] ?? []) ?? null;
		const base = [...lines, ...made].filter(({ kind }) => kinds === null || kinds.includes(kind));
		const baseMinor = base.reduce((total, { amountMinor }) => total + amountMinor, 0n);
		made.push({
			reference: `percent.${charge.id}`,
			kind: 'percent',
			start: input.period.start,
			quantityMicro: baseMinor * WATT,
			unitPriceE8: null,
			estimatedMilli: 0n,
			inBase: false,
			amountMinor: rounded(times(fraction(baseMinor), fraction(charge.percentE4, 1_000_000n)))
		});
	}
	return made;
}
