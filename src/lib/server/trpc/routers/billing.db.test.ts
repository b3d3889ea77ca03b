import path from 'node:path';
import { TRPCError } from '@trpc/server';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp } from '../../../../../tests/support/app-context.ts';
import { addAccount, supply } from '../../../../../tests/support/billing.ts';
import { days, series } from '../../../../../tests/support/rating.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import type { LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import { checkBill, parseCheckFile } from '#lib/domain/billing/check-file.ts';
import { loadBillingTerms, runBills } from '#lib/server/billing/index.ts';
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
