import { createHash, randomBytes } from 'node:crypto';
import type { Actor } from '#lib/domain/identity/actor.ts';
import { AppError } from '#lib/domain/kernel/app-error.ts';
import { Temporal } from '#lib/domain/kernel/civil-time.ts';
import type { App } from '#lib/server/app.ts';
import { describeDevice, type Device } from './device.ts';
import * as repo from './repo.ts';

const SECRET_BYTES = 32;
const USER_AGENT_MAX_LENGTH = 400;
/** A session ends when it was not used for so long … */
export const MAX_IDLE = Temporal.Duration.from({ hours: 30 * 24 });
/** … and in any case so long after sign-in. */
const MAX_AGE = Temporal.Duration.from({ hours: 90 * 24 });
const TOUCH_INTERVAL_MS = 60_000;
const KEEP_ENDED = Temporal.Duration.from({ hours: 30 * 24 });

type CustomerActor = Extract<Actor, { kind: 'customer' }>;

/** What the database keeps of a session's secret: reading the table signs nobody in. */
function sessionIdOf(secret: string): string {
	return createHash('sha256').update(secret).digest('hex');
}

function expiryAt(createdAt: Temporal.Instant, seenAt: Temporal.Instant): Date {
	const idle = seenAt.add(MAX_IDLE);
	const end = createdAt.add(MAX_AGE);
	return repo.toDate(Temporal.Instant.compare(idle, end) < 0 ? idle : end);
}

/** Starts a session and returns its secret, new at each sign-in, which only the browser keeps. */
export async function startSession(
	app: App,
	session: { customerId: number; userAgent: string }
): Promise<string> {
	const secret = randomBytes(SECRET_BYTES).toString('base64url');
	const now = app.clock.now();
	await repo.deleteEndedSessions(app.db, session.customerId, repo.toDate(now.subtract(KEEP_ENDED)));
	await repo.insertSession(app.db, {
		id: sessionIdOf(secret),
		customerId: session.customerId,
		userAgent: session.userAgent.slice(0, USER_AGENT_MAX_LENGTH),
		createdAt: repo.toDate(now),
		lastSeenAt: repo.toDate(now),
		expiresAt: expiryAt(now, now)
	});
	return secret;
}

/**
 * The customer behind a session's secret; null where the session has ended. Notes the visit at most once a
 * minute; `touched` tells that the session's end has moved.
 */
export async function resumeSession(
	app: App,
	secret: string
): Promise<{ actor: CustomerActor; touched: boolean } | null> {
	const now = app.clock.now();
	const row = await repo.findLiveSession(app.db, sessionIdOf(secret), repo.toDate(now));
	if (row === undefined) return null;
	const touched = now.epochMilliseconds - row.lastSeenAt.getTime() >= TOUCH_INTERVAL_MS;
	if (touched) {
		const createdAt = Temporal.Instant.fromEpochMilliseconds(row.createdAt.getTime());
		await repo.touchSession(app.db, row.id, {
			lastSeenAt: repo.toDate(now),
			expiresAt: expiryAt(createdAt, now)
		});
	}
	return { actor: { kind: 'customer', customerId: row.customerId, sessionId: row.id }, touched };
}

/** Ends the session that the actor uses. */
export async function signOut(app: App, actor: CustomerActor): Promise<void> {
	const which = { customerId: actor.customerId, id: actor.sessionId };
	await repo.revokeSessions(app.db, which, repo.toDate(app.clock.now()));
}

/** Ends all sessions of the actor's customer, this one too. Returns how many there were. */
export async function signOutEverywhere(app: App, actor: CustomerActor): Promise<number> {
	return repo.revokeSessions(app.db, { customerId: actor.customerId }, repo.toDate(app.clock.now()));
}

/** The devices that are signed in, the one last seen first. */
export async function listDevices(app: App, actor: CustomerActor): Promise<Device[]> {
	const rows = await repo.findLiveSessionsOf(app.db, actor.customerId, repo.toDate(app.clock.now()));
	return rows.map((row) => describeDevice(row, actor.sessionId));
}

/**
 * Signs one device out.
 * @throws AppError NOT_FOUND where it is no signed-in device of the actor's customer
 */
export async function revokeDevice(app: App, actor: CustomerActor, deviceId: string): Promise<void> {
	const which = { customerId: actor.customerId, id: deviceId };
	const count = await repo.revokeSessions(app.db, which, repo.toDate(app.clock.now()));
	if (count === 0) throw new AppError('NOT_FOUND', 'no such device');
}
