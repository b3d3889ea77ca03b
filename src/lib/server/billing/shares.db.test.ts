import path from 'node:path';
import { and, eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import { addAccount, supply } from '../../../../tests/support/billing.ts';
import { days, month, series, tariffJson } from '../../../../tests/support/rating.ts';
import type { BillDocument } from '#lib/domain/billing/bill.ts';
import { checkBill } from '#lib/domain/billing/check-file.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { localDate, type LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import { QUALITY_CODE, type LoadDay } from '#lib/domain/metering/load-day.ts';
import { accountShare, billingTerms } from '#lib/server/db/schema/index.ts';
import { addShares, loadTariffs, readTariffFolder, tariffSpansOf } from '#lib/server/tariffs/index.ts';
import {
	billCheckFile,
	billLineIntervals,
	compareTariffs,
	correctBills,
	dayPrices,
	getBill,
	loadBillingTerms,
	newestBill,
	recomputeBill,
	runBills,
	runningBill
} from './index.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });
const february = month('2026-02');
const january = localDate('2026-01-01');
/** 2.4 kWh a day: 67.2 kWh in February. */
const winter = series(days('2026-01-01', '2026-03-18'), () => 100, { intervalMinutes: 60 });
const quarter = { percentE4: 250_000 };
const lift = { id: 'lift', name: '电梯', part: quarter, tariffCode: 'flat', validFrom: january };

/** One price at all times. */
function flatTariff(code: string, price: string, validity: object = {}): unknown {
	const { seasons, ...json } = tariffJson('zhejiang_residential.2024') as { seasons: object[] };
	return {
		...json,
		...validity,
		code,
		tiers: null,
		seasons: [{ ...seasons[0], pricePerKwh: { flat: price } }]
	};
}

beforeAll(async () => {
	await loadBillingTerms(app);
	await loadTariffs(
		app,
		await readTariffFolder(path.resolve(import.meta.dirname, '../../../../drizzle/seed/tariffs'))
	);
	await loadTariffs(app, [
		{ name: 'flat', json: flatTariff('flat', '0.5') },
		{ name: 'dear', json: flatTariff('dear', '0.7') }
	]);
});

async function home(
	name: string,
	{
		readings = winter,
		tariff = 'zhejiang_residential',
		facts = {}
	}: {
		readings?: readonly LoadDay[];
		tariff?: string;
		facts?: Partial<Account>;
	} = {}
): Promise<{ own: Authorized<Account>; meter: number }> {
	const own = await addAccount(app, name, { openedOn: january, ...facts });
	return { own, meter: await supply(app, own, tariff, readings) };
}

async function billed(own: Authorized<Account>): Promise<BillDocument> {
	const run = await runBills(app, { through: '2026-02' as LocalMonth, accountNos: [own.accountNo] });
	expect(run).toMatchObject({ refused: [], failed: [] });
	return getBill(app, own, (await newestBill(app, own))?.id ?? 0);
}

const correction = (own: Account) => ({
	accountNo: own.accountNo,
	from: '2026-02' as LocalMonth,
	facts: 'frozen' as const,
	asDraft: false,
	reason: 'facts_error' as const,
	remark: null
});

const amountsOf = ({ lines }: BillDocument) =>
	lines.map(({ reference, amountMinor }) => [reference, amountMinor]);

/** 50.4 kWh at 0.538 and 16.8 kWh at 0.50. */
const SHARED = [
	['energy', 2712n],
	['share.lift/energy', 840n]
];

describe('an account with a fixed-share meter', () => {
	it('has it billed under its own tariff, the neighbour has not', async () => {
		const [one, other] = [await home('s1'), await home('s1-other')];
		await addShares(app, one.own, [lift]);
		const bill = await billed(one.own);
		expect(amountsOf(bill)).toEqual(SHARED);
		expect(bill.lines[1]?.share).toEqual({ id: 'lift', name: '电梯' });
		expect(bill.tariffs.map(({ code }) => code)).toEqual(['zhejiang_residential', 'flat']);
		// 67.2 kWh at 0.538
		expect(amountsOf(await billed(other.own))).toEqual([['energy', 3615n]]);
	});

	it('names a tariff once, however many shares are under it', async () => {
		const { own } = await home('s2');
		await addShares(app, own, [lift, { ...lift, id: 'pump', part: { whPerMonth: 10_000 } }]);
		const bill = await billed(own);
		expect(bill.tariffs.map(({ code }) => code)).toEqual(['zhejiang_residential', 'flat']);
		expect(bill.lines.map(({ reference }) => reference)).toContain('share.pump/energy');
	});

	it('has a bill that stays as it was, for the portal and for anyone, when tariff and share change', async () => {
		const { own } = await home('s3');
		const first = flatTariff('ending', '0.5', { validTo: '2026-03-01' });
		const second = flatTariff('ending', '0.6', { edition: '2026-03', validFrom: '2026-03-01' });
		await loadTariffs(app, [{ name: 'first', json: first }]);
		await addShares(app, own, [{ ...lift, tariffCode: 'ending' }]);
		const { id, totalMinor } = await billed(own);
		await loadTariffs(app, [{ name: 'second', json: second }]);
		await app.db
			.update(accountShare)
			.set({ tariffCode: 'dear', name: null })
			.where(eq(accountShare.accountId, own.id));
		expect(await recomputeBill(app, own, id)).toEqual({ inputsIntact: true, agrees: true, totalMinor });
		const file = await billCheckFile(app, own, id);
		expect(file.input.shares).toMatchObject([{ id: 'lift', name: '电梯', part: quarter }]);
		expect(await checkBill(JSON.parse(JSON.stringify(file)) as typeof file)).toMatchObject({ agrees: true });
		const { intervals } = await billLineIntervals(app, own, id, 'share.lift/energy');
		expect(intervals.days).toHaveLength(28);
	});

	it.each([
		['its tariff', { tariffCode: 'dear' }, ['tariff'], 1176n - 840n],
		// 13.44 kWh at 0.5, 53.76 kWh at 0.538
		['its part', { percentE4: 200_000 }, ['metering'], 672n + 2892n - 3552n]
	])('is corrected where %s was wrong', async (what, change, kinds, differenceMinor) => {
		const { own } = await home(`s4 ${what}`);
		await addShares(app, own, [lift]);
		await billed(own);
		await app.db.update(accountShare).set(change).where(eq(accountShare.accountId, own.id));
		const { bills } = await correctBills(app, correction(own));
		expect(bills.map(({ causes }) => causes.map(({ kind }) => kind))).toEqual([kinds]);
		const after = await getBill(app, own, (await newestBill(app, own))?.id ?? 0);
		expect(after.correction?.differenceMinor).toBe(differenceMinor);
		expect(await recomputeBill(app, own, after.id)).toMatchObject({ inputsIntact: true, agrees: true });
	});

	it('is refused, not billed without it, where the share has no tariff or holds on some of the days', async () => {
		const [untariffed, partly] = [await home('s5'), await home('s5-partly')];
		await app.db.insert(accountShare).values([
			{ accountId: untariffed.own.id, id: 'lift', ...quarter, tariffCode: 'none', validFrom: january },
			{
				accountId: partly.own.id,
				id: 'lift',
				...quarter,
				tariffCode: 'flat',
				validFrom: localDate('2026-01-10')
			}
		]);
		const run = await runBills(app, {
			month: '2026-01' as LocalMonth,
			accountNos: [untariffed.own.accountNo, partly.own.accountNo]
		});
		expect(run).toMatchObject({ issued: 0, failed: [] });
		expect(run.refused.map(({ refusal }) => refusal.code)).toEqual(['NO_TARIFF', 'NO_TARIFF']);
	});

	it('carries the use of the share’s own tiers from bill to bill', async () => {
		const { own } = await home('s6', { tariff: 'flat' });
		await addShares(app, own, [{ ...lift, tariffCode: 'zhejiang_residential' }]);
		const bill = await billed(own);
		const file = await billCheckFile(app, own, bill.id);
		// A quarter of 74.4 kWh in January.
		expect(file.input.carried.shares).toEqual({ lift: { start: '2026-01-01', usedWh: 18_600 } });
	});

	it.each(['zhejiang_residential', 'zhejiang_residential_tou'])(
		'is told why its bill differs (%s): the causes sum to the difference',
		async (tariff) => {
			const { own } = await home(`s7 ${tariff}`, { tariff });
			await addShares(app, own, [lift]);
			const { change, previous, totalMinor } = await billed(own);
			expect(change?.differenceMinor).toBe(totalMinor - (previous?.totalMinor ?? 0n));
			expect(change?.causes.reduce((sum, { effectMinor }) => sum + effectMinor, 0n)).toBe(
				change?.differenceMinor
			);
		}
	);

	it('has the running bill, the price of one more kWh and the comparison of tariffs with it', async () => {
		const { own } = await home('s8');
		await addShares(app, own, [{ ...lift, validFrom: february.start }]);
		await billed(own);
		// 17 days of 2.4 kWh: 30.6 kWh at 0.538 and 10.2 kWh at 0.5
		expect(await runningBill(app, own)).toMatchObject({ soFarMinor: 1646n + 510n });
		const prices = await dayPrices(app, own, {
			meterNo: `M-${own.accountNo}`,
			date: localDate('2026-02-10')
		});
		// 0.75 × 0.538 + 0.25 × 0.5
		expect(prices.ok && prices.prices[0]?.priceE8).toBe(52_850_000n);
		const period = days('2026-01-01', '2026-03-01');
		const [cost] = await compareTariffs(app, own, period, [await tariffSpansOf(app.db, own, period)]);
		// January is undivided: 74.4 kWh at 0.538
		expect(cost?.ok && cost.bills.map(({ totalMinor }) => totalMinor)).toEqual([4003n, 3552n]);
	});
});

describe('missing intervals where the operator has them filled', () => {
	const gap = winter.map((day) => {
		if (day.localDate !== '2026-02-10') return day;
		const qualities = day.qualities.slice();
		qualities[10] = QUALITY_CODE.missing;
		return { ...day, qualities };
	});

	it('are billed by the method, which is frozen with the bill', async () => {
		const area = 'filled_area';
		await app.db.insert(billingTerms).values({
			supplyArea: area,
			validFrom: february.start,
			dueDay: 20,
			minDaysToPay: 7,
			missingFilling: 'linear',
			remark: 'test'
		});
		const [filled, unfilled] = [
			await home('f1', { readings: gap, facts: { supplyArea: area } }),
			await home('f2', { readings: gap })
		];
		const bill = await billed(filled.own);
		expect(bill.figures.energyWh).toBe(67_200);
		expect(bill.restsOnIncompleteData).toBe(true);
		expect(bill.warnings).toContainEqual(
			expect.objectContaining({ code: 'FILLED_INTERVALS', method: 'linear', count: 1, quantity: 100 })
		);
		expect((await billed(unfilled.own)).figures.energyWh).toBe(67_100);
		await app.db
			.update(billingTerms)
			.set({ missingFilling: 'none' })
			.where(and(eq(billingTerms.supplyArea, area), eq(billingTerms.validFrom, february.start)));
		expect(await recomputeBill(app, filled.own, bill.id)).toMatchObject({ inputsIntact: true, agrees: true });
		const file = await billCheckFile(app, filled.own, bill.id);
		expect(file.input.filling).toBe('linear');
		expect(await checkBill(file)).toMatchObject({ agrees: true });
		const { bills } = await correctBills(app, correction(filled.own));
		expect(bills).toMatchObject([{ causes: [{ kind: 'filling' }] }]);
	});

	it('by a method that is none are refused by the database', async () => {
		const wrong = { supplyArea: 'x', validFrom: january, dueDay: 20, minDaysToPay: 7, remark: '' };
		await expect(
			app.db.insert(billingTerms).values({ ...wrong, missingFilling: 'guess' as 'none' })
		).rejects.toMatchObject({ cause: { constraint: 'billing_terms_missing_filling' } });
	});
});
