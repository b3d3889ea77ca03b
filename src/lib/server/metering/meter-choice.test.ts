import { describe, expect, it } from 'vitest';
import { localDate, Temporal } from '#lib/domain/kernel/civil-time.ts';
import { meterInUse } from './meter-choice.ts';
import type { AccountServicePoint } from './repo.ts';

const now = Temporal.Instant.from('2026-03-18T09:00:00+08:00');

function point(meterNo: string, from: string, to: string | null): AccountServicePoint {
	return {
		id: 1,
		meterNo,
		timeZone: 'Asia/Shanghai',
		address: '',
		validFrom: localDate(from),
		validTo: to === null ? null : localDate(to),
		losses: null
	};
}

describe('the meter that an account is looked at through', () => {
	it.each([
		[
			'is the new one after an exchange',
			[point('old', '2020-01-01', '2026-03-18'), point('new', '2026-03-18', null)],
			'new'
		],
		[
			'is the old one until the day of the exchange',
			[point('old', '2020-01-01', '2026-03-19'), point('new', '2026-03-19', null)],
			'old'
		],
		[
			'is the first of two at a time',
			[point('one', '2020-01-01', null), point('two', '2021-01-01', null)],
			'one'
		],
		[
			'is the last one after the supply ended',
			[point('long', '2019-01-01', '2025-01-01'), point('short', '2020-01-01', '2021-01-01')],
			'long'
		],
		[
			'is the first one before the supply begins',
			[point('first', '2027-01-01', null), point('second', '2028-01-01', null)],
			'first'
		],
		['is none where there is none', [], undefined]
	])('%s', (_, points, meterNo) => {
		expect(meterInUse(points, now)?.meterNo).toBe(meterNo);
	});
});
