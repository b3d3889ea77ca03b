import { beforeAll, describe, expect, it } from 'vitest';
import { addDays, daysBetween, localDate, monthOf, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { App } from '#lib/server/app.ts';
import { authorizeAccount } from '#lib/server/auth/policy.ts';
import { listBills, runBills } from '#lib/server/billing/index.ts';
import { fixedClock } from '#lib/server/clock.ts';
import { addAccount, supply } from '../../../../tests/support/billing.ts';
import { month, series } from '../../../../tests/support/rating.ts';
import { addMeteredAccount } from '../../../../tests/support/metering.ts';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import { demoAttributionsOf, demoIdentities, loadDemo, type DemoAttribution } from './index.ts';
import { DEMO_CUSTOMERS } from './customers.ts';
import { firstDayOf, firstRepeatedDayOf, repeatDaysOf } from './feed-calendar.ts';
import { DEMO_SOURCES, type DemoSourceKey } from './sources.ts';

const FIRST_START = '2026-03-18T09:00:00+08:00';
const YESTERDAY = localDate('2026-03-17');

const app = await createTestApp({ now: FIRST_START });
const killed = await createTestApp({ now: FIRST_START });
const uninterrupted = await createTestApp({ now: FIRST_START });

function at(now: string, of: App = app): App {
	return { ...of, clock: fixedClock(now) };
}

const nothing: DemoAttribution = {
	title: '',
	author: '',
	licence: '',
	licenceUrl: '',
	address: '',
	changes: { 'zh-CN': '', en: '' },
	dates: { 'zh-CN': '', en: '' }
};

async function queryOf<Row extends object>(of: App, text: string, values: unknown[] = []): Promise<Row[]> {
	return (await of.pool.query<Row>(text, values)).rows;
}

interface FeedRow {
	readonly key: DemoSourceKey;
	readonly shiftWeeks: number;
	readonly loadedThrough: LocalDate;
	readonly servicePointId: string;
}

function feedsOf(of: App): Promise<FeedRow[]> {
	return queryOf<FeedRow>(
		of,
		`select source_key as key, shift_weeks as "shiftWeeks", loaded_through::text as "loadedThrough",
			service_point_id as "servicePointId" from demo_feed order by source_key`
	);
}

async function feedOf(of: App, key: DemoSourceKey) {
	const feed = (await feedsOf(of)).find((row) => row.key === key);
	if (feed === undefined) throw new Error(`no feed ${key}`);
	return { ...feed, calendar: { ...DEMO_SOURCES[key], shiftWeeks: feed.shiftWeeks } };
}

/** Fingerprint of everything on days before `end`, independent of ids. */
async function fingerprint(of: App, end: LocalDate): Promise<unknown> {
	const days = await queryOf(
		of,
		`select md5(string_agg(concat_ws('|', p.meter_no, d.channel, d.local_date, d.interval_minutes, d.version,
			d.quantities, d.qualities), ',' order by p.meter_no, d.channel, d.local_date)) as hash, count(*)
			from load_day d join service_point p on p.id = d.service_point_id where d.local_date < $1`,
		[end]
	);
	const bills = await queryOf(
		of,
		`select md5(string_agg(concat_ws('|', bill_no, total_minor, energy_wh), ',' order by bill_no)) as hash, count(*)
			from bill where period_end <= $1`,
		[end]
	);
	return { days, bills };
}

/** Wh or varh of a feed on days [from, to). */
async function quantityOf(feed: FeedRow, channel: number, from: LocalDate, to: LocalDate): Promise<number> {
	const [row] = await queryOf<{ sum: string }>(
		app,
		`select coalesce(sum((select sum(q) from unnest(quantities) q)), 0) as sum from load_day
			where service_point_id = $1 and channel = $2 and local_date >= $3 and local_date < $4`,
		[feed.servicePointId, channel, from, to]
	);
	return Number(row?.sum);
}

beforeAll(async () => {
	await addMeteredAccount(app, { meterNo: 'NOT-DEMO', validFrom: '2026-01-01' });
	await loadDemo(app);
});

describe('the first start', () => {
	it('shifts every source by whole weeks, so that the last complete day is yesterday', async () => {
		for (const feed of await feedsOf(app)) {
			const { lastSourceDay } = DEMO_SOURCES[feed.key];
			expect(Number.isInteger(feed.shiftWeeks), feed.key).toBe(true);
			expect(feed.loadedThrough, feed.key).toBe(YESTERDAY);
			const shiftedEnd = addDays(lastSourceDay, feed.shiftWeeks * 7);
			const withheld = daysBetween(YESTERDAY, shiftedEnd);
			expect(withheld, feed.key).toBeGreaterThanOrEqual(0);
			expect(withheld, feed.key).toBeLessThan(7);
		}
		const [last] = await queryOf(app, 'select max(local_date)::text as day from load_day');
		expect(last).toEqual({ day: YESTERDAY });
	});

	it('offers one industrial and four residential identities, in the order of the customers', async () => {
		const identities = await demoIdentities(app);
		expect(identities.map(({ customerNo }) => customerNo)).toEqual(
			DEMO_CUSTOMERS.map(({ customerNo }) => customerNo)
		);
		expect(identities.map(({ kind }) => kind).toSorted()).toEqual([
			'industrial',
			...Array<string>(4).fill('residential')
		]);
	});

	it('bills every month that is over, and refuses none', async () => {
		const { refusedBills } = await loadDemo(app);
		expect(refusedBills).toEqual([]);
		const rows = await queryOf<{ last: string }>(
			app,
			'select max(period_end)::text as last from bill group by account_id'
		);
		expect(rows).toEqual(DEMO_CUSTOMERS.map(() => ({ last: '2026-03-01' })));
	});

	it('leaves lost days, the skipped hour and estimates of California as they are', async () => {
		const { servicePointId, shiftWeeks } = await feedOf(app, 'california');
		const shifted = (date: string) => addDays(localDate(date), shiftWeeks * 7);
		const rows = await queryOf<{ day: string; known: string }>(
			app,
			`select local_date::text as day, cardinality(array_remove(quantities, null)) as known from load_day
				where service_point_id = $1 and local_date = any($2)`,
			[servicePointId, ['2016-12-11', '2017-03-12', '2017-01-31', '2017-06-07'].map(shifted)]
		);
		expect(rows.toSorted((a, b) => (a.day < b.day ? -1 : 1))).toEqual([
			{ day: shifted('2017-01-31'), known: 95 },
			{ day: shifted('2017-03-12'), known: 92 }
		]);
		const [estimated] = await queryOf(
			app,
			`select count(*)::integer from load_day, generate_series(0, length(qualities) - 1) slot
				where service_point_id = $1 and length(qualities) > 1 and get_byte(qualities, slot) = 2`,
			[servicePointId]
		);
		expect(estimated).toEqual({ count: 39 });
	});

	it('names title, author, licence, changes and shift to the demo customer, and nothing to others', async () => {
		const accounts = await queryOf<{ id: number; no: string }>(
			app,
			'select id::integer, account_no as no from account'
		);
		for (const { id, no } of accounts) {
			const account = await authorizeAccount(app, { kind: 'system', purpose: 'test' }, id, 'view');
			const attributions = await demoAttributionsOf(app, account);
			if (no === 'A-NOT-DEMO') {
				expect(attributions).toEqual([]);
				continue;
			}
			const [{ title, author, licence, address, changes, dates } = nothing] = attributions;
			expect(title.length * author.length * changes.en.length * changes['zh-CN'].length, no).toBeGreaterThan(
				0
			);
			expect(licence, no).toMatch(/^(CC BY 4\.0|MIT)$/);
			expect(address, no).toMatch(/^https:/);
			expect(dates.en, no).toMatch(/ are shown \d+ weeks later/);
			expect(dates['zh-CN'], no).toMatch(/后移 \d+ 周/);
		}
	});

	it('leaves the bills of other accounts to the operator', async () => {
		const own = await addAccount(app, 'resident', { openedOn: localDate('2026-02-01') });
		await supply(
			app,
			own,
			'zhejiang_residential',
			series(month('2026-02'), () => 100)
		);
		await loadDemo(app);
		expect(await listBills(app, own)).toEqual([]);
		const february = { month: monthOf(own.openedOn), accountNos: [own.accountNo] };
		expect(await runBills(app, february)).toMatchObject({ issued: 1, refused: [] });
	});

	it('loaded again, it changes nothing', async () => {
		const before = await fingerprint(app, localDate('2100-01-01'));
		const imports = await queryOf(app, 'select count(*) from meter_import');
		await loadDemo(app);
		expect(await fingerprint(app, localDate('2100-01-01'))).toEqual(before);
		expect(await queryOf(app, 'select count(*) from meter_import')).toEqual(imports);
	});
});

describe('a later start', () => {
	let loadedThrough = YESTERDAY;

	it.each([
		['a day', '2026-03-19T00:30:00+08:00'],
		['ten weeks', '2026-05-28T12:00:00+08:00'],
		['two years', '2028-05-28T12:00:00+08:00']
	])(
		'%s later tops up to yesterday, bills what is over, and changes nothing that was there',
		async (_name, now) => {
			const kept = addDays(loadedThrough, 1);
			const before = await fingerprint(app, kept);
			const { refusedBills } = await loadDemo(at(now));
			expect(refusedBills).toEqual([]);
			expect(await fingerprint(app, kept)).toEqual(before);
			loadedThrough = addDays(localDate(now.slice(0, 10)), -1);
			for (const feed of await feedsOf(app)) expect(feed.loadedThrough, feed.key).toBe(loadedThrough);
			expect(await queryOf(app, 'select 1 from load_day where version > 1')).toEqual([]);
			const [last] = await queryOf(app, 'select max(period_end)::text as day from bill');
			expect(last).toEqual({ day: `${now.slice(0, 7)}-01` });
		}
	);

	it.each([
		['steel', 1, 959_636_710],
		['steel', 3, 456_759_840],
		['steel', 4, 135_638_040],
		['california', 1, 4_042_480]
	] as const)(
		'the whole of %s, channel %i, comes to what the source states: %i',
		async (key, channel, total) => {
			const feed = await feedOf(app, key);
			const [from, to] = [firstDayOf(feed.calendar), firstRepeatedDayOf(feed.calendar)];
			expect(await quantityOf(feed, channel, from, to)).toBe(total);
		}
	);

	it('the whole of 2013 in London comes to what the source states', async () => {
		const feed = await feedOf(app, 'london');
		const shifted = (date: string) => addDays(localDate(date), feed.shiftWeeks * 7);
		expect(await quantityOf(feed, 1, shifted('2013-01-01'), shifted('2014-01-01'))).toBe(4_214_648);
	});

	it('the solar house takes and feeds in the difference of load and output, hour by hour', async () => {
		const feed = await feedOf(app, 'solar');
		const day = addDays(localDate('2016-08-01'), feed.shiftWeeks * 7);
		const rows = await queryOf<{ quantities: number[] }>(
			app,
			`select quantities from load_day where service_point_id = $1 and local_date = $2 order by channel`,
			[feed.servicePointId, day]
		);
		// 2016-08-01 06:00 and 09:00: load 0.8088167 and 0.61806667 kWh, output 111.520836 and 606.9625 W per kW, 4 kW.
		expect(rows.map(({ quantities }) => [quantities[6], quantities[9]])).toEqual([
			[363, 0],
			[0, 1810]
		]);
	});

	it.each(DEMO_CUSTOMERS.map(({ sourceKey }) => sourceKey))(
		'%s, used up, repeats the days so many weeks before',
		async (key) => {
			const feed = await feedOf(app, key);
			const repeatDays = repeatDaysOf(feed.calendar);
			const [row] = await queryOf(
				app,
				`select count(*) filter (where (a.quantities, a.qualities) is distinct from (b.quantities, b.qualities))::integer
					as different, count(*)::integer > 0 as some
					from load_day a join load_day b on (b.service_point_id, b.channel, b.local_date)
						= (a.service_point_id, a.channel, a.local_date - $3::integer)
					where a.service_point_id = $1 and a.local_date >= $2`,
				[feed.servicePointId, firstRepeatedDayOf(feed.calendar), repeatDays]
			);
			expect(row).toEqual({ different: 0, some: true });
		}
	);
});

describe('a start that is killed half-way', () => {
	it('is completed by the next one, a week later, wherever it was killed', { timeout: 180_000 }, async () => {
		const [first, , third] = DEMO_CUSTOMERS;
		for (const label of [first?.name.en ?? '', third?.name.en ?? '', 'Demo bills']) {
			const dying = loadDemo(killed, {
				onProgress(progress) {
					const half = progress.done * 2 >= progress.total;
					if (progress.label.startsWith(label) && half) throw new Error('killed');
				}
			});
			await expect(dying).rejects.toThrow('killed');
		}
		// Killed between taking the readings in and noting it, and before the feed was noted at all.
		await killed.pool.query(
			`update demo_feed set loaded_through = loaded_through - 40 where source_key = 'london'`
		);
		await killed.pool.query(`delete from demo_feed where source_key = 'paris'`);
		const later = '2026-03-25T09:00:00+08:00';
		await loadDemo(at(later, killed));

		await loadDemo(uninterrupted);
		await loadDemo(at(later, uninterrupted));
		const end = localDate('2100-01-01');
		expect(await fingerprint(killed, end)).toEqual(await fingerprint(uninterrupted, end));
	});
});
