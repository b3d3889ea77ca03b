import type { BillDocument } from '#lib/domain/billing/bill.ts';
import type { TierFigures } from '#lib/domain/rating/types.ts';
import { formatDecimal, formatUnitPrice } from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import type { Locale } from '#lib/i18n/paraglide/runtime.js';
import { exactQuantity } from './quantities.ts';

/** How far the tier cycle is, against its thresholds. */
export interface TiersView {
	/** "2026 so far". */
	readonly cycle: string;
	/** What was used, and what is left before the next tier. */
	readonly summary: string;
	readonly before: string;
	readonly rows: readonly TierRow[];
}

export interface TierRow {
	readonly tier: number;
	readonly name: string;
	readonly range: string;
	readonly surcharge: string;
	/** Energy of this bill in the tier. */
	readonly energy: string;
	/** Width of the tier in the bar, 0 … 1; the open tier takes what is left. */
	readonly width: number;
	/** Part of the tier that is used, 0 … 1; of the open tier, 0 or 1. */
	readonly used: number;
	readonly isCurrent: boolean;
}

/** Width of the last, open tier in the bar. */
const OPEN_WIDTH = 0.15;

export function tiersView(figures: TierFigures, { currency }: BillDocument, locale: Locale): TiersView {
	const { tiers, usedAfterWh, usedBeforeWh, currentTier } = figures;
	const lastThreshold = tiers.at(-1)?.fromWh ?? 0;
	const kwh = (wh: number) => exactQuantity(wh, 'kWh', locale);
	const kilo = (wh: number) => formatDecimal(wh / 1000, locale, { min: 0, max: 3 });
	const rows = tiers.map(({ tier, fromWh, toWh, surchargeE8, energyWh }): TierRow => {
		const isOpen = toWh === null;
		return {
			tier,
			name: m.billing_tiers_tier_name({ tier }, { locale }),
			range: isOpen
				? m.billing_tiers_range_open({ from: kwh(fromWh) }, { locale })
				: m.billing_tiers_range_closed({ from: kilo(fromWh), to: kwh(toWh) }, { locale }),
			surcharge:
				surchargeE8 === null
					? m.billing_tiers_surcharge_by_period({}, { locale })
					: surchargeE8 === 0n
						? m.billing_tiers_surcharge_none({}, { locale })
						: formatUnitPrice(surchargeE8, currency, 'kWh', locale),
			energy: kwh(energyWh),
			width: isOpen ? OPEN_WIDTH : ((toWh - fromWh) / lastThreshold) * (1 - OPEN_WIDTH),
			used: isOpen ? Number(usedAfterWh > fromWh) : clamp((usedAfterWh - fromWh) / (toWh - fromWh)),
			isCurrent: tier === currentTier
		};
	});
	return {
		cycle:
			figures.cycle === 'year'
				? m.billing_tiers_year({ year: figures.cycleStart.slice(0, 4) }, { locale })
				: figures.cycle === 'month'
					? m.billing_tiers_month({}, { locale })
					: m.billing_tiers_bill({}, { locale }),
		summary: summaryOf(figures, locale),
		before: m.billing_tiers_before({ used: kwh(usedBeforeWh) }, { locale }),
		rows
	};
}

function summaryOf({ tiers, usedAfterWh, currentTier }: TierFigures, locale: Locale): string {
	const used = exactQuantity(usedAfterWh, 'kWh', locale);
	const current = tiers.find(({ tier }) => tier === currentTier);
	if (current === undefined || current.toWh === null) {
		return m.billing_tiers_progress({ used, tier: currentTier }, { locale });
	}
	const left = exactQuantity(current.toWh - usedAfterWh, 'kWh', locale);
	return m.billing_tiers_progress_next({ used, left, tier: currentTier + 1 }, { locale });
}

function clamp(share: number): number {
	return Math.min(1, Math.max(0, share));
}
