import { describe, expect, it } from 'vitest';
import type { FileItem, Fragment } from './fragment.ts';
import { parseEspi } from './espi.ts';

const USAGE_POINT = entry(
	'/UsagePoint/7',
	'/UsagePoint',
	[],
	'<UsagePoint><ServiceCategory><kind>0</kind></ServiceCategory></UsagePoint>'
);
const METER_READING = entry(
	'/UsagePoint/7/MeterReading/1',
	'/UsagePoint/7/MeterReading',
	['/ReadingType/3'],
	'<MeterReading/>'
);
const START = 1_700_000_100;

function entry(
	self: string,
	up: string,
	related: readonly string[],
	content: string,
	linksLast = false
): string {
	const links = [
		`<link rel="self" href="${self}"/><link href="${up}" rel="up"/>`,
		...related.map((href) => `<link rel="related" href="${href}"/>`)
	].join('');
	const body = `<content>${content.replace(/<(\w+)/, '<$1 xmlns="http://naesb.org/espi"')}</content>`;
	return `<entry>${linksLast ? body + links : links + body}</entry>\n`;
}

function readingType(fields: string): string {
	return entry('/ReadingType/3', '/ReadingType', [], `<ReadingType>${fields}</ReadingType>`);
}

const WH = readingType(
	'<uom>72</uom><flowDirection>1</flowDirection><powerOfTenMultiplier>0</powerOfTenMultiplier>'
);

function block(readings: string, linksLast = false): string {
	const self = '/UsagePoint/7/MeterReading/1/IntervalBlock/1';
	return entry(
		self,
		'/UsagePoint/7/MeterReading/1/IntervalBlock',
		[],
		`<IntervalBlock>${readings}</IntervalBlock>`,
		linksLast
	);
}

function reading(index: number, value: string, more = ''): string {
	return `<IntervalReading>${more}<timePeriod><duration>900</duration><start>${START + index * 900}</start></timePeriod><value>${value}</value></IntervalReading>`;
}

function feed(...entries: string[]): string {
	return `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">\n${entries.join('')}</feed>`;
}

async function parse(text: string, pieceLength = 37): Promise<FileItem[]> {
	const items: FileItem[] = [];
	const pieces = (async function* () {
		for (let at = 0; at < text.length; at += pieceLength) yield text.slice(at, at + pieceLength);
	})();
	for await (const item of parseEspi(pieces, { fileName: 'feed.xml' })) items.push(item);
	return items;
}

async function fragments(text: string): Promise<Fragment[]> {
	return (await parse(text)).filter((item) => item.kind === 'intervals');
}

const refused = (reason: string, details: object = {}) => ({
	code: 'IMPORT_REFUSED',
	details: { file: 'feed.xml', reason: expect.stringContaining(reason) as unknown, ...details }
});

