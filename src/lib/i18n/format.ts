import { scaledToDecimal, type Currency } from '#lib/domain/kernel/money.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import { getLocale, type Locale } from '#lib/i18n/paraglide/runtime.js';

/*
 * Every figure, date and amount that a person reads goes through here; the same functions run on the
 * server, in the browser and for the PDF. Intl only. `locale` is the page's own where it is left out; what
 * has no page (PDF, e-mail, commands) names it. Figure and unit are joined by a no-break space (U+00A0).
 */

/** An exact integer: bigint, safe integer, or plain digits as superjson and JSON carry them. */
export type Exact = bigint | number | string;

/** A figure and its unit apart, for typography that sets the unit smaller. */
export interface FigureParts {
	readonly value: string;
	readonly unit: string;
}

/** An amount apart: `sign` is "-" or empty, `symbol` stands before `value` in both languages. */
export interface MoneyParts {
	readonly sign: string;
	readonly symbol: string;
	readonly value: string;
}

const NO_BREAK = '\u00a0';

/** English dates read day, month, year: the month is always a word, so that no order can be mistaken. */
const INTL_TAG: Readonly<Record<Locale, string>> = { 'zh-CN': 'zh-CN', en: 'en-GB' };

const numberFormats = new Map<string, Intl.NumberFormat>();

function numberFormat(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
	const key = locale + JSON.stringify(options);
	let format = numberFormats.get(key);
	if (format === undefined) {
		format = new Intl.NumberFormat(INTL_TAG[locale], options);
		numberFormats.set(key, format);
	}
	return format;
}

/** Formats a plain decimal string without passing through a float. */
function formatExact(format: Intl.NumberFormat, decimal: string): string {
	return format.format(decimal as Intl.StringNumericLiteral);
}

// Money

/** "¥1,234.50": minor units of the currency, exact. `sign: 'always'` for differences ("+¥12.00"). */
export function formatMoney(
	amountMinor: Exact,
	currency: Currency,
	locale: Locale = getLocale(),
	options: { sign?: 'auto' | 'always' } = {}
): string {
	return formatExact(moneyFormat(currency, locale, options.sign), scaledToDecimal(BigInt(amountMinor), 2, 2));
}

export function moneyParts(amountMinor: Exact, currency: Currency, locale: Locale = getLocale()): MoneyParts {
	const decimal = scaledToDecimal(BigInt(amountMinor), 2, 2) as Intl.StringNumericLiteral;
	const parts = { sign: '', symbol: '', value: '' };
	for (const { type, value } of moneyFormat(currency, locale).formatToParts(decimal)) {
		if (type === 'minusSign') parts.sign = value;
		else if (type === 'currency') parts.symbol = value;
		else if (type !== 'literal') parts.value += value;
	}
	return parts;
}

function moneyFormat(currency: Currency, locale: Locale, sign: 'auto' | 'always' = 'auto') {
	return numberFormat(locale, {
		style: 'currency',
		currency,
		currencyDisplay: 'narrowSymbol',
		signDisplay: sign === 'always' ? 'exceptZero' : 'auto'
	});
}

/** "¥0.735686/kWh": a price in E8 units at its full published precision, at least two decimals. */
export function formatUnitPrice(
	unitPriceE8: Exact,
	currency: Currency,
	unit: string,
	locale: Locale = getLocale()
): string {
	const format = numberFormat(locale, {
		style: 'currency',
		currency,
		currencyDisplay: 'narrowSymbol',
		minimumFractionDigits: 2,
		maximumFractionDigits: 8
	});
	return `${formatExact(format, scaledToDecimal(BigInt(unitPriceE8), 8, 2))}/${unit}`;
}

// Energy and power

/** "12.3 kWh" from Wh; from 100,000 kWh on in MWh. For an exact figure (a bill) ask for `digits`. */
export function formatEnergy(
	energyWh: bigint | number,
	locale: Locale = getLocale(),
	options: { digits?: number } = {}
): string {
	return joined(energyParts(energyWh, locale, options));
}

