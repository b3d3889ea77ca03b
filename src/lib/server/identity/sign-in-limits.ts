import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { SignInIdentifier } from '#lib/domain/identity/sign-in-identifier.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import type { App } from '#lib/server/app.ts';

/** Attempts within `durationSeconds`, counted from the first. */
const PER_IDENTIFIER = { points: 10, durationSeconds: 15 * 60 };
/** Many customers may share one address (mobile carriers), so it is wider, and success gives it back. */
const PER_ADDRESS = { points: 60, durationSeconds: 15 * 60 };

interface Limiters {
	readonly identifier: RateLimiterPostgres;
	readonly address: RateLimiterPostgres;
}

const limitersOf = new WeakMap<App, Limiters>();

function limiters(app: App): Limiters {
	const known = limitersOf.get(app);
	if (known !== undefined) return known;
	const create = (keyPrefix: string, limit: typeof PER_ADDRESS) =>
		new RateLimiterPostgres({
			storeClient: app.pool,
			storeType: 'pool',
			tableName: 'rate_limit',
			tableCreated: true,
			keyPrefix,
			points: limit.points,
			duration: limit.durationSeconds
		});
	const created = {
		identifier: create('sign_in_identifier', PER_IDENTIFIER),
		address: create('sign_in_address', PER_ADDRESS)
	};
	limitersOf.set(app, created);
	return created;
}

/** An attempt that was counted; `forget` gives it back once the password has proved right. */
export interface CountedAttempt {
	forget(): Promise<void>;
}

/**
 * Counts an attempt before its password is looked at, so that attempts at the same time cannot get past the
 * limit together.
 * @throws AppError TOO_MANY_REQUESTS with `retryAfterSeconds`; UNAVAILABLE where it cannot be counted
 */
export async function countSignInAttempt(
	app: App,
	identifier: SignInIdentifier,
	clientAddress: string
): Promise<CountedAttempt> {
	const { identifier: byIdentifier, address: byAddress } = limiters(app);
	const identifierKey = keyOf(app, identifier.phone ?? identifier.email ?? identifier.customerNo);
	const addressKey = keyOf(app, networkOf(clientAddress));
	// The address first: whoever has used it up can no longer lock others out of their accounts.
	await consume(byAddress, addressKey);
	await consume(byIdentifier, identifierKey);
	return {
		async forget() {
			await Promise.all([byAddress.reward(addressKey, 1), byIdentifier.delete(identifierKey)]);
		}
	};
}

async function consume(limiter: RateLimiterPostgres, key: string): Promise<void> {
	try {
		await limiter.consume(key, 1);
	} catch (refusal) {
		if (refusal instanceof RateLimiterRes) {
			throw new AppError('TOO_MANY_REQUESTS', 'too many attempts to sign in', {
				retryAfterSeconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))
			});
		}
		throw new AppError('UNAVAILABLE', `sign-in attempts cannot be counted: ${String(refusal)}`);
	}
}

/** Phone numbers and addresses are few enough to be guessed from a plain hash. */
function keyOf(app: App, value: string): string {
	return createHmac('sha256', app.env.AUTH_SECRET).update(value).digest('base64url');
}

/** One customer has a whole /64 of IPv6 addresses. */
function networkOf(address: string): string {
	if (!isIPv6(address)) return address;
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
	if (mapped !== undefined) return mapped;
	const [head = '', tail = ''] = address.toLowerCase().split('%')[0]?.split('::') ?? [];
	const left = head.split(':').filter(Boolean);
	const right = tail.split(':').filter(Boolean);
	const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
	return [...left, ...zeros, ...right].slice(0, 4).join(':');
}
