import { describe, expect, it } from 'vitest';
import {
	exportHref,
	readComparisons,
	readDate,
	readPrice,
	readUnit,
	readView,
	toggledHref,
	usageHref
} from './usage-address.ts';

const params = (search: string) => new URLSearchParams(search);

describe('reading the address', () => {
	it.each([
		['', { view: 'day', unit: 'kW', date: undefined, compare: ['usual'] }],
		[
			'view=year&unit=kWh&date=2026-02-03&account=7&compare=none',
			{ view: 'year', unit: 'kWh', date: '2026-02-03', compare: [] }
		],
		[
			"view=decade&unit=MW&date=yesterday&account=1'--&compare=week-before,day-before,x",
			{ view: 'day', unit: 'kW', date: 'yesterday', compare: ['day-before', 'week-before'] }
		]
	])('"%s"', (search, expected) => {
		const read = params(search);
		expect({
			view: readView(read),
			unit: readUnit(read),
			date: readDate(read),
			compare: readComparisons(read)
		}).toEqual(expected);
	});
});

describe('writing the address', () => {
	it('keeps what is not changed and drops what it does not know', () => {
		const from = params('account=7&view=day&date=2026-02-03&unit=kWh&utm=x');
		expect(usageHref(from, { date: '2026-02-04' })).toBe(
			'/usage?account=7&view=day&date=2026-02-04&unit=kWh'
		);
	});

	it('the price of one more kWh is asked for, and no longer', () => {
		const asked = usageHref(params('unit=kWh'), { price: '1' });
		expect(asked).toBe('/usage?unit=kWh&price=1');
		expect(readPrice(params(asked.split('?')[1]!))).toBe(true);
		expect(usageHref(params('unit=kWh&price=1'), { price: null })).toBe('/usage?unit=kWh');
	});

	it('a comparison that is switched off and on again is where it was', () => {
		const off = toggledHref(params(''), 'usual');
		expect(off).toBe('/usage?compare=none');
		expect(toggledHref(params(off.split('?')[1]!), 'usual')).toBe('/usage?compare=usual');
	});

	it('an export carries account and meter', () => {
		expect(exportHref(params('account=7&meter=M1&unit=kW'), 'csv', '2026-02-01', '2026-03-01')).toBe(
			'/usage/export/csv?from=2026-02-01&to=2026-03-01&account=7&meter=M1'
		);
	});
});
