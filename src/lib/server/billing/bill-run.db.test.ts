import path from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import { addAccount, supply } from '../../../../tests/support/billing.ts';
import { days, month, series } from '../../../../tests/support/rating.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { localDate, type LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import { account } from '#lib/server/db/schema/index.ts';
import { loadTariffs, readTariffFolder } from '#lib/server/tariffs/index.ts';
import { getBill, listBills, loadBillingTerms, recomputeBill, runBills } from './index.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });
const through = (text: string) => ({ through: text as LocalMonth });
const only = (text: string) => ({ month: text as LocalMonth });
const GATE_WAIT = { timeout: 20_000 };
const readable = days('2025-11-01', '2026-03-18');

beforeAll(async () => {
	await loadBillingTerms(app);
	await loadTariffs(
		app,
		await readTariffFolder(path.resolve(import.meta.dirname, '../../../../drizzle/seed/tariffs'))
	);
});

/** A household with readings of a winter: 2.4 kWh a day. */
async function household(name: string, facts: Partial<Account> = {}): Promise<Authorized<Account>> {
	const own = await addAccount(app, name, { openedOn: localDate('2026-02-01'), ...facts });
	await supply(
		app,
		own,
		'zhejiang_residential',
		series(readable, () => 100, { intervalMinutes: 60 }).filter(({ localDate: date }) => date >= own.openedOn)
	);
	return own;
}

const periodsOf = async (own: Authorized<Account>) =>
	(await listBills(app, own)).map(({ billNo, period }) => [billNo, period.start, period.end]);

/** Only of these accounts, so that the cases of this file stay apart. */
const among = (accounts: readonly Account[]) => ({ accountNos: accounts.map(({ accountNo }) => accountNo) });

describe('one run for many accounts', () => {
	it('bills all but the account that is broken, and says why', async () => {
		const accounts = await Promise.all(['b1', 'b2', 'b3', 'b4', 'b5'].map((name) => household(name)));
		const broken = accounts[2];
		if (broken === undefined) throw new Error('no account');
		await app.db.update(account).set({ timeZone: 'Mars/Olympus' }).where(eq(account.id, broken.id));
		const run = await runBills(app, { ...through('2026-02'), ...among(accounts) });
		expect(run).toMatchObject({ accounts: 5, issued: 4, refused: [] });
		expect(run.failed).toEqual([
			{ accountNo: 'A-b3', reason: expect.stringMatching(/mars\/olympus/i) as string }
		]);
		for (const own of accounts) expect(await listBills(app, own)).toHaveLength(own === broken ? 0 : 1);
	});

	it('leaves out the account whose bill the database does not take when all is written', async () => {
		const accounts = await Promise.all(['c1', 'c2', 'c3'].map((name) => household(name)));
		const refused = accounts[1]?.id ?? 0;
		await app.db.execute(
			sql.raw(`create function refuse_one() returns trigger language plpgsql as $$
			begin raise exception 'not this one'; end $$;
			create constraint trigger refuse_one after insert on bill deferrable initially deferred
			for each row when (new.account_id = ${refused}) execute function refuse_one()`)
		);
		const run = await runBills(app, { ...through('2026-02'), ...among(accounts) });
		await app.db.execute(sql`drop trigger refuse_one on bill`);
		expect(run).toMatchObject({ issued: 2, failed: [{ accountNo: 'A-c2', reason: 'not this one' }] });
		const again = await runBills(app, { ...through('2026-02'), ...among(accounts) });
		expect(again).toMatchObject({ issued: 1, unchanged: 2, failed: [] });
	});

	it('refuses one account without touching the months of the others', async () => {
		const good = await household('d1', { openedOn: localDate('2025-12-01') });
		const dark = await addAccount(app, 'd2', { openedOn: localDate('2025-12-01') });
		await supply(
			app,
			dark,
			'zhejiang_residential',
			series(month('2025-12'), () => 100)
		);
		const run = await runBills(app, { ...through('2026-02'), ...among([good, dark]) });
		expect(run).toMatchObject({
			issued: 4,
			refused: [{ accountNo: 'A-d2', month: '2026-01', refusal: { code: 'NO_READINGS' } }],
			failed: []
		});
	});

	it('carries the year’s use from bill to bill within a run as between runs', async () => {
		const facts = { openedOn: localDate('2025-12-01') };
		const [atOnce, stepwise] = await Promise.all([household('e1', facts), household('e2', facts)]);
		await runBills(app, { ...through('2026-02'), ...among([atOnce]) });
		for (const text of ['2025-12', '2026-01', '2026-02']) {
			await runBills(app, { ...only(text), ...among([stepwise]) });
		}
		const figures = async (own: Authorized<Account>) => {
			const bills = await listBills(app, own);
			return Promise.all(bills.map(async ({ id }) => (await getBill(app, own, id)).figures));
		};
		expect(await figures(atOnce)).toEqual(await figures(stepwise));
		expect((await figures(atOnce))[0]?.tiers).toMatchObject({ usedBeforeWh: 74_400, usedAfterWh: 141_600 });
	});

	it('twice at once over many months issues each bill once', async () => {
		const accounts = await Promise.all(
			['f1', 'f2', 'f3', 'f4'].map((name) => household(name, { openedOn: localDate('2025-12-01') }))
		);
		const scope = { ...through('2026-02'), ...among(accounts) };
		const runs = await Promise.all([runBills(app, scope), runBills(app, scope)]);
		expect(runs.reduce((sum, { issued }) => sum + issued, 0)).toBe(12);
		expect(runs.reduce((sum, { unchanged }) => sum + unchanged, 0)).toBe(12);
	});

	it('that is killed while it writes leaves nothing behind, and the next one bills all', async () => {
		const accounts = await Promise.all(['g1', 'g2'].map((name) => household(name)));
		const scope = { ...through('2026-02'), ...among(accounts) };
		const gate = await app.pool.connect();
		try {
			await gate.query('begin; lock table bill_line in exclusive mode');
			const killed = expect(runBills(app, scope)).rejects.toThrow();
			await expect
				// Not the gate's own connection: inside a transaction, the activity stands still.
				.poll(async () => {
					const { rows } = await app.pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
						where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into bill_line%'`);
					return rows.length;
				}, GATE_WAIT)
				.toBe(1);
			await killed;
			await gate.query('rollback');
		} finally {
			gate.release();
		}
		for (const own of accounts) expect(await listBills(app, own)).toEqual([]);
		expect(await runBills(app, scope)).toMatchObject({ issued: 2, unchanged: 0, failed: [] });
	});
});

