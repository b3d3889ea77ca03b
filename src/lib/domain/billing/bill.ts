import type { Account } from '#lib/domain/identity/account.ts';
import type { DatePeriod, LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { Currency } from '#lib/domain/kernel/money.ts';
import type { RatingWarning } from '#lib/domain/rating/notices.ts';
import type { RatedLine, RatingFigures } from '#lib/domain/rating/types.ts';
import type { LocalizedText, TariffSource, TimePeriod } from '#lib/domain/tariffs/tariff.ts';
import type { BillState } from './bill-state.ts';
import type { CorrectionCause, LineDifference } from './correction.ts';

/** The facts of the account as they were when the bill was issued. */
export type BillAccountFacts = Pick<
	Account,
	| 'accountNo'
	| 'customerKind'
	| 'supplyArea'
	| 'timeZone'
	| 'voltage'
	| 'contractedCapacityVa'
	| 'demandBasis'
	| 'contractDemandW'
	| 'powerFactorStandard'
	| 'address'
> & { readonly holderName: string };

/** A tariff edition that the bill rests on. */
export interface BillTariff {
	readonly code: string;
	readonly edition: string;
	readonly name: LocalizedText;
	/** Days of the bill under this edition. */
	readonly period: DatePeriod;
	readonly source: TariffSource;
	/** Source of the power-factor rule where it is another document. */
	readonly powerFactorSource: TariffSource | null;
	/** Must be shown with the bill. */
	readonly notes: LocalizedText | null;
}

export interface BillLine extends RatedLine {
	/** 1, 2 … in printed order. */
	readonly lineNo: number;
}

/** One row of the bill list and one bar of its chart. */
export interface BillSummary {
	readonly id: number;
	readonly billNo: string;
	readonly state: BillState;
	/** The bill that this one takes the place of; null for the first one of a period. */
	readonly correctsBillId: number | null;
	readonly period: DatePeriod;
	readonly dueOn: LocalDate;
	readonly currency: Currency;
	readonly totalMinor: bigint;
	readonly energyWh: number;
	/** Whether intervals were missing or estimated. */
	readonly restsOnIncompleteData: boolean;
}

export type BillReference = Pick<BillSummary, 'id' | 'billNo'>;

/** What a correction bill has made of the bill that it corrects. */
export interface BillCorrection {
	readonly corrected: BillReference;
	readonly beforeMinor: bigint;
	/** This bill's total less the corrected one's: to be paid besides, or to come back where it is negative. */
	readonly differenceMinor: bigint;
	/** All lines of the two bills; their differences sum to `differenceMinor`. */
	readonly lines: readonly LineDifference[];
	readonly causes: readonly CorrectionCause[];
}

/** A whole bill as pages, prints and PDF show it. */
export interface BillDocument extends BillSummary {
	readonly account: BillAccountFacts;
	/** ISO instant. */
	readonly issuedAt: string;
	readonly days: number;
	/** Total over energy, E8 currency units per kWh; null without energy. */
	readonly averagePriceE8: bigint | null;
	/** In the order in which State Grid bills print them. Their amounts sum to `totalMinor`. */
	readonly lines: readonly BillLine[];
	/** Energy per period, readings, demand box, power-factor box, tier progress. */
	readonly figures: RatingFigures;
	readonly warnings: readonly RatingWarning[];
	readonly tariffs: readonly BillTariff[];
	/** The bill of the period that ends where this one starts. */
	readonly previous: BillSummary | null;
	/** Why the total differs from the previous bill; null without one. */
	readonly change: BillChange | null;
	/** Null where the bill corrects no other. */
	readonly correction: BillCorrection | null;
	/** The valid bill of the period where this one is not valid any more; null also where there is none. */
	readonly validBill: BillReference | null;
}

/** What is stored with an issued bill beside its columns and lines. */
export type BillContent = Pick<BillDocument, 'account' | 'days' | 'figures' | 'warnings' | 'tariffs'>;

/**
 * One cause of a difference. The effects of all causes sum to the difference, to the fen. `reference` is the
 * line of the bill whose intervals show it.
 */
export type BillChangeCause = { readonly effectMinor: bigint; readonly reference: string | null } & (
	| { readonly kind: 'days'; readonly from: number; readonly to: number }
	/** Measured energy per day, Wh rounded half up. */
	| { readonly kind: 'volume'; readonly fromWhPerDay: number; readonly toWhPerDay: number }
	/** Estimated energy. */
	| { readonly kind: 'estimates'; readonly fromWh: number; readonly toWh: number }
	/** Energy of corrected readings. */
	| { readonly kind: 'corrections'; readonly fromWh: number; readonly toWh: number }
	/** The period whose share of the energy changed most. */
	| {
			readonly kind: 'mix';
			readonly timePeriod: TimePeriod;
			readonly fromShare: number;
			readonly toShare: number;
	  }
	| { readonly kind: 'tier'; readonly fromTier: number; readonly toTier: number }
	| { readonly kind: 'demand'; readonly fromW: number; readonly toW: number }
	| {
			readonly kind: 'power_factor';
			readonly fromHundredths: number | null;
			readonly toHundredths: number | null;
	  }
	/** Energy fed in. */
	| { readonly kind: 'export'; readonly fromWh: number; readonly toWh: number }
	/** Editions, seasons, facts of the account; the mix too, where the periods are others. */
	| { readonly kind: 'price'; readonly includesMix: boolean }
	/** How the use fell on days with different prices inside the bills, which their quantities do not tell. */
	| { readonly kind: 'spread' }
	/** The bills cannot be compared piece by piece. */
	| { readonly kind: 'other' }
);

export interface BillChange {
	readonly differenceMinor: bigint;
	/** Largest effect first; causes without effect are left out. */
	readonly causes: readonly BillChangeCause[];
}
