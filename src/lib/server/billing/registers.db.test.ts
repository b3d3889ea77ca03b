import path from 'node:path';
import { and, eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import { addAccount, addRegisters, supply, type TestRegister } from '../../../../tests/support/billing.ts';
import { month, series } from '../../../../tests/support/rating.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import type { BillDocument } from '#lib/domain/billing/bill.ts';
import { checkBill } from '#lib/domain/billing/check-file.ts';
import { localDate, type LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import { accountServicePoint } from '#lib/server/db/schema/index.ts';
import { loadTariffs, readTariffFolder } from '#lib/server/tariffs/index.ts';
import {
	billCheckFile,
	correctBills,
	getBill,
	loadBillingTerms,
	newestBill,
	recomputeBill,
	runBills
} from './index.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });
const february = month('2026-02');
/** 67.2 kWh of February: 58.33 % of it from 8 to 22 o'clock. */
const curve = series(february, () => 100, { intervalMinutes: 60 });

beforeAll(async () => {
	await loadBillingTerms(app);
	await loadTariffs(
		app,
		await readTariffFolder(path.resolve(import.meta.dirname, '../../../../drizzle/seed/tariffs'))
	);
});

interface Metered {
	readonly own: Authorized<Account>;
	readonly meter: number;
}

async function metered(
	name: string,
	tariffCode: string,
	readings: typeof curve,
	registers: readonly TestRegister[]
): Promise<Metered> {
	const own = await addAccount(app, name, { openedOn: localDate('2026-02-01') });
	const meter = await supply(app, own, tariffCode, readings);
	await addRegisters(app, own, meter, registers);
	return { own, meter };
}

async function billed({ own }: Metered): Promise<BillDocument> {
	await runBills(app, { month: '2026-02' as LocalMonth, accountNos: [own.accountNo] });
	return getBill(app, own, (await newestBill(app, own))?.id ?? 0);
}

const whole = (quantity: number, more: Partial<TestRegister> = {}): TestRegister => ({
	from: '2026-02-01',
	to: '2026-03-01',
	quantity,
	...more
});

describe('register readings of a bill’s days', () => {
	it('win over the curve for the total; the curve splits it', async () => {
		const bill = await billed(await metered('r1', 'zhejiang_residential_tou', curve, [whole(120_000)]));
		expect(bill.figures).toMatchObject({
			energyWh: 120_000,
			periods: [
				{ timePeriod: 'peak', energyWh: 70_000 },
				{ timePeriod: 'valley', energyWh: 50_000 }
			]
		});
		expect(bill.warnings).toContainEqual(
			expect.objectContaining({ code: 'REGISTER_DIFFERS', registerWh: 120_000, curveWh: 67_200 })
		);
	});

	it('are not used where they tell a part of the days only', async () => {
		const part = { from: '2026-02-01', to: '2026-02-20', quantity: 120_000 };
		const bill = await billed(await metered('r2', 'zhejiang_residential_tou', curve, [part]));
		expect(bill.figures.energyWh).toBe(67_200);
	});

	it('without any curve are billed where no price depends on the time', async () => {
		const bill = await billed(await metered('r3', 'zhejiang_residential', [], [whole(120_000)]));
		// 120 × 0.538
		expect(bill).toMatchObject({ totalMinor: 6456n, restsOnIncompleteData: false });
	});

	it('without any curve are refused where it does', async () => {
		const { own } = await metered('r4', 'zhejiang_residential_tou', [], [whole(120_000)]);
		const run = await runBills(app, { month: '2026-02' as LocalMonth, accountNos: [own.accountNo] });
		expect(run.refused).toMatchObject([
			{ accountNo: own.accountNo, refusal: { code: 'REGISTER_TOO_COARSE', reason: 'no_periods' } }
		]);
	});

	it('mark what rests on an estimated reading, on the line and on the bill', async () => {
		const chain = [
			{ from: '2026-02-01', to: '2026-02-11', quantity: 40_000 },
			{ from: '2026-02-11', to: '2026-03-01', quantity: 80_000, quality: 'estimated' as const }
		];
		const bill = await billed(await metered('r5', 'zhejiang_residential', [], chain));
		expect(bill.lines.find(({ charge }) => charge === 'energy')).toMatchObject({
			quantityMilli: 120_000,
			estimatedMilli: 80_000
		});
		expect(bill.warnings).toContainEqual(
			expect.objectContaining({ code: 'REGISTER_ESTIMATED', energyWh: 80_000 })
		);
		expect(bill.restsOnIncompleteData).toBe(true);
	});

	it('of reactive energy tell both directions or none: what one lacks is not nothing', async () => {
		const lagging = whole(30_000, { channel: 'reactive_import' });
		const leading = whole(9_000, { channel: 'reactive_export' });
		const registersOf = async (name: string, more: readonly TestRegister[]) => {
			const one = await metered(name, 'zhejiang_residential', [], [whole(120_000), ...more]);
			const { id } = await billed(one);
			return (await billCheckFile(app, one.own, id)).input.usage[0]?.registers;
		};
		expect(await registersOf('q1', [lagging, leading])).toMatchObject({
			laggingVarh: 30_000,
			leadingVarh: 9_000
		});
		expect(await registersOf('q2', [lagging])).toMatchObject({ laggingVarh: 30_000, leadingVarh: null });
		expect(await registersOf('q3', [lagging, { ...leading, to: '2026-02-28' }])).toMatchObject({
			laggingVarh: null,
			leadingVarh: null
		});
	});

	it('of the neighbour’s meter change nothing', async () => {
		await metered('r6', 'zhejiang_residential_tou', curve, [whole(999_000)]);
		const bill = await billed(await metered('r7', 'zhejiang_residential_tou', curve, []));
		expect(bill.figures.energyWh).toBe(67_200);
	});

	it('are corrected later: the bill keeps and finds again what it was made from', async () => {
		const one = await metered('r8', 'zhejiang_residential_tou', curve, [whole(120_000)]);
		const { id, totalMinor } = await billed(one);
		await addRegisters(app, one.own, one.meter, [whole(90_000, { version: 2, quality: 'corrected' })]);
		expect(await recomputeBill(app, one.own, id)).toEqual({ inputsIntact: true, agrees: true, totalMinor });
		const file = await billCheckFile(app, one.own, id);
		expect(await checkBill(JSON.parse(JSON.stringify(file)) as typeof file)).toMatchObject({ agrees: true });
	});
});

describe('a meter behind the transformer', () => {
	const losses = {
		activeWhPerDay: 2000,
		activePercentE2: 150,
		reactiveVarhPerDay: 0,
		reactivePercentE2: 0
	};

	it('has its losses billed and frozen, whatever is agreed later', async () => {
		const one = await metered('l1', 'zhejiang_residential', curve, []);
		const ofMeter = and(
			eq(accountServicePoint.accountId, one.own.id),
			eq(accountServicePoint.servicePointId, one.meter)
		);
		await app.db.update(accountServicePoint).set({ losses }).where(ofMeter);
		const bill = await billed(one);
		// 28 × 2 kWh + 67.2 × 1.5 %
		expect(bill.figures).toMatchObject({ lossWh: 57_008, energyWh: 124_208 });
		await app.db.update(accountServicePoint).set({ losses: null }).where(ofMeter);
		expect(await recomputeBill(app, one.own, bill.id)).toMatchObject({ inputsIntact: true, agrees: true });
		expect((await billCheckFile(app, one.own, bill.id)).input.usage).toMatchObject([{ losses }]);
		const correction = {
			accountNo: one.own.accountNo,
			from: '2026-02' as LocalMonth,
			asDraft: false,
			reason: 'other',
			remark: null
		} as const;
		expect(await correctBills(app, { ...correction, facts: 'frozen' })).toMatchObject({ outcome: 'agrees' });
		expect(await correctBills(app, { ...correction, facts: 'current' })).toMatchObject({ outcome: 'issued' });
		expect((await getBill(app, one.own, (await newestBill(app, one.own))?.id ?? 0)).figures.lossWh).toBe(0);
	});
});
