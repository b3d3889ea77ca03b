import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CsvProfileInput } from './csv-profile.ts';
import { timeLabelReader } from './csv-timestamp.ts';
import { parseCsv } from './csv.ts';
import type { Fragment } from './fragment.ts';
import { parseCsvProfile } from './profiles.ts';

const base: CsvProfileInput = {
	name: 'test',
	title: 'test',
	time: { columns: ['at'], pattern: 'YYYY-MM-DD HH:mm', label: 'start' },
	intervalMinutes: 30,
	source: { id: 'house' },
	series: [{ channel: 'active_import', column: 'kwh', unit: 'kWh' }]
};

async function parse(
	text: string,
	profile: CsvProfileInput = base,
	pieceLength = 1_000
): Promise<Fragment[]> {
	const items: Fragment[] = [];
	const pieces = (async function* () {
		for (let at = 0; at < text.length; at += pieceLength) yield text.slice(at, at + pieceLength);
	})();
	for await (const item of parseCsv(pieces, parseCsvProfile(profile), { fileName: 'x.csv' })) {
		if (item.kind === 'intervals') items.push(item);
	}
	return items;
}

/** Labels and values, one by one. */
const readings = (fragments: readonly Fragment[]) =>
	fragments.flatMap(({ labelMs, quantities, qualities }) =>
		[...quantities].map((quantity, index) => [
			new Date(labelMs + index * 1_800_000).toISOString().slice(0, 16),
			qualities[index] === 0 ? null : quantity
		])
	);

describe('time labels', () => {
	it.each([
		['DD-MM-YYYY HH:mm', '01-02-2018 00:15', '2018-02-01T00:15:00.000Z'],
		['MM/DD/YYYY HH:mm:ss', '01/02/2018 13:00:00', '2018-01-02T13:00:00.000Z'],
		['M/D/YY H:mm', '11/1/16 0:15', '2016-11-01T00:15:00.000Z'],
		['YYYY-MM-DD HH:mm:ss.S', '2012-10-12 00:30:00.0000000', '2012-10-12T00:30:00.000Z'],
		['YYYY年M月D日 HH:mm', '2026年1月5日 24:00', '2026-01-06T00:00:00.000Z']
	])('%s reads %s', (pattern, text, expected) => {
		expect(new Date(timeLabelReader(pattern)(text)?.wallMs ?? 0).toISOString()).toBe(expected);
	});

	it.each([
		'30-02-2018 00:00',
		'01-13-2018 00:00',
		'01-01-2018 25:00',
		'01-01-2018 00:60',
		'1-1-2018 00:00',
		''
	])('"%s" is none', (text) => {
		expect(timeLabelReader('DD-MM-YYYY HH:mm')(text)).toBeUndefined();
	});

	it('know their own offset', () => {
		expect(timeLabelReader('YYYY-MM-DD HH:mm:ssZZ')('2020-04-01 01:00:00-05:30')).toMatchObject({
			offsetMinutes: -330
		});
	});
});

