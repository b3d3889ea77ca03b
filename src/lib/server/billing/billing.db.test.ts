import path from 'node:path';
import { eq, sql, type SQL } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import { addAccount, addReadings, supply } from '../../../../tests/support/billing.ts';
import { days, month, series } from '../../../../tests/support/rating.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { localDate, type LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import { fixedClock } from '#lib/server/clock.ts';
import { accountServicePoint, bill, billLine, servicePoint } from '#lib/server/db/schema/index.ts';
import { loadTariffs, readTariffFolder } from '#lib/server/tariffs/index.ts';
import {
	billLineIntervals,
	getBill,
	listBills,
	loadBillingTerms,
	newestBill,
	auditBills,
	recomputeBill,
	runBills
} from './index.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });
const winter = days('2025-12-01', '2026-03-18');
const through = { through: '2026-02' as LocalMonth };

let home: Authorized<Account>;
let homeMeter: number;
let plant: Authorized<Account>;

beforeAll(async () => {
	await loadBillingTerms(app);
	await loadTariffs(
		app,
		await readTariffFolder(path.resolve(import.meta.dirname, '../../../../drizzle/seed/tariffs'))
	);
	home = await addAccount(app, 'home', {});
	// 48 kWh a day: 2,760 kWh of 2026 are passed on 27 February (57.5 days).
	homeMeter = await supply(
		app,
		home,
		'zhejiang_residential_tou',
		series(winter, () => 500)
	);
	plant = await addAccount(app, 'plant', {
		customerKind: 'industrial',
		supplyArea: 'hubei',
		voltage: '1_to_10kv',
		contractedCapacityVa: 1_000_000,
		demandBasis: 'actual_demand',
		powerFactorStandard: '0.90',
		openedOn: localDate('2026-01-11'),
		closedOn: localDate('2026-02-21')
	});
	const supplied = days('2026-01-11', '2026-02-21');
	await supply(app, plant, 'hubei_two_part_1_10kv_demo', [
		...series(supplied, () => 25_000),
		...series(supplied, () => 10_000, { channel: 'reactive_import' })
	]);
	await runBills(app, through);
});

async function billOf(own: Authorized<Account>, period: string) {
	const found = (await listBills(app, own)).find(({ billNo }) => billNo.endsWith(period));
	return getBill(app, own, found?.id ?? 0);
}

