import type { Account, CustomerKind } from '#lib/domain/identity/account.ts';
import type { Actor } from '#lib/domain/identity/actor.ts';
import {
	normalizeCustomerNo,
	normalizeEmail,
	normalizePhone,
	parseSignInIdentifier
} from '#lib/domain/identity/sign-in-identifier.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import { authorizedAccountsOf } from '#lib/server/auth/policy.ts';
import type { App } from '#lib/server/app.ts';
import type { Executor, Transaction } from '#lib/server/db/client.ts';
import { hashPassword, PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH, verifyPassword } from './password.ts';
import * as repo from './repo.ts';
import { startSession } from './sessions.ts';
import { countSignInAttempt } from './sign-in-limits.ts';

type CustomerActor = Extract<Actor, { kind: 'customer' }>;

/** The browser that asks to be signed in. */
export interface SignInDevice {
	readonly userAgent: string;
	readonly clientAddress: string;
}

/** The customer as shown to themselves. */
export interface Profile {
	readonly customerNo: string;
	readonly kind: CustomerKind;
	readonly displayName: string;
	readonly phone: string | null;
	readonly email: string | null;
	readonly accounts: readonly Account[];
}

/**
 * Checks identifier and password and starts a session.
 * @returns the session's secret
 * @throws AppError SIGN_IN_FAILED, the same for an unknown customer and a wrong password; TOO_MANY_REQUESTS;
 *   UNAVAILABLE
 */
export async function signInWithPassword(
	app: App,
	input: { identifier: string; password: string },
	device: SignInDevice
): Promise<string> {
	const identifier = parseSignInIdentifier(input.identifier);
	const attempt = await countSignInAttempt(app, identifier, device.clientAddress);
	const found = await repo.findCredential(app.db, identifier);
	const matches = await verifyPassword(found?.passwordHash ?? null, input.password);
	if (found === undefined || !matches) throw new AppError('SIGN_IN_FAILED', 'unknown customer or password');
	await attempt.forget();
	return startSession(app, { customerId: found.customerId, userAgent: device.userAgent });
}

/**
 * Starts a session without a password, for the demo's own customers; the caller has checked that it is one.
 * @throws AppError NOT_FOUND outside the demo and for unknown customers
 */
export async function signInToDemo(app: App, customerNo: string, device: SignInDevice): Promise<string> {
	if (!app.env.DEMO) throw new AppError('NOT_FOUND', 'this is no demo');
	const row = await repo.findCustomerByNo(app.db, normalizeCustomerNo(customerNo));
	if (row === undefined) throw new AppError('NOT_FOUND', 'no such demo customer');
	return startSession(app, { customerId: row.id, userAgent: device.userAgent });
}

/** @throws AppError NOT_FOUND where the customer is gone */
export async function profileOf(app: App, actor: CustomerActor): Promise<Profile> {
	const [row, accounts] = await Promise.all([
		repo.findCustomerById(app.db, actor.customerId),
		authorizedAccountsOf(app, actor)
	]);
	if (row === undefined) throw new AppError('NOT_FOUND', 'no such customer');
	const { customerNo, kind, displayName, phone, email } = row;
	return { customerNo, kind, displayName, phone, email, accounts };
}

/** A customer to be. Phone and e-mail may be written in any usual form. */
export interface NewCustomer {
	readonly customerNo: string;
	readonly kind: CustomerKind;
	readonly displayName: string;
	readonly phone?: string | null;
	readonly email?: string | null;
	/** Without one the customer cannot sign in yet. */
	readonly password?: string;
}

/**
 * Takes a customer in.
 * @throws AppError VALIDATION_FAILED naming the field; CONFLICT where number, phone or e-mail is in use
 */
export function createCustomer(app: App, input: NewCustomer): Promise<{ id: number }> {
	return app.db.transaction((tx) => insertCustomer(app, tx, input));
}

/** As `createCustomer`, within a transaction that makes more than the customer. */
export async function insertCustomer(app: App, tx: Transaction, input: NewCustomer): Promise<{ id: number }> {
	const row = checkedCustomer(input);
	const passwordHash = input.password === undefined ? undefined : await hashNewPassword(input.password);
	const createdAt = repo.toDate(app.clock.now());
	const id = await repo.insertCustomer(tx, { ...row, createdAt });
	if (id === undefined) {
		throw new AppError('CONFLICT', 'customer number, phone or e-mail is already in use', {
			customerNo: row.customerNo
		});
	}
	if (passwordHash !== undefined) {
		await repo.upsertCredential(tx, { customerId: id, passwordHash, changedAt: createdAt });
	}
	return { id };
}

/**
 * Opens an account (户号) for a customer.
 * @throws AppError CONFLICT where the account number is in use
 */
export function openAccount(app: App, input: Omit<Account, 'id'>): Promise<{ id: number }> {
	return insertAccount(app.db, input);
}

/** As `openAccount`, also within a transaction that makes more than the account. */
export async function insertAccount(db: Executor, input: Omit<Account, 'id'>): Promise<{ id: number }> {
	const id = await repo.insertAccount(db, input);
	if (id === undefined) {
		throw new AppError('CONFLICT', 'account number is already in use', { accountNo: input.accountNo });
	}
	return { id };
}

/**
 * Gives the customer a new password and signs all their devices out.
 * @returns how many devices were signed in
 * @throws AppError VALIDATION_FAILED where it is too short or too long; NOT_FOUND
 */
export async function setPassword(
	app: App,
	typedNo: string,
	password: string
): Promise<{ devicesSignedOut: number }> {
	const customerNo = normalizeCustomerNo(typedNo);
	const passwordHash = await hashNewPassword(password);
	const now = repo.toDate(app.clock.now());
	return app.db.transaction(async (tx) => {
		const row = await repo.findCustomerByNo(tx, customerNo);
		if (row === undefined) throw new AppError('NOT_FOUND', `there is no customer ${customerNo}`);
		await repo.upsertCredential(tx, { customerId: row.id, passwordHash, changedAt: now });
		return { devicesSignedOut: await repo.revokeSessions(tx, { customerId: row.id }, now) };
	});
}

function hashNewPassword(password: string): Promise<string> {
	if (password.length < PASSWORD_MIN_LENGTH || password.length > PASSWORD_MAX_LENGTH) {
		throw new AppError(
			'VALIDATION_FAILED',
			`a password has ${PASSWORD_MIN_LENGTH} to ${PASSWORD_MAX_LENGTH} characters`,
			{
				field: 'password',
				minLength: PASSWORD_MIN_LENGTH,
				maxLength: PASSWORD_MAX_LENGTH
			}
		);
	}
	return hashPassword(password);
}

function checkedCustomer({ customerNo: typedNo, kind, displayName, ...contact }: NewCustomer) {
	const customerNo = normalizeCustomerNo(typedNo);
	// Otherwise one person's customer number would be another's phone number at sign-in.
	if (customerNo === '' || normalizePhone(customerNo) !== null || customerNo.includes('@')) {
		throw new AppError('VALIDATION_FAILED', 'customer number is empty or reads as a phone number', {
			field: 'customerNo'
		});
	}
	const phone = contact.phone ? normalizePhone(contact.phone) : null;
	if (contact.phone && phone === null) {
		throw new AppError('VALIDATION_FAILED', 'not a phone number', { field: 'phone' });
	}
	const email = contact.email ? normalizeEmail(contact.email) : null;
	if (contact.email && email === null) {
		throw new AppError('VALIDATION_FAILED', 'not an e-mail address', { field: 'email' });
	}
	return { customerNo, kind, displayName: displayName.trim(), phone, email };
}
