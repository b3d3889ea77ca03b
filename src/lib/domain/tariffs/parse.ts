import { z } from 'zod';
import { VOLTAGE_CLASSES } from '#lib/domain/identity/account.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import { isLocalDate, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { parseScaled, type Currency } from '#lib/domain/kernel/money.ts';
import { CUSTOMER_CLASSES, PRICE_COMPONENTS, TIME_PERIODS, type Tariff } from './tariff.ts';

const CURRENCIES = ['CNY', 'USD', 'TWD', 'AUD', 'GBP', 'EUR'] as const satisfies Currency[];

const PLAIN_DECIMAL = /^-?\d+(\.\d+)?$/;

/** A plain decimal in the document, an exact scaled integer in the program. */
function scaledText(decimals: number, what: string) {
	return z
		.string()
		.regex(PLAIN_DECIMAL, `${what} must be a plain decimal in quotes`)
		.refine(
			(text) => (text.split('.')[1] ?? '').length <= decimals,
			`${what} has more than ${decimals} decimals`
		)
		.transform((text) => parseScaled(text, decimals));
}

const price = scaledText(8, 'price');
const energyKwh = scaledText(3, 'energy').transform(Number);
const hundredths = scaledText(2, 'value').transform(Number);
const localDate = z
	.string()
	.refine(isLocalDate, 'not a date (YYYY-MM-DD)')
	.transform((text) => text as LocalDate);

const localizedText = z.strictObject({ 'zh-CN': z.string().min(1), en: z.string().min(1) });
const source = z.strictObject({
	document: z.string().min(1),
	address: z.string().min(1),
	remark: z.string().min(1).nullable()
});

const wallMinute = z
	.string()
	.regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'not a time of day (00:00 to 24:00)')
	.transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

const months = z
	.array(z.int().min(1).max(12))
	.min(1)
	.refine((list) => new Set(list).size === list.length, 'a month is named twice');

const dayRule = z.discriminatedUnion('type', [
	z.strictObject({ type: z.literal('all') }),
	z.strictObject({ type: z.literal('weekdays'), weekdays: z.array(z.int().min(1).max(7)).min(1) }),
	z.strictObject({ type: z.literal('rest_day') }),
	z.strictObject({ type: z.literal('workday') }),
	z.strictObject({
		type: z.literal('holiday'),
		names: z.array(z.string().min(1)).min(1),
		firstDays: z.int().min(1).nullable()
	}),
	z.strictObject({ type: z.literal('dates'), dates: z.array(localDate).min(1) })
]);

const timeWindow = z
	.strictObject({
		period: z.enum(TIME_PERIODS),
		from: wallMinute,
		to: wallMinute,
		days: dayRule.default({ type: 'all' })
	})
	.refine(({ from, to }) => from !== to && from !== 1440, 'the window is empty')
	.transform(({ period, from, to, days }) => ({ period, fromMinute: from, toMinute: to, days }));

const season = z
	.strictObject({
		id: z.string().regex(/^[a-z][a-z0-9_]*$/),
		months,
		rest: z.enum(TIME_PERIODS),
		windows: z.array(timeWindow),
		pricePerKwh: z.partialRecord(z.enum(TIME_PERIODS), price)
	})
	.superRefine(({ rest, windows, pricePerKwh }, context) => {
		const used = new Set([rest, ...windows.map(({ period }) => period)]);
		for (const period of TIME_PERIODS) {
			const priced = pricePerKwh[period] !== undefined;
			if (used.has(period) === priced) continue;
			const message = priced ? 'a price for a period without hours' : 'no price for a period with hours';
			context.addIssue({ code: 'custom', path: ['pricePerKwh', period], message });
		}
	})
	.transform(({ pricePerKwh, ...rest }) => ({ ...rest, priceE8: pricePerKwh }));

const component = z
	.strictObject({
		component: z.enum(PRICE_COMPONENTS).exclude(['purchase']),
		pricePerKwh: price,
		inPowerFactorBase: z.boolean()
	})
	.transform(({ pricePerKwh, ...rest }) => ({ ...rest, priceE8: pricePerKwh }));

const tier = z
	.strictObject({ fromKwh: energyKwh, toKwh: energyKwh.nullable(), surchargePerKwh: price })
	.transform(({ fromKwh, toKwh, surchargePerKwh }) => ({
		fromWh: fromKwh,
		toWh: toKwh,
		surchargeE8: surchargePerKwh
	}));

