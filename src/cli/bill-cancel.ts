import { Option } from 'commander';
import { CANCELLATION_REASONS, type CancellationReason } from '#lib/domain/billing/bill-state.ts';
import { cancelBill, type CancellationSummary } from '#lib/server/billing/index.ts';
import { defineCommand } from './operator-command.ts';
import { UsageError } from './support/failure.ts';

interface BillCancelOptions {
	readonly bill?: string;
	readonly reason?: CancellationReason;
	readonly remark?: string;
}

export const command = defineCommand<CancellationSummary, BillCancelOptions>({
	name: 'bill-cancel',
	describe: "cancels a draft, or an account's latest bill; bill-run can then bill its period anew",
	configure(command) {
		command
			.option('--bill <number>', 'bill number')
			.addOption(new Option('--reason <code>', 'for the record').choices([...CANCELLATION_REASONS]))
			.option('--remark <text>', 'for the record');
	},
	async run(app, { options: { bill, reason, remark } }) {
		if (bill === undefined) throw new UsageError('--bill is missing');
		if (reason === undefined) throw new UsageError('--reason is missing');
		return cancelBill(app, { billNo: bill, reason, remark: remark ?? null });
	},
	toText: ({ billNo, outcome }) =>
		outcome === 'cancelled' ? `${billNo} is cancelled` : `${billNo} was cancelled before`
});
