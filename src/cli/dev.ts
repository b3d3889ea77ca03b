import { createServer } from 'vite';
import { claimEmbedded, connect, migrate, readSettings } from './support/database.ts';
import { describeDemo, loadDemoInto } from './support/demo.ts';
import { describeFailure } from './support/failure.ts';
import { listen } from './support/http-server.ts';
import { createLifecycle, shutDownPortal } from './support/lifecycle.ts';
import { createProgress } from './support/progress.ts';
import { projectDir } from './support/project.ts';

const life = createLifecycle();
const progress = createProgress();

try {
	const settings = readSettings();
	const claim = claimEmbedded(settings, 'dev', { life, progress });
	const server = await listen(settings.env.HOST, settings.env.PORT);
	const connected = await connect(settings, claim, { life, progress });
	await migrate(connected.databaseUrl, progress);
	const demo = settings.env.DEMO ? await loadDemoInto(connected, progress) : undefined;

	// With a server of its own, Vite would end the process on SIGTERM before the database is stopped.
	const vite = await createServer({
		root: projectDir,
		server: { middlewareMode: true, hmr: { server: server.server } }
	});
	life.onStop(shutDownPortal);
	life.onStop(() => vite.close());
	life.onStop(() => server.close());
	server.serve(vite.middlewares);

	process.stdout.write(`Meterside is running at ${connected.env.ORIGIN} (stop it with Ctrl-C)\n`);
	if (demo !== undefined) process.stdout.write(`${describeDemo(demo)}\n`);
} catch (error) {
	progress.abandon();
	if (!life.signal.aborted) {
		process.stderr.write(`${describeFailure(error)}\n`);
		if (process.env['LOG_LEVEL'] === 'debug') console.error(error);
	}
	await life.stop(1);
}