describe('a Green Button feed', () => {
	it('is read whatever the order of its entries and links', async () => {
		const data = block(reading(0, '5') + reading(1, '6'), true);
		const ordered = await fragments(feed(USAGE_POINT, METER_READING, WH, data));
		expect(ordered).toMatchObject([
			{ sourceId: '/UsagePoint/7', channel: 'active_import', intervalMinutes: 15, labelMs: START * 1000 }
		]);
		expect([...(ordered[0]?.quantities ?? [])]).toEqual([5, 6]);
		const backwards = await fragments(feed(data, WH, METER_READING, USAGE_POINT));
		expect(backwards.map(({ quantities }) => quantities)).toEqual(
			ordered.map(({ quantities }) => quantities)
		);
	});

	it('is read without any links when it has one meter', async () => {
		const bare = (content: string) => entry('', '', [], content);
		const text = feed(
			bare('<UsagePoint><ServiceCategory><kind>0</kind></ServiceCategory></UsagePoint>'),
			bare('<ReadingType><uom>72</uom></ReadingType>'),
			bare(`<IntervalBlock>${reading(0, '5')}</IntervalBlock>`)
		);
		expect(await fragments(text)).toMatchObject([{ channel: 'active_import' }]);
	});

	it('may use a prefix for its elements', async () => {
		const prefixed = feed(USAGE_POINT, METER_READING, WH, block(reading(0, '5')))
			.replace('<feed ', '<a:feed xmlns:a="http://www.w3.org/2005/Atom" ')
			.replace('</feed>', '</a:feed>');
		expect(await fragments(prefixed)).toHaveLength(1);
	});

	it.each([
		['72', '1', 'active_import'],
		['72', '19', 'active_export'],
		['73', '1', 'reactive_import'],
		['73', '2', 'reactive_import'],
		['73', '19', 'reactive_export'],
		['73', '3', 'reactive_export']
	])('unit %s in direction %s is %s', async (uom, flow, channel) => {
		const type = readingType(`<uom>${uom}</uom><flowDirection>${flow}</flowDirection>`);
		expect(await fragments(feed(USAGE_POINT, METER_READING, type, block(reading(0, '5'))))).toMatchObject([
			{ channel }
		]);
	});

	it.each([
		['3', '5', 5000],
		['-3', '1499', 1],
		['-3', '1500', 2],
		['0', '7', 7]
	])('multiplies by ten to the power of %s: %s', async (power, value, expected) => {
		const type = readingType(`<uom>72</uom><powerOfTenMultiplier>${power}</powerOfTenMultiplier>`);
		const [only] = await fragments(feed(USAGE_POINT, METER_READING, type, block(reading(0, value))));
		expect([...(only?.quantities ?? [])]).toEqual([expected]);
	});

	it('marks estimated and edited readings, and of several remarks on one keeps the least firm', async () => {
		const quality = (...codes: number[]) =>
			codes.map((code) => `<ReadingQuality><quality>${code}</quality></ReadingQuality>`).join('');
		const readings = [quality(), quality(0), quality(8), quality(7), quality(17, 9), quality(19)];
		const text = feed(
			USAGE_POINT,
			METER_READING,
			WH,
			block(readings.map((more, index) => reading(index, '1', more)).join(''))
		);
		const [only] = await fragments(text);
		expect([...(only?.qualities ?? [])]).toEqual([1, 1, 2, 3, 2, 1]);
	});

	it('leaves out a voltage and says so', async () => {
		const volts = readingType('<uom>29</uom>').replaceAll('/ReadingType/3', '/ReadingType/4');
		const other = METER_READING.replaceAll('/MeterReading/1', '/MeterReading/2').replace(
			'/ReadingType/3',
			'/ReadingType/4'
		);
		const otherBlock = block(reading(0, '230')).replaceAll('/MeterReading/1', '/MeterReading/2');
		const items = await parse(
			feed(USAGE_POINT, METER_READING, other, WH, volts, block(reading(0, '5')), otherBlock)
		);
		expect(items.map(({ kind }) => kind).sort()).toEqual(['ignored', 'intervals']);
	});
});

describe('a Green Button feed is refused', () => {
	const good = feed(USAGE_POINT, METER_READING, WH, block(reading(0, '5')));

	it.each([
		['that is cut off', good.slice(0, -20), 'not well-formed XML', {}],
		['with an element that is not closed', good.replace('</value>', ''), 'not well-formed XML', { line: 5 }],
		[
			'with an entity of its own',
			good.replace('<value>5', '<value>&five;'),
			'not well-formed XML',
			{ line: 5 }
		],
		['that is nothing but blanks', ' \n ', 'the file is empty', {}],
		[
			'of another kind of XML',
			'<html xmlns="http://www.w3.org/1999/xhtml"/>',
			'not a Green Button feed',
			{ element: 'html' }
		],
		[
			'with a value that is no number',
			good.replace('<value>5', '<value>5.5'),
			'"5.5" is no integer',
			{ line: 5, element: 'value' }
		],
		[
			'with a negative value',
			good.replace('<value>5', '<value>-5'),
			'negative quantity -5',
			{ element: 'value' }
		],
		[
			'with a value beyond any meter',
			good.replace('<value>5', '<value>3000000000'),
			'impossibly large',
			{ element: 'value' }
		],
		[
			'with daily readings',
			good.replace('900<', '86400<'),
			'a reading of 86400 s is no interval',
			{ element: 'duration' }
		],
		[
			'of water',
			good.replace('<kind>0', '<kind>2'),
			'not electricity: service kind 2 (water)',
			{ element: 'ServiceCategory' }
		],
		['in therms', good.replace('<uom>72', '<uom>169'), 'not electricity: unit 169', { element: 'uom' }],
		[
			'without a unit',
			good.replace('<uom>72</uom>', ''),
			'the unit of the readings is missing',
			{ element: 'uom' }
		],
		[
			'of net energy',
			good.replace('<flowDirection>1', '<flowDirection>4'),
			'does not tell import from export',
			{ element: 'flowDirection' }
		],
		[
			'with an unknown quality',
			good.replace('<timePeriod>', '<ReadingQuality><quality>99</quality></ReadingQuality><timePeriod>'),
			'unknown quality 99',
			{ element: 'quality' }
		],
		[
			'without a ReadingType',
			feed(USAGE_POINT, METER_READING, block(reading(0, '5'))),
			'no ReadingType',
			{ element: 'IntervalBlock' }
		]
	])('%s', async (_what, text, reason, details) => {
		await expect(parse(text)).rejects.toMatchObject(refused(reason, details));
	});
});
