import { checkHealth } from '#lib/server/health.ts';
import { defineCommand } from './operator-command.ts';

export const command = defineCommand({
	name: 'health',
	describe: 'checks the database and its migrations; exit code 1 when something is wrong',
	run: (app) => checkHealth(app.pool),
	isOk: ({ status }) => status === 'ok'
});
