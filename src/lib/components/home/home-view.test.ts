import { afterAll, describe, expect, it } from 'vitest';
import type { AccountOverview, TierProgress, UsageOverview } from '#lib/domain/advice/overview.ts';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { getLocale, overwriteGetLocale, type Locale } from '#lib/i18n/paraglide/runtime.js';
import { homeView } from './home-view.ts';

const before = getLocale;
afterAll(() => overwriteGetLocale(before));

const plain = (text: string | null | undefined) => text?.replace(/\u00a0/g, ' ');

const usage: UsageOverview = {
	meter: { meterNo: 'M1', of: 1 },
	day: {
		localDate: localDate('2026-11-22'),
		ageDays: 1,
		energyWh: 8423,
		missing: 0,
		estimated: 0,
		intervalMinutes: 60,
		changeFromUsual: 0.18,
		powerW: [100, null, 200],
		usual: { lowW: [50, 50, 50], highW: [150, 150, 400], days: 8 },
		exportWh: null
	},
	week: {
		days: [
			{ localDate: localDate('2026-11-21'), energyWh: null, estimated: 0, missing: 24 },
			{ localDate: localDate('2026-11-22'), energyWh: 8423, estimated: 0, missing: 0 }
		],
		energyWh: 8423,
		missing: 24,
		estimated: 0,
		changeFromWeekBefore: 0.12
	}
};

const tier: TierProgress = {
	cycleStart: localDate('2026-01-01'),
	usedWh: 3_780_000,
	hasMissing: false,
	currentTier: 2,
	tiers: [
		{ tier: 1, toWh: 2_760_000 },
		{ tier: 2, toWh: 4_800_000 },
		{ tier: 3, toWh: null }
	],
	next: { tier: 3, remainingWh: 1_020_000, extraPriceE8: 25_000_000n, currency: 'CNY', expectedOn: null }
};

const overview: AccountOverview = {
	accountId: 1,
	accountNo: '1',
	customerKind: 'residential',
	today: localDate('2026-11-23'),
	bill: {
		id: 12,
		period: { start: localDate('2026-10-01'), end: localDate('2026-11-01') },
		dueOn: localDate('2026-11-25'),
		daysToDue: 2,
		currency: 'CNY',
		totalMinor: 18_642n,
		energyWh: 312_400,
		isNew: true,
		restsOnIncompleteData: false,
		differenceMinor: -1230n
	},
	usage,
	tier,
	plant: null,
	todo: []
};

function viewIn(locale: Locale, parts: Partial<AccountOverview> = {}) {
	overwriteGetLocale(() => locale);
	return homeView({ ...overview, ...parts }, (path) => path);
}

describe('home in words', () => {
	it('says what is owed and when', () => {
		const { bill } = viewIn('en');
		expect(bill.title).toBe('Bill for October 2026');
		expect(bill.issued).toMatchObject({ href: '/bills/12', due: 'Due 25 Nov', dueIn: 'in 2 days' });
		expect(bill.notes.map(plain)).toEqual(['312.4 kWh', '¥12.30 less than the bill before']);
		expect(viewIn('zh-CN').bill.issued).toMatchObject({ due: '11月25日到期', dueIn: '还有 2 天' });
	});

	it('claims neither that a bill past its due date is paid nor that it is not', () => {
		const bill = { ...overview.bill!, daysToDue: -3 };
		const view = viewIn('en', { bill });
		expect(view.bill.issued).toMatchObject({ due: 'Due date: 25 Nov', dueIn: null });
		expect(view.todo.nothing).toMatch(/^Nothing else\. Whether the bill is paid is not shown/);
		expect(viewIn('en').todo.nothing).toBe('Nothing to do right now');
		const credit = { ...bill, totalMinor: -100n };
		expect(viewIn('en', { bill: credit }).todo.nothing).toBe('Nothing to do right now');
	});

	it('compares the day with the usual and the week with the one before', () => {
		expect(viewIn('en').usage.known).toMatchObject({
			day: { label: 'Yesterday, Sun 22 Nov', change: '18% more than usual' },
			week: { change: 'You used 12% more than the week before' }
		});
		expect(viewIn('zh-CN').usage.known).toMatchObject({
			day: { change: '比平常多 18%' },
			week: { change: '比前一周多用 12%' }
		});
	});

	it.each([
		[0.049, 'About as usual'],
		[-0.3, '30% less than usual'],
		[null, 'Too few readings to compare with the usual']
	])('calls a change of %s "%s"', (changeFromUsual, words) => {
		const changed = { ...usage, day: { ...usage.day, changeFromUsual } };
		expect(viewIn('en', { usage: changed }).usage.known?.day.change).toBe(words);
	});

	it('says where readings are missing, and draws a gap', () => {
		const { known } = viewIn('en').usage;
		expect(known?.week.notes).toEqual([
			{ text: 'Missing readings: 24, so at least this much', tone: 'warn' }
		]);
		expect(known?.week.bars[0]).toMatchObject({
			share: null,
			isPartial: true,
			text: 'Sat 21 Nov: no readings'
		});
		expect(known?.day.curve.line.match(/M/g)).toHaveLength(2);
	});

	it('names the meter where the account has several', () => {
		expect(viewIn('en').usage.known?.day.notes).toEqual([]);
		const several = viewIn('en', { usage: { ...usage, meter: { meterNo: 'M1', of: 2 } } });
		expect(several.usage.known?.day.notes).toEqual([
			{ text: 'Meter M1, one of the 2 of this account', tone: 'soft' }
		]);
	});

	it('draws the curve and the band of the usual to the same scale', () => {
		const { curve } = viewIn('en').usage.known!.day;
		expect(curve.line).toBe('M0.5 75h0.6M2.5 50h0.6');
		expect(curve.band).toBe('M0.5 62.5L1.5 62.5L2.5 0L2.5 87.5L1.5 87.5L0.5 87.5Z');
	});

	it('fills the tiers that are used and says what comes next', () => {
		const { tier: shown } = viewIn('en');
		expect(shown?.segments.map(({ filled }) => filled)).toEqual([1, 0.5, 0]);
		expect(shown?.segments.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 10);
		expect(shown?.notes.map(({ text }) => plain(text))).toEqual([
			'1,020 kWh left before tier 3 (+¥0.25/kWh).',
			'At your pace not in 2026.'
		]);
	});

	it('has words for an account of which nothing is known', () => {
		const empty = viewIn('en', { bill: null, usage: null, tier: null });
		expect(empty.bill).toEqual({
			title: 'Latest bill',
			issued: null,
			notes: ['No bill yet. The first one follows the first full month.']
		});
		expect(empty.usage.known).toBeNull();
		expect(empty.todo.items).toEqual([]);
	});
});
