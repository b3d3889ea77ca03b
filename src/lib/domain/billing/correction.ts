import { canonicalJson } from '#lib/domain/kernel/canonical-json.ts';
import { addDays, type DatePeriod, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { FillingMethod } from '#lib/domain/metering/filling.ts';
import type { Channel } from '#lib/domain/metering/load-day.ts';
import type { AccountFacts, CarriedState, MeterShare } from '#lib/domain/rating/types.ts';
import type { AnnouncedYear } from '#lib/domain/tariffs/calendar.ts';
import type { BillLine } from './bill.ts';

/** A line of the corrected bill beside the one of its correction. */
export interface LineDifference {
	readonly reference: string;
	/** Null where only the other bill has the line. */
	readonly before: BillLine | null;
	readonly after: BillLine | null;
	/** What the line costs more, minor units. */
	readonly differenceMinor: bigint;
}

interface BilledEdition {
	readonly sha256: string;
	readonly period: DatePeriod;
}

/** What a bill was rated from, as it is frozen: which readings, editions, facts and holidays. */
export interface BilledInputs {
	readonly account: AccountFacts;
	readonly tariffs: readonly BilledEdition[];
	readonly shares?: readonly (Pick<MeterShare, 'id' | 'part'> & {
		readonly tariffs: readonly BilledEdition[];
	})[];
	readonly filling?: FillingMethod;
	readonly points: readonly {
		readonly servicePointId: number;
		readonly series: readonly {
			readonly channel: Channel;
			readonly versions: readonly { readonly localDate: LocalDate; readonly version: number }[];
		}[];
	}[];
	readonly calendar: readonly AnnouncedYear[];
	readonly carriedIn: CarriedState;
}

/** One thing that a correction was rated from otherwise than the bill that it corrects. */
export type CorrectionCause =
	/** Days that were read later, or whose readings have another version: without gaps, in order. */
	| {
			readonly kind: 'readings';
			readonly channels: readonly Channel[];
			readonly days: number;
			readonly spans: readonly DatePeriod[];
	  }
	/** Meters, or what else is known of them, with the same readings of each day; or fixed-share meters. */
	| { readonly kind: 'metering' }
	/** How missing intervals are filled. */
	| { readonly kind: 'filling' }
	| { readonly kind: 'tariff' }
	| { readonly kind: 'facts' }
	| { readonly kind: 'calendar' }
	/** Use of the tier cycle before the bill: an earlier bill was corrected. Null before the first tiered bill. */
	| { readonly kind: 'carried'; readonly fromWh: number | null; readonly toWh: number | null }
	/** Nothing: the calculation itself was wrong. */
	| { readonly kind: 'calculation' };

/**
 * Sets a bill beside its correction, line by line by reference: in the correction's order, then what only the
 * corrected bill has. The differences sum to that of the totals.
 */
export function lineDifferences(before: readonly BillLine[], after: readonly BillLine[]): LineDifference[] {
	const earlier = new Map(before.map((line) => [line.reference, line]));
	const later = new Set(after.map(({ reference }) => reference));
	return [
		...after.map((line) => difference(earlier.get(line.reference) ?? null, line)),
		...before.filter(({ reference }) => !later.has(reference)).map((line) => difference(line, null))
	];
}

function difference(before: BillLine | null, after: BillLine | null): LineDifference {
	return {
		reference: (after ?? before)?.reference ?? '',
		before,
		after,
		differenceMinor: (after?.amountMinor ?? 0n) - (before?.amountMinor ?? 0n)
	};
}

/** What a correction was rated from otherwise than the bill that it corrects; at least one cause. */
export function correctionCauses(before: BilledInputs, after: BilledInputs): CorrectionCause[] {
	const differs = (read: (inputs: BilledInputs) => unknown) =>
		canonicalJson(read(before)) !== canonicalJson(read(after));
	const causes: CorrectionCause[] = [...readingCauses(before, after)];
	const isMeteredOtherwise = causes.length === 0 && differs(({ points }) => points);
	const isSharedOtherwise = differs(({ shares = [] }) => shares.map(({ id, part }) => ({ id, part })));
	if (isMeteredOtherwise || isSharedOtherwise) causes.push({ kind: 'metering' });
	if (differs(({ filling = 'none' }) => filling)) causes.push({ kind: 'filling' });
	if (differs(({ tariffs }) => editionsOf(tariffs)) || sharesOfOtherEditions(before, after)) {
		causes.push({ kind: 'tariff' });
	}
	if (differs(({ account }) => account)) causes.push({ kind: 'facts' });
	if (differs(({ calendar }) => calendar)) causes.push({ kind: 'calendar' });
	if (differs(({ carriedIn }) => carriedIn)) {
		const usedWh = ({ carriedIn }: BilledInputs) => carriedIn.tierCycle?.usedWh ?? null;
		causes.push({ kind: 'carried', fromWh: usedWh(before), toWh: usedWh(after) });
	}
	return causes.length === 0 ? [{ kind: 'calculation' }] : causes;
}

function editionsOf(tariffs: readonly BilledEdition[]): BilledEdition[] {
	return tariffs.map(({ sha256, period }) => ({ sha256, period }));
}

/** Whether a share that both have was rated by other editions. */
function sharesOfOtherEditions({ shares: before = [] }: BilledInputs, { shares: after = [] }: BilledInputs) {
	return before.some(({ id, tariffs }) => {
		const again = after.find((share) => share.id === id);
		return (
			again !== undefined && canonicalJson(editionsOf(tariffs)) !== canonicalJson(editionsOf(again.tariffs))
		);
	});
}

/** Channels whose readings changed on the same days go together. */
function readingCauses(before: BilledInputs, after: BilledInputs): CorrectionCause[] {
	const changed = changedDays(versionsOf(before), versionsOf(after));
	const byDays = new Map<string, { channels: Channel[]; dates: LocalDate[] }>();
	for (const [channel, days] of changed) {
		const dates = [...days].sort();
		const same = byDays.get(dates.join());
		if (same === undefined) byDays.set(dates.join(), { channels: [channel], dates });
		else same.channels.push(channel);
	}
	return [...byDays.values()].map(({ channels, dates }) => ({
		kind: 'readings',
		channels,
		days: dates.length,
		spans: spansOf(dates)
	}));
}

interface DayVersion {
	readonly channel: Channel;
	readonly localDate: LocalDate;
	readonly version: number;
}

/** By metering point, channel and day. */
function versionsOf({ points }: BilledInputs): Map<string, DayVersion> {
	return new Map(
		points.flatMap(({ servicePointId, series }) =>
			series.flatMap(({ channel, versions }) =>
				versions.map(({ localDate, version }): [string, DayVersion] => [
					`${servicePointId} ${channel} ${localDate}`,
					{ channel, localDate, version }
				])
			)
		)
	);
}

function changedDays(
	before: ReadonlyMap<string, DayVersion>,
	after: ReadonlyMap<string, DayVersion>
): Map<Channel, Set<LocalDate>> {
	const changed = new Map<Channel, Set<LocalDate>>();
	for (const key of new Set([...before.keys(), ...after.keys()])) {
		const day = after.get(key) ?? before.get(key);
		if (day === undefined || before.get(key)?.version === after.get(key)?.version) continue;
		changed.set(day.channel, (changed.get(day.channel) ?? new Set()).add(day.localDate));
	}
	return changed;
}

/** Dates in order as spans of days that follow each other. */
function spansOf(dates: readonly LocalDate[]): DatePeriod[] {
	const spans: DatePeriod[] = [];
	for (const date of dates) {
		const last = spans.at(-1);
		if (last?.end === date) spans[spans.length - 1] = { start: last.start, end: addDays(date, 1) };
		else spans.push({ start: date, end: addDays(date, 1) });
	}
	return spans;
}
