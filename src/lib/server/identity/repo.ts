import { and, desc, eq, gt, isNull, lt, ne, or, sql } from 'drizzle-orm';
import type { SignInIdentifier } from '#lib/domain/identity/sign-in-identifier.ts';
import type { Temporal } from '#lib/domain/kernel/civil-time.ts';
import type { Executor } from '#lib/server/db/client.ts';
import { account, credential, customer, session } from '#lib/server/db/schema/index.ts';

export type CustomerRow = typeof customer.$inferSelect;
export type SessionRow = typeof session.$inferSelect;

export const toDate = (instant: Temporal.Instant) => new Date(instant.epochMilliseconds);

/** One look-up, whether or not there is such a customer. A customer number goes before a phone number. */
export async function findCredential(
	db: Executor,
	{ customerNo, phone, email }: SignInIdentifier
): Promise<{ customerId: number; passwordHash: string | null } | undefined> {
	const byNumber = eq(customer.customerNo, customerNo);
	const [row] = await db
		.select({ customerId: customer.id, passwordHash: credential.passwordHash })
		.from(customer)
		.leftJoin(credential, eq(credential.customerId, customer.id))
		.where(or(byNumber, eq(customer.phone, phone ?? ''), eq(customer.email, email ?? '')))
		.orderBy(desc(byNumber))
		.limit(1);
	return row;
}

export async function findCustomerById(db: Executor, id: number): Promise<CustomerRow | undefined> {
	const [row] = await db.select().from(customer).where(eq(customer.id, id)).limit(1);
	return row;
}

export async function findCustomerByNo(db: Executor, customerNo: string): Promise<CustomerRow | undefined> {
	const [row] = await db.select().from(customer).where(eq(customer.customerNo, customerNo)).limit(1);
	return row;
}

/** The new id; undefined where a unique value is already in use. */
export async function insertCustomer(
	db: Executor,
	row: typeof customer.$inferInsert
): Promise<number | undefined> {
	const [inserted] = await db
		.insert(customer)
		.values(row)
		.onConflictDoNothing()
		.returning({ id: customer.id });
	return inserted?.id;
}

/** The new id; undefined where the account number is already in use. */
export async function insertAccount(
	db: Executor,
	row: typeof account.$inferInsert
): Promise<number | undefined> {
	const [inserted] = await db.insert(account).values(row).onConflictDoNothing().returning({ id: account.id });
	return inserted?.id;
}

export async function upsertCredential(db: Executor, row: typeof credential.$inferInsert): Promise<void> {
	await db
		.insert(credential)
		.values(row)
		.onConflictDoUpdate({
			target: credential.customerId,
			set: { passwordHash: row.passwordHash, changedAt: row.changedAt }
		});
}

export async function insertSession(db: Executor, row: typeof session.$inferInsert): Promise<void> {
	await db.insert(session).values(row);
}

const live = (now: Date) => and(isNull(session.revokedAt), gt(session.expiresAt, now));

export async function findLiveSession(db: Executor, id: string, now: Date): Promise<SessionRow | undefined> {
	const [row] = await db
		.select()
		.from(session)
		.where(and(eq(session.id, id), live(now)))
		.limit(1);
	return row;
}

export async function touchSession(
	db: Executor,
	id: string,
	seen: { lastSeenAt: Date; expiresAt: Date }
): Promise<void> {
	await db
		.update(session)
		.set(seen)
		.where(and(eq(session.id, id), isNull(session.revokedAt)));
}

/** Live sessions, last seen first. */
export function findLiveSessionsOf(db: Executor, customerId: number, now: Date): Promise<SessionRow[]> {
	return db
		.select()
		.from(session)
		.where(and(eq(session.customerId, customerId), live(now)))
		.orderBy(desc(session.lastSeenAt), session.id);
}

/** Number of sessions that were live and now are not. */
export async function revokeSessions(
	db: Executor,
	which: { customerId: number; id?: string; exceptId?: string },
	now: Date
): Promise<number> {
	const revoked = await db
		.update(session)
		.set({ revokedAt: now })
		.where(
			and(
				eq(session.customerId, which.customerId),
				which.id === undefined ? undefined : eq(session.id, which.id),
				which.exceptId === undefined ? undefined : ne(session.id, which.exceptId),
				live(now)
			)
		)
		.returning({ id: session.id });
	return revoked.length;
}

/** Sessions of the customer that ended before `before` are of no use to anybody. */
export async function deleteEndedSessions(db: Executor, customerId: number, before: Date): Promise<void> {
	await db
		.delete(session)
		.where(
			and(
				eq(session.customerId, customerId),
				lt(sql`least(${session.expiresAt}, coalesce(${session.revokedAt}, 'infinity'))`, before)
			)
		);
}
