import { describe, expect, it } from 'vitest';
import type { BillSummary } from '#lib/domain/billing/bill.ts';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { chartMonths, stepFrom } from './bill-months.ts';

function bill(
	start: string,
	end: string,
	totalMinor: bigint,
	state: BillSummary['state'] = 'issued'
): BillSummary {
	return {
		id: Number(start.slice(5, 7)),
		billNo: start,
		state,
		correctsBillId: null,
		period: { start: localDate(start), end: localDate(end) },
		dueOn: localDate(end),
		currency: 'CNY',
		totalMinor,
		energyWh: Number(totalMinor) * 20,
		restsOnIncompleteData: false
	};
}

const october = bill('2026-10-01', '2026-11-01', 20_000n);
const september = bill('2026-09-01', '2026-10-01', 10_000n);
const july = bill('2026-07-01', '2026-08-01', 5_000n);

describe('the 13 months of the chart', () => {
	it('end with the newest bill and begin a year before it', () => {
		const months = chartMonths([october, september], 'amount');
		expect(months).toHaveLength(13);
		expect(months[0]?.month).toBe('2025-10');
		expect(months.at(-1)?.month).toBe('2026-10');
	});
	it('know no bill where there is none, rather than a bill of zero', () => {
		const months = chartMonths([october, september, july], 'amount');
		expect(months.find(({ month }) => month === '2026-08')?.bill).toBeNull();
	});
	it('stand in proportion to the highest', () => {
		const heights = chartMonths([october, september, july], 'amount').map(({ height }) => height);
		expect(heights.slice(-4)).toEqual([0.25, 0, 0.5, 1]);
	});
	it('leave cancelled bills out', () => {
		const cancelled = bill('2026-10-01', '2026-11-01', 99_000n, 'cancelled');
		expect(chartMonths([cancelled, october], 'amount').at(-1)?.bill).toBe(october);
	});
	it('put a credit on the ground line, not below it', () => {
		expect(chartMonths([bill('2026-10-01', '2026-11-01', -500n), september], 'amount').at(-1)?.height).toBe(
			0
		);
	});
	it('give a bill of two months the width of both, cut where the chart begins', () => {
		const odd = [
			bill('2025-12-01', '2026-02-01', 400n),
			bill('2025-10-01', '2025-12-01', 200n),
			bill('2024-12-01', '2025-02-01', 100n)
		];
		const months = chartMonths(odd, 'amount');
		expect(months.map(({ months: width }) => width).reduce((sum, width) => sum + width, 0)).toBe(13);
		expect(
			months
				.filter((part) => part.bill !== null)
				.map(({ month, months: width, height }) => [month, width, height])
		).toEqual([
			['2025-01', 1, 0.25],
			['2025-11', 2, 0.5],
			['2026-01', 2, 1]
		]);
		expect(months.filter(({ startsYear }) => startsYear).map(({ month }) => month)).toEqual([
			'2025-01',
			'2026-01'
		]);
	});
	it('are none where there is no bill', () => {
		expect(chartMonths([], 'energy')).toEqual([]);
	});
});

describe('the step from the bill before', () => {
	it('is the difference, and its share', () => {
		expect(stepFrom(september, october)).toEqual({ kind: 'change', differenceMinor: 10_000n, share: 1 });
	});
	it('is not drawn over a month without a bill', () => {
		expect(stepFrom(july, september)).toEqual({ kind: 'gap' });
	});
	it('has no share where the bill before was nothing', () => {
		expect(stepFrom({ ...september, totalMinor: 0n }, october)).toMatchObject({ share: null });
	});
	it('is none for the first bill', () => {
		expect(stepFrom(undefined, october)).toEqual({ kind: 'first' });
	});
});
