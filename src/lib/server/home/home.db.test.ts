import path from 'node:path';
import { and, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import {
	addDays,
	datesOf,
	localDate,
	type LocalDate,
	type LocalMonth
} from '#lib/domain/kernel/civil-time.ts';
import { parseCsvProfile } from '#lib/domain/metering/formats/index.ts';
import type { App } from '#lib/server/app.ts';
import { loadBillingTerms, runBills } from '#lib/server/billing/index.ts';
import { accountServicePoint, loadDay, servicePoint } from '#lib/server/db/schema/index.ts';
import { importFile } from '#lib/server/metering/index.ts';
import { loadTariffs, readTariffFolder } from '#lib/server/tariffs/index.ts';
import { createCaller } from '#lib/server/trpc/router.ts';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import { addAccount, addReadings, supply } from '../../../../tests/support/billing.ts';
import { days, series } from '../../../../tests/support/rating.ts';
import { addMeteredAccount, textSource } from '../../../../tests/support/metering.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });
const profile = parseCsvProfile({
	name: 'hours',
	title: 'hourly energy',
	time: { columns: ['at'], pattern: 'YYYY-MM-DD HH:mm', label: 'start' },
	intervalMinutes: 60,
	source: { id: 'house' },
	series: [{ channel: 'active_import', column: 'kwh', unit: 'kWh' }]
});

const tariffFolder = path.resolve(import.meta.dirname, '../../../../drizzle/seed/tariffs');

let meters = 0;

async function house(through?: string, kwhOn: (date: LocalDate, hour: number) => number | '' = () => 1) {
	const meterNo = `H${++meters}`;
	const own = await addMeteredAccount(app, { meterNo });
	if (through !== undefined) await fill(app, meterNo, through as LocalDate, kwhOn);
	const actor = { kind: 'customer', customerId: own.customerId, sessionId: 'test' } as const;
	return { ...own, caller: createCaller({ app, actor }) };
}

/** Twenty-eight days of hourly readings up to and with `through`. */
async function fill(
	into: App,
	meterNo: string,
	through: LocalDate,
	kwhOn: (date: LocalDate, hour: number) => number | ''
) {
	const rows = datesOf({ start: addDays(through, -27), end: addDays(through, 1) }).flatMap((date) =>
		Array.from(
			{ length: 24 },
			(_, hour) => `${date} ${String(hour).padStart(2, '0')}:00,${kwhOn(date, hour)}`
		)
	);
	const source = textSource(['at,kwh', ...rows, ''].join('\n'));
	await importFile(into, { source, targets: { kind: 'meter', meterNo }, profile });
}

describe('the home page of an account', () => {
	it('says that nothing is known before the first reading and bill', async () => {
		const { caller, accountId } = await house();
		expect(await caller.home.summary({})).toEqual({
			accountId,
			accountNo: `A-H${meters}`,
			customerKind: 'residential',
			today: '2026-03-18',
			bill: null,
			usage: null,
			tier: null,
			plant: null,
			todo: []
		});
	});

	it('shows yesterday and its week against the week before', async () => {
		const { caller } = await house('2026-03-17', (date) => (date > '2026-03-10' ? 1.2 : 1));
		const { usage, todo } = await caller.home.summary({});
		expect(usage?.day).toMatchObject({ localDate: '2026-03-17', ageDays: 1, energyWh: 28_800, missing: 0 });
		expect(usage?.day.usual?.days).toBe(8);
		expect(usage?.week.days).toHaveLength(7);
		expect(usage?.week.energyWh).toBe(7 * 28_800);
		expect(usage?.week.changeFromWeekBefore).toBeCloseTo(0.2, 10);
		expect(todo).toEqual([]);
	});

	it('never takes a day that is still under way for a whole one', async () => {
		const { caller } = await house('2026-03-18');
		expect((await caller.home.summary({})).usage?.day.localDate).toBe('2026-03-17');
	});

	it('keeps missing readings missing and says so', async () => {
		const { caller } = await house('2026-03-17', (date, hour) =>
			date === '2026-03-17' && hour < 3 ? '' : 1
		);
		const { usage, todo } = await caller.home.summary({});
		expect(usage?.day).toMatchObject({ energyWh: 21_000, missing: 3 });
		expect(usage?.day.powerW.slice(0, 4)).toEqual([null, null, null, 1000]);
		expect(todo).toEqual([{ kind: 'readings_missing', intervals: 3, localDate: '2026-03-17' }]);
	});

	it('says how old the newest day is where readings are late', async () => {
		const { caller } = await house('2026-03-14');
		const { usage, todo } = await caller.home.summary({});
		expect(usage?.day).toMatchObject({ localDate: '2026-03-14', ageDays: 4 });
		expect(todo).toEqual([{ kind: 'readings_late', lastDate: '2026-03-14', ageDays: 4 }]);
	});

	it('shows the new meter after an exchange, and counts the use of both up the tiers', async () => {
		await loadBillingTerms(app);
		await loadTariffs(app, await readTariffFolder(tariffFolder));
		const own = await addAccount(app, 'exchange', {});
		const exchangedOn = localDate('2026-03-06');
		const until = series(days('2025-12-01', exchangedOn), () => 500);
		const old = await supply(app, own, 'zhejiang_residential_tou', until, exchangedOn);
		const [meter] = await app.db
			.insert(servicePoint)
			.values({ meterNo: 'NEW', timeZone: own.timeZone, address: own.address })
			.returning({ id: servicePoint.id });
		const servicePointId = meter?.id ?? 0;
		await app.db
			.insert(accountServicePoint)
			.values({ accountId: own.id, servicePointId, validFrom: exchangedOn, validTo: null });
		const since = days(exchangedOn, '2026-03-18');
		await addReadings(app, own, servicePointId, [
			...series(since, () => 250),
			...series(since, () => 9_999, { channel: 'active_export' })
		]);
		await runBills(app, { through: '2026-02' as LocalMonth });
		const actor = { kind: 'customer', customerId: own.customerId, sessionId: 'test' } as const;
		const caller = createCaller({ app, actor });
		const { usage, tier } = await caller.home.summary({});
		expect(usage?.day).toMatchObject({ localDate: '2026-03-17', energyWh: 24_000, missing: 0 });
		expect((await caller.metering.day({})).meter.meterNo).toBe('NEW');
		const [january, february, march] = [31 * 48_000, 28 * 48_000, 5 * 48_000 + 12 * 24_000];
		expect(tier).toMatchObject({ usedWh: january + february + march, hasMissing: false });
		const lost = eq(loadDay.localDate, localDate('2026-03-05'));
		await app.db.delete(loadDay).where(and(eq(loadDay.servicePointId, old), lost));
		const partial = await caller.home.summary({});
		expect(partial.tier).toMatchObject({ usedWh: january + february + march - 48_000, hasMissing: true });
	});

	it("answers for another customer's account as for one that does not exist", async () => {
		const { caller } = await house('2026-03-17');
		const neighbour = await house('2026-03-17');
		const refusalOf = (accountId: number) =>
			caller.home.summary({ accountId }).then(
				() => null,
				({ code, message }: { code: string; message: string }) => ({ code, message })
			);
		const refused = await refusalOf(neighbour.accountId);
		expect(refused).toEqual({ code: 'NOT_FOUND', message: 'NOT_FOUND' });
		expect(await refusalOf(999_999)).toEqual(refused);
	});

	it('asks for a session', async () => {
		const nobody = createCaller({ app, actor: null });
		await expect(nobody.home.summary({})).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
	});
});
