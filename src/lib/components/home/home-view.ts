import type {
	AccountOverview,
	BillOverview,
	CostKind,
	CostShare,
	TierProgress
} from '#lib/domain/advice/overview.ts';
import { monthsText } from '#lib/i18n/billing/months.ts';
import {
	formatDate,
	formatEnergy,
	formatMoney,
	formatPercent,
	formatUnitPrice,
	moneyParts
} from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import { plantView } from './plant-view.ts';
import { todoView } from './todo-view.ts';
import { usageView } from './usage-view.ts';
import type { BillView, CostView, HomeView, Note, TierView } from './view.ts';
import { dueInWords } from './words.ts';

/** Address of a page for the account in view. */
export type Address = (path: string, search?: Readonly<Record<string, string>>) => string;

/** The account at a glance in words, in the language of the request. */
export function homeView(overview: AccountOverview, address: Address): HomeView {
	const { bill, usage, tier, plant } = overview;
	const billHref = address(bill === null ? '/bills' : `/bills/${bill.id}`);
	return {
		title: m.common_nav_home(),
		date: formatDate(overview.today, undefined, 'full'),
		bill: billView(bill, billHref),
		usage: usageView(usage, address('/usage')),
		todo: todoView(overview.todo, isPastDue(bill), address),
		tier: tier && tierView(tier),
		cost: plant && bill && costView(bill, plant.costShares, billHref),
		plant: plant && usage && plantView(plant, formatDate(usage.day.localDate))
	};
}

/** A bill of nothing, or a credit, has nothing to be paid. */
function isPastDue(bill: BillOverview | null): boolean {
	return bill !== null && bill.daysToDue < 0 && bill.totalMinor > 0n;
}

function billView(bill: BillOverview | null, href: string): BillView {
	if (bill === null) return { title: m.common_home_bill(), issued: null, notes: [m.common_home_bill_none()] };
	const date = formatDate(bill.dueOn);
	const isDue = bill.daysToDue >= 0;
	const notes = [formatEnergy(bill.energyWh)];
	if (bill.differenceMinor !== null && bill.differenceMinor !== 0n) {
		notes.push(differenceInWords(bill.differenceMinor, bill));
	}
	if (bill.restsOnIncompleteData) notes.push(m.common_home_bill_incomplete());
	return {
		title: m.common_home_bill_of({ month: monthsText(bill.period) }),
		issued: {
			href,
			badge: bill.isNew ? m.common_home_bill_new() : null,
			amount: moneyParts(bill.totalMinor, bill.currency),
			due: isDue ? m.common_home_due_on({ date }) : m.common_home_was_due_on({ date }),
			dueIn: isDue ? dueInWords(bill.daysToDue) : null
		},
		notes
	};
}

function differenceInWords(differenceMinor: bigint, { currency }: BillOverview): string {
	return differenceMinor > 0n
		? m.common_home_bill_more({ amount: formatMoney(differenceMinor, currency) })
		: m.common_home_bill_less({ amount: formatMoney(-differenceMinor, currency) });
}

const COST_LABELS: Readonly<Record<CostKind, () => string>> = {
	energy: m.common_cost_energy,
	demand: m.common_cost_demand,
	power_factor: m.common_cost_power_factor,
	fund: m.common_cost_fund,
	other: m.common_cost_other
};

/** A part too small to see still has a length. */
const SHORTEST_PART = 0.004;

function costView(bill: BillOverview, shares: readonly CostShare[], href: string): CostView | null {
	if (shares.length === 0) return null;
	return {
		title: m.common_cost({ month: monthsText(bill.period) }),
		href,
		parts: shares.map(({ kind, amountMinor, share }) => ({
			kind,
			label: COST_LABELS[kind](),
			amount: formatMoney(amountMinor, bill.currency),
			percent: share === null ? '' : formatPercent(share, undefined, 1),
			length: amountMinor > 0n ? Math.max(SHORTEST_PART, share ?? 0) : 0
		}))
	};
}

function tierView(tier: TierProgress): TierView {
	const wholeKwh = (energyWh: number) => formatEnergy(energyWh, undefined, { digits: 0 });
	return {
		title: m.common_tier_title({ year: tier.cycleStart.slice(0, 4) }),
		used: m.common_tier_used({ energy: wholeKwh(tier.usedWh), tier: tier.currentTier }),
		segments: tierSegments(tier, wholeKwh),
		notes: tierNotes(tier, wholeKwh)
	};
}

/** The last tier has no end: it is drawn as long as the one before it. */
function tierSegments(tier: TierProgress, wholeKwh: (energyWh: number) => string): TierView['segments'] {
	let fromWh = 0;
	let lengthWh = 1;
	const segments = tier.tiers.map(({ tier: number, toWh }) => {
		if (toWh !== null) lengthWh = toWh - fromWh;
		const filled = Math.min(1, Math.max(0, (tier.usedWh - fromWh) / lengthWh));
		fromWh = toWh ?? fromWh;
		return { tier: number, lengthWh, filled, end: toWh === null ? '' : wholeKwh(toWh) };
	});
	const allWh = segments.reduce((sum, segment) => sum + segment.lengthWh, 0);
	return segments.map(({ lengthWh: ofWh, ...segment }) => ({ ...segment, share: ofWh / allWh }));
}

function tierNotes({ next, cycleStart, hasMissing }: TierProgress, wholeKwh: (energyWh: number) => string) {
	const notes: Note[] = [];
	if (next === null) {
		notes.push({ text: m.common_tier_last(), tone: 'soft' });
	} else {
		const { tier } = next;
		const energy = wholeKwh(next.remainingWh);
		const pace = next.expectedOn
			? m.common_tier_expected({ tier, date: formatDate(next.expectedOn) })
			: m.common_tier_not_expected({ year: cycleStart.slice(0, 4) });
		const left =
			next.extraPriceE8 === null
				? m.common_tier_left_varied({ energy, tier })
				: m.common_tier_left({
						energy,
						tier,
						price: formatUnitPrice(next.extraPriceE8, next.currency, 'kWh')
					});
		notes.push({ text: left, tone: 'soft' });
		notes.push({ text: pace, tone: 'soft' });
	}
	if (hasMissing) notes.push({ text: m.common_tier_missing(), tone: 'warn' });
	return notes;
}
