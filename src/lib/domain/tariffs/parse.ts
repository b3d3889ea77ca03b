import { z } from 'zod';
import { VOLTAGE_CLASSES } from '#lib/domain/identity/account.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import type { LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import { firstIssue } from '#lib/domain/kernel/first-issue.ts';
import type { Currency } from '#lib/domain/kernel/money.ts';
import { charges, demand, freeBasis, minimum, powerFactor } from './document/charges.ts';
import {
	checkPrices,
	component,
	dynamicPrice,
	monthlyPrices,
	periodPrices,
	requirePrices,
	season
} from './document/energy.ts';
import { resolveTiers, tiers } from './document/tiers.ts';
import { identifier, localDate, localizedText, requireWholeYear, source } from './document/values.ts';
import { CUSTOMER_CLASSES, type Tariff, type YearSpan } from './tariff.ts';

const CURRENCIES = ['CNY', 'USD', 'TWD', 'AUD', 'GBP', 'EUR'] as const satisfies Currency[];

const document = z.strictObject({
	$schema: z.string().optional(),
	schemaVersion: z.literal(1),
	code: identifier.describe('Identity of the tariff through all its editions.'),
	edition: z
		.string()
		.regex(/^[a-z0-9][a-z0-9._-]*$/)
		.describe('Identity of this edition; the file is named <code>.<edition>.json.'),
	name: localizedText,
	supplyArea: identifier.describe('Area of accounts that may have the tariff, e.g. zhejiang.'),
	customerClass: z.enum(CUSTOMER_CLASSES),
	voltages: z.array(z.enum(VOLTAGE_CLASSES)).min(1),
	parts: z.enum(['single', 'two']).describe('Single-part (单一制) or two-part (两部制) prices.'),
	currency: z.enum(CURRENCIES),
	validFrom: localDate,
	validTo: localDate
		.nullable()
		.describe('The first day on which it no longer holds; null: until further notice.'),
	source,
	notes: localizedText.nullable().describe('Printed on every bill under this tariff.'),
	unknown: z.array(localizedText).describe('Parts of the published tariff that are not known and left out.'),
	seasons: z.array(season).min(1),
	components: z.array(component),
	priceTable: z
		.array(monthlyPrices)
		.nullable()
		.default(null)
		.describe(
			"Prices by month (agent purchase), in place of the seasons'. An empty list: the windows are known, the prices of no month yet."
		),
	dynamic: dynamicPrice.nullable().default(null),
	tiers: tiers.nullable(),
	freeBasis: freeBasis.nullable().default(null),
	demand: z
		.union([demand, z.literal('unknown')])
		.nullable()
		.describe('Two-part prices have it; "unknown" where the demand prices were not seen.'),
	charges: charges.default([]),
	minimum: minimum.nullable().default(null),
	exportPricePerKwh: periodPrices
		.nullable()
		.default(null)
		.describe('Price of energy fed in, by period of the season; null: it is not credited.'),
	powerFactor: powerFactor.nullable()
});

/** A document as its author writes it. */
export type TariffDocument = z.input<typeof document>;

// A transform runs only on what is sound in itself, a refinement also on what is not.
const tariff = document.transform((parsed, context): Tariff => {
	requireWholeYear(parsed.seasons, ['seasons'], context);
	checkPriceSources(parsed, context);
	if (parsed.validTo !== null && parsed.validTo <= parsed.validFrom) {
		context.addIssue({ code: 'custom', path: ['validTo'], message: 'must be after validFrom' });
	}
	const isUnknown = parsed.demand === 'unknown';
	if ((parsed.parts === 'two') !== (parsed.demand !== null)) {
		context.addIssue({
			code: 'custom',
			path: ['demand'],
			message: 'belongs to two-part prices, and only to them'
		});
	}
	if (isUnknown && parsed.unknown.length === 0) {
		context.addIssue({
			code: 'custom',
			path: ['unknown'],
			message: 'must say that demand prices are unknown'
		});
	}
	const { schemaVersion: _version, $schema: _schema, exportPricePerKwh, tiers: given, ...rest } = parsed;
	return {
		...rest,
		priceTable: parsed.priceTable ?? [],
		demand: parsed.demand === 'unknown' ? null : parsed.demand,
		demandIsUnknown: isUnknown,
		tiers: given === null ? null : { ...given, schedules: resolveTiers(given, rest.seasons, context) },
		exportPriceE8: exportPricePerKwh
	};
});

/** Exactly one of seasons, price table and price series carries the energy prices. */
function checkPriceSources(
	{ seasons, components, priceTable, dynamic, tiers, exportPricePerKwh }: z.output<typeof document>,
	context: z.core.$RefinementCtx
): void {
	const refuse = (path: (string | number)[], message: string) =>
		context.addIssue({ code: 'custom', path, message });
	if (dynamic !== null && priceTable !== null) refuse(['dynamic'], 'a price table and a price series');
	const elsewhere = dynamic !== null || priceTable !== null;
	seasons.forEach((one, index) => {
		const path = ['seasons', index, 'pricePerKwh'];
		if (!elsewhere) checkPrices(one.priceE8, one, path, context);
		else if (Object.keys(one.priceE8).length > 0) refuse(path, 'the prices come from elsewhere');
	});
	if (dynamic !== null && tiers !== null) refuse(['tiers'], 'a price series has no tiers');
	if (exportPricePerKwh !== null) {
		requirePrices(exportPricePerKwh, seasons, ['exportPricePerKwh'], context);
	}
	if (elsewhere && components.length > 0) refuse(['components'], 'a price table has its own components');
	priceTable?.forEach(({ month, priceE8, components: own }, index) => {
		const ofMonth = seasons.filter(({ spans }) => spans.some((span) => isInMonth(span, month)));
		requirePrices(priceE8, ofMonth, ['priceTable', index, 'pricePerKwh'], context);
		if (priceTable.findIndex((other) => other.month === month) < index) {
			refuse(['priceTable', index, 'month'], 'the month is there twice');
		}
		checkComponents(own, ['priceTable', index, 'components'], context);
	});
	checkComponents(components, ['components'], context);
}

/** Whether a span of the year has days in a month. */
function isInMonth({ fromMonthDay, toMonthDay }: YearSpan, month: LocalMonth): boolean {
	const first = Number(month.slice(5)) * 100 + 1;
	return fromMonthDay <= first + 30 && toMonthDay >= first;
}

function checkComponents(
	list: readonly { readonly component: string }[],
	path: (string | number)[],
	context: z.core.$RefinementCtx
): void {
	if (new Set(list.map(({ component: name }) => name)).size !== list.length) {
		context.addIssue({ code: 'custom', path, message: 'a component is named twice' });
	}
}

/**
 * Validates a tariff document (the parsed JSON) and makes its figures exact integers.
 * @throws AppError TARIFF_INVALID whose details name the path in the document and the reason
 */
export function parseTariff(json: unknown): Tariff {
	const parsed = tariff.safeParse(json);
	if (parsed.success) return parsed.data;
	const { path, reason } = firstIssue(parsed.error);
	throw new AppError('TARIFF_INVALID', `${path}: ${reason}`, { path, reason });
}

/** The document's JSON Schema (draft 2020-12), as published beside the program. */
export function tariffJsonSchema(): Record<string, unknown> {
	return {
		$id: 'https://meterside.example/schemas/tariff-1.json',
		title: 'Meterside tariff document, version 1',
		...z.toJSONSchema(document, { io: 'input', unrepresentable: 'any' })
	};
}
