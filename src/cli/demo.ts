import { loadDemo } from '#lib/server/demo/index.ts';
import { defineCommand } from './operator-command.ts';
import { OperatorError } from './support/failure.ts';

export const command = defineCommand({
	name: 'demo',
	describe: 'loads the demo, or brings it up to date, and lists its identities',
	async run(app, { progress }) {
		if (!app.env.DEMO) throw new OperatorError('This portal is no demo (DEMO=0); no demo data are loaded');
		const { identities } = await loadDemo(app, {
			onProgress: ({ label, done, total }) => progress.update(label, done, total)
		});
		return identities;
	}
});
