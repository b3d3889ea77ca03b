import type { BillDocument, BillLine } from '#lib/domain/billing/bill.ts';
import type { TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import { formatMoney, formatRange, formatUnitPrice } from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import type { Locale } from '#lib/i18n/paraglide/runtime.js';
import { digitsFor, exactQuantity, lineQuantity, signedPercentText } from './quantities.ts';
import { chargeGroupName, chargeGroupOf, chargeName, timePeriodName, type ChargeGroup } from './words.ts';

/** Numbers of the charges as business bills print them. */
const CIRCLED = '①②③④⑤⑥⑦⑧⑨';

/** Lines under one heading of the bill. */
export interface GroupView {
	/** Stable: the charge, or "demand" for all ways of paying for demand; after the share's id in a share's block. */
	readonly key: string;
	/** Heading of the block that begins here: a fixed-share meter; null within a block. */
	readonly block: string | null;
	/** "①" on business bills, empty else. */
	readonly number: string;
	readonly label: string;
	/** Empty where the lines of the group count different things. */
	readonly quantity: string;
	readonly amount: string;
	readonly lines: readonly LineView[];
}

export interface LineView {
	readonly lineNo: number;
	readonly label: string;
	/** Days that the line covers, where they are not all of the bill's. */
	readonly days: string | null;
	/** For the colour of its mark. */
	readonly period: TimePeriod | null;
	readonly quantity: string;
	/** Price at full published precision, or the percentage. */
	readonly unitPrice: string;
	readonly amount: string;
	/** Quantity, price and amount as one calculation. */
	readonly formula: string;
	/** Estimates and discounts inside the figures. */
	readonly notes: readonly string[];
	readonly rule: RuleView;
	/** What stands behind the line: energy, the blocks of the maximum demand, or nothing that was read. */
	readonly behind: 'energy' | 'demand' | 'none';
}

export interface RuleView {
	readonly tariff: string;
	readonly edition: string;
	readonly document: string;
}

/** The lines in printed order under their headings, those of each fixed-share meter as a block of their own. */
export function lineGroups(bill: BillDocument, locale: Locale): GroupView[] {
	const blocks = new Map<string | null, BillLine[]>();
	for (const line of bill.lines) {
		const id = line.share?.id ?? null;
		blocks.set(id, [...(blocks.get(id) ?? []), line]);
	}
	return [...blocks].flatMap(([id, lines]) => {
		const heading = id === null ? null : shareHeading(id, lines[0]?.share?.name ?? null, locale);
		return blockGroups(lines, bill, locale).map((group, index) => ({
			...group,
			key: id === null ? group.key : `${id} ${group.key}`,
			block: index === 0 ? heading : null
		}));
	});
}

function shareHeading(id: string, name: string | null, locale: Locale): string {
	return m.billing_share_heading({ name: name ?? id }, { locale });
}

function blockGroups(
	blockLines: readonly BillLine[],
	bill: BillDocument,
	locale: Locale
): (Omit<GroupView, 'block'> & { readonly key: ChargeGroup })[] {
	const groups = new Map<ChargeGroup, BillLine[]>();
	for (const line of blockLines) {
		const key = chargeGroupOf(line.charge);
		groups.set(key, [...(groups.get(key) ?? []), line]);
	}
	const isBusiness = bill.account.customerKind === 'industrial';
	const digits = energyDigits(bill);
	return [...groups].map(([key, lines], index) => ({
		key,
		number: isBusiness ? (CIRCLED[index] ?? '') : '',
		label: chargeGroupName(key, locale),
		quantity: groupQuantity(lines, locale, digits),
		amount: formatMoney(
			lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
			bill.currency,
			locale
		),
		lines: lines.map((line) => lineView(line, bill, locale, digits))
	}));
}

/** Decimals of all energy figures of a bill, so that they stand in columns and stay exact. */
export function energyDigits({ lines }: BillDocument): number {
	return digitsFor(lines.flatMap(({ unit, quantityMilli }) => (unit === 'kWh' ? [quantityMilli] : [])));
}

function groupQuantity(lines: readonly BillLine[], locale: Locale, digits: number): string {
	if (lines.some(({ unit }) => unit !== 'kWh')) return m.billing_not_applicable({}, { locale });
	const wh = lines.reduce((sum, { quantityMilli }) => sum + quantityMilli, 0);
	return exactQuantity(wh, 'kWh', locale, digits);
}

function lineView(line: BillLine, bill: BillDocument, locale: Locale, digits: number): LineView {
	const { currency, tariffs } = bill;
	const quantity = lineQuantity(line, currency, locale, digits);
	const unitPrice = unitPriceOf(line, bill, locale);
	const amount = formatMoney(line.amountMinor, currency, locale);
	const tariff = tariffs.find(
		({ code, edition }) => code === line.tariffCode && edition === line.tariffEdition
	);
	return {
		lineNo: line.lineNo,
		label: labelOf(line, bill, locale),
		days: coversBill(line, bill) ? null : formatRange(line.period, locale),
		period: bill.figures.timeOfUse ? line.timePeriod : null,
		quantity,
		unitPrice,
		amount,
		formula:
			line.proration === null
				? m.billing_line_formula({ quantity, price: unitPrice, amount }, { locale })
				: m.billing_line_formula_prorated(
						{ quantity, price: unitPrice, amount, ...line.proration },
						{ locale }
					),
		notes: notesOf(line, locale),
		rule: {
			tariff: tariff?.name[locale] ?? line.tariffCode,
			edition: m.tariffs_edition({ edition: line.tariffEdition }, { locale }),
			document: line.ruleSource
		},
		behind: line.behind.kind === 'power_factor' ? 'energy' : line.behind.kind
	};
}

/** A line away from its headings: "Energy · Peak", after the name of its fixed-share meter, with its days where they are not all of the bill's. */
export function lineName(line: BillLine, bill: BillDocument, locale: Locale): string {
	const group = chargeGroupName(chargeGroupOf(line.charge), locale);
	const label = labelOf(line, bill, locale);
	const days = coversBill(line, bill) ? [] : [formatRange(line.period, locale)];
	const share = line.share?.name ?? line.share?.id;
	return [...(share === undefined ? [] : [share]), group, ...(label === group ? [] : [label]), ...days].join(
		' · '
	);
}

function coversBill({ period: own }: BillLine, { period }: BillDocument): boolean {
	return own.start === period.start && own.end === period.end;
}

/** Inside its group a line is told from its sisters by period, tier or way of charging. */
function labelOf(
	{ charge, name, tier, timePeriod }: BillLine,
	{ figures }: BillDocument,
	locale: Locale
): string {
	if (tier !== null) return m.billing_line_tier({ tier }, { locale });
	if (timePeriod !== null && figures.timeOfUse) return timePeriodName(timePeriod, locale);
	if (charge === 'energy' || charge === 'purchase') return m.billing_line_all_energy({}, { locale });
	return name?.[locale] ?? chargeName(charge, locale);
}

function unitPriceOf({ percentE4, unitPriceE8, unit }: BillLine, bill: BillDocument, locale: Locale): string {
	if (percentE4 !== null) return signedPercentText(percentE4, locale);
	if (unitPriceE8 === null) return m.billing_not_applicable({}, { locale });
	return formatUnitPrice(unitPriceE8, bill.currency, unit, locale);
}

function notesOf({ estimatedMilli, unit, discountPercent }: BillLine, locale: Locale): string[] {
	const notes: string[] = [];
	if (estimatedMilli > 0 && unit !== 'money') {
		const quantity = exactQuantity(estimatedMilli, unit, locale);
		notes.push(m.billing_line_estimated({ quantity }, { locale }));
	}
	if (discountPercent !== null) {
		notes.push(m.billing_line_discount({ percent: `${discountPercent}%` }, { locale }));
	}
	return notes;
}
