import { z } from 'zod';
import { PRICE_COMPONENTS, TIME_PERIODS, type Season, type TimePeriod } from '../tariff.ts';
import { identifier, localDate, localMonth, onDaysOfYear, price, spansOf } from './values.ts';

const wallMinute = z
	.string()
	.regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'not a time of day (00:00 to 24:00)')
	.transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)))
	.meta({ id: 'time', description: 'Local wall-clock time, 00:00 to 24:00.' });

const dayRule = z
	.discriminatedUnion('type', [
		z.strictObject({ type: z.literal('all') }),
		z.strictObject({
			type: z.literal('weekdays'),
			weekdays: z
				.array(z.int().min(1).max(7))
				.min(1)
				.describe('1 is Monday, whatever the holiday calendar says.'),
			except: z.array(localDate).default([]).describe('Dates that leave these weekdays.'),
			plus: z.array(localDate).default([]).describe('Dates that join them.')
		}),
		z
			.strictObject({ type: z.literal('rest_day') })
			.describe('Weekends and statutory holidays, without the days that are worked in exchange.'),
		z.strictObject({ type: z.literal('workday') }),
		z
			.strictObject({
				type: z.literal('holiday'),
				names: z.array(z.string().min(1)).min(1).describe('As the State Council names them, e.g. 春节.'),
				firstDays: z
					.int()
					.min(1)
					.nullable()
					.describe('Only the first days of each holiday as announced; null: all of them.')
			})
			.describe('Named statutory holidays.'),
		z
			.strictObject({ type: z.literal('dates'), dates: z.array(localDate).min(1) })
			.describe('Dates that were declared one by one, e.g. for heat.')
	])
	.meta({ id: 'dayRule', description: 'Days that a window applies to; left out: all days.' });

/** When something holds on a day; `period` names the time-of-use period. */
function windowOf<Shape extends z.ZodRawShape>(shape: Shape) {
	return z
		.strictObject({ ...shape, from: wallMinute, to: wallMinute, days: dayRule.default({ type: 'all' }) })
		.refine((value) => {
			const { from, to } = value as { from: number; to: number };
			return from !== to && from !== 1440;
		}, 'the window is empty');
}

const timeWindow = windowOf({ period: z.enum(TIME_PERIODS) }).transform(({ period, from, to, days }) => ({
	period,
	fromMinute: from,
	toMinute: to,
	days
}));

export const demandWindow = windowOf({}).transform(({ from, to, days }) => ({
	fromMinute: from,
	toMinute: to,
	days
}));

export const periodPrices = z
	.partialRecord(z.enum(TIME_PERIODS), price)
	.meta({ id: 'periodPrices', description: 'Prices by time-of-use period.' });

export const season = onDaysOfYear({
	id: identifier,
	rest: z.enum(TIME_PERIODS).describe('Period of all minutes that no window covers.'),
	windows: z
		.array(timeWindow)
		.describe(
			'[from, to); a window that ends at or before its beginning crosses midnight. Where windows overlap, deep > sharp > valley > peak > flat.'
		),
	pricePerKwh: periodPrices
		.default({})
		.describe(
			"Absolute published prices, one for each period that has hours; with tiers, the first tier's. Left out where the prices come from a price table or a price series."
		)
})
	.transform(({ pricePerKwh, months, days, ...rest }) => ({
		...rest,
		spans: spansOf({ months, days }),
		priceE8: pricePerKwh
	}))
	.meta({
		id: 'season',
		description:
			'Days of the year on which the same windows and prices hold: months, or days, or (neither) the whole year. The seasons of a tariff name each day exactly once.'
	});

export const component = z
	.strictObject({
		component: z.enum(PRICE_COMPONENTS).exclude(['purchase']),
		pricePerKwh: price,
		inPowerFactorBase: z
			.boolean()
			.describe('Whether it counts in the base of the power-factor adjustment; funds do not.')
	})
	.transform(({ pricePerKwh, ...rest }) => ({ ...rest, priceE8: pricePerKwh }))
	.meta({
		id: 'component',
		description: 'A part of the energy price that is the same in all periods. What is left is the purchase.'
	});

export const monthlyPrices = z
	.strictObject({ month: localMonth, pricePerKwh: periodPrices, components: z.array(component).default([]) })
	.transform(({ pricePerKwh, ...rest }) => ({ ...rest, priceE8: pricePerKwh }))
	.meta({ id: 'monthlyPrices' });

export const dynamicPrice = z
	.strictObject({
		series: identifier.describe('Name of the price series that the rating is given.'),
		factorPercent: z.int().min(0).default(100),
		adderPerKwh: price.prefault('0')
	})
	.transform(({ adderPerKwh, ...rest }) => ({ ...rest, adderE8: adderPerKwh }))
	.describe('Prices made for every interval: series × factor + adder.');

type Prices = z.output<typeof periodPrices>;
type Hours = Pick<Season, 'rest' | 'windows'>;

/** The periods that have hours in some of the seasons. */
export function periodsWithHours(seasons: readonly Hours[]): Set<TimePeriod> {
	return new Set(seasons.flatMap(({ rest, windows }) => [rest, ...windows.map(({ period }) => period)]));
}

/** A period has a price exactly if it has hours. */
export function checkPrices(
	prices: Prices,
	hours: Hours,
	path: (string | number)[],
	context: z.core.$RefinementCtx
): void {
	requirePrices(prices, [hours], path, context);
	const used = periodsWithHours([hours]);
	for (const period of TIME_PERIODS) {
		if (prices[period] === undefined || used.has(period)) continue;
		const message = 'a price for a period without hours';
		context.addIssue({ code: 'custom', path: [...path, period], message });
	}
}

/** What has hours in some of the seasons must have a price; a printed table may name more. */
export function requirePrices(
	prices: Prices,
	seasons: readonly Hours[],
	path: (string | number)[],
	context: z.core.$RefinementCtx
): void {
	for (const period of periodsWithHours(seasons)) {
		if (prices[period] !== undefined) continue;
		const message = 'no price for a period with hours';
		context.addIssue({ code: 'custom', path: [...path, period], message });
	}
}
