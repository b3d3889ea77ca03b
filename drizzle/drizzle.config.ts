import { defineConfig } from 'drizzle-kit';

export default defineConfig({
	dialect: 'postgresql',
	schema: './src/lib/server/db/schema/index.ts',
	out: './drizzle/migrations',
	// The journal's order decides what is applied; see src/lib/server/db/migrate.ts.
	migrations: { prefix: 'index' },
	strict: true
});
