import { asc, eq } from 'drizzle-orm';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { Executor } from '#lib/server/db/client.ts';
import {
	account,
	accountServicePoint,
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

export async function findFeed(db: Executor, sourceKey: string): Promise<Feed | undefined> {
	const [row] = await db
		.select({
			servicePointId: demoFeed.servicePointId,
			shiftWeeks: demoFeed.shiftWeeks,
			loadedThrough: demoFeed.loadedThrough
		})
		.from(demoFeed)
		.where(eq(demoFeed.sourceKey, sourceKey));
	return row;
}

/** First day of supply under an account, where there is one. */
export async function findOpenedOn(db: Executor, accountNo: string): Promise<LocalDate | undefined> {
	const [row] = await db
		.select({ openedOn: account.openedOn })
		.from(account)
		.where(eq(account.accountNo, accountNo));
	return row?.openedOn;
}

/** Notes where the readings of a meter come from. */
export async function insertFeed(
	db: Executor,
	meterNo: string,
	feed: Omit<typeof demoFeed.$inferInsert, 'servicePointId' | 'customerId'>
): Promise<void> {
	const [supplied] = await db
		.select({ servicePointId: servicePoint.id, customerId: account.customerId })
		.from(servicePoint)
		.innerJoin(accountServicePoint, eq(accountServicePoint.servicePointId, servicePoint.id))
		.innerJoin(account, eq(account.id, accountServicePoint.accountId))
		.where(eq(servicePoint.meterNo, meterNo));
	if (supplied !== undefined)
		await db
			.insert(demoFeed)
			.values({ ...supplied, ...feed })
			.onConflictDoNothing();
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

/** Numbers of the demo customers that were set up. */
export async function findDemoCustomerNos(db: Executor): Promise<string[]> {
	const rows = await db
		.select({ customerNo: customer.customerNo })
		.from(demoFeed)
		.innerJoin(customer, eq(customer.id, demoFeed.customerId));
	return rows.map((row) => row.customerNo);
}
