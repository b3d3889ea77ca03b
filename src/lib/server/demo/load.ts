import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { USUAL_FACTS } from '#lib/domain/identity/account.ts';
import type { Actor } from '#lib/domain/identity/actor.ts';
import {
	addDays,
	addMonths,
	localDateAt,
	monthOf,
	monthPeriod,
	Temporal,
	type LocalDate,
	type LocalMonth
} from '#lib/domain/kernel/civil-time.ts';
import type { App } from '#lib/server/app.ts';
import { authorizeAccount } from '#lib/server/auth/policy.ts';
import { loadBillingTerms, runBills, type BillRunSummary } from '#lib/server/billing/index.ts';
import { fixedClock } from '#lib/server/clock.ts';
import { addSupply } from '#lib/server/identity/index.ts';
import { importFile, importSourceOf } from '#lib/server/metering/index.ts';
import { assignTariff, loadTariffs, readTariffFolder } from '#lib/server/tariffs/index.ts';
import { attributionOf } from './attribution.ts';
import {
	DEMO_CUSTOMERS,
	DEMO_PASSWORD,
	DEMO_TIME_ZONE,
	registeredNameOf,
	type DemoCustomer
} from './customers.ts';
import {
	firstDayOf,
	firstRepeatedDayOf,
	repeatDaysOf,
	shiftWeeksFor,
	shiftWeeksOf,
	type FeedCalendar
} from './feed-calendar.ts';
import { feedFile } from './feed-file.ts';
import { demoIdentities, type DemoIdentity } from './identities.ts';
import { readSource } from './read-source.ts';
import * as repo from './repo.ts';
import { DEMO_SOURCES } from './sources.ts';

export interface DemoResult {
	/** In the order of the sign-in page. */
	readonly identities: readonly DemoIdentity[];
	/** Months of demo customers that could not be billed, and why: one line each. */
	readonly refusedBills: readonly string[];
}

/** How far a step of the loading is. */
export interface DemoProgress {
	readonly label: string;
	readonly done: number;
	readonly total: number;
}

type OnProgress = (progress: DemoProgress) => void;

const TARIFFS_DIR = path.resolve(import.meta.dirname, '../../../../drizzle/seed/tariffs');
const DEMO_ACCOUNT_NOS: readonly string[] = DEMO_CUSTOMERS.map(({ accountNo }) => accountNo);
const LOADER: Actor = { kind: 'system', purpose: 'demo' };
/** Any number that no other lock of this database uses. */
const LOCK_KEY = 7_268_341_957;
const LOCK_POLL_MS = 250;

/**
 * Loads the demo, or brings a loaded one up to date: readings up to yesterday, and a bill for every month that
 * is over. Each step can be repeated, so that a start that was killed is completed by the next one. What is
 * loaded never changes.
 */
export async function loadDemo(app: App, options: { onProgress?: OnProgress } = {}): Promise<DemoResult> {
	const onProgress = options.onProgress ?? (() => undefined);
	return withLock(app, async () => {
		await loadTariffs(app, await readTariffFolder(TARIFFS_DIR));
		await loadBillingTerms(app);
		const today = localDateAt(app.clock.now(), DEMO_TIME_ZONE);
		for (const customer of DEMO_CUSTOMERS) await feedCustomer(app, customer, addDays(today, -1), onProgress);
		const refused = await issueBills(app, today, onProgress);
		return {
			identities: await demoIdentities(app),
			refusedBills: refused.map(({ accountNo, month, refusal }) => `${accountNo} ${month}: ${refusal.code}`)
		};
	});
}

/**
 * Bills every month that is over, each on the first morning of the next, as an operator's monthly run would
 * have done: a history that was issued in one go today would fall due in one go, too. Other accounts are left
 * to the operator: their bills must not bear a date in the past.
 */
async function issueBills(
	app: App,
	today: LocalDate,
	onProgress: OnProgress
): Promise<BillRunSummary['refused'][number][]> {
	const opened = await Promise.all(
		DEMO_CUSTOMERS.map(({ accountNo }) => repo.findOpenedOn(app.db, accountNo))
	);
	const first = opened.filter((date) => date !== undefined).sort()[0] ?? today;
	const months: LocalMonth[] = [];
	for (let day = monthPeriod(monthOf(first)).start; day < monthPeriod(monthOf(today)).start;) {
		months.push(monthOf(day));
		day = addMonths(day, 1);
	}
	const refused: BillRunSummary['refused'][number][] = [];
	for (const [index, month] of months.entries()) {
		const morning = `${monthPeriod(month).end}T00:00[${DEMO_TIME_ZONE}]`;
		const clock = fixedClock(Temporal.ZonedDateTime.from(morning).toInstant().toString());
		const run = await runBills({ ...app, clock }, { month, accountNos: DEMO_ACCOUNT_NOS });
		refused.push(...run.refused);
		onProgress({ label: 'Demo bills, months', done: index + 1, total: months.length });
	}
	return refused;
}

