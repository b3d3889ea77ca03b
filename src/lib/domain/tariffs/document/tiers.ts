import { z } from 'zod';
import {
	TIER_ATTRIBUTIONS,
	TIER_UNITS,
	TIME_PERIODS,
	type Season,
	type Tier,
	type TierSchedule,
	type TimePeriod,
	type YearSpan
} from '../tariff.ts';
import { periodPrices, periodsWithHours } from './energy.ts';
import { onDaysOfYear, price, requireWholeYear, spansOf, thousands } from './values.ts';

/** One price for all periods, or one for each. */
const prices = z.union([price, periodPrices]).describe('One price for all periods, or one for each.');

const tier = z
	.strictObject({
		fromKwh: thousands,
		toKwh: thousands.nullable(),
		surchargePerKwh: prices.optional().describe('Over the first tier; negative where the tier is cheaper.'),
		pricePerKwh: prices.optional().describe('The absolute price of the tier, in place of a surcharge.')
	})
	.refine(
		({ surchargePerKwh, pricePerKwh }) => (surchargePerKwh === undefined) !== (pricePerKwh === undefined),
		'a tier has a surcharge over the first tier or a price'
	)
	.meta({
		id: 'tier',
		description: '[fromKwh, toKwh) of the cycle, in the unit of the tiers; null is open.'
	});
type TierDocument = z.output<typeof tier>;

const tierList = z
	.array(tier)
	.min(1)
	.transform((tiers, context) => {
		tiers.forEach((step, index) => {
			const refuse = (field: string, message: string) =>
				context.addIssue({ code: 'custom', path: [index, field], message });
			const expected = index === 0 ? 0 : tiers[index - 1]?.toKwh;
			if (step.fromKwh !== expected) refuse('fromKwh', 'must begin where the one before ends');
			const isLast = index === tiers.length - 1;
			if (isLast ? step.toKwh !== null : step.toKwh === null || step.toKwh <= step.fromKwh) {
				refuse('toKwh', isLast ? 'the last tier must be open (null)' : 'must be above the beginning');
			}
		});
		return tiers;
	});

const schedule = onDaysOfYear({
	tiers: tierList,
	ofPeriod: z
		.partialRecord(z.enum(TIME_PERIODS), tierList)
		.default({})
		.describe('Tiers of a period of its own count and thresholds, in place of `tiers`.')
}).transform(({ months, days, ...rest }) => ({ ...rest, spans: spansOf({ months, days }) }));

export const tiers = z
	.strictObject({
		cycle: z
			.enum(['year', 'month', 'bill'])
			.describe('How long use is added up; bills of two months have the thresholds of both.'),
		unit: z
			.enum(TIER_UNITS)
			.default('kWh')
			.describe('What thresholds count: kWh, or so many kWh per day, per kW of maximum demand, or both.'),
		attribution: z
			.enum(TIER_ATTRIBUTIONS)
			.default('pro_rata')
			.describe(
				"Which energy of a period lies in which tier: its share of the whole, what was used when the total passed through the tier, or the period's own total."
			),
		lines: z
			.enum(['surcharge', 'by_tier'])
			.default('surcharge')
			.describe('First-tier lines and surcharges, or a line per tier and period at its full price.'),
		schedules: z.array(schedule).min(1),
		largeHousehold: z
			.strictObject({ fromPersons: z.int().min(2), extraKwhPerMonth: thousands })
			.transform(({ fromPersons, extraKwhPerMonth }) => ({ fromPersons, extraWhPerMonth: extraKwhPerMonth }))
			.nullable()
			.default(null)
			.describe('一户多人口: every threshold moves up by so much a month, from the month of application on.')
	})
	.transform((given, context) => {
		const { cycle, schedules, attribution, unit, lines } = given;
		const refuse = (field: string, message: string) =>
			context.addIssue({ code: 'custom', path: [field], message });
		requireWholeYear(schedules, ['schedules'], context);
		if (cycle === 'year' && schedules.length > 1) refuse('schedules', 'annual tiers have one schedule');
		if (cycle === 'year' && attribution === 'own_period') {
			refuse('attribution', 'annual tiers count the total: own_period is for months and bills');
		}
		if (cycle === 'year' && unit !== 'kWh') refuse('unit', 'annual tiers count kWh');
		const hasOwn = schedules.some(({ ofPeriod }) => Object.keys(ofPeriod).length > 0);
		if (hasOwn && lines !== 'by_tier') refuse('lines', 'tiers of a period are billed by tier: "by_tier"');
		if (hasOwn && attribution === 'chronological') {
			refuse('attribution', 'tiers of a period are filled pro rata or by the period itself');
		}
		return given;
	});
