import { Temporal } from '#lib/domain/kernel/civil-time.ts';

/** Where the server's present comes from. Nothing else may ask the machine for the time. */
export interface Clock {
	now(): Temporal.Instant;
}

export const systemClock: Clock = { now: () => Temporal.Now.instant() };

/** A clock that stands still, for tests. */
export function fixedClock(instant: string): Clock {
	const now = Temporal.Instant.from(instant);
	return { now: () => now };
}

/** A clock that starts at `instant` and then runs: a demo or test server with a given present. */
export function clockStartingAt(instant: string): Clock {
	const startedAt = Temporal.Now.instant();
	const origin = Temporal.Instant.from(instant);
	return { now: () => origin.add(startedAt.until(Temporal.Now.instant())) };
}
