import { describe, expect, it } from 'vitest';
import { addDays, datesOf, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { DayTotal } from '#lib/domain/metering/day-statistics.ts';
import type { TierFigures } from '#lib/domain/rating/types.ts';
import { firstUnbilledDay, tierProgress, type BilledTiers } from './tier-progress.ts';

const date = (text: string) => text as LocalDate;
const KWH = 1000;

/** The annual tiers of Zhejiang: 2,760 and 4,800 kWh, +0.05 and +0.30 yuan. */
const billed = (usedAfterWh: number, billedUntil: string, cycle: 'year' | 'month' = 'year'): BilledTiers => ({
	figures: {
		cycle,
		cycleStart: date(`${Number(billedUntil.slice(0, 4)) - (billedUntil.endsWith('01-01') ? 1 : 0)}-01-01`),
		usedBeforeWh: 0,
		usedAfterWh,
		currentTier: 1,
		tiers: [
			{ tier: 1, fromWh: 0, toWh: 2760 * KWH, surchargeE8: 0n, energyWh: 0 },
			{ tier: 2, fromWh: 2760 * KWH, toWh: 4800 * KWH, surchargeE8: 5_000_000n, energyWh: 0 },
			{ tier: 3, fromWh: 4800 * KWH, toWh: null, surchargeE8: 30_000_000n, energyWh: 0 }
		]
	} satisfies TierFigures,
	billedUntil: date(billedUntil),
	currency: 'CNY'
});

const totalsOf = (from: string, last: string, energyWh: number | null, missing = 0): DayTotal[] =>
	datesOf({ start: date(from), end: addDays(date(last), 1) }).map((localDate) => ({
		localDate,
		energyWh,
		estimated: 0,
		missing
	}));

describe('tier progress', () => {
	const november = totalsOf('2026-11-01', '2026-11-22', 10 * KWH);

	it("adds the readings since the bill to the bill's own count", () => {
		const progress = tierProgress(billed(2400 * KWH, '2026-11-01'), date('2026-11-22'), november, november);
		expect(progress).toMatchObject({ usedWh: 2620 * KWH, currentTier: 1, hasMissing: false });
	});

	it('says when the next tier begins at the pace of the last two weeks, and what it costs more', () => {
		const progress = tierProgress(billed(2400 * KWH, '2026-11-01'), date('2026-11-22'), november, november);
		// 140 kWh are left: 14 full days at 10 kWh, so the fifteenth day draws the first kWh of tier 2.
		expect(progress?.next).toEqual({
			tier: 2,
			remainingWh: 140 * KWH,
			extraPriceE8: 5_000_000n,
			currency: 'CNY',
			expectedOn: '2026-12-07'
		});
	});

	it('counts the difference to the present tier, not to the first', () => {
		const progress = tierProgress(billed(3000 * KWH, '2026-11-01'), date('2026-11-22'), november, november);
		expect(progress?.next).toMatchObject({ tier: 3, extraPriceE8: 25_000_000n });
	});

	it('makes no forecast beyond the year', () => {
		const progress = tierProgress(billed(1000 * KWH, '2026-11-01'), date('2026-11-22'), november, november);
		expect(progress?.next?.expectedOn).toBeNull();
	});

	it('makes no forecast from fewer than seven complete days', () => {
		const gaps = totalsOf('2026-11-09', '2026-11-22', 10 * KWH, 1);
		const recent = [...gaps.slice(0, 8), ...totalsOf('2026-11-17', '2026-11-22', 10 * KWH)];
		const progress = tierProgress(billed(2400 * KWH, '2026-11-01'), date('2026-11-22'), recent, recent);
		expect(progress?.next?.expectedOn).toBeNull();
		expect(progress?.hasMissing).toBe(true);
	});

	it('has no next tier in the last one', () => {
		const progress = tierProgress(billed(5000 * KWH, '2026-11-01'), date('2026-11-22'), november, november);
		expect(progress).toMatchObject({ currentTier: 3, next: null });
	});

	it('begins anew on 1 January', () => {
		const last = date('2027-01-10');
		const december = billed(4000 * KWH, '2027-01-01');
		expect(firstUnbilledDay(december, last)).toBe('2027-01-01');
		const january = totalsOf('2027-01-01', last, 10 * KWH);
		expect(tierProgress(december, last, january, january)).toMatchObject({
			usedWh: 100 * KWH,
			currentTier: 1,
			cycleStart: '2027-01-01'
		});
	});

	it('counts from 1 January also where the newest bill is of the year before', () => {
		expect(firstUnbilledDay(billed(3900 * KWH, '2026-12-01'), date('2027-01-10'))).toBe('2027-01-01');
	});

	it('leaves monthly tiers alone', () => {
		const monthly = billed(100 * KWH, '2026-11-01', 'month');
		expect(tierProgress(monthly, date('2026-11-22'), november, november)).toBeNull();
	});
});
