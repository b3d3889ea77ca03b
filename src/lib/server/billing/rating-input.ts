import { createHash } from 'node:crypto';
import { termsOn, type BillingTerms } from '#lib/domain/billing/due-date.ts';
import type { Account, AccountPeriod } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import { assert } from '#lib/domain/kernel/assert.ts';
import { clip, type DatePeriod } from '#lib/domain/kernel/civil-time.ts';
import type { FillingMethod } from '#lib/domain/metering/filling.ts';
import { CHANNELS, unpackLoadDay, type Channel, type PackedLoadDay } from '#lib/domain/metering/load-day.ts';
import { registerTotals, type RegisterReading, type RegisterTotal } from '#lib/domain/metering/registers.ts';
import type { SharedBasis } from '#lib/domain/rating/alternatives.ts';
import { unpackUsage, type PackedPointUsage } from '#lib/domain/rating/packed-usage.ts';
import type {
	AccountFacts,
	CarriedState,
	LossRule,
	PointUsage,
	RatingInput,
	RegisterQuantities
} from '#lib/domain/rating/types.ts';
import { createCalendar } from '#lib/domain/tariffs/calendar.ts';
import type { Executor } from '#lib/server/db/client.ts';
import {
	loadDaysOfPoints,
	loadDayVersions,
	registerReadingsOfPoints,
	registerReadingVersions,
	servicePointsOfAccounts
} from '#lib/server/metering/index.ts';
import {
	holidayCalendar,
	sharesOfAccounts,
	tariffSpansOfAccounts,
	tariffVersionById,
	type StoredShare,
	type StoredTariffSpan
} from '#lib/server/tariffs/index.ts';
import { listTerms } from './repo.ts';
import type { BillSnapshot, FrozenSeries, FrozenShare, FrozenTariff } from './snapshot.ts';

/** What is rated, and the snapshot by which it can be found again. */
export interface RatingCase {
	readonly input: RatingInput;
	readonly snapshot: Omit<BillSnapshot, 'carriedOut'>;
}

/** An account whose days are to be rated, after what the bill before handed on. */
export interface RatingSubject extends AccountPeriod {
	readonly carried: CarriedState;
}

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
	const [ratingCase] = await currentRatingCases(executor, [{ account, period, carried }]);
	assert(ratingCase !== undefined, 'one case for one subject');
	return ratingCase;
}

/** As `currentRatingCase`, for many accounts at once and in their order. */
export async function currentRatingCases(
	executor: Executor,
	subjects: readonly RatingSubject[]
): Promise<RatingCase[]> {
	const tariffs = await tariffSpansOfAccounts(executor, subjects);
	const shares = await sharesOfAccounts(executor, subjects);
	const terms = await listTerms(executor);
	const points = await readPoints(executor, subjects);
	return subjects.map((subject, index) =>
		ratingCase(subject, {
			tariffs: tariffs[index] ?? [],
			shares: shares[index] ?? [],
			filling: fillingOf(terms, subject),
			points: points[index] ?? []
		})
	);
}

/** How the operator has missing intervals filled where the account lies: not at all where nothing says so. */
function fillingOf(terms: readonly BillingTerms[], { account, period }: AccountPeriod): FillingMethod {
	return termsOn(terms, account.supplyArea, period.start)?.missingFilling ?? 'none';
}

/** What is known of an account's energy and its prices in a period. */
interface Gathered {
	readonly tariffs: readonly StoredTariffSpan[];
	readonly shares: readonly StoredShare[];
	readonly filling: FillingMethod;
	readonly points: readonly ReadPoint[];
}

function ratingCase(
	{ account, period, carried }: RatingSubject,
	{ tariffs, shares, filling, points }: Gathered
): RatingCase {
	const facts = accountFacts(account);
	const calendar = holidayCalendar();
	return {
		input: {
			account: facts,
			timeZone: account.timeZone,
			period,
			tariffs,
			usage: points.map(pointUsage),
			shares,
			filling,
			carried,
			calendar,
			priceSeries: []
		},
		snapshot: {
			timeZone: account.timeZone,
			account: facts,
			tariffs: tariffs.map(frozenTariff),
			...(shares.length === 0 ? {} : { shares: shares.map(frozenShare) }),
			...(filling === 'none' ? {} : { filling }),
			points: points.map(frozenPoint),
			calendar: calendar.excerpt(period),
			carriedIn: carried
		}
	};
}

function frozenTariff({ versionId, sha256, period }: StoredTariffSpan): FrozenTariff {
	return { versionId, sha256, period };
}

