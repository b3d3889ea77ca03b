import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectDir } from '../../support/app.ts';

/** A built application that does nothing, on the same versions of everything. */
export interface EmptyApp {
	readonly origin: string;
	stop(): Promise<void>;
}

const FILES: Readonly<Record<string, string>> = {
	'package.json': '{ "type": "module", "private": true }',
	'svelte.config.js': [
		"import adapter from '@sveltejs/adapter-node';",
		"export default { kit: { adapter: adapter({ out: 'build' }) } };"
	].join('\n'),
	'vite.config.js': [
		"import { sveltekit } from '@sveltejs/kit/vite';",
		"import { defineConfig } from 'vite';",
		'export default defineConfig({ plugins: [sveltekit()] });'
	].join('\n'),
	'src/app.html':
		'<!doctype html><html lang="en"><head>%sveltekit.head%</head><body><div>%sveltekit.body%</div></body></html>',
	'src/routes/+page.svelte': '<h1>Empty</h1>'
};

/** Builds the empty application in a folder of its own and serves it until it is stopped. */
export async function startEmptyApp(port: number): Promise<EmptyApp> {
	const dir = mkdtempSync(path.join(tmpdir(), 'meterside-empty-'));
	for (const [file, text] of Object.entries(FILES)) {
		mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
		writeFileSync(path.join(dir, file), `${text}\n`);
	}
	symlinkSync(path.join(projectDir, 'node_modules'), path.join(dir, 'node_modules'));
	const vite = path.join(projectDir, 'node_modules', 'vite', 'bin', 'vite.js');
	await run(dir, [vite, 'build']);
	const origin = `http://localhost:${port}`;
	const server = spawn(process.execPath, ['build/index.js'], {
		cwd: dir,
		env: { PATH: process.env['PATH'], HOST: 'localhost', PORT: String(port), ORIGIN: origin },
		stdio: ['ignore', 'pipe', 'inherit']
	});
	const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
	await new Promise<void>((resolve, reject) => {
		server.stdout.once('data', () => resolve());
		server.once('error', reject);
		void ended.then(() => reject(new Error('The empty application did not start')));
	});
	return {
		origin,
		async stop() {
			server.kill('SIGKILL');
			await ended;
			rmSync(dir, { recursive: true, force: true });
		}
	};
}

function run(cwd: string, args: string[]): Promise<void> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, args, {
			cwd,
			env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
			stdio: ['ignore', 'pipe', 'pipe']
		});
		let output = '';
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
		}
		child.once('error', reject);
		child.once('close', (code) =>
			code === 0 ? resolve() : reject(new Error(`The empty application was not built:\n${output}`))
		);
	});
}
