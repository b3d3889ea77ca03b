import { costShares } from '#lib/domain/advice/cost-shares.ts';
import type {
	AccountOverview,
	BillOverview,
	PlantOverview,
	TierProgress
} from '#lib/domain/advice/overview.ts';
import { firstUnbilledDay, tierProgress } from '#lib/domain/advice/tier-progress.ts';
import { todoOf } from '#lib/domain/advice/todo.ts';
import { COMPARED_DAYS, usageOverview } from '#lib/domain/advice/usage-overview.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import {
	addDays,
	daysBetween,
	localDateAt,
	monthOf,
	monthPeriod,
	Temporal,
	type LocalDate
} from '#lib/domain/kernel/civil-time.ts';
import type { DayView, RangeView } from '#lib/domain/metering/curve-view.ts';
import type { App } from '#lib/server/app.ts';
import { newestBill, type NewestBill } from '#lib/server/billing/index.ts';
import {
	accountDayTotals,
	dayView,
	latestDay,
	meterInUse,
	rangeView,
	servicePointsOf
} from '#lib/server/metering/index.ts';

/** How long a bill counts as new. */
const NEW_FOR = Temporal.Duration.from({ hours: 7 * 24 });

/**
 * One account at a glance. Every figure comes from the bill or from the load curve page's own views; nothing
 * is calculated a second way.
 */
export async function accountOverview(app: App, account: Authorized<Account>): Promise<AccountOverview> {
	const now = app.clock.now();
	const today = localDateAt(now, account.timeZone);
	const [document, last] = await Promise.all([
		newestBill(app, account),
		lastCompleteDay(app, account, today)
	]);
	const [day, weeks, tier, month] = await Promise.all([
		last && dayView(app, account, { date: last }),
		last && rangeOf(app, account, addDays(last, 1 - COMPARED_DAYS), last),
		last && document && tierOf(app, account, document, last),
		last && account.customerKind === 'industrial' && monthToDate(app, account, last)
	]);
	const known = {
		accountId: account.id,
		accountNo: account.accountNo,
		customerKind: account.customerKind,
		today,
		bill: document && billOverview(document, today, now),
		usage:
			day && weeks ? usageOverview(day, weeks.totals, weeks.days, daysBetween(day.localDate, today)) : null,
		tier,
		plant: day && month ? plantOverview(account, day, month, document) : null
	};
	return { ...known, todo: todoOf(known) };
}

/** The newest day with readings that has ended; null where there is none. */
async function lastCompleteDay(
	app: App,
	account: Authorized<Account>,
	today: LocalDate
): Promise<LocalDate | null> {
	const meter = meterInUse(await servicePointsOf(app.db, account), app.clock.now());
	if (meter === undefined) return null;
	const newest = await latestDay(app.db, account, meter.id);
	if (newest === null || newest < today) return newest;
	return addDays(today, -1);
}

/** Days `from` to `last`, both included. */
function rangeOf(
	app: App,
	account: Authorized<Account>,
	from: LocalDate,
	last: LocalDate
): Promise<RangeView> {
	return rangeView(app, account, { start: from, end: addDays(last, 1) }, { withDays: true });
}

function monthToDate(app: App, account: Authorized<Account>, last: LocalDate): Promise<RangeView> {
	const { start } = monthPeriod(monthOf(last));
	return rangeView(app, account, { start, end: addDays(last, 1) }, { withDays: false });
}

async function tierOf(
	app: App,
	account: Authorized<Account>,
	document: NewestBill,
	last: LocalDate
): Promise<TierProgress | null> {
	const { tiers } = document.figures;
	if (tiers === null) return null;
	const billed = { figures: tiers, billedUntil: document.period.end, currency: document.currency };
	const unbilledFrom = firstUnbilledDay(billed, last);
	const recentFrom = addDays(last, 1 - COMPARED_DAYS);
	const from = unbilledFrom < recentFrom ? unbilledFrom : recentFrom;
	const totals = await accountDayTotals(app, account, { start: from, end: addDays(last, 1) });
	const since = totals.filter(({ localDate }) => localDate >= unbilledFrom);
	const recent = totals.filter(({ localDate }) => localDate >= recentFrom);
	return tierProgress(billed, last, since, recent);
}

function billOverview(document: NewestBill, today: LocalDate, now: Temporal.Instant): BillOverview {
	const issuedAt = Temporal.Instant.from(document.issuedAt);
	return {
		id: document.id,
		period: document.period,
		dueOn: document.dueOn,
		daysToDue: daysBetween(today, document.dueOn),
		currency: document.currency,
		totalMinor: document.totalMinor,
		energyWh: document.energyWh,
		isNew: Temporal.Instant.compare(issuedAt.add(NEW_FOR), now) > 0,
		restsOnIncompleteData: document.restsOnIncompleteData,
		differenceMinor: document.previous === null ? null : document.totalMinor - document.previous.totalMinor
	};
}

function plantOverview(
	account: Account,
	day: DayView,
	month: RangeView,
	document: NewestBill | null
): PlantOverview {
	return {
		day: {
			maximumDemand: day.statistics.maximumDemand,
			loadFactor: day.statistics.loadFactor,
			powerFactorHundredths: day.powerFactorHundredths
		},
		month: {
			start: month.from,
			energyWh: month.statistics.energyWh,
			maximumDemand: month.statistics.maximumDemand,
			powerFactorHundredths: month.powerFactorHundredths
		},
		powerFactorStandard: account.powerFactorStandard,
		costShares: document === null ? [] : costShares(document.lines)
	};
}
