import { migrateDatabase } from '#lib/server/db/migrate.ts';
import { defineCommand } from './operator-command.ts';
import { migrationsDir } from './support/project.ts';

/** Needed with an external database only: a start migrates by itself. */
export const command = defineCommand({
	name: 'migrate',
	describe: 'brings the database to the state that this version of the portal needs',
	anyMigration: true,
	async run(app, { progress }) {
		const { applied, expected } = await migrateDatabase(app.env.DATABASE_URL ?? '', {
			folder: migrationsDir,
			onProgress: (done, total) => progress.update('Migrating the database', done, total)
		});
		return { appliedBefore: applied, appliedNow: expected };
	}
});
