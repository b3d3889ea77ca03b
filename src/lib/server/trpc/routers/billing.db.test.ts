import path from 'node:path';
import { TRPCError } from '@trpc/server';
import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp } from '../../../../../tests/support/app-context.ts';
import { addAccount, addReadings, supply } from '../../../../../tests/support/billing.ts';
import { days, series } from '../../../../../tests/support/rating.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { localDate, type LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import { checkBill, parseCheckFile } from '#lib/domain/billing/check-file.ts';
import { loadBillingTerms, runBills } from '#lib/server/billing/index.ts';
import { servicePoint } from '#lib/server/db/schema/index.ts';
import { loadTariffs, readTariffFolder } from '#lib/server/tariffs/index.ts';
import { createCaller } from '../router.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });

let own: Authorized<Account>;
let others: Authorized<Account>;
const callerOf = ({ customerId }: Account) =>
	createCaller({ app, actor: { kind: 'customer', customerId, sessionId: 'test' } });

beforeAll(async () => {
	const tariffs = path.resolve(import.meta.dirname, '../../../../../drizzle/seed/tariffs');
	await loadBillingTerms(app);
	await loadTariffs(app, await readTariffFolder(tariffs));
	for (const name of ['own', 'others']) {
		const account = await addAccount(app, name, {});
		await supply(
			app,
			account,
			'zhejiang_residential_tou',
			series(days('2025-12-01', '2026-03-13'), () => 125)
		);
		if (name === 'own') own = account;
		else others = account;
	}
	await runBills(app, { through: '2026-02' as LocalMonth });
});

/** Code and text of the refusal: what a stranger could tell answers apart by. */
async function refusalOf(
	call: Promise<unknown>
): Promise<{ code: string; message: string; details: unknown }> {
	try {
		await call;
	} catch (error) {
		if (!(error instanceof TRPCError)) throw error;
		return {
			code: error.code,
			message: error.message,
			details: (error.cause as { details?: unknown }).details
		};
	}
	throw new Error('the call was not refused');
}