export function energyParts(
	energyWh: bigint | number,
	locale: Locale = getLocale(),
	options: { digits?: number } = {}
): FigureParts {
	return scaledParts(Number(energyWh), ['kWh', 'MWh'], locale, options.digits);
}

/** "8.4 kW" from W; from 100,000 kW on in MW. */
export function formatPower(powerW: number, locale: Locale = getLocale()): string {
	return joined(powerParts(powerW, locale));
}

export function powerParts(powerW: number, locale: Locale = getLocale()): FigureParts {
	return scaledParts(powerW, ['kW', 'MW'], locale);
}

/** Three figures where the quantity is small, whole units where it is large. */
function scaledParts(
	base: number,
	units: readonly [string, string],
	locale: Locale,
	digits?: number
): FigureParts {
	const inMega = digits === undefined && Math.abs(base) >= 100_000_000;
	const scaled = base / (inMega ? 1_000_000 : 1000);
	const places = digits ?? sensibleDigits(Math.abs(scaled));
	return { value: formatDecimal(scaled, locale, places), unit: units[inMega ? 1 : 0] };
}

function sensibleDigits(magnitude: number): number {
	if (magnitude === 0 || magnitude >= 1000) return 0;
	if (magnitude >= 100) return magnitude % 1 === 0 ? 0 : 1;
	return magnitude >= 10 ? 1 : 2;
}

function joined(parts: FigureParts): string {
	return parts.value + NO_BREAK + parts.unit;
}

// Plain figures

/** A figure with exactly `digits` decimals, or from `min` to `max`. */
export function formatDecimal(
	value: Exact,
	locale: Locale = getLocale(),
	digits: number | { min: number; max: number } = 0
): string {
	const { min, max } = typeof digits === 'number' ? { min: digits, max: digits } : digits;
	const format = numberFormat(locale, { minimumFractionDigits: min, maximumFractionDigits: max });
	const text = typeof value === 'string' ? formatExact(format, value) : format.format(value);
	return /[1-9]/.test(text) ? text : text.replace(/^-/, '');
}

/** "0.90" from hundredths, the precision in which power factors are assessed. */
export function formatPowerFactor(hundredths: number, locale: Locale = getLocale()): string {
	return formatDecimal(hundredths / 100, locale, 2);
}

/** "71.1%" from 0.7113. */
export function formatLoadFactor(loadFactor: number, locale: Locale = getLocale()): string {
	return formatPercent(loadFactor, locale, 1);
}

/** "12%" from 0.12. */
export function formatPercent(share: number, locale: Locale = getLocale(), digits = 0): string {
	return percentFormat(locale, digits, 'negative').format(share);
}

/** "+12%", "-3%", "0%": a change. */
export function formatSignedPercent(share: number, locale: Locale = getLocale(), digits = 0): string {
	return percentFormat(locale, digits, 'exceptZero').format(share);
}

function percentFormat(locale: Locale, digits: number, signDisplay: 'negative' | 'exceptZero') {
	return numberFormat(locale, {
		style: 'percent',
		minimumFractionDigits: digits,
		maximumFractionDigits: digits,
		signDisplay
	});
}

// Dates and times

const DATE_STYLES = {
	/** "23 Nov" · "11月23日" */
	short: { day: 'numeric', month: 'short' },
	/** "23 November 2026" · "2026年11月23日" */
	long: { day: 'numeric', month: 'long', year: 'numeric' },
	/** "Mon 23 Nov" · "11月23日周一" */
	weekday: { weekday: 'short', day: 'numeric', month: 'short' },
	/** "Monday, 23 November 2026" · "2026年11月23日星期一" */
	full: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
	/** "Mon" · "周一" */
	dayName: { weekday: 'short' },
	/** "M" · "一", where seven days share the width of a thumb */
	dayLetter: { weekday: 'narrow' }
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

export type DateStyle = keyof typeof DATE_STYLES;

const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
	const key = locale + JSON.stringify(options);
	let format = dateFormats.get(key);
	if (format === undefined) {
		format = new Intl.DateTimeFormat(INTL_TAG[locale], options);
		dateFormats.set(key, format);
	}
	return format;
}

