import { asc, eq } from 'drizzle-orm';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { Executor } from '#lib/server/db/client.ts';
import {
	account,
	accountServicePoint,
	accountTariff,
	customer,
	demoFeed,
	servicePoint
} from '#lib/server/db/schema/index.ts';

/** How far a demo customer's readings are loaded. */
export interface Feed {
	readonly servicePointId: number;
	readonly shiftWeeks: number;
	readonly loadedThrough: LocalDate;
}

export async function findCustomerId(db: Executor, customerNo: string): Promise<number | null> {
	const [row] = await db
		.select({ id: customer.id })
		.from(customer)
		.where(eq(customer.customerNo, customerNo))
		.limit(1);
	return row?.id ?? null;
}

export async function findAccountId(db: Executor, accountNo: string): Promise<number | null> {
	const [row] = await db
		.select({ id: account.id })
		.from(account)
		.where(eq(account.accountNo, accountNo))
		.limit(1);
	return row?.id ?? null;
}

export async function findFeed(db: Executor, sourceKey: string): Promise<Feed | null> {
	const [row] = await db
		.select({
			servicePointId: demoFeed.servicePointId,
			shiftWeeks: demoFeed.shiftWeeks,
			loadedThrough: demoFeed.loadedThrough
		})
		.from(demoFeed)
		.where(eq(demoFeed.sourceKey, sourceKey))
		.limit(1);
	return row ?? null;
}

export interface NewSupply {
	readonly accountId: number;
	readonly customerId: number;
	readonly meterNo: string;
	readonly timeZone: string;
	readonly address: string;
	readonly tariffCode: string;
	readonly validFrom: LocalDate;
	readonly feed: {
		readonly sourceKey: string;
		readonly shiftWeeks: number;
		readonly loadedThrough: LocalDate;
		readonly attribution: unknown;
	};
}

/** Puts meter, tariff and feed of an account in place; inside one transaction, all or nothing. */
export async function insertSupply(db: Executor, supply: NewSupply): Promise<void> {
	const { accountId, customerId, meterNo, timeZone, address, tariffCode, validFrom, feed } = supply;
	const [point] = await db
		.insert(servicePoint)
		.values({ meterNo, timeZone, address })
		.returning({ id: servicePoint.id });
	if (point === undefined) return;
	await db.insert(accountServicePoint).values({ accountId, servicePointId: point.id, validFrom });
	await db.insert(accountTariff).values({ accountId, tariffCode, validFrom });
	await db.insert(demoFeed).values({ servicePointId: point.id, customerId, ...feed });
}

export async function setLoadedThrough(
	db: Executor,
	servicePointId: number,
	loadedThrough: LocalDate
): Promise<void> {
	await db.update(demoFeed).set({ loadedThrough }).where(eq(demoFeed.servicePointId, servicePointId));
}

/** What is kept about the sources of an account's meters. */
export async function findAttributions(db: Executor, accountId: number): Promise<unknown[]> {
	const rows = await db
		.select({ attribution: demoFeed.attribution })
		.from(demoFeed)
		.innerJoin(accountServicePoint, eq(accountServicePoint.servicePointId, demoFeed.servicePointId))
		.where(eq(accountServicePoint.accountId, accountId))
		.orderBy(asc(demoFeed.servicePointId));
	return rows.map((row) => row.attribution);
}

/** Customer numbers of the demo customers whose readings are there. */
export async function findLoadedCustomerNos(db: Executor): Promise<string[]> {
	const rows = await db
		.select({ customerNo: customer.customerNo })
		.from(demoFeed)
		.innerJoin(customer, eq(customer.id, demoFeed.customerId));
	return rows.map((row) => row.customerNo);
}
