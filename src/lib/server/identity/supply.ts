import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Account } from '#lib/domain/identity/account.ts';
import { normalizeCustomerNo } from '#lib/domain/identity/sign-in-identifier.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { App } from '#lib/server/app.ts';
import type { Executor } from '#lib/server/db/client.ts';
import { account, accountServicePoint, servicePoint } from '#lib/server/db/schema/index.ts';
import { findCustomerByNo } from './repo.ts';
import { createCustomer, openAccount, type NewCustomer } from './service.ts';

/** A customer with an account and the meter that it is supplied through. */
export interface NewSupply {
	/** An existing customer needs the number only. */
	readonly customer: Pick<NewCustomer, 'customerNo'> & Partial<NewCustomer>;
	readonly account: Omit<Account, 'id' | 'customerId' | 'customerKind'>;
	readonly meter: { readonly meterNo: string; readonly suppliedFrom: LocalDate };
}

/** What had to be made; the rest was there. */
export interface SupplyResult {
	readonly accountId: number;
	readonly created: readonly ('customer' | 'account' | 'meter' | 'supply')[];
}

/**
 * Makes what is missing of customer, account and meter and ties them together. Repeated, it changes nothing.
 * @throws AppError VALIDATION_FAILED; CONFLICT where a number belongs to somebody else, or the meter is
 * supplied under another account at that time
 */
export async function addSupply(app: App, supply: NewSupply): Promise<SupplyResult> {
	const created: SupplyResult['created'][number][] = [];
	const { kind, displayName } = supply.customer;
	const customerNo = normalizeCustomerNo(supply.customer.customerNo);
	let owner = await findCustomerByNo(app.db, customerNo);
	if (owner === undefined) {
		if (kind === undefined || displayName === undefined) {
			throw new AppError(
				'VALIDATION_FAILED',
				`there is no customer ${customerNo}: a new one needs a kind and a name`,
				{
					field: 'customer'
				}
			);
		}
		await createCustomer(app, { ...supply.customer, kind, displayName });
		created.push('customer');
		owner = await findCustomerByNo(app.db, customerNo);
	}
	if (owner === undefined) throw new AppError('INTERNAL', 'the customer that was just created is gone');

	const { accountNo } = supply.account;
	let accountId = await findAccountOf(app.db, accountNo, owner.id);
	if (accountId === undefined) {
		const opened = await openAccount(app, {
			...supply.account,
			customerId: owner.id,
			customerKind: owner.kind
		});
		accountId = opened.id;
		created.push('account');
	}
	created.push(...(await connectMeter(app, accountId, supply)));
	return { accountId, created };
}

async function findAccountOf(
	db: Executor,
	accountNo: string,
	customerId: number
): Promise<number | undefined> {
	const [row] = await db
		.select({ id: account.id, customerId: account.customerId })
		.from(account)
		.where(eq(account.accountNo, accountNo));
	if (row !== undefined && row.customerId !== customerId) {
		throw new AppError('CONFLICT', `account ${accountNo} belongs to another customer`, { accountNo });
	}
	return row?.id;
}

function connectMeter(app: App, accountId: number, supply: NewSupply): Promise<('meter' | 'supply')[]> {
	const { meterNo, suppliedFrom } = supply.meter;
	const { timeZone, address } = supply.account;
	return app.db.transaction(async (tx) => {
		const created: ('meter' | 'supply')[] = [];
		const inserted = await tx
			.insert(servicePoint)
			.values({ meterNo, timeZone, address })
			.onConflictDoNothing()
			.returning({ id: servicePoint.id });
		if (inserted.length > 0) created.push('meter');
		const [point] = await tx
			.select({ id: servicePoint.id, timeZone: servicePoint.timeZone })
			.from(servicePoint)
			.where(eq(servicePoint.meterNo, meterNo));
		if (point === undefined || point.timeZone !== timeZone) {
			throw new AppError('CONFLICT', `meter ${meterNo} stands in another time zone (${point?.timeZone})`, {
				meterNo
			});
		}
		const here = and(
			eq(accountServicePoint.servicePointId, point.id),
			eq(accountServicePoint.accountId, accountId),
			isNull(accountServicePoint.validTo)
		);
		const [existing] = await tx
			.select({ one: sql<number>`1` })
			.from(accountServicePoint)
			.where(here);
		if (existing !== undefined) return created;
		const connected = await tx
			.insert(accountServicePoint)
			.values({ accountId, servicePointId: point.id, validFrom: suppliedFrom })
			.onConflictDoNothing()
			.returning({ accountId: accountServicePoint.accountId });
		if (connected.length === 0) {
			throw new AppError(
				'CONFLICT',
				`meter ${meterNo} is supplied under another account since or after ${suppliedFrom}`,
				{
					meterNo
				}
			);
		}
		return [...created, 'supply'];
	});
}