describe('a bill run', () => {
	it('issues one bill per account and complete month, newest listed first', async () => {
		const bills = await listBills(app, home);
		expect(bills.map(({ billNo, period, dueOn }) => [billNo, period.start, period.end, dueOn])).toEqual([
			['A-home-202602', '2026-02-01', '2026-03-01', '2026-03-25'],
			['A-home-202601', '2026-01-01', '2026-02-01', '2026-03-25'],
			['A-home-202512', '2025-12-01', '2026-01-01', '2026-03-25']
		]);
	});

	it('again issues nothing, and two at once issue each bill once', async () => {
		expect(await runBills(app, through)).toMatchObject({ accounts: 2, issued: 0, unchanged: 5, refused: [] });
		const late = await addAccount(app, 'late', { openedOn: localDate('2026-02-01') });
		await supply(
			app,
			late,
			'zhejiang_residential',
			series(month('2026-02'), () => 100)
		);
		const runs = await Promise.all([runBills(app, through), runBills(app, through), runBills(app, through)]);
		expect(runs.reduce((sum, { issued }) => sum + issued, 0)).toBe(1);
		expect(await listBills(app, late)).toHaveLength(1);
	});

	it('leaves the running month alone until it is over in the supply zone', async () => {
		const scope = { month: '2026-03' as LocalMonth };
		expect(await runBills(app, scope)).toMatchObject({ issued: 0, notDue: 2 });
		const lastEvening = { ...app, clock: fixedClock('2026-03-31T15:59:59Z') };
		expect(await runBills(lastEvening, scope)).toMatchObject({ issued: 0, notDue: 2 });
	});

	it('clips the first and the last bill to the time of supply', async () => {
		const bills = await listBills(app, plant);
		expect(bills.map(({ period }) => [period.start, period.end])).toEqual([
			['2026-02-01', '2026-02-21'],
			['2026-01-11', '2026-02-01']
		]);
		const february = await billOf(plant, '202602');
		// 100 kW × 42.0 × 20 / 28 days
		expect(february.lines.find(({ reference }) => reference === 'demand.actual')).toMatchObject({
			amountMinor: 300_000n,
			proration: { days: 20, monthDays: 28 }
		});
	});

	it('refuses an account without readings and goes on with the others', async () => {
		const dark = await addAccount(app, 'dark', { openedOn: localDate('2026-02-01') });
		await supply(app, dark, 'zhejiang_residential', []);
		const { refused } = await runBills(app, through);
		expect(refused).toEqual([{ accountNo: 'A-dark', month: '2026-02', refusal: { code: 'NO_READINGS' } }]);
		expect(await newestBill(app, dark)).toBeNull();
	});

	it('does not bill past a gap: what follows would rest on an unknown carried state', async () => {
		const gap = await addAccount(app, 'gap', {});
		const readings = [...series(month('2025-12'), () => 100), ...series(month('2026-02'), () => 100)];
		const meter = await supply(app, gap, 'zhejiang_residential', readings);
		const run = await runBills(app, through);
		expect(run.refused).toContainEqual({
			accountNo: 'A-gap',
			month: '2026-01',
			refusal: { code: 'NO_READINGS' }
		});
		const only = await runBills(app, { month: '2026-02' as LocalMonth });
		expect(only.refused).toContainEqual({
			accountNo: 'A-gap',
			month: '2026-02',
			refusal: { code: 'EARLIER_MONTH_NOT_BILLED', month: '2026-01' }
		});
		await addReadings(
			app,
			gap,
			meter,
			series(month('2026-01'), () => 100)
		);
		await runBills(app, through);
		expect(await listBills(app, gap)).toHaveLength(3);
	});

	it('begins with the first day of supply: a refused or skipped first month holds back the next', async () => {
		const own = await addAccount(app, 'unread', {});
		const meter = await supply(
			app,
			own,
			'zhejiang_residential',
			series(days('2026-01-01', '2026-03-01'), () => 100)
		);
		const refusedMonths = async (scope: Parameters<typeof runBills>[1]) =>
			(await runBills(app, scope)).refused
				.filter(({ accountNo }) => accountNo === own.accountNo)
				.map((entry) => [entry.month, entry.refusal]);
		expect(await refusedMonths(through)).toEqual([['2025-12', { code: 'NO_READINGS' }]]);
		expect(await refusedMonths({ month: '2026-01' as LocalMonth })).toEqual([
			['2026-01', { code: 'EARLIER_MONTH_NOT_BILLED', month: '2025-12' }]
		]);
		expect(await newestBill(app, own)).toBeNull();
		await addReadings(
			app,
			own,
			meter,
			series(month('2025-12'), () => 100)
		);
		expect(await refusedMonths(through)).toEqual([]);
		expect(await listBills(app, own)).toHaveLength(3);
	});

	it('can be limited to some accounts', async () => {
		const names = ['chosen', 'other'];
		const [chosen, other] = await Promise.all(
			names.map((name) => addAccount(app, name, { openedOn: localDate('2026-02-01') }))
		);
		if (chosen === undefined || other === undefined) throw new Error('no accounts');
		for (const own of [chosen, other]) {
			await supply(
				app,
				own,
				'zhejiang_residential',
				series(month('2026-02'), () => 100)
			);
		}
		const run = await runBills(app, { ...through, accountNos: [chosen.accountNo] });
		expect(run).toMatchObject({ accounts: 1, issued: 1, refused: [] });
		expect(await listBills(app, other)).toEqual([]);
		expect(await runBills(app, { ...through, accountNos: [] })).toMatchObject({ accounts: 0, issued: 0 });
	});

	it('marks a bill beside whose meter another was never read', async () => {
		const own = await addAccount(app, 'half', { openedOn: localDate('2026-02-01') });
		await supply(
			app,
			own,
			'zhejiang_residential',
			series(month('2026-02'), () => 100)
		);
		const [silent] = await app.db
			.insert(servicePoint)
			.values({ meterNo: 'M-silent', timeZone: own.timeZone, address: own.address })
			.returning({ id: servicePoint.id });
		await app.db
			.insert(accountServicePoint)
			.values({ accountId: own.id, servicePointId: silent?.id ?? 0, validFrom: own.openedOn });
		await runBills(app, { ...through, accountNos: [own.accountNo] });
		const issued = await newestBill(app, own);
		expect(issued?.restsOnIncompleteData).toBe(true);
		expect(issued?.warnings).toContainEqual({
			code: 'MISSING_INTERVALS',
			channel: 'active_import',
			count: 2688,
			of: 5376
		});
	});
});

