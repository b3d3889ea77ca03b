import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeFailure } from './support/failure.ts';
import { projectDir } from './support/project.ts';

/*
 * npm run bench -- NAME [arguments]: runs tests/bench/NAME.bench.ts, which exports `run(args)` and prints what
 * it measures, as a ratio of two ways measured in the same run.
 */
const SUFFIX = '.bench.ts';
const benchDir = path.join(projectDir, 'tests', 'bench');
const names = existsSync(benchDir)
	? readdirSync(benchDir)
			.filter((file) => file.endsWith(SUFFIX))
			.map((file) => file.slice(0, -SUFFIX.length))
			.sort()
	: [];
const [name, ...args] = process.argv.slice(2);

if (name === undefined || !names.includes(name)) {
	process.stderr.write(`Which benchmark? npm run bench -- ${names.join(' | ') || '(there is none yet)'}\n`);
	process.exit(2);
}
try {
	const { run } = (await import(pathToFileURL(path.join(benchDir, name + SUFFIX)).href)) as {
		run: (args: string[]) => Promise<void>;
	};
	await run(args);
	process.exit();
} catch (error) {
	process.stderr.write(`${describeFailure(error)}\n`);
	console.error(error);
	process.exit(1);
}
