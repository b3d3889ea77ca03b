import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileItem } from './fragment.ts';
import { parseNem } from './nem12.ts';

const VALUES = Array.from({ length: 48 }, (_, slot) => `${slot}`).join(',');
const good = [
	'100,NEM12,202601060000,A,B',
	'200,N1,E1,1,E1,N1,S1,kWh,30,',
	`300,20260105,${VALUES},A,,,,`,
	'900'
];

async function parse(text: string, pieceLength = 1_000): Promise<FileItem[]> {
	const items: FileItem[] = [];
	const pieces = (async function* () {
		for (let at = 0; at < text.length; at += pieceLength) yield text.slice(at, at + pieceLength);
	})();
	for await (const item of parseNem(pieces, { fileName: 'nem.csv' })) items.push(item);
	return items;
}

/** The good file with line `line` in another form. */
function file(line: number, replacement: string | readonly string[]): string {
	return good.flatMap((text, index) => (index === line - 1 ? replacement : text)).join('\n');
}

describe('a NEM12 file', () => {
	it('is read in market time, with both kinds of line ends, however it is cut', async () => {
		const [whole] = await parse(good.join('\r\n'));
		expect(whole).toMatchObject({
			sourceId: 'N1',
			register: 'E1',
			clock: '+10:00',
			labelMs: Date.UTC(2026, 0, 5)
		});
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (pieceLength) => {
				expect(await parse(good.join('\n'), pieceLength)).toEqual([whole]);
			}),
			{ numRuns: 20 }
		);
	});

	it('gives every interval the quality of its 400 record; null data are missing', async () => {
		const text = file(3, [
			`300,20260105,${VALUES},V,,,,`,
			'400,1,10,A,,',
			'400,11,11,N,,',
			'400,12,40,S14,76,',
			'400,41,48,F53,,'
		]);
		const [item] = await parse(text);
		const qualities = item?.kind === 'intervals' ? [...item.qualities] : [];
		expect(qualities).toEqual([...Array<number>(10).fill(1), 0, ...Array<number>(37).fill(2)]);
	});

	it('leaves out what is no energy', async () => {
		const text = file(2, ['200,N1,E1V1,2,V1,,S1,,10,', '300,20260105,230,231', good[1] ?? '']);
		expect(await parse(text)).toMatchObject([{ kind: 'ignored', register: 'V1' }, { kind: 'intervals' }]);
	});

	it('gives back what was written', async () => {
		const values = fc.array(fc.integer({ min: 0, max: 99_999 }), { minLength: 48, maxLength: 48 });
		await fc.assert(
			fc.asyncProperty(values, async (wattHours) => {
				const cells = wattHours.map(
					(value) => `${Math.floor(value / 1000)}.${String(value % 1000).padStart(3, '0')}`
				);
				const [item] = await parse(file(3, `300,20260105,${cells.join(',')},A,,,,`));
				expect(item?.kind === 'intervals' && [...item.quantities]).toEqual(wattHours);
			}),
			{ numRuns: 30 }
		);
	});
});

describe('a NEM12 file is refused', () => {
	it.each([
		['without its end record', good.slice(0, -1).join('\n'), 3, undefined, 'the end record 900 is missing'],
		['with something after its end', [...good, '200,N2'].join('\n'), 5, 1, 'after the end record'],
		['of another version', file(1, '100,NEM99,1,A,B'), 1, 2, '"NEM99" is neither'],
		['with an unknown record', file(2, '210,N1'), 2, 1, 'unknown record 210'],
		['with data before its details', file(2, []), 2, 1, 'record 300 before a record 200'],
		['with an interval of 7 minutes', file(2, '200,N1,E1,1,E1,N1,S1,kWh,7,'), 2, 9, 'interval length "7"'],
		['with a date that is none', file(3, `300,20260230,${VALUES},A,,,,`), 3, 2, '"20260230" is no date'],
		[
			'with a value that is none',
			file(3, `300,20260105,${VALUES.replace(',7,', ',1-2,')},A,,,,`),
			3,
			10,
			'"1-2" is no quantity'
		],
		[
			'with a negative value',
			file(3, `300,20260105,${VALUES.replace(',7,', ',-7,')},A,,,,`),
			3,
			10,
			'negative quantity -7'
		],
		['with an unknown quality', file(3, `300,20260105,${VALUES},Q,,,,`), 3, 51, 'unknown quality "Q"'],
		[
			'with a value too few',
			file(3, `300,20260105,${VALUES.slice(2)},A,,,,`),
			3,
			50,
			'47 values, but 30 minutes'
		],
		[
			'with a 400 record beyond the day',
			file(4, ['400,1,49,A,,', '900']),
			4,
			3,
			'no interval number of 1 to 48'
		],
		[
			'with an interval whose quality nothing tells',
			file(3, [`300,20260105,${VALUES},V,,,,`, '400,1,47,A,,']),
			3,
			undefined,
			'quality of interval 48'
		]
	])('%s', async (_what, text, line, column, reason) => {
		await expect(parse(text)).rejects.toMatchObject({
			code: 'IMPORT_REFUSED',
			details: {
				file: 'nem.csv',
				line,
				...(column !== undefined && { column }),
				reason: expect.stringContaining(reason) as unknown
			}
		});
	});
});