describe('the bills of a customer', () => {
	it('are listed newest first, for the first account where none is named', async () => {
		const bills = await callerOf(own).billing.list({});
		expect(bills.map(({ period }) => period.start)).toEqual(['2026-02-01', '2026-01-01', '2025-12-01']);
		expect(await callerOf(own).billing.list({ accountId: own.id })).toEqual(bills);
	});

	it('open with lines that sum to the total, and with intervals that sum to the line', async () => {
		const caller = callerOf(own);
		const [newest] = await caller.billing.list({});
		const bill = await caller.billing.get({ billId: newest?.id ?? 0 });
		expect(bill.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(bill.totalMinor);
		for (const { reference, quantityMilli } of bill.lines) {
			const { intervals } = await caller.billing.lineIntervals({ billId: bill.id, reference });
			expect(intervals.days.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(quantityMilli);
		}
	});

	it('can be computed again by anyone from the file that goes with them, and a changed file is told', async () => {
		const [newest] = await callerOf(own).billing.list({});
		const file = await callerOf(own).billing.checkFile({ billId: newest?.id ?? 0 });
		// As it travels: nothing that JSON does not know.
		const received = parseCheckFile(JSON.parse(JSON.stringify(file)));
		expect(await checkBill(received)).toMatchObject({ agrees: true, isInputIntact: true });
		const [first] = received.input.usage;
		const days =
			first?.days.map((day) => ({ ...day, quantities: day.quantities.replace('125', '126') })) ?? [];
		const changed = { ...received, input: { ...received.input, usage: [{ ...first!, days }] } };
		expect(await checkBill(changed)).toMatchObject({ agrees: false, isInputIntact: false });
		expect(() => parseCheckFile({ format: 'meterside-bill' })).toThrow('version');
	});

	it('are followed by the running month: so far by the readings, expected by the weeks before', async () => {
		// Twelve of 31 days were read, all days are alike: 96 quarter-hours of 125 Wh.
		const running = await callerOf(own).billing.running({});
		expect(running).toMatchObject({ through: '2026-03-12', soFarWh: 12 * 12_000, weeks: 8 });
		expect(running?.lowMinor).toBe(running?.highMinor);
		// Earlier months were as even, so their forecasts were right.
		expect(running?.past).toEqual({ bills: 3, meanError: 0 });
		expect(await refusalOf(callerOf(own).billing.running({ accountId: others.id }))).toMatchObject({
			code: 'NOT_FOUND'
		});
	});

	it('are not found for anybody else, exactly like bills that do not exist', async () => {
		const [foreign] = await callerOf(others).billing.list({});
		const caller = callerOf(own);
		const billId = foreign?.id ?? 0;
		const reference = 'energy.peak';
		const refusals = await Promise.all([
			refusalOf(caller.billing.get({ billId })),
			refusalOf(caller.billing.get({ billId, accountId: others.id })),
			refusalOf(caller.billing.checkFile({ billId })),
			refusalOf(caller.billing.checkFile({ billId, accountId: others.id })),
			refusalOf(caller.billing.get({ billId: 999_999_999 })),
			refusalOf(caller.billing.get({ billId: 0 })),
			refusalOf(caller.billing.lineIntervals({ billId, reference })),
			refusalOf(caller.billing.lineIntervals({ billId, reference, accountId: others.id })),
			refusalOf(caller.billing.list({ accountId: others.id })),
			refusalOf(caller.billing.list({ accountId: 999_999_999 }))
		]);
		for (const refusal of refusals) {
			expect(refusal).toEqual({ code: 'NOT_FOUND', message: 'NOT_FOUND', details: {} });
		}
	});

	it('have no line that they do not have', async () => {
		const [newest] = await callerOf(own).billing.list({});
		const call = callerOf(own).billing.lineIntervals({ billId: newest?.id ?? 0, reference: 'energy.sharp' });
		expect(await refusalOf(call)).toMatchObject({ code: 'NOT_FOUND' });
	});

	it('are for signed-in customers only', async () => {
		const caller = createCaller({ app, actor: null });
		expect(await refusalOf(caller.billing.list({}))).toMatchObject({ code: 'UNAUTHORIZED' });
		expect(await refusalOf(caller.billing.get({ billId: 1 }))).toMatchObject({ code: 'UNAUTHORIZED' });
	});

	it.each([-1, 1.5, Number.NaN])('are refused for the number %s, which no bill can have', async (billId) => {
		expect(await refusalOf(callerOf(own).billing.get({ billId }))).toMatchObject({ code: 'BAD_REQUEST' });
	});
});

describe('the prices of one more kWh', () => {
	const day = (own: Account, date: string) => ({ meterNo: `M-${own.accountNo}`, date: localDate(date) });

	it('of a billed day stay as they were billed, whatever is corrected later', async () => {
		const caller = callerOf(own);
		const before = await caller.billing.dayPrices(day(own, '2026-02-10'));
		expect(before).toMatchObject({ ok: true, billNo: 'A-own-202602', currency: 'CNY', intervalMinutes: 15 });
		const prices = before.ok ? before.prices.map((price) => price?.priceE8) : [];
		expect(prices[31]).toBe(28_800_000n);
		expect(prices[32]).toBe(56_800_000n);
		const [meter] = await app.db.select().from(servicePoint).where(eq(servicePoint.meterNo, 'M-A-own'));
		// The corrected day has no reading at 08:00 any more.
		await addReadings(
			app,
			own,
			meter?.id ?? 0,
			series(days('2026-02-10', '2026-02-11'), (_, slot) => (slot === 32 ? null : 50_000)).map((one) => ({
				...one,
				version: 2
			}))
		);
		expect(await caller.billing.dayPrices(day(own, '2026-02-10'))).toEqual(before);
	});

	it('of a day in the running month are those of the month as it stands', async () => {
		const prices = await callerOf(own).billing.dayPrices(day(own, '2026-03-12'));
		expect(prices).toMatchObject({ ok: true, billNo: null });
		expect(prices.ok && prices.prices[40]).toEqual({ priceE8: 56_800_000n, parts: { energy: 56_800_000n } });
	});

	it.each([
		['not read yet', '2026-03-17', 'DAY_NOT_READ'],
		['before the supply', '2025-11-30', 'DAY_NOT_READ'],
		['after a month without a bill', '2026-04-02', 'EARLIER_MONTH_NOT_BILLED']
	])('of a day %s are refused by name', async (_, date, code) => {
		expect(await callerOf(own).billing.dayPrices(day(own, date))).toEqual({
			ok: false,
			refusal: expect.objectContaining({ code }) as unknown
		});
	});

	it('are not there for another customer: neither by account nor by meter', async () => {
		const caller = callerOf(others);
		const byAccount = caller.billing.dayPrices({ accountId: own.id, ...day(own, '2026-02-10') });
		const byMeter = caller.billing.dayPrices(day(own, '2026-02-10'));
		expect((await refusalOf(byAccount)).code).toBe('NOT_FOUND');
		expect((await refusalOf(byMeter)).code).toBe('NOT_FOUND');
	});
});
