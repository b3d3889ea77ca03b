import { addMonths, localDate, localDateAt, monthOf } from '#lib/domain/kernel/civil-time.ts';
import type { App } from '#lib/server/app.ts';
import { runBills, type BillRunScope, type BillRunSummary } from '#lib/server/billing/index.ts';
import { defineCommand } from './operator-command.ts';
import { UsageError } from './support/failure.ts';
import { parseMonth } from './support/month.ts';

interface BillRunOptions {
	readonly month?: string;
	readonly through?: string;
}

/** The zone where a month ends first. The run leaves out each account whose own month is not over. */
const EARLIEST_ZONE = 'Pacific/Kiritimati';

export const command = defineCommand<BillRunSummary, BillRunOptions>({
	name: 'bill-run',
	describe: 'issues one bill per account and reading cycle; repeated, it issues nothing twice',
	configure(command) {
		command
			.option('--month <YYYY-MM>', 'only bills of periods that end in this month')
			.option('--through <YYYY-MM>', 'every complete period that ends by this month (default: last month)');
	},
	async run(app, { options, progress }) {
		const summary = await runBills(app, scopeOf(app, options), ({ done, total }) =>
			progress.update('Billing accounts', done, total)
		);
		return summary;
	},
	toText({ accounts, issued, unchanged, notDue, refused, failed }) {
		return [
			`${issued} bills issued for ${accounts} accounts; ${unchanged} were there, ${notDue} are not due yet`,
			...refused.map(
				({ accountNo, month, refusal }) => `${accountNo} ${month}: refused, ${JSON.stringify(refusal)}`
			),
			...failed.map(({ accountNo, reason }) => `${accountNo}: FAILED, ${reason}`)
		].join('\n');
	},
	isOk: ({ failed }) => failed.length === 0
});

function scopeOf(app: App, { month, through }: BillRunOptions): BillRunScope {
	if (month !== undefined && through !== undefined)
		throw new UsageError('Give --month or --through, not both');
	if (month !== undefined) return { month: parseMonth(month) };
	if (through !== undefined) return { through: parseMonth(through) };
	const thisMonth = monthOf(localDateAt(app.clock.now(), EARLIEST_ZONE));
	return { through: monthOf(addMonths(localDate(`${thisMonth}-01`), -1)) };
}
