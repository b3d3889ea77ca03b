import { issueDrafts, type CorrectionSummary } from '#lib/server/billing/index.ts';
import { defineCommand } from './operator-command.ts';
import { correctionText } from './support/correction-text.ts';
import { UsageError } from './support/failure.ts';

export const command = defineCommand<CorrectionSummary, { readonly account?: string }>({
	name: 'bill-issue',
	describe: "issues an account's drafts as they are; refused where they would be made otherwise today",
	configure(command) {
		command.option('--account <number>', 'account number (户号)');
	},
	async run(app, { options: { account } }) {
		if (account === undefined) throw new UsageError('--account is missing');
		return issueDrafts(app, account);
	},
	toText: correctionText
});