function frozenShare({ id, name, part, tariffs }: StoredShare): FrozenShare {
	return { id, name, part, tariffs: tariffs.map(frozenTariff) };
}

/**
 * What the account's use in a period is rated from, whatever the tariff, for bills that nobody issues. Curves alone:
 * the registers of one bill tell nothing of others.
 */
export async function curveBasis(
	executor: Executor,
	account: Authorized<Account>,
	period: DatePeriod
): Promise<SharedBasis> {
	const subject = { account, period };
	const [points = []] = await readPoints(executor, [subject]);
	const [shares = []] = await sharesOfAccounts(executor, [subject]);
	return {
		account: accountFacts(account),
		timeZone: account.timeZone,
		usage: points.map((point) => pointUsage({ ...point, registers: NO_REGISTERS })),
		shares,
		filling: fillingOf(await listTerms(executor), subject),
		carried: { tierCycle: null },
		calendar: holidayCalendar(),
		priceSeries: []
	};
}

/** A metering point of a bill with everything that was read of it. */
interface ReadPoint {
	readonly servicePointId: number;
	/** Days of the bill on which the account is supplied through it. */
	readonly period: DatePeriod;
	readonly days: readonly PackedLoadDay[];
	/** By channel, where the registers tell the whole period; empty where the curve alone is billed. */
	readonly registers: ReadonlyMap<Channel, RegisterTotal>;
	readonly losses: LossRule | null;
}

async function readPoints(executor: Executor, subjects: readonly AccountPeriod[]): Promise<ReadPoint[][]> {
	const supplied = (await servicePointsOfAccounts(executor, subjects)).map((points, index) =>
		points.map(({ id, validFrom, validTo, losses }) => {
			const subject = subjects[index];
			assert(subject !== undefined, 'points for each subject');
			const { account, period } = subject;
			const supply = { start: validFrom, end: validTo ?? period.end };
			return { account, servicePointId: id, period: clip(supply, period), losses };
		})
	);
	const all = supplied.flat();
	const days = await loadDaysOfPoints(executor, all);
	const readings = await registerReadingsOfPoints(executor, all);
	let at = 0;
	return supplied.map((points) =>
		points.map(({ account, servicePointId, period, losses }): ReadPoint => {
			const place = at++;
			const own = { days: days[place] ?? [], readings: readings[place] ?? [] };
			const totals = registerTotals(own.readings, period, account.timeZone);
			const registers = billedRegisters(totals, [...own.days, ...own.readings]);
			return { servicePointId, period, days: own.days, registers, losses };
		})
	);
}

/**
 * Registers of other channels alone tell nothing of what was taken. Those of reactive energy tell both directions
 * or none: what one of them lacks would count as nothing.
 */
function billedRegisters(
	totals: ReadPoint['registers'],
	read: readonly { readonly channel: Channel }[]
): ReadPoint['registers'] {
	if (!totals.has('active_import')) return NO_REGISTERS;
	const tellsAll = REACTIVE.every(
		(channel) => totals.has(channel) || !read.some((one) => one.channel === channel)
	);
	return tellsAll ? totals : new Map([...totals].filter(([channel]) => !REACTIVE.includes(channel)));
}

const REACTIVE: readonly Channel[] = ['reactive_import', 'reactive_export'];
const NO_REGISTERS: ReadPoint['registers'] = new Map();

function pointUsage({ days, registers, ...point }: ReadPoint): PointUsage {
	return { ...point, days: days.map(unpackLoadDay), registers: registerQuantities(registers) };
}

function registerQuantities(totals: ReadPoint['registers']): RegisterQuantities | null {
	const taken = totals.get('active_import');
	if (taken === undefined) return null;
	return {
		importWh: taken.quantity,
		estimatedImportWh: taken.estimatedQuantity,
		exportWh: totals.get('active_export')?.quantity ?? null,
		laggingVarh: totals.get('reactive_import')?.quantity ?? null,
		leadingVarh: totals.get('reactive_export')?.quantity ?? null,
		demandW: null
	};
}

function frozenPoint(point: ReadPoint): BillSnapshot['points'][number] {
	const { servicePointId, period, days, registers, losses } = point;
	const readings = billedReadings(registers);
	return {
		servicePointId,
		period,
		series: frozenSeries(days),
		...(readings.length > 0 && {
			registers: readings.map(({ channel, register, toMs, version }) => ({
				channel,
				register,
				readTo: new Date(toMs).toISOString(),
				version
			}))
		}),
		...(losses === null ? {} : { losses }),
		sha256: digestOf(point)
	};
}

