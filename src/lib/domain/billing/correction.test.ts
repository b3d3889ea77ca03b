import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOME } from '../../../../tests/support/rating.ts';
import { homeBill } from '../../../../tests/support/sample-bills.ts';
import { addDays, localDate } from '#lib/domain/kernel/civil-time.ts';
import type { Channel } from '#lib/domain/metering/load-day.ts';
import type { BillLine } from './bill.ts';
import { correctionCauses, lineDifferences, type BilledInputs } from './correction.ts';

const [sample] = homeBill().lines;
const line = (reference: string, amountMinor: bigint): BillLine => ({ ...sample!, reference, amountMinor });

describe('the lines of a correction beside those of the bill', () => {
	it('stand in its order, and what only the corrected bill has comes last', () => {
		const before = [line('energy.peak', 500n), line('energy.tier2_surcharge', 30n)];
		const after = [line('energy.peak', 450n), line('energy.valley', 20n)];
		expect(
			lineDifferences(before, after).map((one) => [
				one.reference,
				one.before?.amountMinor ?? null,
				one.after?.amountMinor ?? null,
				one.differenceMinor
			])
		).toEqual([
			['energy.peak', 500n, 450n, -50n],
			['energy.valley', null, 20n, 20n],
			['energy.tier2_surcharge', 30n, null, -30n]
		]);
	});

	it('differ together by as much as the totals, whatever the lines', () => {
		const lines = fc
			.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'))
			.chain((references) =>
				fc.tuple(
					...references.map((reference) => fc.bigInt(-9999n, 9999n).map((minor) => line(reference, minor)))
				)
			);
		const sum = (all: readonly bigint[]) => all.reduce((total, minor) => total + minor, 0n);
		fc.assert(
			fc.property(lines, lines, (before, after) => {
				const differences = lineDifferences(before, after);
				expect(sum(differences.map(({ differenceMinor }) => differenceMinor))).toBe(
					sum(after.map(({ amountMinor }) => amountMinor)) - sum(before.map(({ amountMinor }) => amountMinor))
				);
			})
		);
	});
});

const january = { start: localDate('2026-01-01'), end: localDate('2026-02-01') };

/** Versions by day of January; 0 is a day that was not read. */
function series(channel: Channel, versions: Readonly<Record<number, number>> = {}) {
	return {
		channel,
		versions: Array.from({ length: 31 }, (_, index) => ({
			localDate: addDays(january.start, index),
			version: versions[index + 1] ?? 1
		})).filter(({ version }) => version > 0)
	};
}

const lift = { id: 'lift', part: { percentE4: 5 }, tariffs: [{ sha256: 'b', period: january }] };

function inputs(parts: Partial<BilledInputs> = {}): BilledInputs {
	return {
		account: HOME,
		tariffs: [{ sha256: 'a', period: january }],
		shares: [lift],
		points: [{ servicePointId: 1, series: [series('active_import'), series('reactive_import')] }],
		calendar: [],
		carriedIn: { tierCycle: null },
		...parts
	};
}

const span = (from: string, to: string) => ({ start: localDate(from), end: localDate(to) });
const tierCycle = (usedWh: number) => ({ tierCycle: { start: january.start, usedWh } });

describe('why a bill was corrected', () => {
	const point = (...all: ReturnType<typeof series>[]) => [{ servicePointId: 1, series: all }];

	it.each([
		['nothing of its input: the calculation', {}, [{ kind: 'calculation' }]],
		[
			'days with another version, those of each channel by themselves',
			{ points: point(series('active_import', { 4: 2, 5: 3, 9: 2 }), series('reactive_import', { 31: 2 })) },
			[
				{
					kind: 'readings',
					channels: ['active_import'],
					days: 3,
					spans: [span('2026-01-04', '2026-01-06'), span('2026-01-09', '2026-01-10')]
				},
				{
					kind: 'readings',
					channels: ['reactive_import'],
					days: 1,
					spans: [span('2026-01-31', '2026-02-01')]
				}
			]
		],
		[
			'days of two channels together',
			{ points: point(series('active_import', { 4: 2 }), series('reactive_import', { 4: 5 })) },
			[
				{
					kind: 'readings',
					channels: ['active_import', 'reactive_import'],
					days: 1,
					spans: [span('2026-01-04', '2026-01-05')]
				}
			]
		],
		[
			'days that are not there any more under the account',
			{ points: point(series('active_import', { 1: 0 }), series('reactive_import')) },
			[{ kind: 'readings', channels: ['active_import'], days: 1 }]
		],
		['another edition', { tariffs: [{ sha256: 'b', period: january }] }, [{ kind: 'tariff' }]],
		[
			'another edition of a share',
			{ shares: [{ ...lift, tariffs: [{ sha256: 'c', period: january }] }] },
			[{ kind: 'tariff' }]
		],
		['another part of a share', { shares: [{ ...lift, part: { whPerMonth: 9 } }] }, [{ kind: 'metering' }]],
		['a share that is not there any more', { shares: [] }, [{ kind: 'metering' }]],
		['another way of filling', { filling: 'linear' }, [{ kind: 'filling' }]],
		['facts of the account', { account: { ...HOME, lowIncome: true } }, [{ kind: 'facts' }]],
		['holidays', { calendar: [{ year: 2026, days: [] }] }, [{ kind: 'calendar' }]],
		['use before the bill', { carriedIn: tierCycle(5) }, [{ kind: 'carried', fromWh: null, toWh: 5 }]],
		[
			'more than one of them',
			{ account: { ...HOME, lowIncome: true }, carriedIn: tierCycle(5) },
			[{ kind: 'facts' }, { kind: 'carried' }]
		]
	] as [string, Partial<BilledInputs>, object[]][])('%s', (_, changes, causes) => {
		expect(correctionCauses(inputs(), inputs(changes))).toMatchObject(causes);
		expect(correctionCauses(inputs(), inputs(changes))).toHaveLength(causes.length);
	});
});
