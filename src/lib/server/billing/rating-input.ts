import { createHash } from 'node:crypto';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { clip, type DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import { CHANNELS, unpackLoadDay, type PackedLoadDay } from '#lib/domain/metering/load-day.ts';
import { unpackUsage, type PackedPointUsage } from '#lib/domain/rating/packed-usage.ts';
import type { AccountFacts, CarriedState, PointUsage, RatingInput } from '#lib/domain/rating/types.ts';
import { createCalendar } from '#lib/domain/tariffs/calendar.ts';
import type { Executor } from '#lib/server/db/client.ts';
import { loadDays, loadDayVersions, servicePointsOf } from '#lib/server/metering/index.ts';
import {
	holidayCalendar,
	tariffSpansOf,
	tariffVersionById,
	type StoredTariffSpan
} from '#lib/server/tariffs/index.ts';
import type { BillSnapshot, FrozenSeries } from './snapshot.ts';

/** What is rated, and the snapshot by which it can be found again. */
export interface RatingCase {
	readonly input: RatingInput;
	readonly snapshot: Omit<BillSnapshot, 'carriedOut'>;
}

/** Meters stand at the boundary of ownership, and their curves are what is billed. */
const CURVE_ONLY = { registers: null, losses: null } as const;

/** All of an account's energy is under its one tariff, and what is missing stays missing. */
const UNDIVIDED = { shares: [], filling: 'none' } as const;

function accountFacts(account: Account): AccountFacts {
	return {
		voltage: account.voltage,
		currency: account.currency,
		contractedCapacityVa: account.contractedCapacityVa,
		demandBasis: account.demandBasis,
		contractDemandW: account.contractDemandW,
		powerFactorStandard: account.powerFactorStandard,
		largeHousehold: account.largeHousehold,
		lowIncome: account.lowIncome,
		readingMonths: account.readingMonths,
		contractsW: account.contractsW,
		openedOn: account.openedOn
	};
}

/** Gathers what the account's rating in a period rests on at this moment. */
export async function currentRatingCase(
	executor: Executor,
	account: Authorized<Account>,
	period: DatePeriod,
	carried: CarriedState
): Promise<RatingCase> {
	const tariffs = await tariffSpansOf(executor, account, period);
	const usage: PointUsage[] = [];
	const points: BillSnapshot['points'][number][] = [];
	for (const point of await servicePointsOf(executor, account, period)) {
		const supplied = clip({ start: point.validFrom, end: point.validTo ?? period.end }, period);
		const packed = await loadDays(executor, account, point.id, CHANNELS, supplied);
		usage.push({
			servicePointId: point.id,
			period: supplied,
			days: packed.map(unpackLoadDay),
			...CURVE_ONLY
		});
		points.push({
			servicePointId: point.id,
			period: supplied,
			series: frozenSeries(packed),
			sha256: digestOf(packed)
		});
	}
	const facts = accountFacts(account);
	const calendar = holidayCalendar();
	return {
		input: {
			account: facts,
			timeZone: account.timeZone,
			period,
			tariffs,
			usage,
			carried,
			calendar,
			priceSeries: [],
			...UNDIVIDED
		},
		snapshot: {
			timeZone: account.timeZone,
			account: facts,
			tariffs: tariffs.map(({ versionId, sha256, period: span }) => ({ versionId, sha256, period: span })),
			points,
			calendar: calendar.excerpt(period),
			carriedIn: carried
		}
	};
}

type FrozenBasis = Omit<RatingInput, 'usage' | 'tariffs'> & { readonly tariffs: readonly StoredTariffSpan[] };

/** As `RatingInput`, with the readings still packed. */
interface FrozenInput extends FrozenBasis {
	readonly usage: readonly PackedPointUsage[];
}

/**
 * All of an issued bill's input but the readings, as it was: the same editions, facts and holidays.
 * @returns the input, and whether the editions are there unchanged
 */
export async function frozenBasis(
	executor: Executor,
	period: DatePeriod,
	snapshot: BillSnapshot
): Promise<{ basis: FrozenBasis; intact: boolean }> {
	let intact = true;
	const tariffs: StoredTariffSpan[] = [];
	for (const { versionId, sha256, period: span } of snapshot.tariffs) {
		const stored = await tariffVersionById(executor, versionId);
		if (stored.sha256 !== sha256) intact = false;
		tariffs.push({ ...stored, period: span });
	}
	return {
		basis: {
			account: snapshot.account,
			timeZone: snapshot.timeZone,
			period,
			tariffs,
			carried: snapshot.carriedIn,
			calendar: createCalendar(snapshot.calendar),
			priceSeries: [],
			...UNDIVIDED
		},
		intact
	};
}

/**
 * The input of an issued bill as it was: its basis, and the same versions of the readings.
 * @returns the input, and whether everything that was frozen is there unchanged
 */
export async function frozenInput(
	executor: Executor,
	account: Authorized<Account>,
	period: DatePeriod,
	snapshot: BillSnapshot
): Promise<{ input: FrozenInput; intact: boolean }> {
	const { basis, ...editions } = await frozenBasis(executor, period, snapshot);
	let intact = editions.intact;
	const usage: FrozenInput['usage'][number][] = [];
	for (const { servicePointId, series, sha256, period: supplied } of snapshot.points) {
		const refs = series.flatMap(({ channel, versions }) =>
			versions.map((version) => ({ channel, ...version }))
		);
		const days = await loadDayVersions(executor, account, servicePointId, refs);
		if (digestOf(days) !== sha256) intact = false;
		usage.push({ servicePointId, period: supplied, days, ...CURVE_ONLY });
	}
	return { input: { ...basis, usage }, intact };
}

/** With the readings unpacked, ready to be rated. */
export function unpackedInput({ usage, ...basis }: FrozenInput): RatingInput {
	return { ...basis, usage: unpackUsage(usage) };
}

function frozenSeries(days: readonly PackedLoadDay[]): FrozenSeries[] {
	return CHANNELS.flatMap((channel) => {
		const versions = days
			.filter((day) => day.channel === channel)
			.map(({ localDate, version }) => ({ localDate, version }));
		return versions.length === 0 ? [] : [{ channel, versions }];
	});
}

/** Both loaders give days by channel and date, so equal readings have equal digests. */
function digestOf(days: readonly PackedLoadDay[]): string {
	const hash = createHash('sha256');
	for (const { channel, localDate, version, intervalMinutes, quantities, qualities } of days) {
		hash.update(`${channel} ${localDate} ${version} ${intervalMinutes} ${quantities} ${qualities}\n`);
	}
	return hash.digest('hex');
}
