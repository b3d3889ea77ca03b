import path from 'node:path';
import { and, asc, eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import { addAccount, addReadings, supply } from '../../../../tests/support/billing.ts';
import { days, series } from '../../../../tests/support/rating.ts';
import { BILL_STATES, canBecome, type BillState } from '#lib/domain/billing/bill-state.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { addDays, localDate, type LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import { fixedClock } from '#lib/server/clock.ts';
import { account, bill, billEvent } from '#lib/server/db/schema/index.ts';
import { loadTariffs, readTariffFolder } from '#lib/server/tariffs/index.ts';
import {
	auditBills,
	billCheckFile,
	billLineIntervals,
	cancelBill,
	correctBills,
	findBillsOfOtherReadings,
	getBill,
	issueDrafts,
	listBills,
	loadBillingTerms,
	newestBill,
	recomputeBill,
	runBills,
	type CorrectionRequest
} from './index.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });
const winter = days('2025-12-01', '2026-03-18');
const through = { through: '2026-02' as LocalMonth };

beforeAll(async () => {
	await loadBillingTerms(app);
	await loadTariffs(
		app,
		await readTariffFolder(path.resolve(import.meta.dirname, '../../../../drizzle/seed/tariffs'))
	);
});

interface Home {
	readonly own: Authorized<Account>;
	readonly meter: number;
}

/** A home with 48 kWh a day and its bills of December, January and February: 2,760 kWh are passed on 27 February. */
async function billedHome(
	name: string,
	{ wh = 2000, tariff = 'zhejiang_residential_tou' }: { wh?: number; tariff?: string } = {}
): Promise<Home> {
	const own = await addAccount(app, name, {});
	const meter = await supply(
		app,
		own,
		tariff,
		series(winter, () => wh, { intervalMinutes: 60 })
	);
	await runBills(app, { ...through, accountNos: [own.accountNo] });
	return { own, meter };
}

/** 86.4 kWh instead of 48 on a day. */
async function correctDay({ own, meter }: Home, day: string, version = 2, wh = 3600): Promise<void> {
	const period = { start: localDate(day), end: addDays(localDate(day), 1) };
	const corrected = series(period, () => wh, { intervalMinutes: 60, quality: () => 'corrected' });
	await addReadings(
		app,
		own,
		meter,
		corrected.map((one) => ({ ...one, version }))
	);
}

function request({ own }: Home, from: string, parts: Partial<CorrectionRequest> = {}): CorrectionRequest {
	return {
		accountNo: own.accountNo,
		from: from as LocalMonth,
		facts: 'frozen',
		asDraft: false,
		reason: 'late_readings',
		remark: null,
		...parts
	};
}

/** Number and state of all bills, drafts too, in the order in which they were made. */
async function statesOf({ own }: Home): Promise<string[]> {
	const rows = await app.db.select().from(bill).where(eq(bill.accountId, own.id)).orderBy(asc(bill.id));
	return rows.map(({ billNo, state }) => `${billNo.slice(own.accountNo.length + 1)} ${state}`);
}

async function billOf({ own }: Home, number: string) {
	const found = (await listBills(app, own)).find(({ billNo }) => billNo === `${own.accountNo}-${number}`);
	return getBill(app, own, found?.id ?? 0);
}

describe('a correction', () => {
	it('takes the place of the bill of the month, and shows the difference line by line and why', async () => {
		const home = await billedHome('one');
		await correctDay(home, '2025-12-10');
		const summary = await correctBills(app, request(home, '2025-12', { remark: 'meter read again' }));
		expect(summary).toMatchObject({ outcome: 'issued', rated: 3, bills: [{ corrects: 'A-one-202512' }] });
		expect(await statesOf(home)).toEqual([
			'202512 corrected',
			'202601 issued',
			'202602 issued',
			'202512-2 issued'
		]);
		const corrected = await billOf(home, '202512-2');
		expect(corrected.correction).toMatchObject({
			corrected: { billNo: 'A-one-202512' },
			causes: [
				{
					kind: 'readings',
					channels: ['active_import'],
					days: 1,
					spans: [{ start: '2025-12-10', end: '2025-12-11' }]
				}
			]
		});
		const { correction, totalMinor } = corrected;
		const sum = correction?.lines.reduce((all, { differenceMinor }) => all + differenceMinor, 0n);
		expect(sum).toBe(correction?.differenceMinor);
		expect(totalMinor - (correction?.beforeMinor ?? 0n)).toBe(correction?.differenceMinor);
		// 14 hours of 1.6 kWh more: 890.4 kWh instead of 868 at 0.568, 505.75 instead of 493.02.
		expect(correction?.lines.find(({ reference }) => reference === 'energy.peak')?.differenceMinor).toBe(
			1273n
		);
		const before = await billOf(home, '202512');
		expect(before).toMatchObject({ state: 'corrected', validBill: { billNo: 'A-one-202512-2' } });
	});

	it('carries the year’s use into the bills after it, also where only that has changed', async () => {
		const home = await billedHome('chain');
		await correctDay(home, '2026-01-10');
		const { bills } = await correctBills(app, request(home, '2026-01'));
		expect(bills.map(({ billNo }) => billNo)).toEqual(['A-chain-202601-2', 'A-chain-202602-2']);
		const [january, february] = bills;
		expect(january?.causes).toMatchObject([{ kind: 'readings' }]);
		// 38.4 kWh more lie above the threshold in February: × 0.05.
		expect((february?.afterMinor ?? 0n) - (february?.beforeMinor ?? 0n)).toBe(192n);
		expect(february?.causes).toEqual([{ kind: 'carried', fromWh: 1_488_000, toWh: 1_526_400 }]);
	});

	it('of the use alone costs nothing, and ends with the tier cycle', async () => {
		const home = await billedHome('little', { wh: 100 });
		await correctDay(home, '2026-01-10', 2, 200);
		const inApril = { ...app, clock: fixedClock('2026-04-20T09:00:00+08:00') };
		const { bills } = await correctBills(inApril, request(home, '2026-01'));
		expect(bills[1]).toMatchObject({
			billNo: 'A-little-202602-2',
			causes: [{ kind: 'carried', fromWh: 74_400, toWh: 76_800 }]
		});
		expect(bills[1]?.afterMinor).toBe(bills[1]?.beforeMinor);
		// Only what is to be paid besides has a new due date.
		expect((await billOf(home, '202601-2')).dueOn).toBe('2026-04-27');
		expect((await billOf(home, '202602-2')).dueOn).toBe('2026-03-25');
		await correctDay(home, '2025-12-10', 2, 200);
		const december = await correctBills(app, request(home, '2025-12'));
		expect(december.bills.map(({ billNo }) => billNo)).toEqual(['A-little-202512-2']);
	});

	it('writes nothing where all bills agree, also the second time and twice at once', async () => {
		const home = await billedHome('again');
		expect(await correctBills(app, request(home, '2025-12'))).toMatchObject({ outcome: 'agrees', rated: 3 });
		await correctDay(home, '2026-02-10');
		const outcomes = await Promise.all([1, 2, 3].map(() => correctBills(app, request(home, '2026-01'))));
		expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['agrees', 'agrees', 'issued']);
		expect(await correctBills(app, request(home, '2025-12'))).toMatchObject({ outcome: 'agrees', bills: [] });
		expect(await statesOf(home)).toHaveLength(4);
	});

	it('can itself be corrected: the bills of a month are numbered on, and one is valid', async () => {
		const home = await billedHome('twice');
		await correctDay(home, '2026-02-10');
		await correctBills(app, request(home, '2026-02'));
		await correctDay(home, '2026-02-10', 3, 2800);
		await correctBills(app, request(home, '2026-02'));
		expect(await statesOf(home)).toEqual([
			'202512 issued',
			'202601 issued',
			'202602 corrected',
			'202602-2 corrected',
			'202602-3 issued'
		]);
		expect((await billOf(home, '202602')).validBill?.billNo).toBe('A-twice-202602-3');
		expect((await newestBill(app, home.own))?.billNo).toBe('A-twice-202602-3');
	});

	it('keeps the facts that were frozen with the bill, unless those of today are asked for', async () => {
		const home = await billedHome('facts', { tariff: 'zhejiang_residential_tou_with_allowances' });
		const largeHousehold = { persons: 6, from: '2026-01' as LocalMonth };
		await app.db.update(account).set({ largeHousehold }).where(eq(account.id, home.own.id));
		expect(await correctBills(app, request(home, '2026-02'))).toMatchObject({ outcome: 'agrees' });
		const today = await correctBills(
			app,
			request(home, '2026-02', { facts: 'current', reason: 'facts_error' })
		);
		expect(today.bills).toMatchObject([{ billNo: 'A-facts-202602-2', causes: [{ kind: 'facts' }] }]);
		// The 72 kWh above the threshold were at 0.05 more.
		expect((today.bills[0]?.afterMinor ?? 0n) - (today.bills[0]?.beforeMinor ?? 0n)).toBe(-360n);
	});

	it('is refused by name without account or bill, and corrects nothing where a later bill cannot be rated', async () => {
		const home = await billedHome('refused');
		await expect(
			correctBills(app, { ...request(home, '2026-02'), accountNo: 'nobody' })
		).rejects.toMatchObject({
			code: 'NOT_FOUND',
			details: { field: 'account' }
		});
		await expect(correctBills(app, request(home, '2026-03'))).rejects.toMatchObject({
			code: 'NOT_FOUND',
			details: { field: 'from' }
		});
		await expect(correctBills(app, request(home, '2025-11'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
		await correctDay(home, '2025-12-10');
		await app.db.execute(
			sql`update account_tariff set valid_to = '2026-02-10' where account_id = ${home.own.id}`
		);
		await expect(correctBills(app, request(home, '2025-12'))).rejects.toMatchObject({
			code: 'RATING_REFUSED',
			details: { billNo: 'A-refused-202602', refusal: 'NO_TARIFF' }
		});
		expect(await statesOf(home)).toEqual(['202512 issued', '202601 issued', '202602 issued']);
	});

	it('leaves what was billed before recomputable and open to anyone who looks it up', async () => {
		const home = await billedHome('kept');
		await correctDay(home, '2026-01-10');
		await correctBills(app, request(home, '2026-01'));
		for (const number of ['202601', '202601-2', '202602', '202602-2']) {
			const { id } = await billOf(home, number);
			expect(await recomputeBill(app, home.own, id)).toMatchObject({ inputsIntact: true, agrees: true });
			expect((await billCheckFile(app, home.own, id)).billNo).toBe(`A-kept-${number}`);
		}
		const { id } = await billOf(home, '202601');
		const { intervals } = await billLineIntervals(app, home.own, id, 'energy.peak');
		expect(intervals.days.find(({ localDate: date }) => date === '2026-01-10')?.version).toBe(1);
		const audit = await auditBills(app, 1000);
		expect(audit.differing).toEqual([]);
		expect(audit.checked).toBe(await app.db.$count(bill, sql`issued_at is not null`));
	});

	it('is not there for another account', async () => {
		const [home, other] = [await billedHome('mine'), await billedHome('other')];
		await correctDay(home, '2026-02-10');
		await correctBills(app, request(home, '2026-02'));
		const { id } = await billOf(home, '202602-2');
		await expect(getBill(app, other.own, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
		expect(await statesOf(other)).toEqual(['202512 issued', '202601 issued', '202602 issued']);
	});

	it('is proposed for bills whose readings have changed, and for no other', async () => {
		const candidates = async (name: string) =>
			(await findBillsOfOtherReadings(app))
				.filter(({ accountNo }) => accountNo === `A-${name}`)
				.map(({ billNo }) => billNo);
		const home = await billedHome('found');
		expect(await candidates('found')).toEqual([]);
		await correctDay(home, '2026-01-10');
		expect(await candidates('found')).toEqual(['A-found-202601']);
		await correctBills(app, request(home, '2026-01'));
		expect(await candidates('found')).toEqual([]);
	});
});

describe('a draft', () => {
	it('is nobody’s bill: it is not listed, not found and not the newest', async () => {
		const home = await billedHome('draft');
		const before = await listBills(app, home.own);
		await correctDay(home, '2026-02-10');
		const drafted = await correctBills(app, request(home, '2026-02', { asDraft: true }));
		expect(drafted).toMatchObject({ outcome: 'drafted', bills: [{ billNo: 'A-draft-202602-2' }] });
		expect(await listBills(app, home.own)).toEqual(before);
		expect((await newestBill(app, home.own))?.billNo).toBe('A-draft-202602');
		const [draft] = await app.db.select().from(bill).where(eq(bill.billNo, 'A-draft-202602-2'));
		expect(draft).toMatchObject({ state: 'draft', issuedAt: null, dueOn: null });
		await expect(getBill(app, home.own, draft?.id ?? 0)).rejects.toMatchObject({ code: 'NOT_FOUND' });
		await expect(billCheckFile(app, home.own, draft?.id ?? 0)).rejects.toMatchObject({ code: 'NOT_FOUND' });
		await cancelBill(app, { billNo: 'A-draft-202602-2', reason: 'not_wanted', remark: null });
		expect(await listBills(app, home.own)).toEqual(before);
	});

	it('is made once, and issued as it is with the reason of its making', async () => {
		const home = await billedHome('issue');
		await correctDay(home, '2026-01-10');
		const drafting = request(home, '2026-01', { asDraft: true, remark: 'read again' });
		await correctBills(app, drafting);
		expect(await correctBills(app, drafting)).toMatchObject({ outcome: 'unchanged' });
		const issued = await issueDrafts(app, home.own.accountNo);
		expect(issued).toMatchObject({
			outcome: 'issued',
			bills: [{ billNo: 'A-issue-202601-2' }, { billNo: 'A-issue-202602-2' }]
		});
		expect(await statesOf(home)).toEqual([
			'202512 issued',
			'202601 corrected',
			'202602 corrected',
			'202601-2 issued',
			'202602-2 issued'
		]);
		expect(await issueDrafts(app, home.own.accountNo)).toMatchObject({ outcome: 'unchanged', bills: [] });
		const { id, dueOn } = await billOf(home, '202601-2');
		expect(dueOn).toBe('2026-03-25');
		const events = await app.db
			.select()
			.from(billEvent)
			.where(and(eq(billEvent.accountId, home.own.id), eq(billEvent.billId, id)))
			.orderBy(asc(billEvent.toState));
		expect(events).toMatchObject([
			{ fromState: null, toState: 'draft', actorPurpose: 'bill correct', remark: 'read again' },
			{ fromState: 'draft', toState: 'issued', actorPurpose: 'bill issue', reason: 'late_readings' }
		]);
	});

	it('is not issued when readings have come since; a new one takes its place', async () => {
		const home = await billedHome('outdated');
		await correctDay(home, '2026-02-10');
		await correctBills(app, request(home, '2026-02', { asDraft: true }));
		await correctDay(home, '2026-02-11');
		await expect(issueDrafts(app, home.own.accountNo)).rejects.toMatchObject({ code: 'DRAFT_OUTDATED' });
		expect(await statesOf(home)).toContain('202602-2 draft');
		await correctBills(app, request(home, '2026-02', { asDraft: true }));
		await issueDrafts(app, home.own.accountNo);
		expect((await statesOf(home)).slice(2)).toEqual([
			'202602 corrected',
			'202602-2 cancelled',
			'202602-3 issued'
		]);
	});

	it('with the facts of today is outdated when they change', async () => {
		const home = await billedHome('moved', { tariff: 'zhejiang_residential_tou_with_allowances' });
		const set = (persons: number) =>
			app.db
				.update(account)
				.set({ largeHousehold: { persons, from: '2026-01' as LocalMonth } })
				.where(eq(account.id, home.own.id));
		await set(6);
		await correctBills(app, request(home, '2026-02', { facts: 'current', asDraft: true }));
		await set(9);
		await expect(issueDrafts(app, home.own.accountNo)).rejects.toMatchObject({ code: 'DRAFT_OUTDATED' });
		await set(6);
		expect(await issueDrafts(app, home.own.accountNo)).toMatchObject({ outcome: 'issued' });
	});

	it('of an earlier month is not forgotten by a correction of later ones', async () => {
		const home = await billedHome('earlier');
		await correctDay(home, '2025-12-10');
		await correctBills(app, request(home, '2025-12', { asDraft: true }));
		await expect(correctBills(app, request(home, '2026-02'))).rejects.toMatchObject({ code: 'CONFLICT' });
	});
});

describe('cancelling', () => {
	const cancel = (billNo: string) => cancelBill(app, { billNo, reason: 'issued_in_error', remark: null });

	it('takes back the latest bill only, which can then be billed anew', async () => {
		const home = await billedHome('cancel');
		await expect(cancel('A-cancel-202601')).rejects.toMatchObject({
			code: 'CONFLICT',
			message: expect.stringContaining('cancel A-cancel-202602 first') as string
		});
		expect(await cancel('A-cancel-202602')).toMatchObject({ outcome: 'cancelled' });
		expect(await cancel('A-cancel-202602')).toMatchObject({ outcome: 'unchanged' });
		expect((await newestBill(app, home.own))?.billNo).toBe('A-cancel-202601');
		expect(await billOf(home, '202602')).toMatchObject({ state: 'cancelled', validBill: null });
		await runBills(app, { ...through, accountNos: [home.own.accountNo] });
		expect((await statesOf(home)).slice(2)).toEqual(['202602 cancelled', '202602-2 issued']);
		expect(await billOf(home, '202602')).toMatchObject({ validBill: { billNo: 'A-cancel-202602-2' } });
		expect(await billOf(home, '202602-2')).toMatchObject({ correction: null });
	});

	it('takes the draft along that would have corrected the bill', async () => {
		const home = await billedHome('along');
		await correctDay(home, '2026-02-10');
		await correctBills(app, request(home, '2026-02', { asDraft: true }));
		await cancel('A-along-202602');
		expect((await statesOf(home)).slice(2)).toEqual(['202602 cancelled', '202602-2 cancelled']);
	});

	it('is refused for bills that are not valid any more, and for none', async () => {
		const home = await billedHome('gone');
		await correctDay(home, '2026-02-10');
		await correctBills(app, request(home, '2026-02'));
		await expect(cancel('A-gone-202602')).rejects.toMatchObject({ code: 'CONFLICT' });
		await expect(cancel('A-gone-209901')).rejects.toMatchObject({ code: 'NOT_FOUND' });
	});
});

describe('the database', () => {
	const message = (text: string) => ({ cause: { message: expect.stringContaining(text) as string } });

	/** A bill in a state, made as the product makes them. */
	async function billInState(home: Home, state: BillState): Promise<number> {
		await correctDay(home, '2026-02-10');
		if (state === 'issued') return (await billOf(home, '202602')).id;
		await correctBills(app, request(home, '2026-02', { asDraft: state !== 'corrected' }));
		if (state === 'corrected') return (await billOf(home, '202602')).id;
		const billNo = `${home.own.accountNo}-202602-2`;
		if (state === 'cancelled') await cancelBill(app, { billNo, reason: 'not_wanted', remark: null });
		const [row] = await app.db.select().from(bill).where(eq(bill.billNo, billNo));
		return row?.id ?? 0;
	}

	it.each(BILL_STATES)('lets a bill that is %s become what the rules say and nothing else', async (from) => {
		const id = await billInState(await billedHome(`db-${from}`), from);
		for (const to of BILL_STATES) {
			const dates = to === 'issued' && from === 'draft' ? { issuedAt: new Date(), dueOn: '2026-04-01' } : {};
			const change = app.db
				.update(bill)
				.set({ state: to, ...dates } as Partial<typeof bill.$inferInsert>)
				.where(eq(bill.id, id));
			const refusal = canBecome(from, to)
				? /without an entry in bill_event|bill_once_per_period/
				: /cannot become|append-only/;
			await expect(change).rejects.toMatchObject({
				cause: { message: expect.stringMatching(refusal) as string }
			});
		}
	});

	it('keeps the content of drafts and corrected bills, and what is recorded of them', async () => {
		const home = await billedHome('immutable');
		const draft = await billInState(home, 'draft');
		for (const change of [{ totalMinor: 1n }, { dueOn: localDate('2026-04-01') }]) {
			const update = app.db.update(bill).set(change).where(eq(bill.id, draft));
			await expect(update).rejects.toMatchObject(message('append-only: UPDATE refused'));
		}
		const event = eq(billEvent.billId, draft);
		await expect(app.db.update(billEvent).set({ remark: 'x' }).where(event)).rejects.toMatchObject(
			message('bill_event is append-only: UPDATE')
		);
		await expect(app.db.delete(billEvent).where(event)).rejects.toMatchObject(
			message('bill_event is append-only: DELETE')
		);
		const born = app.db.execute(sql`insert into bill (account_id, bill_no, state, period_start, period_end,
			currency, total_minor, energy_wh, rests_on_incomplete_data, snapshot, document)
			values (${home.own.id}, 'x', 'cancelled', '2026-03-01', '2026-04-01', 'CNY', 0, 0, false, '{}', '{}')`);
		await expect(born).rejects.toMatchObject(message('bill is append-only: INSERT'));
	});
});
