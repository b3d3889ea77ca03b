import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import {
	INTERVAL_MINUTES,
	localDate,
	slotsInDay,
	type IntervalMinutes,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';
import { DayAssembly, type AssembledDay, type ReadingTarget } from '../day-assembly.ts';
import { CHANNELS, type Channel, type LoadDay } from '../load-day.ts';
import { parseEspi } from './espi.ts';
import { writeGreenButtonXml, type FeedMeta } from './espi-writer.ts';
import type { StatedClock } from './fragment.ts';

const ZONES = ['Asia/Shanghai', 'America/Los_Angeles', 'Europe/London', 'Australia/Lord_Howe', 'UTC'];
/** Ordinary days, and both changes of the clock in Los Angeles and in London. */
const DATES = ['2025-01-15', '2025-03-09', '2025-03-30', '2025-10-26', '2025-11-02', '2025-12-31'].map(
	localDate
);

interface DaySpec {
	readonly channel: Channel;
	readonly date: LocalDate;
	readonly quantities: readonly number[];
	readonly qualities: readonly number[];
}

function loadDay(spec: DaySpec, timeZone: string, intervalMinutes: IntervalMinutes): LoadDay {
	const slots = slotsInDay(spec.date, timeZone, intervalMinutes);
	const at = (values: readonly number[], slot: number) => values[slot % values.length] ?? 0;
	const qualities = Uint8Array.from({ length: slots }, (_, slot) => at(spec.qualities, slot));
	const quantities = Int32Array.from({ length: slots }, (_, slot) =>
		qualities[slot] === 0 ? 0 : at(spec.quantities, slot)
	);
	return { channel: spec.channel, localDate: spec.date, intervalMinutes, quantities, qualities, version: 1 };
}

async function readBack(xml: string, timeZone: string, pieceLength: number) {
	const target: ReadingTarget = { meterNo: 'M 1/2', timeZone };
	const assembly = new DayAssembly<ReadingTarget>('feed.xml');
	const clocks: StatedClock[] = [];
	const pieces = (async function* () {
		for (let at = 0; at < xml.length; at += pieceLength) yield xml.slice(at, at + pieceLength);
	})();
	for await (const item of parseEspi(pieces, { fileName: 'feed.xml' })) {
		if (item.kind === 'intervals') assembly.add(item, target);
		else if (item.kind === 'clock') clocks.push(item);
	}
	return { days: assembly.finish(), clocks };
}

const meta: FeedMeta = {
	title: 'Hof & Söhne <1>',
	meterNo: 'M 1/2',
	timeZone: 'Asia/Shanghai',
	generatedAt: '2026-03-18T01:00:00Z',
	uuidOf: (name) => `00000000-0000-5000-8000-${String(name.length).padStart(12, '0')}`
};

function write(days: readonly LoadDay[], timeZone: string): string {
	return [...writeGreenButtonXml(days, { ...meta, timeZone })].join('');
}

/** What a parser that refuses anything malformed finds: texts of the titles, and addresses of the links. */
function titlesAndLinks(xml: string) {
	const found = { titles: [] as string[], links: [] as string[] };
	let text = '';
	const parser = new SaxesParser();
	parser.on('error', (error) => expect.unreachable(error.message));
	parser.on('opentag', ({ attributes }) => {
		text = '';
		if (attributes['href'] !== undefined) found.links.push(attributes['href']);
	});
	parser.on('text', (piece) => (text += piece));
	parser.on('closetag', ({ name }) => {
		if (name === 'title') found.titles.push(text);
	});
	parser.write(xml).close();
	return found;
}

const comparable = (day: LoadDay | AssembledDay<ReadingTarget>) => ({
	channel: day.channel,
	localDate: day.localDate,
	intervalMinutes: day.intervalMinutes,
	quantities: [...day.quantities],
	qualities: [...day.qualities]
});
const byKey = (a: { channel: string; localDate: string }, b: { channel: string; localDate: string }) =>
	`${a.channel} ${a.localDate}`.localeCompare(`${b.channel} ${b.localDate}`);

const daySpec: fc.Arbitrary<DaySpec> = fc.record({
	channel: fc.constantFrom(...CHANNELS),
	date: fc.constantFrom(...DATES),
	quantities: fc.array(fc.integer({ min: 0, max: 2_147_483_647 }), { minLength: 1, maxLength: 7 }),
	qualities: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 })
});

