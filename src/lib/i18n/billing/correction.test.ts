import { describe, expect, it } from 'vitest';
import { homeBill } from '../../../../tests/support/sample-bills.ts';
import type { BillDocument } from '#lib/domain/billing/bill.ts';
import { lineDifferences, type CorrectionCause } from '#lib/domain/billing/correction.ts';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { billView } from './bill-view.ts';
import { causeLine } from './correction.ts';

/** A correction of the home's bill by which its peak energy rises by 10 kWh, or falls. */
function corrected(sign: 1 | -1, causes: readonly CorrectionCause[] = []): BillDocument {
	const before = homeBill();
	const lines = before.lines.map((line) =>
		line.reference === 'energy.peak'
			? {
					...line,
					quantityMilli: line.quantityMilli + sign * 10_000,
					amountMinor: line.amountMinor + BigInt(sign) * 568n
				}
			: line
	);
	const differenceMinor = BigInt(sign) * 568n;
	return {
		...before,
		totalMinor: before.totalMinor + differenceMinor,
		lines,
		correction: {
			corrected: { id: 7, billNo: 'B-7' },
			beforeMinor: before.totalMinor,
			differenceMinor,
			lines: lineDifferences(before.lines, lines),
			causes
		}
	};
}

const plain = (text: string) => text.replaceAll('\u00a0', ' ').replaceAll('\u2009', ' ');

const readings: CorrectionCause = {
	kind: 'readings',
	channels: ['active_import', 'reactive_import'],
	days: 3,
	spans: [
		{ start: localDate('2026-10-04'), end: localDate('2026-10-06') },
		{ start: localDate('2026-10-09'), end: localDate('2026-10-10') }
	]
};

describe('a correction in words', () => {
	it.each([
		['en', 1, 'You pay ¥5.68 more than on the bill that was corrected.'],
		['en', -1, '¥5.68 comes back: this bill is lower than the one that was corrected.'],
		['zh-CN', 1, '与原账单相比，应补交电费 ¥5.68。'],
		['zh-CN', -1, '与原账单相比，应退电费 ¥5.68。']
	] as const)('%s: what is to be paid or comes back (%s)', (locale, sign, sentence) => {
		expect(billView(corrected(sign), locale).correction?.sentence).toBe(sentence);
	});

	it('names the line as the bill does, with both quantities, and keeps unchanged lines apart', () => {
		const view = billView(corrected(1), 'en').correction;
		expect(
			view?.changedLines.map((line) => [line.label, plain(line.quantity ?? ''), line.difference])
		).toEqual([['Energy · Peak', '311.400 kWh → 321.400 kWh', '+¥5.68']]);
		expect(view?.sameLines.map(({ label }) => label)).toEqual(['Energy · Valley', 'Tier surcharge · Tier 2']);
	});

	it.each([
		[
			'en',
			'Active energy taken; Reactive energy, lagging: readings of 3 days arrived later or were corrected: 4 – 5 Oct 2026, 9 Oct'
		],
		['zh-CN', '正向有功、正向无功：3 天的数据补采或更正：2026年10月4日至10月5日、10月9日']
	] as const)('%s: which days were read anew', (locale, text) => {
		const [cause] = billView(corrected(1, [readings]), locale).correction?.causes ?? [];
		expect(plain(causeLine(cause!, locale))).toBe(text);
		expect(cause?.spans.map(({ from }) => from)).toEqual(['2026-10-04', '2026-10-09']);
	});

	it.each([
		['corrected', { id: 9, billNo: 'B-9' }, 'This bill was corrected. Bill B-9 has taken its place.'],
		['corrected', null, 'This bill was corrected and is not valid any more.'],
		['cancelled', { id: 9, billNo: 'B-9' }, 'This bill was cancelled. Bill B-9 has taken its place.'],
		['cancelled', null, 'This bill was cancelled. Nothing is to be paid for it.'],
		['issued', null, null]
	] as const)('a bill that is %s, with %o in its place', (state, validBill, text) => {
		const { state: view } = billView({ ...homeBill(), state, validBill }, 'en');
		expect(view?.text ?? null).toBe(text);
		expect(view?.validBillId ?? null).toBe(validBill?.id ?? null);
	});
});
