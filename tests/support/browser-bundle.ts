import path from 'node:path';
import { build } from 'vite';
import { projectDir } from './app.ts';

/**
 * A module and all that it imports, built for browsers with the product's bundler and its defaults.
 * @param entry path in the project
 * @returns a classic script that leaves the module's exports in a global variable of that name
 */
export async function bundleForBrowser(entry: string, name: string): Promise<string> {
	const built = await build({
		root: projectDir,
		configFile: false,
		publicDir: false,
		logLevel: 'warn',
		build: { write: false, lib: { entry: path.join(projectDir, entry), name, formats: ['iife'] } }
	});
	for (const result of [built].flat()) {
		const [chunk] = 'output' in result ? result.output : [];
		if (chunk !== undefined) return chunk.code;
	}
	throw new Error(`${entry} has no bundle`);
}