describe('a bill', () => {
	it('carries the year’s use across bills and starts again in January', async () => {
		const january = await billOf(home, '202601');
		expect(january.figures.tiers).toMatchObject({ usedBeforeWh: 0, usedAfterWh: 1_488_000, currentTier: 1 });
		const february = await billOf(home, '202602');
		expect(february.figures.tiers).toMatchObject({
			usedBeforeWh: 1_488_000,
			usedAfterWh: 2_832_000,
			currentTier: 2
		});
		// 72 kWh above 2,760 × 0.05
		expect(february.lines.find(({ tier }) => tier === 2)).toMatchObject({
			quantityMilli: 72_000,
			amountMinor: 360n
		});
	});

	it('says why it differs from the one before, to the fen', async () => {
		const february = await billOf(home, '202602');
		expect(february.previous).toMatchObject({ billNo: 'A-home-202601' });
		// January 31 days: 868 × 0.568 + 620 × 0.288 = 493.02 + 178.56 = 671.58; February: 445.31 + 161.28 + 3.60.
		expect(february.previous?.totalMinor).toBe(67_158n);
		expect(february.totalMinor).toBe(61_019n);
		expect(february.change?.causes[0]).toMatchObject({ kind: 'days', from: 31, to: 28 });
		expect(february.change?.causes.reduce((sum, { effectMinor }) => sum + effectMinor, 0n)).toBe(-6139n);
		expect((await billOf(home, '202512')).previous).toBeNull();
	});

	it('carries the demo tariff’s note and the sources of its rules', async () => {
		const document = await billOf(plant, '202601');
		expect(document.tariffs).toEqual([
			expect.objectContaining({
				code: 'hubei_two_part_1_10kv_demo',
				notes: expect.objectContaining({ 'zh-CN': expect.stringContaining('演示假设') as string }) as object,
				powerFactorSource: expect.objectContaining({ document: '(83)水电财字第215号' }) as object
			})
		]);
		expect(document.account).toMatchObject({ accountNo: 'A-plant', holderName: 'Holder of plant' });
		expect(document.warnings).toContainEqual({ code: 'DEMAND_IS_LOWER_BOUND' });
	});

	it('opens the days and intervals behind each line', async () => {
		const february = await billOf(home, '202602');
		for (const { reference, quantityMilli } of february.lines) {
			const { intervals } = await billLineIntervals(app, home, february.id, reference);
			expect(intervals.days.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(quantityMilli);
		}
		const tier = await billLineIntervals(app, home, february.id, 'energy.tier2_surcharge');
		expect(tier.intervals.days[0]).toMatchObject({ localDate: '2026-02-27', quantity: 24_000 });
		await expect(billLineIntervals(app, home, february.id, 'energy.deep')).rejects.toMatchObject({
			code: 'NOT_FOUND'
		});
	});

	it('is not there for another account', async () => {
		const { id } = await billOf(home, '202602');
		await expect(getBill(app, plant, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
		await expect(billLineIntervals(app, plant, id, 'energy.peak')).rejects.toMatchObject({
			code: 'NOT_FOUND'
		});
		await expect(recomputeBill(app, plant, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
		expect((await listBills(app, plant)).map(({ id: own }) => own)).not.toContain(id);
	});

	it('can be recomputed from what was billed, also after a correction of the readings', async () => {
		const { id, totalMinor } = await billOf(home, '202601');
		expect(await recomputeBill(app, home, id)).toEqual({ inputsIntact: true, agrees: true, totalMinor });
		const corrected = series(days('2026-01-10', '2026-01-11'), () => 900, { quality: () => 'corrected' });
		await addReadings(
			app,
			home,
			homeMeter,
			corrected.map((day) => ({ ...day, version: 2 }))
		);
		expect(await recomputeBill(app, home, id)).toEqual({ inputsIntact: true, agrees: true, totalMinor });
		const { intervals } = await billLineIntervals(app, home, id, 'energy.peak');
		expect(intervals.days.find(({ localDate: date }) => date === '2026-01-10')).toMatchObject({
			version: 1,
			quantity: 28_000
		});
	});

	it('is due at the usual day where it is issued in time', async () => {
		const punctual = { ...app, clock: fixedClock('2026-03-01T00:30:00+08:00') };
		const own = await addAccount(app, 'punctual', { openedOn: localDate('2026-02-01') });
		await supply(
			app,
			own,
			'zhejiang_residential',
			series(month('2026-02'), () => 100)
		);
		await runBills(punctual, through);
		expect(await newestBill(app, own)).toMatchObject({
			dueOn: '2026-03-20',
			issuedAt: '2026-02-28T16:30:00.000Z'
		});
	});
});

describe('an audit', () => {
	/** Changes what nobody can change, and back again: the database's guards stand aside for one transaction. */
	async function tampered(table: 'bill' | 'tariff_version', change: SQL, audit: () => Promise<void>) {
		const guarded = (statement: SQL) =>
			app.db.transaction(async (tx) => {
				await tx.execute(sql`alter table ${sql.identifier(table)} disable trigger user`);
				await tx.execute(statement);
				await tx.execute(sql`alter table ${sql.identifier(table)} enable trigger user`);
			});
		await app.db.execute(sql`create table kept as table ${sql.identifier(table)}`);
		await guarded(change);
		try {
			await audit();
		} finally {
			const content = sql.identifier(table === 'bill' ? 'snapshot' : 'document');
			await guarded(
				sql`update ${sql.identifier(table)} t set ${content} = kept.${content} from kept where kept.id = t.id`
			);
			await app.db.execute(sql`drop table kept`);
		}
	}

	it('rates issued bills again from what was frozen with them, no more than were asked for', async () => {
		const before = await auditBills(app, 1000);
		expect(before.checked).toBeGreaterThan(5);
		expect(before.differing).toEqual([]);
		expect((await auditBills(app, 2)).checked).toBe(2);
	});

	it('names a bill that comes out otherwise', async () => {
		const { id, billNo } = await billOf(home, '202602');
		const change = sql`update bill set snapshot = jsonb_set(snapshot, '{carriedIn,tierCycle,usedWh}', '9000000') where id = ${id}`;
		await tampered('bill', change, async () => {
			expect((await auditBills(app, 1000)).differing).toEqual([
				{ billNo, inputsIntact: true, agrees: false, failure: null }
			]);
		});
	});

	it('names the bills of an edition that is not what was published', async () => {
		const change = sql`update tariff_version set document = jsonb_set(document, '{name,en}', '"other"') where code = 'zhejiang_residential_tou'`;
		await tampered('tariff_version', change, async () => {
			const { checked, differing } = await auditBills(app, 1000);
			expect(differing.length).toBeGreaterThan(0);
			expect(differing.length).toBeLessThan(checked);
			expect(differing.every(({ inputsIntact, agrees }) => !inputsIntact && agrees)).toBe(true);
		});
	});

	it('goes on after a bill that cannot be rated at all', async () => {
		const { id, billNo } = await billOf(home, '202601');
		const change = sql`update bill set snapshot = jsonb_set(snapshot, '{tariffs,0,versionId}', '999999') where id = ${id}`;
		await tampered('bill', change, async () => {
			const { checked, differing } = await auditBills(app, 1000);
			expect(checked).toBeGreaterThan(5);
			expect(differing).toEqual([
				{ billNo, inputsIntact: false, agrees: false, failure: 'no such tariff edition' }
			]);
		});
	});

	it('stops between two bills when it is asked to', async () => {
		expect(await auditBills(app, 1000, { signal: AbortSignal.abort() })).toEqual({
			checked: 0,
			differing: []
		});
	});
});

describe('the database', () => {
	const refused = (what: string) => ({ cause: { message: `${what} refused` } });

	it('refuses to change or delete issued bills and their lines', async () => {
		const { id } = await billOf(home, '202601');
		const amount = app.db.update(bill).set({ totalMinor: 1n }).where(eq(bill.id, id));
		await expect(amount).rejects.toMatchObject(refused('bill is append-only: UPDATE'));
		await expect(app.db.delete(bill).where(eq(bill.id, id))).rejects.toMatchObject(
			refused('bill is append-only: DELETE')
		);
		const line = app.db.update(billLine).set({ amountMinor: 1n }).where(eq(billLine.billId, id));
		await expect(line).rejects.toMatchObject(refused('bill_line is append-only: UPDATE'));
		const lines = app.db.delete(billLine).where(eq(billLine.billId, id));
		await expect(lines).rejects.toMatchObject(refused('bill_line is append-only: DELETE'));
		await expect(app.db.execute(sql`truncate bill_line`)).rejects.toMatchObject(
			refused('bill_line is append-only: TRUNCATE')
		);
	});

	it('refuses a line that makes the sum differ from the total', async () => {
		const { id } = await billOf(home, '202601');
		const extra = app.db
			.insert(billLine)
			.values({ accountId: home.id, billId: id, lineNo: 99, reference: 'x', amountMinor: 5n, detail: {} });
		await expect(extra).rejects.toMatchObject({
			cause: { message: expect.stringContaining('not the sum') as string }
		});
	});
});

describe('the list of bills', () => {
	it('reaches back further than five years', async () => {
		const old = await addAccount(app, 'old', { openedOn: localDate('2019-01-01') });
		await app.db.execute(sql`insert into bill (account_id, bill_no, state, period_start, period_end, due_on,
				currency, total_minor, energy_wh, rests_on_incomplete_data, snapshot, document, issued_at)
			select ${old.id}, 'A-old-' || to_char(start, 'YYYYMM'), 'issued', start, start + interval '1 month',
				start + interval '2 months', 'CNY', 0, 0, false, '{}', '{}', start + interval '1 month'
			from generate_series(timestamp '2019-01-01', '2026-02-01', '1 month') as start`);
		const bills = await listBills(app, old);
		expect(bills).toHaveLength(86);
		expect(bills.at(-1)?.period.start).toBe('2019-01-01');
		expect(await listBills(app, home)).not.toContainEqual(bills[0]);
	});
});
