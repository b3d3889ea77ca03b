import { spawnSync } from 'node:child_process';
import { projectDir } from '../../support/app.ts';

/** The build that the starts serve, made as `npm start` makes it, so that no start has to. */
export default function setup(): void {
	const { status } = spawnSync(process.execPath, ['src/cli/bootstrap.mjs', 'build'], {
		cwd: projectDir,
		stdio: 'inherit'
	});
	if (status !== 0) throw new Error('The portal cannot be built; nothing can be started');
}