describe('a Green Button feed that was written', () => {
	it('is read back identically: quality, gaps, days of 23 and 25 hours, all channels and lengths', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.uniqueArray(daySpec, { selector: ({ channel, date }) => `${channel} ${date}`, maxLength: 6 }),
				fc.constantFrom(...ZONES),
				fc.constantFrom(...INTERVAL_MINUTES),
				fc.integer({ min: 7, max: 5_000 }),
				async (specs, timeZone, minutes, pieceLength) => {
					// A half-hour change of the clock leaves no whole number of hours.
					const intervalMinutes = timeZone === 'Australia/Lord_Howe' && minutes === 60 ? 30 : minutes;
					const days = specs.map((spec) => loadDay(spec, timeZone, intervalMinutes));
					const known = days.filter(({ qualities }) => qualities.some((quality) => quality !== 0));
					fc.pre(known.length > 0);
					const { days: read } = await readBack(write(days, timeZone), timeZone, pieceLength);
					expect(read.map(comparable).sort(byKey)).toEqual(known.map(comparable).sort(byKey));
				}
			),
			{ numRuns: 25 }
		);
	}, 60_000);

	it.each([
		['America/Los_Angeles', -480, -420],
		['Europe/London', 0, 60],
		['Asia/Shanghai', 480, 480]
	])('says the local time of %s', async (timeZone, winterMinutes, summerMinutes) => {
		const spec = { channel: CHANNELS[0], date: localDate('2025-01-15'), quantities: [5], qualities: [1] };
		const { clocks } = await readBack(write([loadDay(spec, timeZone, 60)], timeZone), timeZone, 1_000);
		expect(clocks).toHaveLength(1);
		expect(clocks[0]?.offsetMinutesAt(Date.UTC(2025, 0, 15))).toBe(winterMinutes);
		expect(clocks[0]?.offsetMinutesAt(Date.UTC(2025, 6, 15))).toBe(summerMinutes);
	});

	it.each([
		['marks', `a & b <c> "d" 'e' ]]> &amp;`, `a & b <c> "d" 'e' ]]> &amp;`],
		['characters beyond the first plane', '电表 𠮷 🔌', '电表 𠮷 🔌'],
		['what XML cannot hold', 'a\u0000b\u001Bc\uD800d\uDC00e\uFFFEf', 'a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFDf'],
		['words that look like values', 'true', 'true']
	])('is well-formed with %s in title and meter number', (_what, given, read) => {
		const spec = { channel: CHANNELS[0], date: localDate('2025-01-15'), quantities: [5], qualities: [1] };
		const days = [loadDay(spec, meta.timeZone, 60)];
		const xml = [...writeGreenButtonXml(days, { ...meta, title: given, meterNo: given })].join('');
		const { titles, links } = titlesAndLinks(xml);
		expect(titles.slice(0, 2)).toEqual([read, read]);
		expect(links).toContain(`/espi/1_1/resource/UsagePoint/${encodeURIComponent(given.toWellFormed())}`);
	});

	it('comes in one piece for each entry', () => {
		const days = DATES.map((date) =>
			loadDay({ channel: CHANNELS[0], date, quantities: [5], qualities: [1] }, 'UTC', 60)
		);
		const pieces = [...writeGreenButtonXml(days, { ...meta, timeZone: 'UTC' })];
		expect(pieces.filter((piece) => piece.split('<IntervalBlock').length > 2)).toEqual([]);
		expect(pieces.filter((piece) => piece.includes('<IntervalBlock'))).toHaveLength(DATES.length);
	});
});
