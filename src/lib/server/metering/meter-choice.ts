import { localDateAt, type Temporal } from '#lib/domain/kernel/civil-time.ts';
import type { AccountServicePoint } from './repo.ts';

/**
 * The meter an account is looked at through where none is named: the first that it is supplied through today,
 * else the one supplied through last, else the first to come. After an exchange that is the new one.
 * @param points in the order of their first day
 */
export function meterInUse(
	points: readonly AccountServicePoint[],
	now: Temporal.Instant
): AccountServicePoint | undefined {
	const begun = points.filter((point) => point.validFrom <= localDateAt(now, point.timeZone));
	const supplying = begun.find(
		({ validTo, timeZone }) => validTo === null || validTo > localDateAt(now, timeZone)
	);
	if (supplying !== undefined) return supplying;
	const ended = begun.toSorted((a, b) => ((a.validTo ?? '') < (b.validTo ?? '') ? -1 : 1));
	return ended.at(-1) ?? points[0];
}
