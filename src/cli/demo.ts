import { loadDemo, type DemoResult } from '#lib/server/demo/index.ts';
import { defineCommand } from './operator-command.ts';
import { describeDemo } from './support/demo.ts';
import { OperatorError } from './support/failure.ts';

export const command = defineCommand<DemoResult>({
	name: 'demo',
	describe: 'loads the demo, or brings it up to date; lists its identities and the bills it could not issue',
	async run(app, { progress }) {
		if (!app.env.DEMO) throw new OperatorError('This portal is no demo (DEMO=0); no demo data are loaded');
		return loadDemo(app, {
			onProgress: ({ label, done, total }) => progress.update(label, done, total)
		});
	},
	toText: describeDemo
});
