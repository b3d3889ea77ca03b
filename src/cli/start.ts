import { existsSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { claimEmbedded, connect, migrate, readSettings } from './support/database.ts';
import { describeDemo, loadDemoInto } from './support/demo.ts';
import { describeFailure, OperatorError } from './support/failure.ts';
import { listen } from './support/http-server.ts';
import { createLifecycle, shutDownPortal } from './support/lifecycle.ts';
import { createProgress } from './support/progress.ts';
import { buildDir } from './support/project.ts';

const life = createLifecycle();
const progress = createProgress();

try {
	const settings = readSettings();
	const handlerPath = path.join(buildDir, 'handler.js');
	if (!existsSync(handlerPath)) throw new OperatorError('The portal is not built: run npm run build');

	const claim = claimEmbedded(settings, 'start', { life, progress });
	const server = await listen(settings.env.HOST, settings.env.PORT);
	const connected = await connect(settings, claim, { life, progress });
	await migrate(connected.databaseUrl, progress);
	const demo = settings.env.DEMO ? await loadDemoInto(connected, progress) : undefined;

	life.onStop(shutDownPortal);
	life.onStop(() => server.close());
	const { handler } = (await import(pathToFileURL(handlerPath).href)) as { handler: RequestListener };
	server.serve(handler);

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
