import { describe, expect, it } from 'vitest';
import { parseScaled } from '#lib/domain/kernel/money.ts';
import { homeBill, plantBill } from '../../../../tests/support/sample-bills.ts';
import { billFileName, billView } from './bill-view.ts';
import { lineName } from './lines.ts';

const locales = ['zh-CN', 'en'] as const;

/** "¥1,234.50" or "-¥3.10" as fen. */
function minor(text: string): bigint {
	return parseScaled(text.replace(/[¥,]/g, ''), 2);
}

describe.each(locales)('a bill in words (%s)', (locale) => {
	it.each([
		['plant', plantBill],
		['home', homeBill]
	])('%s: the printed lines sum to the printed total, to the fen', (_name, bill) => {
		const view = billView(bill(), locale);
		const lines = view.groups.flatMap((group) => group.lines);
		expect(lines.reduce((sum, { amount }) => sum + minor(amount), 0n)).toBe(minor(view.totalText));
		expect(view.groups.reduce((sum, { amount }) => sum + minor(amount), 0n)).toBe(minor(view.totalText));
	});

	it('names every period, warning and rule, and leaves no text empty', () => {
		for (const bill of [plantBill(), homeBill()]) {
			const view = billView(bill, locale);
			const texts = [
				view.title,
				view.change.sentence,
				...view.change.causes.map(({ what }) => what),
				...view.warnings,
				...view.facts.flatMap(({ label, value }) => [label, value]),
				...view.boxes.flatMap(({ facts }) => facts.flatMap(({ label, value }) => [label, value])),
				...view.groups.flatMap(({ label, lines }) => [label, ...lines.map(({ formula }) => formula)])
			];
			expect(texts.every((text) => text !== '' && !text.includes('undefined'))).toBe(true);
		}
	});
});

describe('a business bill', () => {
	const view = billView(plantBill(), 'zh-CN');

	it('lists the charges in the order of the State Grid', () => {
		expect(view.groups.map(({ number, label }) => number + label)).toEqual([
			'①代理购电电费',
			'②输配电量电费',
			'③输配容（需）量电费',
			'④上网环节线损费用',
			'⑤系统运行费用',
			'⑥功率因数调整电费',
			'⑦政府性基金及附加'
		]);
	});
	it('prints unit prices as published, without rounding', () => {
		const prices = view.groups.flatMap(({ lines }) => lines.map(({ unitPrice }) => unitPrice));
		expect(prices).toEqual([
			'¥0.76894/kWh',
			'¥0.572861/kWh',
			'¥0.38447/kWh',
			'¥0.173012/kWh',
			'¥0.1263/kWh',
			'¥42.00/kW',
			'¥0.013643/kWh',
			'¥0.082273/kWh',
			'-0.75%',
			'¥0.0452/kWh'
		]);
	});
	it('says that the maximum demand is a lower bound, and when it was', () => {
		const [demand] = view.boxes;
		expect(demand?.note).toContain('下限');
		expect(demand?.facts).toContainEqual({ label: '出现时间', value: '2026年10月14日 10:15–10:30' });
	});
	it('tells the assumption that the tariff asks to tell', () => {
		expect(view.tariffs[0]?.note).toBe('演示假设：2026 年 1 月价格表用于全部月份。');
	});
});

describe.each([
	['zh-CN', '定比定量计量点：厂区照明', '定比定量计量点：canteen'],
	['en', 'Fixed-share meter: 厂区照明', 'Fixed-share meter: canteen']
] as const)('a bill with fixed-share meters (%s)', (locale, lighting, canteen) => {
	const bill = plantBill();
	const [first, ...others] = bill.lines;
	const shares = [
		{ id: 'lighting', name: '厂区照明' },
		{ id: 'canteen', name: null }
	];
	const lines = shares.flatMap((share) =>
		others.slice(0, 3).map((line) => ({ ...line, share, reference: `share.${share.id}/${line.reference}` }))
	);
	const { groups } = billView({ ...bill, lines: [first!, ...others, ...lines] }, locale);

	it('has a block with a heading for each, after the lines of the rest', () => {
		expect(groups.flatMap(({ block }) => block ?? [])).toEqual([lighting, canteen]);
		expect(groups[0]?.block).toBeNull();
	});
	it('has its name before a line that stands away from its block', () => {
		const names = [others[0]!, ...lines].map((line) => lineName(line, bill, locale));
		expect(names[1]).toBe(`厂区照明 · ${names[0]}`);
		expect(names[4]).toBe(`canteen · ${names[0]}`);
	});
	it('numbers the charges of each block anew and keeps them apart', () => {
		expect(groups.filter(({ number }) => number === '①')).toHaveLength(3);
		expect(new Set(groups.map(({ key }) => key)).size).toBe(groups.length);
	});
});

describe('a home’s bill', () => {
	const view = billView(homeBill(), 'en');

	it('says in one sentence what is different from the month before', () => {
		expect(view.change.sentence.replaceAll('\u00a0', ' ')).toBe(
			'¥18.40 less than in September 2026: 13.94 kWh a day instead of 15.67 kWh (¥25.10 less); ' +
				'use reaching tier 2 instead of tier 1 (¥3.60 more); 31 days instead of 30 (¥3.10 more).'
		);
	});
	it('says in plain words what is missing and what is estimated', () => {
		expect(view.warnings.map((text) => text.replaceAll('\u00a0', ' '))).toEqual([
			'Active energy taken, intervals missing: 12 of 2,976. What was used in them is unknown and is not billed.',
			'Active energy taken, intervals estimated: 32; 2.4 kWh together. They are part of this bill.'
		]);
	});
	it('says by which method missing intervals were filled', () => {
		const warnings = [
			{
				code: 'FILLED_INTERVALS',
				method: 'like_days',
				channel: 'active_import',
				count: 3,
				quantity: 1500
			} as const
		];
		expect(billView({ ...homeBill(), warnings }, 'en').warnings[0]?.replaceAll('\u00a0', ' ')).toBe(
			'Active energy taken, intervals missing and filled (mean of like days): 3; 1.5 kWh together. ' +
				'They count as estimated and are part of this bill.'
		);
	});
	it('says how much was billed where registers win over the readings', () => {
		const bill = homeBill();
		expect(view.registersNote).toBeNull();
		const figures = { ...bill.figures, energyWh: 440_000, lossWh: 2_000 };
		expect(billView({ ...bill, figures }, 'en').registersNote?.replaceAll('\u00a0', ' ')).toBe(
			'Billed by what the registers counted: 438 kWh.'
		);
	});
	it('shows the year against the thresholds', () => {
		expect(view.tiers?.rows.map(({ used }) => Number(used.toFixed(3)))).toEqual([1, 0.035, 0]);
		expect(view.tiers?.summary.replaceAll('\u00a0', ' ')).toBe(
			'2,832.025 kWh used, 1,967.975 kWh before tier 3'
		);
	});
	it('has nothing to compare with where the month before has no bill', () => {
		const first = billView({ ...homeBill(), previous: null, change: null }, 'en');
		expect(first.change.causes).toEqual([]);
		expect(first.change.sentence).toBe('There is no bill for the month before to compare with.');
	});
});

it('names the file with letters, digits and hyphens only', () => {
	expect(billFileName({ ...plantBill(), billNo: '../a"b\r\n电费/7' })).toBe(
		'meterside-bill-2026-10-a-b-7.pdf'
	);
});
