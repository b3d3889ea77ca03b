import { and, asc, eq, gt, gte, inArray, isNull, lt, max, min, or, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import type { DatePeriod, IntervalMinutes, LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { Channel, PackedLoadDay } from '#lib/domain/metering/load-day.ts';
import type { Executor } from '#lib/server/db/client.ts';
import { accountServicePoint, loadDay, loadDayHistory, servicePoint } from '#lib/server/db/schema/index.ts';
import { channelFromCode, channelToCode, qualityLetters } from './mapping.ts';

/** A meter that an account is or was supplied through, [validFrom, validTo). */
export interface AccountServicePoint {
	readonly id: number;
	readonly meterNo: string;
	readonly timeZone: string;
	readonly address: string;
	readonly validFrom: LocalDate;
	readonly validTo: LocalDate | null;
}

/** The days that are there of one channel: not necessarily every day between. */
export interface SeriesExtent {
	readonly channel: Channel;
	readonly firstDate: LocalDate;
	readonly lastDate: LocalDate;
}

/** Names one version of one day, as a bill keeps it. */
export interface LoadDayRef {
	readonly channel: Channel;
	readonly localDate: LocalDate;
	readonly version: number;
}

/** The account's meters of a period, in the order of their first day; all of them without a period. */
export function servicePointsOf(
	executor: Executor,
	account: Authorized<Account>,
	period?: DatePeriod
): Promise<AccountServicePoint[]> {
	const overlaps =
		period === undefined
			? undefined
			: and(
					lt(accountServicePoint.validFrom, period.end),
					or(isNull(accountServicePoint.validTo), gt(accountServicePoint.validTo, period.start))
				);
	return executor
		.select({
			id: servicePoint.id,
			meterNo: servicePoint.meterNo,
			timeZone: servicePoint.timeZone,
			address: servicePoint.address,
			validFrom: accountServicePoint.validFrom,
			validTo: accountServicePoint.validTo
		})
		.from(accountServicePoint)
		.innerJoin(servicePoint, eq(servicePoint.id, accountServicePoint.servicePointId))
		.where(and(eq(accountServicePoint.accountId, account.id), overlaps))
		.orderBy(asc(accountServicePoint.validFrom), asc(servicePoint.id));
}

/**
 * The valid version of every stored day of [start, end), by channel and date. Days without any reading are
 * absent. The database sends quantities as text that travels on as it is: nothing is parsed here.
 */
export async function loadDays(
	executor: Executor,
	account: Authorized<Account>,
	servicePointId: number,
	channels: readonly Channel[],
	period: DatePeriod
): Promise<PackedLoadDay[]> {
	if (channels.length === 0) return [];
	const rows = await executor
		.select(packedColumns(loadDay))
		.from(loadDay)
		.where(
			and(
				eq(loadDay.accountId, account.id),
				eq(loadDay.servicePointId, servicePointId),
				inArray(loadDay.channel, channels.map(channelToCode)),
				gte(loadDay.localDate, period.start),
				lt(loadDay.localDate, period.end)
			)
		)
		.orderBy(asc(loadDay.channel), asc(loadDay.localDate));
	return rows.map(toPacked);
}

/**
 * Days in the very versions that `refs` name, current or replaced, e.g. those behind a bill. A version that
 * does not exist is absent from the result.
 */
export async function loadDayVersions(
	executor: Executor,
	account: Authorized<Account>,
	servicePointId: number,
	refs: readonly LoadDayRef[]
): Promise<PackedLoadDay[]> {
	if (refs.length === 0) return [];
	const named = (table: typeof loadDay | typeof loadDayHistory) =>
		and(
			eq(table.accountId, account.id),
			eq(table.servicePointId, servicePointId),
			sql`(${table.channel}, ${table.localDate}, ${table.version}) in (select * from unnest(
				${sql.param(refs.map((ref) => channelToCode(ref.channel)))}::smallint[],
				${sql.param(refs.map((ref) => ref.localDate))}::date[],
				${sql.param(refs.map((ref) => ref.version))}::integer[]))`
		);
	// One statement: between two, a version could move to the history and be found in both.
	const rows = await unionAll(
		executor.select(packedColumns(loadDay)).from(loadDay).where(named(loadDay)),
		executor.select(packedColumns(loadDayHistory)).from(loadDayHistory).where(named(loadDayHistory))
	);
	return rows
		.map(toPacked)
		.sort(
			(a, b) =>
				channelToCode(a.channel) - channelToCode(b.channel) ||
				a.localDate.localeCompare(b.localDate) ||
				a.version - b.version
		);
}

/** Which channels a meter has under this account, and from when to when. */
export async function seriesOf(
	executor: Executor,
	account: Authorized<Account>,
	servicePointId: number
): Promise<SeriesExtent[]> {
	const rows = await executor
		.select({
			channel: loadDay.channel,
			firstDate: min(loadDay.localDate),
			lastDate: max(loadDay.localDate)
		})
		.from(loadDay)
		.where(and(eq(loadDay.accountId, account.id), eq(loadDay.servicePointId, servicePointId)))
		.groupBy(loadDay.channel)
		.orderBy(asc(loadDay.channel));
	return rows.map((row) => ({
		channel: channelFromCode(row.channel),
		firstDate: row.firstDate as LocalDate,
		lastDate: row.lastDate as LocalDate
	}));
}

/** The newest day that any reading of the channel lies on; null where there is none. */
export async function latestDay(
	executor: Executor,
	account: Authorized<Account>,
	servicePointId: number,
	channel: Channel = 'active_import'
): Promise<LocalDate | null> {
	const [row] = await executor
		.select({ latest: max(loadDay.localDate) })
		.from(loadDay)
		.where(
			and(
				eq(loadDay.accountId, account.id),
				eq(loadDay.servicePointId, servicePointId),
				eq(loadDay.channel, channelToCode(channel))
			)
		);
	return row?.latest ?? null;
}

function packedColumns(table: typeof loadDay | typeof loadDayHistory) {
	return {
		channel: table.channel,
		localDate: table.localDate,
		intervalMinutes: table.intervalMinutes,
		quantities: sql<string>`array_to_string(${table.quantities}, ',', '')`,
		qualities: table.qualities,
		version: table.version
	};
}

interface PackedRow {
	readonly channel: number;
	readonly localDate: LocalDate;
	readonly intervalMinutes: number;
	readonly quantities: string;
	readonly qualities: Buffer;
	readonly version: number;
}

function toPacked(row: PackedRow): PackedLoadDay {
	return {
		channel: channelFromCode(row.channel),
		localDate: row.localDate,
		intervalMinutes: row.intervalMinutes as IntervalMinutes,
		quantities: row.quantities,
		qualities: qualityLetters(row.qualities),
		version: row.version
	};
}