type TiersDocument = z.output<typeof tiers>;

/** Makes surcharges over the season's prices out of whatever the document gives. */
export function resolveTiers(
	document: TiersDocument,
	seasons: readonly Season[],
	context: z.core.$RefinementCtx
): TierSchedule[] {
	return document.schedules.map(({ spans, tiers: steps, ofPeriod }, index) => {
		const own = seasons.filter((season) => overlap(season.spans, spans));
		const base = { prices: basePrices(own), periods: periodsWithHours(own) };
		const path = ['tiers', 'schedules', index];
		const resolve = (list: readonly TierDocument[], at: (string | number)[]) =>
			list.map((step, position) => resolveTier(step, position, base, [...path, ...at, position], context));
		return {
			spans,
			tiers: resolve(steps, ['tiers']),
			ofPeriod: Object.fromEntries(
				TIME_PERIODS.flatMap((period) => {
					const list = ofPeriod[period];
					return list === undefined ? [] : [[period, resolve(list, ['ofPeriod', period])]];
				})
			)
		};
	});
}

/** Prices that all of the seasons share; null for a period that they price differently. */
function basePrices(
	seasons: readonly Season[]
): Partial<Record<(typeof TIME_PERIODS)[number], bigint | null>> {
	const base: Partial<Record<(typeof TIME_PERIODS)[number], bigint | null>> = {};
	for (const { priceE8 } of seasons) {
		for (const period of TIME_PERIODS) {
			const own = priceE8[period];
			if (own === undefined) continue;
			base[period] = base[period] === undefined || base[period] === own ? own : null;
		}
	}
	return base;
}

function resolveTier(
	{ fromKwh, toKwh, surchargePerKwh, pricePerKwh }: TierDocument,
	position: number,
	base: { readonly prices: ReturnType<typeof basePrices>; readonly periods: ReadonlySet<TimePeriod> },
	path: (string | number)[],
	context: z.core.$RefinementCtx
): Tier {
	const field = surchargePerKwh === undefined ? 'pricePerKwh' : 'surchargePerKwh';
	const given = surchargePerKwh ?? pricePerKwh ?? 0n;
	const surchargeE8: Record<string, bigint> = {};
	const refuse = (message: string) => context.addIssue({ code: 'custom', path: [...path, field], message });
	for (const period of TIME_PERIODS) {
		const own = typeof given === 'bigint' ? given : given[period];
		if (field === 'surchargePerKwh') {
			// One surcharge holds for whatever periods there are, also those of a price table.
			if (own !== undefined) surchargeE8[period] = own;
			else if (base.periods.has(period)) refuse(`no surcharge for ${period}`);
			continue;
		}
		if (!base.periods.has(period)) continue;
		const first = base.prices[period];
		if (first === undefined) {
			refuse('the first tier has its prices elsewhere: give surcharges');
			break;
		}
		if (first === null) refuse(`${period} has several first-tier prices in these months: give surcharges`);
		else if (own === undefined) refuse(`no price for ${period}`);
		else surchargeE8[period] = own - first;
	}
	if (position === 0 && Object.values(surchargeE8).some((amount) => amount !== 0n)) {
		refuse("the first tier has the season's prices and no surcharge");
	}
	return { fromWh: fromKwh, toWh: toKwh, surchargeE8 };
}

function overlap(a: readonly YearSpan[], b: readonly YearSpan[]): boolean {
	return a.some((one) =>
		b.some((other) => one.fromMonthDay <= other.toMonthDay && other.fromMonthDay <= one.toMonthDay)
	);
}
