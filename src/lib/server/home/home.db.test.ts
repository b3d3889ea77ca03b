import { describe, expect, it } from 'vitest';
import { addDays, datesOf, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { parseCsvProfile } from '#lib/domain/metering/formats/index.ts';
import type { App } from '#lib/server/app.ts';
import { importFile } from '#lib/server/metering/index.ts';
import { createCaller } from '#lib/server/trpc/router.ts';
import { createTestApp } from '../../../../tests/support/app-context.ts';
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