/** Two starts on one database load the demo one after the other. */
async function withLock<Result>(app: App, work: () => Promise<Result>): Promise<Result> {
	const client = await app.pool.connect();
	try {
		for (;;) {
			const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [
				LOCK_KEY
			]);
			if (rows[0]?.mine === true) break;
			await sleep(LOCK_POLL_MS);
		}
		return await work();
	} finally {
		// Ends the session, and the lock with it, whatever state it is in.
		client.release(true);
	}
}

async function feedCustomer(
	app: App,
	customer: DemoCustomer,
	yesterday: LocalDate,
	onProgress: OnProgress
): Promise<void> {
	const feed = (await repo.findFeed(app.db, customer.sourceKey)) ?? (await setUp(app, customer, yesterday));
	if (feed.loadedThrough >= yesterday) return;
	const source = DEMO_SOURCES[customer.sourceKey];
	const calendar: FeedCalendar = { ...source, shiftWeeks: feed.shiftWeeks };
	const period = { start: addDays(feed.loadedThrough, 1), end: addDays(yesterday, 1) };
	const label = describeStep(customer, calendar, period.start, yesterday);
	const file = feedFile(period, calendar, await readSource(source), (done, total) =>
		onProgress({ label, done, total })
	);
	if (file.hasReadings) {
		const fileName = `${customer.meterNo} ${period.start} to ${yesterday}.csv`;
		await importFile(app, {
			source: importSourceOf(fileName, file.bytes),
			targets: { kind: 'meter', meterNo: customer.meterNo },
			profile: file.profile
		});
	}
	await repo.setLoadedThrough(app.db, feed.servicePointId, yesterday);
}

/** Makes the customer with account, meter and tariff, and settles the shift for good. */
async function setUp(app: App, customer: DemoCustomer, yesterday: LocalDate): Promise<repo.Feed> {
	const source = DEMO_SOURCES[customer.sourceKey];
	const { customerNo, accountNo, meterNo, kind, phone, email, address, supply } = customer;
	// An account without a feed is what a killed start has left: its first day tells the shift it began with.
	const openedOn = await repo.findOpenedOn(app.db, accountNo);
	const shiftWeeks =
		openedOn === undefined
			? shiftWeeksFor(source.lastSourceDay, yesterday)
			: shiftWeeksOf(source.firstSourceDay, openedOn);
	const calendar: FeedCalendar = { ...source, shiftWeeks };
	const validFrom = firstDayOf(calendar);
	const { accountId } = await addSupply(app, {
		customer: {
			customerNo,
			kind,
			displayName: registeredNameOf(customer),
			phone,
			email,
			password: DEMO_PASSWORD
		},
		account: {
			...supply,
			accountNo,
			timeZone: DEMO_TIME_ZONE,
			currency: 'CNY',
			address,
			openedOn: validFrom,
			closedOn: null,
			...USUAL_FACTS
		},
		meter: { meterNo, suppliedFrom: validFrom }
	});
	const account = await authorizeAccount(app, LOADER, accountId, 'view');
	await assignTariff(app, account, { tariffCode: customer.tariffCode, validFrom });
	await repo.insertFeed(app.db, meterNo, {
		sourceKey: customer.sourceKey,
		shiftWeeks,
		loadedThrough: addDays(validFrom, -1),
		attribution: attributionOf(source, calendar)
	});
	const feed = await repo.findFeed(app.db, customer.sourceKey);
	if (feed === undefined) throw new Error(`the feed of ${meterNo} that was just made is gone`);
	return feed;
}

function describeStep(
	customer: DemoCustomer,
	calendar: FeedCalendar,
	start: LocalDate,
	yesterday: LocalDate
): string {
	const repeated =
		yesterday < firstRepeatedDayOf(calendar)
			? ''
			: `, from ${firstRepeatedDayOf(calendar)} on repeating ${repeatDaysOf(calendar) / 7} weeks before`;
	return `${customer.name.en}, ${start} to ${yesterday}, shifted by ${calendar.shiftWeeks} weeks${repeated}: days`;
}
