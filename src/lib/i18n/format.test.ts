import { describe, expect, it } from 'vitest';
import {
	formatAge,
	formatDate,
	formatDecimal,
	formatEnergy,
	formatInstant,
	formatMoney,
	formatMonth,
	formatPercent,
	formatPower,
	formatRange,
	formatSignedPercent,
	formatTime,
	formatTimeRange,
	formatUnitPrice,
	moneyParts
} from './format.ts';

/** Intl joins with several kinds of space; what matters here is where there is one. */
const plain = (text: string) => text.replace(/[\u00a0\u2009\u202f]/g, ' ');

describe('money', () => {
	it.each([
		[0n, 'CNY', 'zh-CN', '¥0.00'],
		[1n, 'CNY', 'zh-CN', '¥0.01'],
		[123456n, 'CNY', 'zh-CN', '¥1,234.56'],
		[123456n, 'CNY', 'en', '¥1,234.56'],
		[-5n, 'CNY', 'en', '-¥0.05'],
		[1999, 'USD', 'en', '$19.99'],
		[1999, 'GBP', 'zh-CN', '£19.99'],
		['9007199254740993', 'CNY', 'zh-CN', '¥90,071,992,547,409.93']
	] as const)('%s minor units of %s in %s: %s', (amountMinor, currency, locale, text) => {
		expect(formatMoney(amountMinor, currency, locale)).toBe(text);
	});

	it('stays exact beyond what a float can hold', () => {
		expect(formatMoney(123456789012345678901n, 'CNY', 'en')).toBe('¥1,234,567,890,123,456,789.01');
	});

	it('shows the sign of a difference, and none of no difference', () => {
		const signed = (amountMinor: bigint) => formatMoney(amountMinor, 'CNY', 'zh-CN', { sign: 'always' });
		expect([signed(1200n), signed(-1200n), signed(0n)]).toEqual(['+¥12.00', '-¥12.00', '¥0.00']);
	});

	it('comes apart for typography and back together', () => {
		expect(moneyParts(-123450n, 'CNY', 'en')).toEqual({ sign: '-', symbol: '¥', value: '1,234.50' });
		expect(moneyParts(123450n, 'CNY', 'zh-CN')).toEqual({ sign: '', symbol: '¥', value: '1,234.50' });
	});

	it('prints unit prices at full published precision', () => {
		expect(formatUnitPrice(73_568_600n, 'CNY', 'kWh', 'zh-CN')).toBe('¥0.735686/kWh');
		expect(formatUnitPrice(66_286_875n, 'CNY', 'kWh', 'en')).toBe('¥0.66286875/kWh');
		expect(formatUnitPrice(4_200_000_000n, 'CNY', 'kW', 'en')).toBe('¥42.00/kW');
	});
});

describe('energy and power', () => {
	it.each([
		[0, '0 kWh'],
		[7, '0.01 kWh'],
		[1234, '1.23 kWh'],
		[12_345, '12.3 kWh'],
		[123_456, '123.5 kWh'],
		[123_000, '123 kWh'],
		[1_234_567, '1,235 kWh'],
		[99_999_000, '99,999 kWh'],
		[123_456_789, '123.5 MWh'],
		[-1500, '-1.50 kWh'],
		[12_345n, '12.3 kWh']
	])('%s Wh: %s', (energyWh, text) => {
		expect(plain(formatEnergy(energyWh, 'en'))).toBe(text);
		expect(plain(formatEnergy(energyWh, 'zh-CN'))).toBe(text);
	});

	it('keeps to kWh with the decimals asked for, as a bill prints them', () => {
		expect(plain(formatEnergy(123_456_789, 'en', { digits: 2 }))).toBe('123,456.79 kWh');
	});

	it('names the unit of each quantity', () => {
		expect(plain(formatPower(8_400, 'en'))).toBe('8.40 kW');
	});
});

describe('figures', () => {
	it('has exactly the decimals asked for, or a range of them', () => {
		expect(formatDecimal(1234.5, 'en', 2)).toBe('1,234.50');
		expect(formatDecimal('0.95', 'zh-CN', { min: 2, max: 4 })).toBe('0.95');
		expect(formatDecimal(-0.001, 'en', 1)).toBe('0.0');
	});

	it.each([
		[0.12, '12%', '+12%'],
		[-0.034, '-3%', '-3%'],
		[0.001, '0%', '0%'],
		[-0.001, '0%', '0%']
	])('%s as a share and as a change', (share, percent, signed) => {
		expect(formatPercent(share, 'en')).toBe(percent);
		expect(formatSignedPercent(share, 'zh-CN')).toBe(signed);
	});
});

describe('dates', () => {
	it.each([
		['short', '23 Nov', '11月23日'],
		['long', '23 November 2026', '2026年11月23日'],
		['weekday', 'Mon 23 Nov', '11月23日周一'],
		['full', 'Monday, 23 November 2026', '2026年11月23日星期一'],
		['dayName', 'Mon', '周一'],
		['dayLetter', 'M', '一']
	] as const)('%s: %s and %s', (style, en, zh) => {
		expect(formatDate('2026-11-23', 'en', style)).toBe(en);
		expect(formatDate('2026-11-23', 'zh-CN', style)).toBe(zh);
	});

	it('names months', () => {
		expect(formatMonth('2026-11', 'en')).toBe('November 2026');
		expect(formatMonth('2026-11-23', 'zh-CN')).toBe('2026年11月');
		expect(formatMonth('2026-11', 'en', 'short')).toBe('Nov');
		expect(formatMonth('2026-11', 'zh-CN', 'short')).toBe('11月');
	});

	it('shows a period by its first and last day', () => {
		const november = { start: '2026-11-01', end: '2026-12-01' };
		expect(plain(formatRange(november, 'en')).replaceAll(' ', '')).toBe('1–30Nov2026');
		expect(formatRange(november, 'zh-CN')).toBe('2026年11月1日至11月30日');
		expect(formatRange({ start: '2026-11-01', end: '2026-11-02' }, 'en')).toBe('1 Nov 2026');
		expect(formatRange({ start: '2026-11-01', end: '2026-11-02' }, 'zh-CN')).toBe('2026年11月1日');
		const newYear = { start: '2026-12-15', end: '2027-01-15' };
		expect(formatRange(newYear, 'zh-CN')).toBe('2026年12月15日至2027年1月14日');
	});

	it('shows times of day up to the end of the day', () => {
		expect([formatTime(0), formatTime(495), formatTime(1440)]).toEqual(['00:00', '08:15', '24:00']);
		expect(formatTimeRange(1425, 1440)).toBe('23:45–24:00');
	});

	it('shows an instant in the zone asked for', () => {
		const instant = Date.UTC(2026, 10, 23, 0, 15);
		expect(formatInstant(instant, 'Asia/Shanghai', 'en')).toBe('23 Nov 2026, 08:15');
		expect(formatInstant(instant, 'UTC', 'zh-CN')).toBe('2026年11月23日 00:15');
	});
});

describe('age', () => {
	const now = Date.UTC(2026, 10, 23, 12);
	it.each([
		[20, 'just now', '刚刚'],
		[300, '5 minutes ago', '5分钟前'],
		[2 * 3600, '2 hours ago', '2小时前'],
		[86_400, 'yesterday', '昨天'],
		[40 * 86_400, 'last month', '上个月'],
		[-60, 'just now', '刚刚']
	])('%s seconds: %s, %s', (seconds, en, zh) => {
		expect(formatAge(now - seconds * 1000, now, 'en')).toBe(en);
		expect(formatAge(now - seconds * 1000, now, 'zh-CN')).toBe(zh);
	});
});
