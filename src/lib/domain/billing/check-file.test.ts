import { describe, expect, it } from 'vitest';
import { days, point, ratingInput, series, tariffJson } from '../../../../tests/support/rating.ts';
import { packLoadDay } from '#lib/domain/metering/load-day.ts';
import { checkBill, checkedLine, makeCheckFile, parseCheckFile } from './check-file.ts';
import type { CheckInput } from './check-input.ts';
import { scaledToDecimal } from '#lib/domain/kernel/money.ts';
import { parseTariff } from '#lib/domain/tariffs/parse.ts';
import { rate } from '#lib/domain/rating/rate.ts';

const period = days('2026-03-01', '2026-03-08');
const document = tariffJson('zhejiang_residential_tou.2024');
const tariff = parseTariff(document);
const usage = point(
	period,
	series(period, (date, slot) => (date === '2026-03-03' && slot === 40 ? null : 100 + slot))
);

/** The file of a bill, as it travels. */
async function fileOf(parts: Partial<Pick<CheckInput, 'shares' | 'filling'>> = {}) {
	const shares = (parts.shares ?? []).map((share) => ({ ...share, tariffs: [{ period, tariff }] }));
	const filling = parts.filling ?? 'none';
	const input = ratingInput(tariff, period, [usage], { shares, filling });
	const result = rate(input);
	if (!result.ok) throw new Error(result.refusal.code);
	const file = await makeCheckFile(
		{
			billNo: 'B-1',
			currency: 'CNY',
			total: scaledToDecimal(result.totalMinor, 2, 2),
			lines: result.lines.map(checkedLine)
		},
		{
			account: input.account,
			timeZone: input.timeZone,
			period,
			tariffs: [{ period, document }],
			usage: [{ ...usage, days: usage.days.map(packLoadDay) }],
			carried: input.carried,
			calendar: input.calendar.excerpt(period),
			...parts
		}
	);
	return JSON.parse(JSON.stringify(file)) as Record<string, unknown>;
}

describe('the file of a bill', () => {
	const tariffs = [{ period, document }];
	it.each<[string, Partial<Pick<CheckInput, 'shares' | 'filling'>>]>([
		['as it was before there were shares and filling', {}],
		['with filled intervals', { filling: 'linear' }],
		['with a share', { shares: [{ id: 'lift', name: null, part: { percentE4: 50_000 }, tariffs }] }]
	])('is computed again to the same: %s', async (_, parts) => {
		const check = await checkBill(parseCheckFile(await fileOf(parts)));
		expect(check).toMatchObject({ agrees: true, isInputIntact: true });
		expect(check.lines.length).toBeGreaterThan(0);
	});

	it('does not agree with another way of filling than it was billed with', async () => {
		const file = await fileOf({ filling: 'linear' });
		Object.assign(file['input'] as object, { filling: 'none' });
		expect(await checkBill(parseCheckFile(file))).toMatchObject({ agrees: false, isInputIntact: false });
	});
});

describe('a file that is malformed inside is refused by field and reason', () => {
	it.each<[string, (input: CheckInputJson) => void, string]>([
		[
			'a quality letter that is none',
			({ usage: [first] }) => (first!.days[2]!['qualities'] = 'q'),
			'input.usage.0.days.2.qualities: has a quality letter'
		],
		[
			'more qualities than intervals',
			({ usage: [first] }) => (first!.days[0]!['qualities'] = 'mm'),
			'input.usage.0.days.0.qualities: 2 qualities for 96 intervals'
		],
		[
			'a quantity that is no number',
			({ usage: [first] }) => (first!.days[0]!['quantities'] = `1x${',1'.repeat(95)}`),
			'input.usage.0.days.0.quantities: interval 0: "1x" is no whole quantity'
		],
		[
			'a capacity in words',
			({ account }) => (account['contractedCapacityVa'] = 'much'),
			'input.account.contractedCapacityVa'
		],
		[
			'part of a Wh in a register',
			({ usage: [first] }) => (first!.registers = { importWh: 1, estimatedImportWh: 1.5 }),
			'input.usage.0.registers.estimatedImportWh'
		],
		['a zone that is none', (input) => (input.timeZone = 'Asia/Nowhere'), 'input.timeZone: not a time zone'],
		[
			'a day that is none',
			({ period: days }) => (days['start'] = '2026-02-30'),
			'input.period.start: not a date'
		]
	])('%s', async (_, spoil, message) => {
		const file = await fileOf();
		spoil(file['input'] as CheckInputJson);
		expect(() => parseCheckFile(file)).toThrow(message);
	});

	it('a tariff document', async () => {
		const file = await fileOf();
		(file['input'] as CheckInputJson).tariffs[0]!.document['seasons'] = 'all';
		await expect(checkBill(parseCheckFile(file))).rejects.toThrow('input.tariffs.0.document: ');
	});
});

interface CheckInputJson {
	account: Record<string, unknown>;
	timeZone: string;
	period: Record<string, unknown>;
	usage: { days: Record<string, unknown>[]; registers: unknown }[];
	tariffs: { document: Record<string, unknown> }[];
}
