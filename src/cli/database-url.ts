import { defineCommand } from './operator-command.ts';

/** For psql and pg_dump while the portal runs on the embedded server. */
export const command = defineCommand({
	name: 'database-url',
	describe: 'shows the address of the database, with its password, for psql and pg_dump',
	run: (app) => Promise.resolve({ url: app.env.DATABASE_URL ?? '' }),
	toText: ({ url }) => url
});
