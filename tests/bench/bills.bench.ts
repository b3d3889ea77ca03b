import type pg from 'pg';
import { addDays, localDate, localDateAt, type LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import { unpackLoadDay } from '#lib/domain/metering/load-day.ts';
import { rate } from '#lib/domain/rating/rate.ts';
import type { App } from '#lib/server/app.ts';
import { authorizeAccounts } from '#lib/server/auth/policy.ts';
import { BILL_BATCH_SIZE, loadBillingTerms, runBills } from '#lib/server/billing/index.ts';
import { loadDaysOfPoints, servicePointsOfAccounts } from '#lib/server/metering/index.ts';
import {
	holidayCalendar,
	loadTariffs,
	readTariffFolder,
	tariffSpansOfAccounts
} from '#lib/server/tariffs/index.ts';
import { seedFile } from '../support/metering.ts';
import { month } from '../support/rating.ts';
import { startBenchDatabase } from './support/bench-database.ts';
import { importRealMeter, QUARTER_HOUR_METERS } from './support/real-meters.ts';
import { measureMs, note, readOptions, report } from './support/report.ts';

const ACCOUNTS = 20_000;
/** Every so many-th account is a plant with lagging and leading energy, on a two-part price. */
const PLANT_EVERY = 20;
const SET_UP_STEP = 500;
const BILLED = '2026-03' as LocalMonth;
const MIN_RATIO = 0.3;

/**
 * A month's bills of 20,000 accounts: the product's bill run (read, rate, store with lines and frozen input,
 * committed) against reading the same rows in the same batches and rating them, nothing kept. Readings are
 * 15-minute ones, as China's meters deliver them: real days of a household and a plant, each account beginning
 * with another. The two ways take turns, a part of the accounts at a time, so that a busy moment hits both.
 */
export async function run(args: string[]): Promise<void> {
	const options = readOptions(args, 10);
	const database = await startBenchDatabase();
	try {
		const { app } = database;
		await setUp(app);
		const times = { product: 0, reference: 0 };
		for (let round = 0; round < options.rounds; round++) {
			const [from, to] = [round, round + 1].map((step) => Math.floor((step * ACCOUNTS) / options.rounds));
			const ids = await accountIds(app.pool, from ?? 0, to ?? 0);
			let ratedMinor = 0n;
			const reference = await measureMs(async () => {
				ratedMinor = await readAndRate(app, ids);
			});
			const accountNos = Array.from({ length: ids.length }, (_, index) => `A${(from ?? 0) + index + 1}`);
			const product = await measureMs(async () => {
				const { issued, refused, failed } = await runBills(app, { month: BILLED, accountNos });
				if (issued !== ids.length)
					throw new Error(`not all were billed: ${JSON.stringify({ refused, failed })}`);
			});
			await checkSameMoney(app.pool, ids, ratedMinor);
			times.product += product;
			times.reference += reference;
			note(
				`${to?.toLocaleString('en-US')} accounts: ${product.toFixed(0)} ms against ${reference.toFixed(0)} ms`
			);
		}
		report('bills', options, [
			{
				name: `${ACCOUNTS.toLocaleString('en-US')} monthly bills (read, rate, store)`,
				unit: 'ms',
				product: times.product,
				reference: times.reference,
				referenceName: 'reading the same rows and rating them',
				ratio: times.reference / times.product,
				target: { atLeast: MIN_RATIO }
			}
		]);
	} finally {
		await database.stop();
	}
}

/** Reads what bills rest on and rates it, batch by batch. @returns the sum of the totals */
async function readAndRate(app: App, ids: readonly number[]): Promise<bigint> {
	const period = month(BILLED);
	const calendar = holidayCalendar();
	let sum = 0n;
	for (let from = 0; from < ids.length; from += BILL_BATCH_SIZE) {
		const batch = ids.slice(from, from + BILL_BATCH_SIZE);
		const accounts = await authorizeAccounts(app, { kind: 'system', purpose: 'bench' }, batch, 'view');
		const wanted = accounts.map((account) => ({ account, period }));
		const tariffs = await tariffSpansOfAccounts(app.db, wanted);
		const points = (await servicePointsOfAccounts(app.db, wanted)).map((own) => own.map(({ id }) => id));
		const days = await loadDaysOfPoints(
			app.db,
			accounts.flatMap((account, index) =>
				(points[index] ?? []).map((servicePointId) => ({ account, servicePointId, period }))
			)
		);
		let place = 0;
		for (const [index, account] of accounts.entries()) {
			const usage = (points[index] ?? []).map((servicePointId) => ({
				servicePointId,
				period,
				days: (days[place++] ?? []).map(unpackLoadDay),
				registers: null,
				losses: null
			}));
			const result = rate({
				account,
				timeZone: account.timeZone,
				period,
				tariffs: tariffs[index] ?? [],
				usage,
				carried: { tierCycle: null },
				calendar,
				priceSeries: [],
				shares: [],
				filling: 'none'
			});
			if (!result.ok) throw new Error(JSON.stringify(result.refusal));
			sum += result.totalMinor;
		}
	}
	return sum;
}

async function checkSameMoney(pool: pg.Pool, ids: readonly number[], ratedMinor: bigint): Promise<void> {
	const { rows } = await pool.query<{ sum: string }>(
		'select sum(total_minor) as sum from bill where account_id = any($1::bigint[])',
		[ids]
	);
	if (rows[0]?.sum !== ratedMinor.toString()) throw new Error('the two ways do not give the same money');
}

/** Ids of the accounts "A<from + 1>" to "A<to>". */
async function accountIds(pool: pg.Pool, from: number, to: number): Promise<number[]> {
	const { rows } = await pool.query<{ id: string }>(
		`select id from account where account_no in (select 'A' || n from generate_series($1::integer, $2::integer) n)
			order by id`,
		[from + 1, to]
	);
	return rows.map(({ id }) => Number(id));
}

async function setUp(app: App): Promise<void> {
	note(`Preparing ${ACCOUNTS.toLocaleString('en-US')} accounts with a month of real days each ...`);
	await loadBillingTerms(app);
	await loadTariffs(app, await readTariffFolder(seedFile('../tariffs')));
	for (const meter of QUARTER_HOUR_METERS) await importRealMeter(app, meter);
	await app.pool.query(`create table curve as
		select p.meter_no = 'kr-steel' as is_plant, d.channel, d.quantities, d.qualities, d.import_id,
			dense_rank() over (partition by d.service_point_id order by d.local_date)::integer - 1 as place
		from load_day d join service_point p on p.id = d.service_point_id
		where cardinality(d.quantities) = 96 and array_position(d.quantities, null) is null`);
	await app.pool.query('create index on curve (is_plant, place)');
	for (let from = 0; from < ACCOUNTS; from += SET_UP_STEP) {
		await insertAccounts(app.pool, from + 1, from + SET_UP_STEP);
		await insertReadings(app.pool, from + 1, from + SET_UP_STEP);
	}
	await app.pool.query('vacuum analyze');
	if (localDateAt(app.clock.now(), 'Asia/Shanghai') < month(BILLED).end)
		throw new Error('the month is not over');
}

async function insertAccounts(pool: pg.Pool, from: number, to: number): Promise<void> {
	await pool.query(
		`with wanted as (
			select n, 'A' || n as no, n % $3 = 0 as is_plant, $4::date as opened_on
			from generate_series($1::integer, $2::integer) n
		), owner as (
			insert into customer (customer_no, kind, display_name, created_at)
			select no, case when is_plant then 'industrial' else 'residential' end, no, now() from wanted order by n
			returning id, customer_no
		), opened as (
			insert into account (account_no, customer_id, customer_kind, supply_area, time_zone, currency, voltage,
				contracted_capacity_va, demand_basis, power_factor_standard, address, opened_on)
			select no, owner.id, case when is_plant then 'industrial' else 'residential' end,
				case when is_plant then 'hubei' else 'zhejiang' end, 'Asia/Shanghai', 'CNY',
				case when is_plant then '1_to_10kv' else 'below_1kv' end, case when is_plant then 1000000 end,
				case when is_plant then 'actual_demand' else 'none' end, case when is_plant then '0.90' end, no, opened_on
			from wanted join owner on customer_no = no order by n
			returning id, account_no
		), placed as (
			insert into service_point (meter_no, time_zone, address)
			select 'M' || no, 'Asia/Shanghai', no from wanted order by n
			returning id, meter_no
		), supplied as (
			insert into account_service_point (account_id, service_point_id, valid_from)
			select opened.id, placed.id, opened_on from wanted
				join opened on account_no = no join placed on meter_no = 'M' || no
		)
		insert into account_tariff (account_id, tariff_code, valid_from)
		select opened.id,
			case when is_plant then 'hubei_two_part_1_10kv_demo' else 'zhejiang_residential_tou' end, opened_on
		from wanted join opened on account_no = no`,
		[from, to, PLANT_EVERY, month(BILLED).start]
	);
}

/** Each account's month begins with another of the real days. */
async function insertReadings(pool: pg.Pool, from: number, to: number): Promise<void> {
	const { start, end } = month(BILLED);
	await pool.query(
		`insert into load_day (account_id, service_point_id, local_date, channel, interval_minutes, version,
			import_id, quantities, qualities)
		select s.account_id, s.service_point_id, d.day, c.channel, 15, 1, c.import_id, c.quantities, c.qualities
		from generate_series($1::integer, $2::integer) n
		join account a on a.account_no = 'A' || n
		join account_service_point s on s.account_id = a.id
		cross join generate_series($3::date, $4::date, '1 day') with ordinality as d (day, number)
		join curve c on c.is_plant = (a.customer_kind = 'industrial') and c.place = (n * 7 + d.number)
			% (select max(place) + 1 from curve o where o.is_plant = (a.customer_kind = 'industrial'))`,
		[from, to, start, addDays(localDate(end), -1)]
	);
}