/** A civil date has no zone; it is read and written in UTC so that no zone can move it. */
function civil(localDate: string): number {
	return Date.parse(`${localDate}T00:00:00Z`);
}

/** A civil date "YYYY-MM-DD". */
export function formatDate(
	localDate: string,
	locale: Locale = getLocale(),
	style: DateStyle = 'short'
): string {
	return dateFormat(locale, { ...DATE_STYLES[style], timeZone: 'UTC' }).format(civil(localDate));
}

/** A month "YYYY-MM" or any date in it: long "November 2026", short "Nov". */
export function formatMonth(
	month: string,
	locale: Locale = getLocale(),
	style: 'long' | 'short' = 'long'
): string {
	const options: Intl.DateTimeFormatOptions =
		style === 'long' ? { month: 'long', year: 'numeric' } : { month: 'short' };
	return dateFormat(locale, { ...options, timeZone: 'UTC' }).format(civil(`${month.slice(0, 7)}-01`));
}

/** Civil dates [start, end) by first and last day: "1 – 30 Nov 2026" · "2026年11月1日至11月30日". */
export function formatRange(
	period: { readonly start: string; readonly end: string },
	locale: Locale = getLocale()
): string {
	const first = civil(period.start);
	const last = civil(period.end) - 86_400_000;
	if (locale === 'zh-CN' && first !== last) {
		// Intl writes Chinese ranges with slashes, as no bill does.
		const lastDay = new Date(last).toISOString().slice(0, 10);
		const sameYear = lastDay.slice(0, 4) === period.start.slice(0, 4);
		return `${formatDate(period.start, locale, 'long')}至${formatDate(lastDay, locale, sameYear ? 'short' : 'long')}`;
	}
	return dateFormat(locale, {
		day: 'numeric',
		month: locale === 'zh-CN' ? 'long' : 'short',
		year: 'numeric',
		timeZone: 'UTC'
	}).formatRange(first, last);
}

/** "08:15" from minutes since midnight; the end of a day is "24:00". */
export function formatTime(minutesOfDay: number): string {
	const hours = Math.floor(minutesOfDay / 60);
	return `${String(hours).padStart(2, '0')}:${String(minutesOfDay % 60).padStart(2, '0')}`;
}

/** "08:00–08:15". */
export function formatTimeRange(startMinutes: number, endMinutes: number): string {
	return `${formatTime(startMinutes)}–${formatTime(endMinutes)}`;
}

/** An instant as date and time in a zone: "23 Nov 2026, 08:15". */
export function formatInstant(epochMs: number, timeZone: string, locale: Locale = getLocale()): string {
	return dateFormat(locale, {
		day: 'numeric',
		month: 'short',
		year: 'numeric',
		hour: '2-digit',
		minute: '2-digit',
		hourCycle: 'h23',
		timeZone
	}).format(epochMs);
}

const AGE_STEPS = [
	['minute', 60],
	['hour', 3600],
	['day', 86_400],
	['month', 30 * 86_400],
	['year', 365 * 86_400]
] as const;

/** How long ago, in the largest unit that fits: "just now", "5 minutes ago", "yesterday". Never the future. */
export function formatAge(epochMs: number, nowMs: number, locale: Locale = getLocale()): string {
	const seconds = Math.max(0, (nowMs - epochMs) / 1000);
	const relative = new Intl.RelativeTimeFormat(INTL_TAG[locale], { numeric: 'auto' });
	const step = AGE_STEPS.findLast(([, length]) => seconds >= length);
	return step === undefined
		? m.common_just_now({}, { locale })
		: relative.format(-Math.floor(seconds / step[1]), step[0]);
}
