import path from 'node:path';
import { loadBillingTerms } from '#lib/server/billing/index.ts';
import { loadTariffs, readTariffFile, readTariffFolder } from '#lib/server/tariffs/index.ts';
import { defineCommand } from './operator-command.ts';
import { projectDir } from './support/project.ts';

export const command = defineCommand({
	name: 'tariff',
	describe:
		'publishes tariff documents (without files: those that the portal ships, and its due-date settings)',
	configure(command) {
		command.argument('[files...]', 'tariff documents (JSON)');
	},
	async run(app, { args }) {
		if (args.length > 0) return loadTariffs(app, await Promise.all(args.map(readTariffFile)));
		await loadBillingTerms(app);
		return loadTariffs(app, await readTariffFolder(path.join(projectDir, 'drizzle', 'seed', 'tariffs')));
	}
});
