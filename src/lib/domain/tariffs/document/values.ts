import { z } from 'zod';
import { isLocalDate, type LocalDate, type LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import { parseScaled } from '#lib/domain/kernel/money.ts';
import type { YearSpan } from '../tariff.ts';

const PLAIN_DECIMAL = /^-?\d+(\.\d+)?$/;

/** A plain decimal in the document, an exact scaled integer in the program. */
export function scaledText(decimals: number, what: string) {
	return z
		.string()
		.regex(new RegExp(`^-?\\d+(\\.\\d{1,${decimals}})?$`), {
			error: ({ input }) =>
				typeof input === 'string' && PLAIN_DECIMAL.test(input)
					? `${what} has more than ${decimals} decimals`
					: `${what} must be a plain decimal in quotes`
		})
		.transform((text) => parseScaled(text, decimals));
}

export const price = scaledText(8, 'price').meta({
	id: 'price',
	description: 'A decimal in quotes with at most 8 decimals, in the currency of the tariff.',
	examples: ['0.538', '-0.05']
});
/** kWh in the document, Wh in the program; kW and W alike. */
export const thousands = scaledText(3, 'quantity')
	.transform(Number)
	.meta({ id: 'quantity', description: 'kWh or kW: a decimal in quotes with at most 3 decimals.' });
export const hundredths = scaledText(2, 'value')
	.transform(Number)
	.meta({ id: 'hundredths', description: 'A decimal in quotes with at most 2 decimals.' });

export const localDate = z
	.string()
	.regex(/^\d{4}-\d{2}-\d{2}$/, 'not a date (YYYY-MM-DD)')
	.refine(isLocalDate, 'not a date (YYYY-MM-DD)')
	.transform((text) => text as LocalDate)
	.meta({ id: 'date', description: 'A day of the supply area.', format: 'date' });

export const localMonth = z
	.string()
	.regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'not a month (YYYY-MM)')
	.transform((text) => text as LocalMonth)
	.meta({ id: 'month' });

export const identifier = z
	.string()
	.regex(/^[a-z][a-z0-9_]*$/, 'lower-case letters, digits and _ only')
	.meta({ id: 'identifier' });

export const localizedText = z
	.strictObject({ 'zh-CN': z.string().min(1), en: z.string().min(1) })
	.meta({ id: 'text', description: "The same text in the portal's languages." });

export const source = z
	.strictObject({
		document: z
			.string()
			.min(1)
			.describe('Number of the published document (文号), or its title where no number is known.'),
		address: z.string().min(1).describe('Where it was seen.'),
		remark: z
			.string()
			.min(1)
			.nullable()
			.describe('How sure the figures are, and what was decided where sources differ.')
	})
	.meta({ id: 'source' });

const months = z
	.array(z.int().min(1).max(12))
	.min(1)
	.refine((list) => new Set(list).size === list.length, 'a month is named twice')
	.meta({ id: 'months', description: 'Whole months, 1 to 12.', uniqueItems: true });

const monthDay = z
	.string()
	.regex(/^\d{2}-\d{2}$/, 'not a day of the year (MM-DD)')
	.refine((text) => isLocalDate(`2024-${text}`), 'not a day of the year (MM-DD)')
	.transform((text) => Number(text.slice(0, 2)) * 100 + Number(text.slice(3)))
	.meta({ id: 'monthDay', description: 'A day of every year.', examples: ['10-16'] });

/** Which days of the year: whole months, or days from–to, both included ("10-16" to "05-15" passes New Year). */
const daysOfYear = {
	months: months.optional(),
	days: z
		.array(z.strictObject({ from: monthDay, to: monthDay }))
		.min(1)
		.optional()
		.describe('Days of every year in place of months, both ends included; may pass New Year.')
};

/** An object with `months` or `days` (none: the whole year), which become `spans`. */
export function onDaysOfYear<Shape extends z.ZodRawShape>(shape: Shape) {
	return z
		.strictObject({ ...shape, ...daysOfYear })
		.refine((value) => !('months' in value && 'days' in value && value.months && value.days), {
			message: 'months or days, not both',
			path: ['days']
		});
}

/** The spans of `months` or `days`. */
export function spansOf(value: {
	readonly months?: readonly number[] | undefined;
	readonly days?: readonly { readonly from: number; readonly to: number }[] | undefined;
}): YearSpan[] {
	if (value.months !== undefined) {
		return value.months.map((month) => ({ fromMonthDay: month * 100 + 1, toMonthDay: month * 100 + 31 }));
	}
	if (value.days === undefined) return [WHOLE_YEAR];
	return value.days.flatMap(({ from, to }) =>
		from <= to
			? [{ fromMonthDay: from, toMonthDay: to }]
			: [
					{ fromMonthDay: from, toMonthDay: WHOLE_YEAR.toMonthDay },
					{ fromMonthDay: WHOLE_YEAR.fromMonthDay, toMonthDay: to }
				]
	);
}

const WHOLE_YEAR: YearSpan = { fromMonthDay: 101, toMonthDay: 1231 };

/** Every day of a leap year, as MMDD. */
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].flatMap((length, month) =>
	Array.from({ length }, (_, day) => (month + 1) * 100 + day + 1)
);

/** The parts must name each day of the year exactly once. */
export function requireWholeYear(
	parts: readonly { readonly spans: readonly YearSpan[] }[],
	path: string[],
	context: z.core.$RefinementCtx
): void {
	const spans = parts.flatMap((part) => part.spans);
	for (const day of MONTH_DAYS) {
		const count = spans.filter(
			({ fromMonthDay, toMonthDay }) => day >= fromMonthDay && day <= toMonthDay
		).length;
		if (count === 1) continue;
		const name = `${String(day).padStart(4, '0').slice(0, 2)}-${String(day % 100).padStart(2, '0')}`;
		const message = count === 0 ? `no part holds on ${name}` : `${count} parts hold on ${name}`;
		context.addIssue({ code: 'custom', path, message });
		return;
	}
}
