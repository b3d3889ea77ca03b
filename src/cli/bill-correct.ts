import { Option } from 'commander';
import { CORRECTION_REASONS, type CorrectionReason } from '#lib/domain/billing/bill-state.ts';
import { addDays } from '#lib/domain/kernel/civil-time.ts';
import {
	correctBills,
	findBillsOfOtherReadings,
	type BillOfOtherReadings,
	type CorrectionSummary
} from '#lib/server/billing/index.ts';
import { defineCommand } from './operator-command.ts';
import { correctionText } from './support/correction-text.ts';
import { UsageError } from './support/failure.ts';
import { parseMonth } from './support/month.ts';

interface BillCorrectOptions {
	readonly find?: boolean;
	readonly account?: string;
	readonly from?: string;
	readonly facts: 'frozen' | 'current';
	readonly draft?: boolean;
	readonly reason: CorrectionReason;
	readonly remark?: string;
}

type Answer = CorrectionSummary | { readonly candidates: readonly BillOfOtherReadings[] };

export const command = defineCommand<Answer, BillCorrectOptions>({
	name: 'bill-correct',
	describe: 'corrects the bills of an account by the readings and tariffs of today; or finds candidates',
	configure(command) {
		command
			.option('--find', 'only list valid bills whose readings are others now than were billed')
			.option('--account <number>', 'account number (户号)')
			.option('--from <YYYY-MM>', 'rate the bill of this month and those after it anew')
			.option('--draft', 'store the corrections as drafts, which customers do not see')
			.addOption(
				new Option('--facts <which>', "the account's facts as frozen with each bill, or as they are today")
					.choices(['frozen', 'current'])
					.default('frozen')
			)
			.addOption(
				new Option('--reason <code>', 'for the record')
					.choices([...CORRECTION_REASONS])
					.default('late_readings')
			)
			.option('--remark <text>', 'for the record')
			.addHelpText(
				'after',
				'\nAll corrections of an account are made, or none. Bills that come out as they were stay, so the command\ncan be repeated. A bill that --find lists may agree all the same.'
			);
	},
	async run(app, { options, progress }) {
		if (options.find === true) {
			if (options.account !== undefined || options.from !== undefined) {
				throw new UsageError('--find looks at all accounts: give it without --account and --from');
			}
			const candidates = await findBillsOfOtherReadings(app, (done, total) =>
				progress.update('Comparing readings, accounts', done, total)
			);
			return { candidates };
		}
		const { account: accountNo, from, facts, draft, reason, remark } = options;
		if (accountNo === undefined) throw new UsageError('--account is missing');
		if (from === undefined) throw new UsageError('--from is missing');
		return correctBills(app, {
			accountNo,
			from: parseMonth(from),
			facts,
			asDraft: draft === true,
			reason,
			remark: remark ?? null
		});
	},
	toText(answer) {
		if (!('candidates' in answer)) return correctionText(answer);
		const { candidates } = answer;
		return [
			`${candidates.length} bills rest on other readings than there are now`,
			...candidates.map(
				({ accountNo, billNo, period }) =>
					`  ${accountNo}  ${billNo}  ${period.start} to ${addDays(period.end, -1)}`
			)
		].join('\n');
	}
});