const tierList = z
	.array(tier)
	.min(1)
	.superRefine((tiers, context) => {
		tiers.forEach((step, index) => {
			const expected = index === 0 ? 0 : tiers[index - 1]?.toWh;
			if (step.fromWh !== expected) {
				context.addIssue({
					code: 'custom',
					path: [index, 'fromKwh'],
					message: 'must begin where the one before ends'
				});
			}
			const isLast = index === tiers.length - 1;
			if (isLast ? step.toWh !== null : step.toWh === null || step.toWh <= step.fromWh) {
				context.addIssue({
					code: 'custom',
					path: [index, 'toKwh'],
					message: isLast ? 'the last tier must be open (null)' : 'must be above the beginning'
				});
			}
		});
		if (tiers[0]?.surchargeE8 !== 0n) {
			context.addIssue({
				code: 'custom',
				path: [0, 'surchargePerKwh'],
				message: 'the first tier has no surcharge'
			});
		}
	});

const tiers = z
	.strictObject({
		cycle: z.enum(['year', 'month']),
		schedules: z.array(z.strictObject({ months, tiers: tierList })).min(1)
	})
	.superRefine(({ cycle, schedules }, context) => {
		requireWholeYear(schedules, ['schedules'], context);
		if (cycle === 'year' && schedules.length > 1) {
			context.addIssue({ code: 'custom', path: ['schedules'], message: 'annual tiers have one schedule' });
		}
	});

const demand = z
	.strictObject({
		demandPricePerKwMonth: price,
		capacityPricePerKvaMonth: price,
		demandIntervalMinutes: z.literal(15),
		contract: z.strictObject({
			bandPercent: z.int().min(100).max(200),
			floorPercentOfCapacity: z.int().min(0).max(100),
			overrunFormula: z.enum(['contract', 'band'])
		}),
		loadFactorDiscount: z
			.strictObject({ fromKwhPerKva: z.int().min(1), factorPercent: z.int().min(1).max(100) })
			.nullable()
	})
	.transform(({ demandPricePerKwMonth, capacityPricePerKvaMonth, ...rest }) => ({
		...rest,
		demandPriceE8PerKw: demandPricePerKwMonth,
		capacityPriceE8PerKva: capacityPricePerKvaMonth
	}));

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

const powerFactor = z.strictObject({
	source,
	standards: z.record(z.string().regex(/^0\.\d\d$/), powerFactorSegments)
});

const tariff = z
	.strictObject({
		schemaVersion: z.literal(1),
		code: z.string().regex(/^[a-z][a-z0-9_]*$/),
		edition: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/),
		name: localizedText,
		supplyArea: z.string().regex(/^[a-z][a-z0-9_]*$/),
		customerClass: z.enum(CUSTOMER_CLASSES),
		voltages: z.array(z.enum(VOLTAGE_CLASSES)).min(1),
		parts: z.enum(['single', 'two']),
		currency: z.enum(CURRENCIES),
		validFrom: localDate,
		validTo: localDate.nullable(),
		source,
		notes: localizedText.nullable(),
		unknown: z.array(localizedText),
		seasons: z.array(season).min(1),
		components: z.array(component),
		tiers: tiers.nullable(),
		demand: demand.nullable(),
		powerFactor: powerFactor.nullable()
	})
	.superRefine((document, context) => {
		requireWholeYear(document.seasons, ['seasons'], context);
		if (document.validTo !== null && document.validTo <= document.validFrom) {
			context.addIssue({ code: 'custom', path: ['validTo'], message: 'must be after validFrom' });
		}
		if ((document.parts === 'two') !== (document.demand !== null)) {
			context.addIssue({
				code: 'custom',
				path: ['demand'],
				message: 'belongs to two-part prices, and only to them'
			});
		}
		const names = document.components.map(({ component: name }) => name);
		if (new Set(names).size !== names.length) {
			context.addIssue({ code: 'custom', path: ['components'], message: 'a component is named twice' });
		}
	})
	.transform(({ schemaVersion: _, ...rest }): Tariff => rest);

/** The seasons or schedules of a tariff must name each month exactly once. */
function requireWholeYear(
	parts: readonly { readonly months: readonly number[] }[],
	path: string[],
	context: z.core.$RefinementCtx
): void {
	for (let month = 1; month <= 12; month++) {
		const count = parts.filter((part) => part.months.includes(month)).length;
		if (count === 1) continue;
		const message = count === 0 ? `month ${month} is missing` : `month ${month} is named ${count} times`;
		context.addIssue({ code: 'custom', path, message });
	}
}

/**
 * Validates a tariff document (the parsed JSON) and makes its figures exact integers.
 * @throws AppError TARIFF_INVALID whose details name the path in the document and the reason
 */
export function parseTariff(document: unknown): Tariff {
	const parsed = tariff.safeParse(document);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0];
	const path = issue === undefined || issue.path.length === 0 ? '(document)' : issue.path.join('.');
	const reason = issue?.message ?? 'not valid';
	throw new AppError('TARIFF_INVALID', `${path}: ${reason}`, { path, reason });
}
