import { createServer } from 'vite';
import { claimEmbedded, connect, migrate, readSettings } from './support/database.ts';
import { describeIdentities, loadDemoInto } from './support/demo.ts';
import { describeFailure } from './support/failure.ts';
import { createLifecycle } from './support/lifecycle.ts';
import { createProgress } from './support/progress.ts';
import { projectDir } from './support/project.ts';

const life = createLifecycle();
const progress = createProgress();

try {
	const settings = readSettings();
	const claim = claimEmbedded(settings, 'dev', { life, progress });
	const connected = await connect(settings, claim, { life, progress });
	await migrate(connected.databaseUrl, progress);
	const demo = settings.env.DEMO ? await loadDemoInto(connected, progress) : undefined;

	const server = await createServer({
		root: projectDir,
		server: { host: settings.env.HOST, port: settings.env.PORT, strictPort: true }
	});
	life.onStop(() => server.close());
	await server.listen();
	server.printUrls();
	if (demo !== undefined) process.stdout.write(`${describeIdentities(demo).join('\n')}\n`);
} catch (error) {
	progress.abandon();
	if (!life.signal.aborted) process.stderr.write(`${describeFailure(error)}\n`);
	if (process.env['LOG_LEVEL'] === 'debug') console.error(error);
	await life.stop(1);
}