describe('a CSV file', () => {
	it('is read however it is cut, with a byte order mark, quotes and either line end', async () => {
		const text = '\uFEFFat,note,kwh\r\n2026-01-05 00:00,"a, b",1\r\n2026-01-05 00:30,,2.5\r\n';
		const expected = [
			['2026-01-05T00:00', 1000],
			['2026-01-05T00:30', 2500]
		];
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 1, max: 50 }), async (pieceLength) => {
				expect(readings(await parse(text, base, pieceLength))).toEqual(expected);
			}),
			{ numRuns: 20 }
		);
	});

	it.each([
		['begins_date', '2026-01-05T00:00'],
		['ends_date', '2026-01-06T00:00']
	] as const)('with an end label of 00:00 that %s', async (midnight, expected) => {
		const time = { ...base.time, label: 'end' as const, midnight };
		const [first] = readings(await parse('at,kwh\n2026-01-05 00:00,1\n', { ...base, time }));
		expect(first?.[0]).toBe(expected);
	});

	it('may hold several meters side by side or one below the other, and rows of another kind', async () => {
		const profile: CsvProfileInput = {
			...base,
			delimiter: ';',
			source: { column: 1 },
			series: [
				...base.series,
				{ channel: 'reactive_import', column: 'kvarh', unit: 'kvarh', sourceId: 'other' }
			],
			only: { column: 'kind', equals: 'e' }
		};
		const fragments = await parse(
			'id;at;kwh;kvarh;kind\nA;2026-01-05 00:00;1;2;e\nB;2026-01-05 00:00;3;4;e\nB;2026-01-05 00:30;5;6;g\n',
			profile
		);
		expect(
			fragments.map(({ sourceId, channel, quantities }) => [sourceId, channel, ...quantities]).sort()
		).toEqual([
			['A', 'active_import', 1000],
			['B', 'active_import', 3000],
			['other', 'reactive_import', 2000],
			['other', 'reactive_import', 4000]
		]);
	});

	it('gives back what was written', async () => {
		const cells = fc.array(fc.option(fc.integer({ min: 0, max: 999_999 })), { minLength: 1, maxLength: 400 });
		await fc.assert(
			fc.asyncProperty(cells, async (values) => {
				fc.pre(values.some((value) => value !== null));
				const label = (index: number) =>
					new Date(Date.UTC(2026, 0, 5) + index * 1_800_000).toISOString().slice(0, 16);
				const rows = values.map(
					(value, index) =>
						`${label(index).replace('T', ' ')},${value === null ? '' : (value / 1000).toFixed(3)}`
				);
				expect(readings(await parse(['at,kwh', ...rows].join('\n')))).toEqual(
					values.map((value, index) => [label(index), value])
				);
			}),
			{ numRuns: 30 }
		);
	});
});

describe('a CSV file is refused', () => {
	it.each([
		[
			'without a column that the profile names',
			'at,wh\n2026-01-05 00:00,1\n',
			{ line: 1, column: 'kwh' },
			'no such column'
		],
		[
			'with a time in another form',
			'at,kwh\n2026-01-05 00:00,1\n05.01.2026 00:30,1\n',
			{ line: 3, column: 'at' },
			'is no time of the form'
		],
		[
			'with a time off the grid',
			'at,kwh\n2026-01-05 00:10,1\n',
			{ line: 2, column: 'at' },
			'not on the grid of 30 minutes'
		],
		[
			'with a value that is none',
			'at,kwh\n2026-01-05 00:00,1\n2026-01-05 00:30,n/a\n',
			{ line: 3, column: 'kwh' },
			'"n/a" is no quantity'
		],
		[
			'with a negative value',
			'at,kwh\n2026-01-05 00:00,-1\n',
			{ line: 2, column: 'kwh' },
			'negative quantity -1'
		],
		['with a row cut short', 'at,kwh\n2026-01-05 00:00\n', { line: 2 }, 'Invalid Record Length'],
		['with an open quote', 'at,kwh\n"2026-01-05 00:00,1\n', {}, 'Quote Not Closed'],
		['without readings', 'at,kwh\n2026-01-05 00:00,\n', {}, 'contains no interval readings'],
		['without a single row', '', {}, 'the file is empty']
	])('%s', async (_what, text, place, reason) => {
		await expect(parse(text)).rejects.toMatchObject({
			code: 'IMPORT_REFUSED',
			details: { file: 'x.csv', ...place, reason: expect.stringContaining(reason) as unknown }
		});
	});
});

describe('a profile is refused', () => {
	it.each([
		[
			'with a unit that does not fit its channel',
			{ ...base, series: [{ channel: 'active_import', column: 1, unit: 'kvarh' }] },
			'series.0.unit'
		],
		['with an interval of 7 minutes', { ...base, intervalMinutes: 7 }, 'intervalMinutes'],
		['with a field that nobody knows', { ...base, colour: 'red' }, '']
	])('%s', (_what, profile, field) => {
		expect(() => parseCsvProfile(profile)).toThrow(
			expect.objectContaining({ code: 'VALIDATION_FAILED', details: { field } }) as unknown
		);
	});
});
