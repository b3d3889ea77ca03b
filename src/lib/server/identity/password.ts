import { hash, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';

export const PASSWORD_MIN_LENGTH = 8;
/** Longer input is refused before it costs anything. */
export const PASSWORD_MAX_LENGTH = 128;

/** OWASP Password Storage Cheat Sheet for argon2id (this library's default variant): 19 MiB, 2 passes, 1 lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The same characters typed on another keyboard are the same password. */
const canonical = (password: string) => password.normalize('NFKC');

export function hashPassword(password: string): Promise<string> {
	return hash(canonical(password), PARAMETERS);
}

let dummyHash: Promise<string> | undefined;

/**
 * Whether the password is the one of `passwordHash`. Without a hash, as for unknown customers, the same work
 * is done for nothing, so that the time tells nobody who is a customer.
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
	dummyHash ??= hashPassword(randomBytes(32).toString('base64url'));
	const matches = await verify(passwordHash ?? (await dummyHash), canonical(password));
	return passwordHash !== null && matches;
}
