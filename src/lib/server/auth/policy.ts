import { and, asc, eq, sql, type SQL } from 'drizzle-orm';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Access, Actor, Authorized } from '#lib/domain/identity/actor.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import type { App } from '#lib/server/app.ts';
import * as schema from '#lib/server/db/schema/index.ts';

/**
 * The account `accountId` as far as `actor` may use it.
 * @throws AppError NOT_FOUND where it does not exist or is somebody else's: the two cannot be told apart
 */
export async function authorizeAccount<A extends Access>(
	app: App,
	actor: Actor,
	accountId: number,
	_access: A
): Promise<Authorized<Account, A>> {
	const { account } = schema;
	const [row] = await app.db
		.select()
		.from(account)
		.where(and(eq(account.id, accountId), mayUse(actor)))
		.limit(1);
	if (row === undefined) throw new AppError('NOT_FOUND', 'no such account');
	return row as Authorized<Account, A>;
}

/** Those of the accounts that `actor` may use, in order of their ids; the others are simply not there. */
export async function authorizeAccounts<A extends Access>(
	app: App,
	actor: Actor,
	accountIds: readonly number[],
	_access: A
): Promise<Authorized<Account, A>[]> {
	const { account } = schema;
	const rows = await app.db
		.select()
		.from(account)
		.where(and(sql`${account.id} = any(${sql.param(accountIds)}::bigint[])`, mayUse(actor)))
		.orderBy(asc(account.id));
	return rows as Authorized<Account, A>[];
}

function mayUse(actor: Actor): SQL | undefined {
	return actor.kind === 'system' ? undefined : eq(schema.account.customerId, actor.customerId);
}

/** The actor's own accounts, oldest first. */
export async function authorizedAccountsOf(
	app: App,
	actor: Extract<Actor, { kind: 'customer' }>
): Promise<Authorized<Account>[]> {
	const { account } = schema;
	const rows = await app.db
		.select()
		.from(account)
		.where(eq(account.customerId, actor.customerId))
		.orderBy(account.id);
	return rows as Authorized<Account>[];
}

/**
 * The account that a page is about: the one asked for, else the customer's first.
 * @throws AppError NOT_FOUND where it is somebody else's, or the customer has none
 */
export async function accountInView(
	app: App,
	actor: Extract<Actor, { kind: 'customer' }>,
	accountId: number | undefined
): Promise<Authorized<Account>> {
	if (accountId !== undefined) return authorizeAccount(app, actor, accountId, 'view');
	const [first] = await authorizedAccountsOf(app, actor);
	if (first === undefined) throw new AppError('NOT_FOUND', 'the customer has no account');
	return first;
}
