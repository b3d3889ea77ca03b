import { and, eq } from 'drizzle-orm';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { dayStartMs, localDate, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import {
	CHANNELS,
	QUALITY_CODE,
	type Channel,
	type LoadDay,
	type Quality
} from '#lib/domain/metering/load-day.ts';
import type { App } from '#lib/server/app.ts';
import { authorizeAccount } from '#lib/server/auth/policy.ts';
import {
	account,
	accountServicePoint,
	accountTariff,
	customer,
	loadDay,
	loadDayHistory,
	meterImport,
	registerReading,
	registerReadingHistory,
	servicePoint
} from '#lib/server/db/schema/index.ts';

/** A customer with one account; `name` makes its numbers unique within the file. */
export async function addAccount(
	app: App,
	name: string,
	facts: Partial<typeof account.$inferInsert>
): Promise<Authorized<Account>> {
	const createdAt = new Date(app.clock.now().epochMilliseconds);
	const kind = facts.customerKind ?? 'residential';
	const [owner] = await app.db
		.insert(customer)
		.values({ customerNo: `C-${name}`, kind, displayName: `Holder of ${name}`, createdAt })
		.returning({ id: customer.id });
	const [row] = await app.db
		.insert(account)
		.values({
			accountNo: `A-${name}`,
			customerId: owner?.id ?? 0,
			customerKind: kind,
			supplyArea: 'zhejiang',
			timeZone: 'Asia/Shanghai',
			currency: 'CNY',
			voltage: 'below_1kv',
			demandBasis: 'none',
			address: '1 Test Road',
			openedOn: localDate('2025-12-01'),
			...facts
		})
		.returning({ id: account.id });
	return authorizeAccount(app, { kind: 'system', purpose: 'test' }, row?.id ?? 0, 'view');
}

/** Puts an account on a tariff and gives it a meter with readings. */
export async function supply(
	app: App,
	own: Authorized<Account>,
	tariffCode: string,
	days: readonly LoadDay[],
	validTo: LocalDate | null = null
): Promise<number> {
	await app.db
		.insert(accountTariff)
		.values({ accountId: own.id, tariffCode, validFrom: own.openedOn, validTo: null });
	const [meter] = await app.db
		.insert(servicePoint)
		.values({ meterNo: `M-${own.accountNo}`, timeZone: own.timeZone, address: own.address })
		.returning({ id: servicePoint.id });
	const servicePointId = meter?.id ?? 0;
	await app.db
		.insert(accountServicePoint)
		.values({ accountId: own.id, servicePointId, validFrom: own.openedOn, validTo });
	await addReadings(app, own, servicePointId, days);
	return servicePointId;
}

/** Stores days; one that is there already goes to the history, as a correction would do it. */
export async function addReadings(
	app: App,
	own: Authorized<Account>,
	servicePointId: number,
	days: readonly LoadDay[]
): Promise<void> {
	const importId = await addImport(app);
	const rows = days.map((day) => ({
		accountId: own.id,
		servicePointId,
		localDate: day.localDate,
		channel: CHANNELS.indexOf(day.channel) + 1,
		intervalMinutes: day.intervalMinutes,
		version: day.version,
		importId,
		quantities: Array.from(day.quantities, (quantity, slot) =>
			day.qualities[slot] === QUALITY_CODE.missing ? null : quantity
		) as number[],
		qualities: Buffer.from(day.qualities)
	}));
	const first = rows.filter(({ version }) => version === 1);
	if (first.length > 0) await app.db.insert(loadDay).values(first);
	for (const row of rows.filter(({ version }) => version > 1)) {
		await moveToHistory(app, row);
		const key = [loadDay.accountId, loadDay.servicePointId, loadDay.channel, loadDay.localDate];
		await app.db.insert(loadDay).values(row).onConflictDoUpdate({ target: key, set: row });
	}
}

async function moveToHistory(app: App, row: typeof loadDay.$inferInsert): Promise<void> {
	const [current] = await app.db
		.select()
		.from(loadDay)
		.where(
			and(
				eq(loadDay.accountId, row.accountId),
				eq(loadDay.servicePointId, row.servicePointId),
				eq(loadDay.channel, row.channel),
				eq(loadDay.localDate, row.localDate)
			)
		);
	if (current !== undefined) await app.db.insert(loadDayHistory).values(current);
}

async function addImport(app: App): Promise<number> {
	const [file] = await app.db
		.insert(meterImport)
		.values({
			sha256: crypto.randomUUID(),
			profile: 'test',
			fileName: 'test',
			summary: {},
			importedAt: new Date(app.clock.now().epochMilliseconds)
		})
		.returning({ id: meterImport.id });
	return file?.id ?? 0;
}

/** What a register counted between two local midnights; `version` above 1 replaces the one before. */
export interface TestRegister {
	readonly from: string;
	readonly to: string;
	/** Wh or varh. */
	readonly quantity: number;
	readonly channel?: Channel;
	readonly register?: string;
	readonly quality?: Quality;
	readonly version?: number;
}

/** Stores register readings; one that is there already goes to the history, as a correction would do it. */
export async function addRegisters(
	app: App,
	own: Authorized<Account>,
	servicePointId: number,
	readings: readonly TestRegister[]
): Promise<void> {
	const importId = await addImport(app);
	const midnight = (date: string) => new Date(dayStartMs(localDate(date), own.timeZone));
	for (const { from, to, quantity, ...reading } of readings) {
		const row = {
			accountId: own.id,
			servicePointId,
			register: reading.register ?? '11',
			channel: CHANNELS.indexOf(reading.channel ?? 'active_import') + 1,
			readFrom: midnight(from),
			readTo: midnight(to),
			version: reading.version ?? 1,
			previousReading: '',
			currentReading: '',
			quantity,
			quality: QUALITY_CODE[reading.quality ?? 'measured'],
			importId
		};
		const here = and(
			eq(registerReading.accountId, own.id),
			eq(registerReading.servicePointId, servicePointId),
			eq(registerReading.register, row.register),
			eq(registerReading.channel, row.channel),
			eq(registerReading.readTo, row.readTo)
		);
		const [current] = await app.db.delete(registerReading).where(here).returning();
		if (current !== undefined) await app.db.insert(registerReadingHistory).values(current);
		await app.db.insert(registerReading).values(row);
	}
}
