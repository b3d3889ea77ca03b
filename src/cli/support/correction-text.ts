import type { CorrectionCause } from '#lib/domain/billing/correction.ts';
import { addDays } from '#lib/domain/kernel/civil-time.ts';
import { scaledToDecimal } from '#lib/domain/kernel/money.ts';
import type { CorrectedBill, CorrectionSummary } from '#lib/server/billing/index.ts';

/** What became of a correction, for a terminal. */
export function correctionText({ accountNo, outcome, rated, bills }: CorrectionSummary): string {
	return [`${accountNo}: ${outcomeText(outcome, rated, bills.length)}`, ...bills.map(billText)].join('\n');
}

function outcomeText(outcome: CorrectionSummary['outcome'], rated: number, count: number): string {
	switch (outcome) {
		case 'issued':
			return `${count} of ${rated} bills were corrected`;
		case 'drafted':
			return `${count} of ${rated} bills have a draft of their correction; bill-issue issues them`;
		case 'agrees':
			return `${rated} bills agree, nothing was written`;
		case 'unchanged':
			return count === 0 ? 'there are no drafts' : `${count} drafts are there already`;
	}
}

function billText({ billNo, corrects, currency, beforeMinor, afterMinor, causes }: CorrectedBill): string {
	const [before, after, difference] = [beforeMinor, afterMinor, afterMinor - beforeMinor].map((minor) =>
		scaledToDecimal(minor, 2, 2)
	);
	const head = `  ${billNo} for ${corrects}: ${after} instead of ${before}, difference ${difference} ${currency}`;
	return [head, ...causes.map((cause) => `    ${causeText(cause)}`)].join('\n');
}

function causeText(cause: CorrectionCause): string {
	switch (cause.kind) {
		case 'readings': {
			const spans = cause.spans.map(({ start, end }) => {
				const last = addDays(end, -1);
				return last === start ? start : `${start} to ${last}`;
			});
			return `readings, ${cause.channels.join(', ')}: ${spans.join(', ')}`;
		}
		case 'carried':
			return `use carried in: ${cause.toWh ?? 'unknown'} Wh instead of ${cause.fromWh ?? 'unknown'} Wh`;
		default:
			return cause.kind;
	}
}
