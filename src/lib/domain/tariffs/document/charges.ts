import { z } from 'zod';
import { PERCENT_BASES } from '../tariff.ts';
import { demandWindow } from './energy.ts';
import {
	hundredths,
	identifier,
	localizedText,
	onDaysOfYear,
	price,
	scaledText,
	source,
	spansOf,
	thousands
} from './values.ts';

export const demand = z
	.strictObject({
		demandPricePerKwMonth: price,
		capacityPricePerKvaMonth: price,
		demandIntervalMinutes: z.literal(15),
		contract: z.strictObject({
			bandPercent: z
				.int()
				.min(100)
				.max(200)
				.describe('Demand up to this share of the contract costs the contract.'),
			floorPercentOfCapacity: z
				.int()
				.min(0)
				.max(100)
				.describe('A contract below this share of the capacity counts as this share.'),
			overrunFormula: z
				.enum(['contract', 'band'])
				.describe('Above the band B, C contract, A actual: C + 2 (A − B C), or B C + 2 (A − B C).')
		}),
		loadFactorDiscount: z
			.strictObject({ fromKwhPerKva: z.int().min(1), factorPercent: z.int().min(1).max(100) })
			.nullable()
			.describe('The demand price times the factor in months with so many kWh per kVA.')
	})
	.transform(({ demandPricePerKwMonth, capacityPricePerKvaMonth, ...rest }) => ({
		...rest,
		demandPriceE8PerKw: demandPricePerKwMonth,
		capacityPriceE8PerKva: capacityPricePerKvaMonth
	}))
	.meta({ id: 'demand', description: 'Demand and capacity charges (容需量电费), per month.' });

const powerFactorSegments = z
	.array(
		z
			.strictObject({
				from: hundredths,
				to: hundredths,
				percentAtFrom: hundredths,
				percentPerHundredth: hundredths
			})
			.transform(({ from, to, percentAtFrom, percentPerHundredth }) => ({
				fromHundredths: from,
				toHundredths: to,
				percentAtFromE2: percentAtFrom,
				percentPerHundredthE2: percentPerHundredth
			}))
	)
	.min(1)
	.superRefine((segments, context) => {
		segments.forEach((segment, index) => {
			const expected = index === 0 ? 0 : (segments[index - 1]?.toHundredths ?? 0) + 1;
			if (segment.fromHundredths !== expected || segment.toHundredths < segment.fromHundredths) {
				context.addIssue({
					code: 'custom',
					path: [index],
					message: 'segments must follow each other from 0.00'
				});
			}
		});
		if (segments.at(-1)?.toHundredths !== 100) {
			context.addIssue({ code: 'custom', path: [], message: 'segments must end at 1.00' });
		}
	});

export const powerFactor = z
	.strictObject({
		source,
		standards: z
			.record(z.string().regex(/^0\.\d\d$/), powerFactorSegments)
			.describe('By standard ("0.90"): segments that follow each other from 0.00 to 1.00.')
	})
	.meta({
		id: 'powerFactor',
		description:
			'Adjustment in percent of the base: percentAtFrom at the beginning of a segment and percentPerHundredth for each 0.01 above it; negative is a reward.'
	});

export const freeBasis = z
	.strictObject({ kwhPerMonth: thousands, pricePerKwh: price })
	.transform(({ kwhPerMonth, pricePerKwh }) => ({ whPerMonth: kwhPerMonth, priceE8: pricePerKwh }))
	.describe('免费电量 of low-income households: so much a month is given back at this price.');

const per = z.enum(['day', 'month', 'bill']);

export const minimum = z
	.strictObject({ per, amount: price })
	.transform(({ amount, ...rest }) => ({ ...rest, amountE8: amount }))
	.describe('The least that a bill comes to before percentages.');

const named = { id: identifier, name: localizedText, inPowerFactorBase: z.boolean().default(false) };

const fixed = onDaysOfYear({ ...named, kind: z.literal('fixed'), per, amount: price })
	.transform(({ amount, months, days, ...rest }) => ({
		...rest,
		amountE8: amount,
		spans: spansOf({ months, days })
	}))
	.describe('A standing charge.');

const demandTier = z
	.strictObject({ fromKw: thousands, toKw: thousands.nullable(), pricePerKwMonth: price })
	.transform(({ fromKw, toKw, pricePerKwMonth }) => ({
		fromW: fromKw,
		toW: toKw,
		priceE8PerKw: pricePerKwMonth
	}));

const demandTiers = z
	.array(demandTier)
	.min(1)
	.refine(
		(tiers) =>
			tiers.every(({ fromW }, index) => fromW === (index === 0 ? 0 : tiers[index - 1]?.toW)) &&
			tiers.at(-1)?.toW === null,
		'tiers must follow each other from 0, and the last must be open (null)'
	);

const demandCharge = onDaysOfYear({
	...named,
	kind: z.literal('demand'),
	windows: z.array(demandWindow).default([]).describe('When demand counts; none: at all times.'),
	tiers: demandTiers
})
	.transform(({ months, days, ...rest }) => ({ ...rest, spans: spansOf({ months, days }) }))
	.describe("Price per kW of each month's maximum demand.");

const contractCharge = onDaysOfYear({
	...named,
	kind: z.literal('contract'),
	contract: identifier.describe('Name of the contract in the account facts.'),
	pricePerKwMonth: price,
	windows: z
		.array(demandWindow)
		.default([])
		.describe('When demand is compared with the contract; none: at all times.'),
	overrun: z
		.array(z.strictObject({ toPercent: z.int().min(101).nullable(), factorPercent: z.int().min(1) }))
		.refine(
			(steps) =>
				steps.every(({ toPercent }, index) =>
					index === steps.length - 1
						? toPercent === null
						: toPercent !== null && toPercent > (steps[index - 1]?.toPercent ?? 100)
				),
			'steps must rise, and the last must be open (null)'
		)
		.default([])
		.describe('Demand above the contract: up to toPercent of it (null: all) at factorPercent of the price.')
})
	.transform(({ pricePerKwMonth, months, days, ...rest }) => ({
		...rest,
		priceE8PerKw: pricePerKwMonth,
		spans: spansOf({ months, days })
	}))
	.describe('Price per kW and month of a contracted capacity.');

const percentCharge = z
	.strictObject({
		...named,
		kind: z.literal('percent'),
		percent: scaledText(4, 'percent'),
		of: z
			.array(z.enum(PERCENT_BASES))
			.min(1)
			.nullable()
			.default(null)
			.describe('What the percentage is of; null: everything before it.')
	})
	.transform(({ percent, ...rest }) => ({ ...rest, percentE4: percent }))
	.describe('A percentage of other lines, e.g. a tax.');

export const charges = z
	.array(z.discriminatedUnion('kind', [fixed, demandCharge, contractCharge, percentCharge]))
	.refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'a charge id is used twice');
