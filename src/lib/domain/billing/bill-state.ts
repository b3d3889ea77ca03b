/**
 * A draft is rated and stored but nobody's bill yet. An issued bill is the valid one of its period; it is replaced
 * (corrected) or taken back (cancelled), never changed.
 */
export const BILL_STATES = ['draft', 'issued', 'corrected', 'cancelled'] as const;
export type BillState = (typeof BILL_STATES)[number];

/** The database holds the same table: the trigger `bill_keeps_its_content`. */
const NEXT_STATES: Readonly<Record<BillState, readonly BillState[]>> = {
	draft: ['issued', 'cancelled'],
	issued: ['corrected', 'cancelled'],
	corrected: [],
	cancelled: []
};

export function canBecome(from: BillState, to: BillState): boolean {
	return NEXT_STATES[from].includes(to);
}

/** Why an operator has bills corrected. What has changed of their input is found by itself, and shown. */
export const CORRECTION_REASONS = ['late_readings', 'tariff_error', 'facts_error', 'other'] as const;
export type CorrectionReason = (typeof CORRECTION_REASONS)[number];

export const CANCELLATION_REASONS = ['issued_in_error', 'not_wanted', 'other'] as const;
export type CancellationReason = (typeof CANCELLATION_REASONS)[number];

/** `outdated`: a draft that gave way to a newer one. */
export type BillEventReason = CorrectionReason | CancellationReason | 'outdated';
