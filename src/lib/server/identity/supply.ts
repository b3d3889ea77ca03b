import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Account, CustomerKind } from '#lib/domain/identity/account.ts';
import { normalizeCustomerNo } from '#lib/domain/identity/sign-in-identifier.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { LossRule } from '#lib/domain/rating/types.ts';
import type { App } from '#lib/server/app.ts';
import type { Executor, Transaction } from '#lib/server/db/client.ts';
import { account, accountServicePoint, servicePoint } from '#lib/server/db/schema/index.ts';
import { verifyPassword } from './password.ts';
import { findCredential, findCustomerByNo } from './repo.ts';
import { insertAccount, insertCustomer, type NewCustomer } from './service.ts';

/** A customer with an account and the meter that it is supplied through. */
export interface NewSupply {
	/** An existing customer needs the number only. */
	readonly customer: Pick<NewCustomer, 'customerNo'> & Partial<NewCustomer>;
	readonly account: Omit<Account, 'id' | 'customerId' | 'customerKind'>;
	readonly meter: {
		readonly meterNo: string;
		readonly suppliedFrom: LocalDate;
		/** Absent or null where the meter stands at the boundary of ownership. */
		readonly losses?: LossRule | null;
	};
}

/** What had to be made; the rest was there. */
export interface SupplyResult {
	readonly accountId: number;
	readonly created: readonly ('customer' | 'account' | 'meter' | 'supply')[];
}

/**
 * Makes what is missing of customer, account and meter and ties them together: all of it, or on a refusal
 * nothing. Repeated, it changes nothing.
 * @throws AppError VALIDATION_FAILED; CONFLICT where a number belongs to somebody else, the meter is supplied
 * under another account at that time, or a customer who exists has another password or none
 */
export function addSupply(app: App, supply: NewSupply): Promise<SupplyResult> {
	return app.db.transaction(async (tx) => {
		const created: SupplyResult['created'][number][] = [];
		const owner = await findOrInsertOwner(app, tx, supply.customer);
		if (owner.isNew) created.push('customer');
		let accountId = await findAccountOf(tx, supply.account.accountNo, owner.id);
		if (accountId === undefined) {
			const opened = await insertAccount(tx, {
				...supply.account,
				customerId: owner.id,
				customerKind: owner.kind
			});
			accountId = opened.id;
			created.push('account');
		}
		created.push(...(await connectMeter(tx, accountId, supply)));
		return { accountId, created };
	});
}

async function findOrInsertOwner(
	app: App,
	tx: Transaction,
	customer: NewSupply['customer']
): Promise<{ id: number; kind: CustomerKind; isNew: boolean }> {
	const { kind, displayName, password } = customer;
	const customerNo = normalizeCustomerNo(customer.customerNo);
	const known = await findCustomerByNo(tx, customerNo);
	if (known !== undefined) {
		if (password !== undefined) await requireSamePassword(tx, customerNo, password);
		return { id: known.id, kind: known.kind, isNew: false };
	}
	if (kind === undefined || displayName === undefined) {
		throw new AppError(
			'VALIDATION_FAILED',
			`there is no customer ${customerNo}: a new one needs a kind and a name`,
			{ field: 'customer' }
		);
	}
	const { id } = await insertCustomer(app, tx, { ...customer, kind, displayName });
	return { id, kind, isNew: true };
}

/** A password is never changed in passing, and one that would be ignored is refused. */
async function requireSamePassword(db: Executor, customerNo: string, password: string): Promise<void> {
	const found = await findCredential(db, { customerNo, phone: null, email: null });
	if (await verifyPassword(found?.passwordHash ?? null, password)) return;
	throw new AppError(
		'CONFLICT',
		`customer.password: customer ${customerNo} exists and has another password or none; set it with the command password`,
		{ customerNo }
	);
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

async function connectMeter(
	tx: Transaction,
	accountId: number,
	supply: NewSupply
): Promise<('meter' | 'supply')[]> {
	const { meterNo, suppliedFrom, losses = null } = supply.meter;
	const { timeZone, address } = supply.account;
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
		.values({ accountId, servicePointId: point.id, validFrom: suppliedFrom, losses })
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
}
