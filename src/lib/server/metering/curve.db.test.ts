import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'csv-parse/sync';
import { text } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { addDays, localDate, slotsInDay, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { parseCsvProfile } from '#lib/domain/metering/formats/profiles.ts';
import { CHANNELS, type Channel } from '#lib/domain/metering/load-day.ts';
import { authorizeAccount } from '#lib/server/auth/policy.ts';
import { loadDay, meterImport } from '#lib/server/db/schema/index.ts';
import { createCaller } from '#lib/server/trpc/router.ts';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import { addMeteredAccount, textSource } from '../../../../tests/support/metering.ts';
import { EXPORT_FORMATS, importFile, loadDays } from './index.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });
const zone = 'America/Los_Angeles';
const yesterday = localDate('2026-03-16');
/** The clock goes forward: 92 quarter-hours. */
const shortDay = localDate('2026-03-08');
const lostDay = localDate('2026-03-12');

type Metered = Awaited<ReturnType<typeof addMeteredAccount>>;
let own: Metered;
let neighbour: Metered;
let importId = 0;

const callerOf = ({ customerId }: Metered) =>
	createCaller({ app, actor: { kind: 'customer', customerId, sessionId: 'test' } });

/** A day of `wh` in each interval, with qualities by interval where they are given. */
async function addDay(
	to: Metered,
	date: LocalDate,
	wh: (slot: number) => number,
	options: { channel?: Channel; qualities?: (slot: number) => number } = {}
): Promise<void> {
	const slots = Array.from({ length: slotsInDay(date, zone, 15) }, (_, slot) => slot);
	const qualities = slots.map(options.qualities ?? (() => 1));
	await app.db.insert(loadDay).values({
		accountId: to.accountId,
		servicePointId: to.servicePointId,
		localDate: date,
		channel: CHANNELS.indexOf(options.channel ?? 'active_import') + 1,
		intervalMinutes: 15,
		version: 1,
		importId,
		// Unknown is NULL in the database: the column's type does not say so.
		quantities: slots.map((slot) => (qualities[slot] === 0 ? null : wh(slot))) as number[],
		qualities: Buffer.from(new Set(qualities).size === 1 ? qualities.slice(0, 1) : qualities)
	});
}

/** The files of a zip, as texts by name. */
async function partsOfZip(bytes: Uint8Array): Promise<Map<string, string>> {
	const parts = new Map<string, string>();
	const zip = await yauzl.fromBufferPromise(Buffer.from(bytes));
	for await (const entry of zip.eachEntry()) {
		parts.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
	}
	return parts;
}

beforeAll(async () => {
	own = await addMeteredAccount(app, { meterNo: 'OWN/1', timeZone: zone });
	neighbour = await addMeteredAccount(app, { meterNo: 'NEIGHBOUR', timeZone: zone });
	const [row] = await app.db
		.insert(meterImport)
		.values({ sha256: '0', profile: 'test', fileName: 'test', summary: {}, importedAt: new Date(0) })
		.returning({ id: meterImport.id });
	importId = row?.id ?? 0;
	for (let back = 0; back < 20; back++) {
		const date = addDays(yesterday, -back);
		if (date === lostDay) continue;
		await addDay(own, date, (slot) => 100 + slot, {
			qualities: (slot) => (date !== yesterday ? 1 : slot < 3 ? 2 : slot === 50 || slot === 51 ? 0 : 1)
		});
	}
	await addDay(own, yesterday, () => 40, { channel: 'reactive_import' });
	await addDay(own, yesterday, () => 10, { channel: 'reactive_export' });
	await addDay(neighbour, yesterday, () => 7_777);
});

describe('the curve of a day', () => {
	it('is of the newest day with readings where none is named', async () => {
		const day = await callerOf(own).metering.day({});
		expect(day.localDate).toBe(yesterday);
		expect(day.freshness).toMatchObject({ lastDate: yesterday, lastMinute: 1440, ageDays: 1 });
		expect(day.wallMinutes).toHaveLength(96);
		expect(day.days.map(({ channel }) => channel)).toEqual([
			'active_import',
			'reactive_import',
			'reactive_export'
		]);
	});

	it('counts estimates and gaps, and takes neither for the maximum demand', async () => {
		const { statistics, demandTime } = await callerOf(own).metering.day({ date: yesterday });
		expect(statistics.quality).toEqual({ missing: 2, measured: 91, estimated: 3, corrected: 0 });
		expect(statistics.maximumDemand?.powerW).toBe(195 * 4);
		expect(demandTime).toEqual({ startMinute: 1425, endMinute: 1440 });
		expect(statistics.byPeriod).toEqual([]);
	});

	it('is compared with the day before, the week before and what is usual', async () => {
		const day = await callerOf(own).metering.day({ date: yesterday });
		expect(day.dayBefore?.change?.ratio).toBeCloseTo(0, 12);
		expect(day.weekBefore?.localDate).toBe('2026-03-09');
		expect(day.usual).toMatchObject({ days: 8, kind: 'working' });
		expect(day.usual?.median[10]).toBe(110 * 4);
	});

	it('has 92 quarter-hours where the clock goes forward, and names the wall clock of its maximum', async () => {
		const day = await callerOf(own).metering.day({ date: shortDay });
		expect(day.wallMinutes).toHaveLength(92);
		expect(day.wallMinutes[8]).toBe(180);
		expect(day.statistics.maximumDemand?.startMinute).toBe(91 * 15);
		expect(day.demandTime?.startMinute).toBe(1425);
	});

	it('that was lost is missing, not zero', async () => {
		const day = await callerOf(own).metering.day({ date: lostDay });
		expect(day.statistics.energyWh).toBeNull();
		expect(day.statistics.quality.missing).toBe(96);
	});
});

describe('a longer span', () => {
	it('has a total for every day between first and last reading, the lost one unknown', async () => {
		const range = await callerOf(own).metering.range({
			from: localDate('2026-03-01'),
			to: localDate('2026-04-01')
		});
		expect(range.totals).toHaveLength(16);
		expect(range.totals.find((total) => total.localDate === lostDay)).toEqual({
			localDate: lostDay,
			energyWh: null,
			estimated: 0,
			missing: 96
		});
		expect(range.irregularDays).toEqual([{ localDate: shortDay, lengthMinutes: 1380 }]);
		expect(range.days.length).toBeGreaterThan(15);
	});

	it('of a year comes as the stored days, untouched', async () => {
		const input = { from: localDate('2025-03-17'), to: localDate('2026-03-17') };
		const year = await callerOf(own).metering.year(input);
		expect(year.days.filter(({ channel }) => channel === 'active_import')).toHaveLength(19);
		expect(year.days.find((day) => day.localDate === yesterday)?.qualities).toMatch(/^eeem+xxm+$/);
		const range = await callerOf(own).metering.range(input);
		expect(range.days).toEqual([]);
	});

	it.each([
		['longer than a year', '2025-01-01', '2026-03-01'],
		['empty', '2026-03-01', '2026-03-01'],
		['backwards', '2026-03-02', '2026-03-01'],
		['no date', '2026-02-30', '2026-03-01']
	])('that is %s is refused', async (_, from, to) => {
		await expect(callerOf(own).metering.year({ from, to })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
	});
});

describe("another customer's readings", () => {
	it.each(['day', 'range', 'year', 'freshness', 'export'] as const)(
		'%s: as if there were none',
		async (name) => {
			const { metering } = callerOf(neighbour);
			const span = { accountId: own.accountId, from: localDate('2026-03-01'), to: localDate('2026-03-17') };
			const asked = {
				day: () => metering.day({ accountId: own.accountId }),
				range: () => metering.range(span),
				year: () => metering.year(span),
				freshness: () => metering.freshness({ accountId: own.accountId }),
				export: () => metering.export({ ...span, format: 'csv', locale: 'en' })
			};
			await expect(asked[name]()).rejects.toMatchObject({ code: 'NOT_FOUND' });
		}
	);

	it('are not reached through a meter number either', async () => {
		await expect(callerOf(neighbour).metering.day({ meterNo: 'OWN/1' })).rejects.toMatchObject({
			code: 'NOT_FOUND'
		});
	});
});

describe('exports', () => {
	const span = { from: localDate('2026-03-07'), to: localDate('2026-03-17') };
	const file = (format: 'csv' | 'xlsx' | 'greenbutton', locale: 'en' | 'zh-CN' = 'en') =>
		callerOf(own).metering.export({ ...span, format, locale });
	const daysOf = async ({ accountId, servicePointId }: Metered, channels: readonly Channel[]) => {
		const account = await authorizeAccount(app, { kind: 'system', purpose: 'test' }, accountId, 'view');
		return loadDays(app.db, account, servicePointId, channels, { start: span.from, end: span.to });
	};

	it('CSV has a row for every interval with exact figures, gaps empty', async () => {
		const { body, fileName, contentType } = await file('csv');
		expect(fileName).toBe('meterside_OWN_1_2026-03-07_2026-03-16.csv');
		expect(contentType).toBe('text/csv; charset=utf-8');
		const rows = parse<Record<string, string>>(body, { bom: true, columns: true });
		expect(rows).toHaveLength(9 * 96 - 4);
		expect(rows.at(-1)).toEqual({
			'Start (local time)': '2026-03-16 23:45',
			'End (local time)': '2026-03-17 00:00',
			'Start with UTC offset': '2026-03-16T23:45-07:00',
			'Active energy taken kWh': '0.195',
			'Active energy taken kW': '0.780',
			'Active energy taken quality': 'Measured',
			'Reactive energy, lagging kvarh': '0.040',
			'Reactive energy, lagging kvar': '0.160',
			'Reactive energy, lagging quality': 'Measured',
			'Reactive energy, leading kvarh': '0.010',
			'Reactive energy, leading kvar': '0.040',
			'Reactive energy, leading quality': 'Measured'
		});
		const gap = rows.find((row) => row['Start (local time)'] === '2026-03-16 12:30');
		expect(gap).toMatchObject({ 'Active energy taken kWh': '', 'Active energy taken quality': 'Missing' });
	});

	it('no cell of the CSV begins as a formula does', async () => {
		const { body } = await file('csv', 'zh-CN');
		const cells = parse(body as string, { bom: true }).flat();
		expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
		expect(cells[0]).toBe('开始时间（当地）');
		expect(new Set(cells.filter((cell) => /^(实测|估算值|缺失)$/.test(cell)))).toHaveLength(3);
	});

	it('CSV is read back by a profile that names its columns, to the same energies and qualities', async () => {
		const copy = await addMeteredAccount(app, { meterNo: 'CSV-COPY', timeZone: zone });
		const { body } = await file('csv');
		await importFile(app, {
			source: textSource(body as string, 'export.csv'),
			targets: { kind: 'meter', meterNo: 'CSV-COPY' },
			profile: parseCsvProfile({
				name: 'own-export',
				title: 'CSV of the load curve page',
				time: { columns: ['Start (local time)'], pattern: 'YYYY-MM-DD HH:mm', label: 'start' },
				intervalMinutes: 15,
				source: { id: 'own' },
				series: [{ channel: 'active_import', column: 'Active energy taken kWh', unit: 'kWh' }],
				estimated: { column: 'Active energy taken quality', matches: '^Estimated$' }
			})
		});
		expect(await daysOf(copy, ['active_import'])).toEqual(await daysOf(own, ['active_import']));
	});

	it('XLSX has times as times of the wall clock, figures as numbers, and words in the language asked for', async () => {
		const { body, fileName } = await file('xlsx', 'zh-CN');
		expect(fileName).toMatch(/\.xlsx$/);
		const parts = await partsOfZip(body as Uint8Array);
		const [first] = /<row r="2".*?<\/row>/s.exec(parts.get('xl/worksheets/sheet1.xml') ?? '') ?? [''];
		const cells = [...first.matchAll(/<c r="([A-Z]+)2"[^>]*?(?: t="(\w+)")?[^>]*>.*?<v>(.*?)<\/v>/gs)];
		const [start, end] = cells.map(([, , type, value]) => ({ type, value: Number(value) }));
		// Days since 30 December 1899, as spreadsheets count: 7 March 2026, 00:00 and 00:15.
		expect(start).toEqual({ type: undefined, value: 46_088 });
		expect(end?.value).toBeCloseTo(46_088 + 15 / 1440, 9);
		expect(parts.get('xl/styles.xml')).toContain('yyyy-mm-dd hh:mm');
		expect(parts.get('xl/sharedStrings.xml') ?? first).toContain('实测');
	});

	it.each(EXPORT_FORMATS)('%s: a span without readings has no file', async (format) => {
		const before = { from: localDate('2025-01-01'), to: localDate('2025-01-02') };
		await expect(callerOf(own).metering.export({ ...before, format, locale: 'en' })).rejects.toMatchObject({
			code: 'NOT_FOUND'
		});
	});

	it('Green Button XML is read back by our own importer to the identical days', async () => {
		const copy = await addMeteredAccount(app, { meterNo: 'COPY', timeZone: zone });
		const { body } = await file('greenbutton');
		await importFile(app, {
			source: textSource(body as string, 'export.xml'),
			targets: { kind: 'meter', meterNo: 'COPY' }
		});
		expect(await daysOf(copy, CHANNELS)).toEqual(await daysOf(own, CHANNELS));
	});
});