/** In the order of channels, registers and time, as the database gives them. */
function billedReadings(registers: ReadPoint['registers']): RegisterReading[] {
	return CHANNELS.flatMap((channel) => registers.get(channel)?.readings ?? []);
}

type FrozenBasis = Omit<RatingInput, 'usage' | 'tariffs' | 'shares'> & {
	readonly tariffs: readonly StoredTariffSpan[];
	readonly shares: readonly StoredMeterShare[];
};

type StoredMeterShare = Omit<StoredShare, 'period'>;

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
	const own = await frozenSpans(executor, snapshot.tariffs);
	let { intact } = own;
	const shares: StoredMeterShare[] = [];
	for (const { tariffs, ...share } of snapshot.shares ?? []) {
		const { spans, intact: isIntact } = await frozenSpans(executor, tariffs);
		if (!isIntact) intact = false;
		shares.push({ ...share, tariffs: spans });
	}
	return {
		basis: {
			account: snapshot.account,
			timeZone: snapshot.timeZone,
			period,
			tariffs: own.spans,
			shares,
			filling: snapshot.filling ?? 'none',
			carried: snapshot.carriedIn,
			calendar: createCalendar(snapshot.calendar),
			priceSeries: []
		},
		intact
	};
}

async function frozenSpans(
	executor: Executor,
	tariffs: readonly FrozenTariff[]
): Promise<{ spans: StoredTariffSpan[]; intact: boolean }> {
	let intact = true;
	const spans: StoredTariffSpan[] = [];
	for (const { versionId, sha256, period } of tariffs) {
		const stored = await tariffVersionById(executor, versionId);
		if (stored.sha256 !== sha256) intact = false;
		spans.push({ ...stored, period });
	}
	return { spans, intact };
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
	for (const frozen of snapshot.points) {
		const point = await readFrozenPoint(executor, account, frozen, snapshot.timeZone);
		if (digestOf(point) !== frozen.sha256) intact = false;
		usage.push({ ...point, registers: registerQuantities(point.registers) });
	}
	return { input: { ...basis, usage }, intact };
}

async function readFrozenPoint(
	executor: Executor,
	account: Authorized<Account>,
	{ servicePointId, period, series, registers = [], losses }: BillSnapshot['points'][number],
	timeZone: string
): Promise<ReadPoint> {
	const days = await loadDayVersions(
		executor,
		account,
		servicePointId,
		series.flatMap(({ channel, versions }) => versions.map((version) => ({ channel, ...version })))
	);
	const readings = await registerReadingVersions(
		executor,
		account,
		servicePointId,
		registers.map(({ readTo, ...ref }) => ({ ...ref, toMs: Date.parse(readTo) }))
	);
	return {
		servicePointId,
		period,
		days,
		registers: registerTotals(readings, period, timeZone),
		losses: losses ?? null
	};
}

/** A case with the losses that were agreed when a bill was made: like the account's facts, they have no dates. */
export function withLossesOf({ input, snapshot }: RatingCase, frozen: BillSnapshot): RatingCase {
	const lossesOf = ({
		servicePointId,
		losses = null
	}: {
		servicePointId: number;
		losses?: LossRule | null;
	}) => {
		const billed = frozen.points.find((point) => point.servicePointId === servicePointId);
		return billed === undefined ? losses : (billed.losses ?? null);
	};
	return {
		input: { ...input, usage: input.usage.map((point) => ({ ...point, losses: lossesOf(point) })) },
		snapshot: {
			...snapshot,
			points: snapshot.points.map((point) => {
				const { losses: _, ...others } = point;
				const losses = lossesOf(point);
				return losses === null ? others : { ...others, losses };
			})
		}
	};
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

/** Both loaders give readings in the same order, so equal readings have equal digests. */
function digestOf({ days, registers }: ReadPoint): string {
	const hash = createHash('sha256');
	for (const { channel, localDate, version, intervalMinutes, quantities, qualities } of days) {
		hash.update(`${channel} ${localDate} ${version} ${intervalMinutes} ${quantities} ${qualities}\n`);
	}
	for (const { channel, register, fromMs, toMs, version, quantity, quality } of billedReadings(registers)) {
		hash.update(`${channel} ${register} ${fromMs} ${toMs} ${version} ${quantity} ${quality}\n`);
	}
	return hash.digest('hex');
}
