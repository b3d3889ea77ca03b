import { describe, expect, it } from 'vitest';
import { dayStartMs, localDate } from '#lib/domain/kernel/civil-time.ts';
import { QUALITY_CODE, type Channel, type Quality } from './load-day.ts';
import { registerTotals, type RegisterReading } from './registers.ts';

const ZONE = 'Asia/Shanghai';
const february = { start: localDate('2026-02-01'), end: localDate('2026-03-01') };

function reading(
	from: string,
	to: string,
	quantity: number,
	of: { register?: string; channel?: Channel; quality?: Quality; zone?: string } = {}
): RegisterReading {
	const midnight = (date: string) => dayStartMs(localDate(date), of.zone ?? ZONE);
	return {
		channel: of.channel ?? 'active_import',
		register: of.register ?? '11',
		fromMs: midnight(from),
		toMs: midnight(to),
		version: 1,
		quantity,
		quality: QUALITY_CODE[of.quality ?? 'measured']
	};
}

const quantityOf = (readings: readonly RegisterReading[]) =>
	registerTotals(readings, february, ZONE).get('active_import')?.quantity ?? null;

describe('what registers tell of a period', () => {
	it.each([
		['one reading from midnight to midnight', [reading('2026-02-01', '2026-03-01', 7)], 7],
		[
			'a chain, in any order',
			[reading('2026-02-11', '2026-03-01', 5), reading('2026-02-01', '2026-02-11', 2)],
			7
		],
		[
			'two registers together',
			[reading('2026-02-01', '2026-03-01', 7), reading('2026-02-01', '2026-03-01', 4, { register: '12' })],
			11
		],
		['nothing without readings', [], null],
		['nothing of a part', [reading('2026-02-01', '2026-02-28', 7)], null],
		['nothing of a reading that begins before', [reading('2026-01-31', '2026-03-01', 7)], null],
		['nothing of a reading that ends later', [reading('2026-02-01', '2026-03-02', 7)], null],
		[
			'nothing over a gap',
			[reading('2026-02-01', '2026-02-10', 2), reading('2026-02-11', '2026-03-01', 5)],
			null
		],
		[
			'nothing of readings that overlap',
			[reading('2026-02-01', '2026-02-12', 2), reading('2026-02-11', '2026-03-01', 5)],
			null
		],
		[
			'nothing where one of two registers tells a part',
			[reading('2026-02-01', '2026-03-01', 7), reading('2026-02-01', '2026-02-20', 4, { register: '12' })],
			null
		],
		[
			'nothing where the midnights are those of another zone',
			[reading('2026-02-01', '2026-03-01', 7, { zone: 'UTC' })],
			null
		]
	])('%s', (_name, readings, expected) => {
		expect(quantityOf(readings)).toBe(expected);
	});

	it('each channel by itself', () => {
		const totals = registerTotals(
			[
				reading('2026-02-01', '2026-03-01', 7),
				reading('2026-02-01', '2026-02-20', 3, { channel: 'reactive_import' })
			],
			february,
			ZONE
		);
		expect([...totals.keys()]).toEqual(['active_import']);
	});

	it('how much of it rests on an estimated reading', () => {
		const chain = [
			reading('2026-02-01', '2026-02-11', 2),
			reading('2026-02-11', '2026-03-01', 5, { quality: 'estimated' })
		];
		expect(registerTotals(chain, february, ZONE).get('active_import')).toMatchObject({
			quantity: 7,
			estimatedQuantity: 5
		});
	});
});
