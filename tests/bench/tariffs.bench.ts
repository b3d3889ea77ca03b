import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { addDays, localDate, type DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import { CHANNELS, unpackLoadDay } from '#lib/domain/metering/load-day.ts';
import { rate } from '#lib/domain/rating/rate.ts';
import { monthsIn } from '#lib/domain/rating/segments.ts';
import type { CarriedState, PointUsage, TariffSpan } from '#lib/domain/rating/types.ts';
import { parseTariff } from '#lib/domain/tariffs/parse.ts';
import type { App } from '#lib/server/app.ts';
import { authorizeAccount } from '#lib/server/auth/policy.ts';
import { compareTariffs } from '#lib/server/billing/index.ts';
import { loadDays, servicePointsOf } from '#lib/server/metering/index.ts';
import { holidayCalendar, readTariffFolder } from '#lib/server/tariffs/index.ts';
import { seedFile } from '../support/metering.ts';
import { startBenchDatabase } from './support/bench-database.ts';
import { importRealMeter, QUARTER_HOUR_METERS } from './support/real-meters.ts';
import { measureMs, median, note, readOptions, report } from './support/report.ts';

const TARIFFS = 20;
const MAX_RATIO = 1.3;
const WARM_UPS = 5;
const YEAR: DatePeriod = { start: localDate('2025-01-01'), end: localDate('2026-01-01') };

/**
 * One household's year at 15 minutes under 20 shipped residential tariffs, month by month with the use of the tier
 * cycle carried on: the product's comparison against one read of the year and 20 single ratings of each month.
 */
export async function run(args: string[]): Promise<void> {
	const options = readOptions(args, 21);
	const database = await startBenchDatabase();
	try {
		const { app } = database;
		const account = await realYear(app);
		const choices = await residentialTariffs(app, account);
		const product: number[] = [];
		const reference: number[] = [];
		for (let round = -WARM_UPS; round < options.rounds; round++) {
			let totals: bigint[] = [];
			const singleMs = await measureMs(async () => {
				totals = await readAndRateEach(app, account, choices);
			});
			let compared: (bigint | null)[] = [];
			const comparedMs = await measureMs(async () => {
				const costs = await compareTariffs(app, account, YEAR, choices);
				compared = costs.map((cost) => (cost.ok ? cost.totalMinor : null));
			});
			if (compared.join() !== totals.join()) throw new Error('the two ways do not give the same money');
			if (round < 0) continue;
			product.push(comparedMs);
			reference.push(singleMs);
		}
		report('tariffs', options, [
			{
				name: `${TARIFFS} tariffs over one year of 15-minute readings`,
				unit: 'ms',
				product: median(product),
				reference: median(reference),
				referenceName: `one read and ${TARIFFS} single ratings of each month`,
				ratio: median(product) / median(reference),
				target: { atMost: MAX_RATIO }
			}
		]);
	} finally {
		await database.stop();
	}
}

async function readAndRateEach(
	app: App,
	account: Authorized<Account>,
	choices: readonly (readonly TariffSpan[])[]
): Promise<bigint[]> {
	const usage: PointUsage[] = [];
	for (const { id } of await servicePointsOf(app.db, account, YEAR)) {
		const days = await loadDays(app.db, account, id, CHANNELS, YEAR);
		usage.push({
			servicePointId: id,
			period: YEAR,
			days: days.map(unpackLoadDay),
			registers: null,
			losses: null
		});
	}
	return choices.map((tariffs) => {
		let carried: CarriedState = { tierCycle: null };
		let sum = 0n;
		for (const period of monthsIn(YEAR)) {
			const result = rate({
				account,
				timeZone: account.timeZone,
				period,
				tariffs,
				usage,
				carried,
				calendar: holidayCalendar(),
				priceSeries: [],
				shares: [],
				filling: 'none'
			});
			if (!result.ok) throw new Error(JSON.stringify(result.refusal));
			sum += result.totalMinor;
			carried = result.carried;
		}
		return sum;
	});
}

/** Tariffs under which the household can be rated, each as if it had held all year. */
async function residentialTariffs(app: App, account: Authorized<Account>): Promise<TariffSpan[][]> {
	const documents = await readTariffFolder(seedFile('../tariffs'));
	const choices = documents
		.filter(({ name }) => name.includes('residential'))
		.map(({ json }) => [{ period: YEAR, tariff: parseTariff(json) }]);
	const costs = await compareTariffs(app, account, YEAR, choices);
	const fitting = choices.filter((_, index) => costs[index]?.ok).slice(0, TARIFFS);
	if (fitting.length < TARIFFS) throw new Error(`only ${fitting.length} tariffs fit`);
	return fitting;
}

/** A household's real days, laid over a whole year. */
async function realYear(app: App): Promise<Authorized<Account>> {
	note('Preparing a year of a household ...');
	const [, household] = QUARTER_HOUR_METERS;
	if (household === undefined) throw new Error('no household');
	await importRealMeter(app, household);
	const { rows } = await app.pool.query<{ id: string }>(
		`update account set time_zone = 'Asia/Shanghai' returning id`
	);
	await app.pool.query(`update service_point set time_zone = 'Asia/Shanghai'`);
	await app.pool.query(
		`insert into load_day (account_id, service_point_id, local_date, channel, interval_minutes, version,
			import_id, quantities, qualities)
		select c.account_id, c.service_point_id, d.day, c.channel, 15, 1, c.import_id, c.quantities, c.qualities
		from generate_series($1::date, $2::date, '1 day') with ordinality as d (day, number)
		join (select *, row_number() over (order by local_date) as place, count(*) over () as days from load_day
			where cardinality(quantities) = 96 and local_date < $1) c on c.place = d.number % c.days + 1`,
		[YEAR.start, addDays(YEAR.end, -1)]
	);
	await app.pool.query('vacuum analyze');
	return authorizeAccount(app, { kind: 'system', purpose: 'bench' }, Number(rows[0]?.id), 'view');
}