describe('a meter that is read every two months', () => {
	const twoMonthly = (name: string, readingParity: 'odd' | 'even', facts: Partial<Account> = {}) =>
		household(name, { readingMonths: 2, readingParity, ...facts });

	it('is billed at the end of the month it is read in, from the day of opening', async () => {
		const own = await twoMonthly('even', 'even', { openedOn: localDate('2026-01-15') });
		expect(await runBills(app, { ...only('2026-01'), ...among([own]) })).toMatchObject({
			issued: 0,
			notDue: 1,
			refused: []
		});
		expect(await runBills(app, { ...through('2026-01'), ...among([own]) })).toMatchObject({
			issued: 0,
			notDue: 1
		});
		expect(await runBills(app, { ...only('2026-02'), ...among([own]) })).toMatchObject({
			issued: 1,
			notDue: 0
		});
		expect(await periodsOf(own)).toEqual([['A-even-202602', '2026-01-15', '2026-03-01']]);
		expect(await runBills(app, { ...through('2026-03'), ...among([own]) })).toMatchObject({
			issued: 0,
			unchanged: 1,
			notDue: 1
		});
	});

	it('over the end of the year: the tiers of each year count their own months', async () => {
		const own = await twoMonthly('odd', 'odd', { openedOn: localDate('2025-11-10') });
		const run = await runBills(app, { ...through('2026-02'), ...among([own]) });
		expect(run).toMatchObject({ issued: 2, notDue: 1, refused: [] });
		expect(await periodsOf(own)).toEqual([
			['A-odd-202601', '2025-12-01', '2026-02-01'],
			['A-odd-202511', '2025-11-10', '2025-12-01']
		]);
		const [newest] = await listBills(app, own);
		const bill = await getBill(app, own, newest?.id ?? 0);
		expect(bill.days).toBe(62);
		// 2.4 kWh a day, 31 days of January; December belongs to the cycle before.
		expect(bill.figures.tiers).toMatchObject({ cycleStart: '2026-01-01', usedAfterWh: 74_400 });
		expect(await recomputeBill(app, own, bill.id)).toMatchObject({ inputsIntact: true, agrees: true });
	});

	it('ends with the day that supply ends, in whichever month', async () => {
		const own = await twoMonthly('ending', 'even', {
			openedOn: localDate('2025-11-01'),
			closedOn: localDate('2026-01-21')
		});
		await runBills(app, { ...through('2026-02'), ...among([own]) });
		expect(await periodsOf(own)).toEqual([
			['A-ending-202601', '2026-01-01', '2026-01-21'],
			['A-ending-202512', '2025-11-01', '2026-01-01']
		]);
	});

	it('whose cycle is changed is billed from where its bills end, no day twice and none left out', async () => {
		const own = await household('changed', { openedOn: localDate('2025-12-01') });
		await runBills(app, { ...only('2025-12'), ...among([own]) });
		await runBills(app, { ...only('2026-01'), ...among([own]) });
		await app.db
			.update(account)
			.set({ readingMonths: 2, readingParity: 'even' })
			.where(eq(account.id, own.id));
		await runBills(app, { ...through('2026-02'), ...among([own]) });
		await app.db.update(account).set({ readingMonths: 1, readingParity: null }).where(eq(account.id, own.id));
		expect(await runBills(app, { ...through('2026-02'), ...among([own]) })).toMatchObject({
			issued: 0,
			unchanged: 3
		});
		expect(await periodsOf(own)).toEqual([
			['A-changed-202602', '2026-02-01', '2026-03-01'],
			['A-changed-202601', '2026-01-01', '2026-02-01'],
			['A-changed-202512', '2025-12-01', '2026-01-01']
		]);
	});

	it('names its months: the database takes no other', async () => {
		const set = (readingMonths: 1 | 2, readingParity: 'odd' | null) =>
			app.db.update(account).set({ readingMonths, readingParity }).where(eq(account.accountNo, 'A-even'));
		await expect(set(2, null)).rejects.toMatchObject({ cause: { constraint: 'account_reading_cycle' } });
		await expect(set(1, 'odd')).rejects.toMatchObject({ cause: { constraint: 'account_reading_cycle' } });
	});
});
