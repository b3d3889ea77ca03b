import { auditBills, type BillAudit } from '#lib/server/billing/index.ts';
import { defineCommand } from './operator-command.ts';
import { UsageError } from './support/failure.ts';

const USUAL_SAMPLE = 200;
const LARGEST_SAMPLE = 100_000;

export const command = defineCommand<BillAudit, { readonly sample: string }>({
	name: 'bill-audit',
	describe: 'rates a random sample of issued bills again from what was frozen with them',
	configure(command) {
		command.option('--sample <number>', 'how many bills', String(USUAL_SAMPLE));
	},
	async run(app, { options, progress, signal }) {
		const size = Number(options.sample);
		if (!Number.isInteger(size) || size < 1 || size > LARGEST_SAMPLE) {
			throw new UsageError(
				`--sample ${options.sample}: a whole number from 1 to ${LARGEST_SAMPLE} is wanted`
			);
		}
		return auditBills(app, size, {
			onProgress: (done, total) => progress.update('Rating bills again', done, total),
			signal
		});
	},
	toText: ({ checked, differing }) =>
		[
			`${checked} bills were rated again, ${differing.length} differ`,
			...differing.map(({ billNo, inputsIntact, agrees, failure }) =>
				failure === null
					? `${billNo}: ${agrees ? 'agrees' : 'DIFFERS'}, ${inputsIntact ? 'inputs intact' : 'INPUTS CHANGED'}`
					: `${billNo}: CANNOT BE RATED, ${failure}`
			)
		].join('\n'),
	isOk: ({ differing }) => differing.length === 0
});
