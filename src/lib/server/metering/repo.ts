import { and, asc, eq, gt, gte, inArray, isNull, lt, max, min, or, sql, type SQL } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Account, AccountPeriod } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import {
	enclosingPeriod,
	type DatePeriod,
	type IntervalMinutes,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';
import type { Channel, PackedLoadDay } from '#lib/domain/metering/load-day.ts';
import type { RegisterReading } from '#lib/domain/metering/registers.ts';
import type { LossRule } from '#lib/domain/rating/types.ts';
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
	/** Null where the meter stands at the boundary of ownership. */
	readonly losses: LossRule | null;
}

/** A meter of an account on some of the days that it is supplied through it. */
export interface PointPeriod extends AccountPeriod {
	readonly servicePointId: number;
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

const pointColumns = {
	id: servicePoint.id,
	meterNo: servicePoint.meterNo,
	timeZone: servicePoint.timeZone,
	address: servicePoint.address,
	validFrom: accountServicePoint.validFrom,
	validTo: accountServicePoint.validTo,
	losses: accountServicePoint.losses
};

function suppliedIn(period: DatePeriod): SQL | undefined {
	return and(
		lt(accountServicePoint.validFrom, period.end),
		or(isNull(accountServicePoint.validTo), gt(accountServicePoint.validTo, period.start))
	);
}

/** The account's meters of a period, in the order of their first day; all of them without a period. */
export function servicePointsOf(
	executor: Executor,
	account: Authorized<Account>,
	period?: DatePeriod
): Promise<AccountServicePoint[]> {
	return executor
		.select(pointColumns)
		.from(accountServicePoint)
		.innerJoin(servicePoint, eq(servicePoint.id, accountServicePoint.servicePointId))
		.where(and(eq(accountServicePoint.accountId, account.id), period && suppliedIn(period)))
		.orderBy(asc(accountServicePoint.validFrom), asc(servicePoint.id));
}

/** Meters of many accounts, each account's in its own period and in the order of their first day. */
export async function servicePointsOfAccounts(
	executor: Executor,
	wanted: readonly AccountPeriod[]
): Promise<AccountServicePoint[][]> {
	const period = enclosingPeriod(wanted.map((one) => one.period));
	if (period === null) return [];
	const rows = await executor
		.select({ accountId: accountServicePoint.accountId, ...pointColumns })
		.from(accountServicePoint)
		.innerJoin(servicePoint, eq(servicePoint.id, accountServicePoint.servicePointId))
		.where(
			and(
				sql`${accountServicePoint.accountId} = any(${sql.param(wanted.map(({ account }) => account.id))}::bigint[])`,
				suppliedIn(period)
			)
		)
		.orderBy(asc(accountServicePoint.validFrom), asc(servicePoint.id));
	const byAccount = Map.groupBy(rows, ({ accountId }) => accountId);
	return wanted.map(({ account, period: { start, end } }) =>
		(byAccount.get(account.id) ?? []).flatMap(({ accountId: _, ...point }) =>
			point.validFrom < end && (point.validTo === null || point.validTo > start) ? [point] : []
		)
	);
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
 * As `loadDays` for all channels of many meters at once, in their order. The days of a series come as one text: a
 * row for each would cost more than its readings.
 */
export async function loadDaysOfPoints(
	executor: Executor,
	points: readonly PointPeriod[]
): Promise<PackedLoadDay[][]> {
	const days = points.map((): PackedLoadDay[] => []);
	if (points.length === 0) return days;
	const { rows } = await executor.execute<{ place: number; channel: number; days: string }>(sql`
		select wanted.place::integer as place, day.channel, string_agg(concat_ws(' ', day.local_date,
			day.interval_minutes, day.version, encode(day.qualities, 'hex'),
			array_to_string(day.quantities, ',', '')), ';' order by day.local_date) as days
		from ${wantedPoints(points)}
		join load_day as day on day.account_id = wanted.account_id
			and day.service_point_id = wanted.service_point_id
			and day.local_date >= wanted.start_date and day.local_date < wanted.end_date
		group by wanted.place, day.channel order by wanted.place, day.channel`);
	for (const { place, channel, days: text } of rows) {
		for (const day of text.split(';')) days[place - 1]?.push(dayFromText(channelFromCode(channel), day));
	}
	return days;
}

/** The valid register readings of many meters that lie in their periods or overlap them, in the meters' order. */
export async function registerReadingsOfPoints(
	executor: Executor,
	points: readonly PointPeriod[]
): Promise<RegisterReading[][]> {
	const readings = points.map((): RegisterReading[] => []);
	if (points.length === 0) return readings;
	const { rows } = await executor.execute<RegisterRow & { place: number }>(sql`
		select wanted.place::integer as place, ${registerColumns}
		from ${wantedPoints(points)}
		join register_reading as reading on reading.account_id = wanted.account_id
			and reading.service_point_id = wanted.service_point_id
			and reading.read_from < wanted.end_date::timestamp at time zone wanted.time_zone
			and reading.read_to > wanted.start_date::timestamp at time zone wanted.time_zone
		order by wanted.place, reading.channel, reading.register, reading.read_to`);
	for (const { place, ...row } of rows) readings[place - 1]?.push(toRegisterReading(row));
	return readings;
}

/** The meters as a table "wanted", numbered from 1. */
function wantedPoints(points: readonly PointPeriod[]): SQL {
	return sql`unnest(
		${sql.param(points.map(({ account }) => account.id))}::bigint[],
		${sql.param(points.map(({ servicePointId }) => servicePointId))}::bigint[],
		${sql.param(points.map(({ period }) => period.start))}::date[],
		${sql.param(points.map(({ period }) => period.end))}::date[],
		${sql.param(points.map(({ account }) => account.timeZone))}::text[]
	) with ordinality as wanted (account_id, service_point_id, start_date, end_date, time_zone, place)`;
}

/** Names one version of one register reading, as a bill keeps it. */
export interface RegisterReadingRef {
	readonly channel: Channel;
	readonly register: string;
	readonly toMs: number;
	readonly version: number;
}

/**
 * Register readings in the very versions that `refs` name, current or replaced. A version that does not exist is
 * absent from the result.
 */
export async function registerReadingVersions(
	executor: Executor,
	account: Authorized<Account>,
	servicePointId: number,
	refs: readonly RegisterReadingRef[]
): Promise<RegisterReading[]> {
	if (refs.length === 0) return [];
	const named = sql`reading.account_id = ${account.id} and reading.service_point_id = ${servicePointId}
		and (reading.channel, reading.register, reading.read_to, reading.version) in (select * from unnest(
			${sql.param(refs.map((ref) => channelToCode(ref.channel)))}::smallint[],
			${sql.param(refs.map((ref) => ref.register))}::text[],
			${sql.param(refs.map((ref) => new Date(ref.toMs).toISOString()))}::timestamptz[],
			${sql.param(refs.map((ref) => ref.version))}::integer[]))`;
	// One statement: between two, a version could move to the history and be found in both.
	const { rows } = await executor.execute<RegisterRow>(sql`
		select * from (
			select ${registerColumns} from register_reading as reading where ${named}
			union all
			select ${registerColumns} from register_reading_history as reading where ${named}
		) as found order by channel, register, to_ms`);
	return rows.map(toRegisterReading);
}

const registerColumns = sql`reading.channel, reading.register, reading.version, reading.quality,
	reading.quantity::double precision as quantity,
	extract(epoch from reading.read_from)::double precision * 1000 as from_ms,
	extract(epoch from reading.read_to)::double precision * 1000 as to_ms`;

type RegisterRow = {
	readonly channel: number;
	readonly register: string;
	readonly version: number;
	readonly quality: number;
	readonly quantity: number;
	readonly from_ms: number;
	readonly to_ms: number;
};

function toRegisterReading({ channel, from_ms: fromMs, to_ms: toMs, ...row }: RegisterRow): RegisterReading {
	return { channel: channelFromCode(channel), fromMs, toMs, ...row };
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

/** A day from "date minutes version qualities quantities", qualities as hexadecimal codes. */
function dayFromText(channel: Channel, text: string): PackedLoadDay {
	const [date, minutes, version, qualities = '', quantities = ''] = text.split(' ');
	return {
		channel,
		localDate: date as LocalDate,
		intervalMinutes: Number(minutes) as IntervalMinutes,
		quantities,
		qualities: qualityLetters(Buffer.from(qualities, 'hex')),
		version: Number(version)
	};
}
