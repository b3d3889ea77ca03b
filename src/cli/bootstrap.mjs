/*
 * Entry point of every npm script. Plain JavaScript without dependencies, because it runs before anything is
 * installed and on the machine's own Node (20 or later): it installs what is missing, builds what changed and
 * then hands over to the program proper on the pinned Node, which runs TypeScript directly.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE_MAJOR = 20;
const PARENT_CHECK_INTERVAL_MS = 1_000;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const pinnedNode = path.join(root, 'node_modules', '.bin', 'node');
/** Commands that are programs of their own; every other name is an operator command. */
const programs = new Set(['start', 'dev', 'test', 'bench']);
const parentPid = process.ppid;

/** @type {import('node:child_process').ChildProcess | undefined} */
let child;
/** @type {NodeJS.Signals | undefined} */
let stoppedBy;

try {
	await main(process.argv.slice(2));
} catch (error) {
	fail(error instanceof Error ? error.message : String(error));
}

/** @param {string[]} args */
async function main(args) {
	const major = Number(process.versions.node.split('.')[0]);
	if (major < OLDEST_NODE_MAJOR) {
		throw new Error(`Node ${OLDEST_NODE_MAJOR} or later is needed to start; this is ${process.version}`);
	}
	for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
		process.on(signal, () => stop(signal));
	}
	watchParent();

	const [command = '--help', ...rest] = args;
	await installPackages();
	if (command === 'start' || command === 'build') await buildPortal();
	else await compileMessages();
	if (command === 'build') return;
	const program = programs.has(command)
		? [`src/cli/${command}.ts`, ...rest]
		: ['src/cli/meterside.ts', ...args];
	const { code, signal } = await run(pinnedNode, program, {
		env: {
			METERSIDE_PARENT_PID: String(process.pid),
			// Halves the time until the program proper runs; where it cannot be written, Node does without.
			NODE_COMPILE_CACHE: path.join(root, 'node_modules', '.cache', 'meterside')
		},
		cwd: root
	});
	exitLike(code, signal);
}

/**
 * npm may be killed without passing the signal on. It is this process's parent, as package.json's scripts say
 * `exec`. Only npm is watched: a shell that started a command in the background may well end before it.
 */
function watchParent() {
	if (process.env['npm_lifecycle_event'] === undefined) return;
	setInterval(() => {
		if (process.ppid !== parentPid) stop('SIGTERM');
	}, PARENT_CHECK_INTERVAL_MS).unref();
}

/** @param {NodeJS.Signals} signal */
function stop(signal) {
	stoppedBy ??= signal;
	if (child === undefined) exitLike(null, signal);
	else child.kill(signal);
}

/**
 * @param {string} file
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, cwd: string, onLine?: (line: string) => void }} options
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
 */
function run(file, args, options) {
	return new Promise((resolve, reject) => {
		const running = spawn(file, args, {
			cwd: options.cwd,
			env: { ...process.env, ...options.env },
			stdio: options.onLine === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe']
		});
		child = running;
		for (const stream of [running.stdout, running.stderr]) {
			let rest = '';
			stream?.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
				const lines = (rest + chunk).split(/[\r\n]+/);
				rest = lines.pop() ?? '';
				lines.forEach((line) => options.onLine?.(line));
			});
		}
		running.once('error', reject);
		running.once('close', (code, signal) => {
			child = undefined;
			// A tool that was stopped half-way must not be taken for one that has failed, or the next step run.
			if (stoppedBy !== undefined && options.onLine !== undefined) exitLike(null, stoppedBy);
			resolve({ code, signal });
		});
	});
}

/** Installs when what lies in node_modules is not what package-lock.json asks for. */
async function installPackages() {
	const reason = whyInstall();
	if (reason === undefined) return;
	const count = Object.keys(readLock(path.join(root, 'package-lock.json'))).length - 1;
	say(`Installing ${count} packages (npm ci: ${reason}) ...`);
	const npm = process.env['npm_execpath'];
	// NODE_ENV=production would leave out what the build needs.
	const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
	const { code, signal } = npm?.endsWith('.js')
		? await run(process.execPath, [npm, ...args], { cwd: root })
		: await run('npm', args, { cwd: root });
	if (stoppedBy !== undefined) exitLike(code, stoppedBy);
	if (code !== 0 || signal !== null) {
		throw new Error('npm ci has failed (see above); nothing was started');
	}
	const stillMissing = whyInstall();
	if (stillMissing !== undefined) throw new Error(`npm ci has ended, but ${stillMissing}`);
}

/**
 * npm writes node_modules/.package-lock.json as its last step, so it tells what was installed completely,
 * whether by us or by a developer's `npm install`.
 * @returns {string | undefined}
 */
function whyInstall() {
	const installedPath = path.join(root, 'node_modules', '.package-lock.json');
	if (!existsSync(installedPath)) return 'nothing is installed yet';
	const wanted = readLock(path.join(root, 'package-lock.json'));
	const installed = readLock(installedPath);
	for (const [name, entry] of Object.entries(wanted)) {
		if (name === '') continue;
		const present = installed[name];
		// Packages for other platforms are optional and rightly absent.
		if (present === undefined && entry.optional) continue;
		if (present?.version !== entry.version || present?.integrity !== entry.integrity) {
			return `${name.replace(/^.*node_modules\//, '')} ${entry.version} is wanted`;
		}
	}
	return existsSync(pinnedNode) ? undefined : 'the pinned Node is missing';
}

/** What the message files become is generated; in a fresh clone it is not there. Vite keeps it up to date. */
async function compileMessages() {
	if (existsSync(path.join(root, 'src/lib/i18n/paraglide/messages.js'))) return;
	const { code } = await run(pinnedNode, ['src/cli/support/compile-messages.ts'], { cwd: root, onLine() {} });
	if (code !== 0) throw new Error('The message files cannot be compiled; run npm test to see why');
}

/** Builds when the sources differ from those of the last complete build. */
async function buildPortal() {
	const stampPath = path.join(root, 'build', '.sources');
	const sources = hashOfSources();
	if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === sources) return;
	rmSync(stampPath, { force: true });
	const startedAt = Date.now();
	/** @type {string[]} */
	const output = [];
	say('Building the portal ...');
	const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
	const { code } = await run(pinnedNode, [vite, 'build'], {
		cwd: root,
		env: { NODE_ENV: 'production', NO_COLOR: '1' },
		onLine(line) {
			output.push(line);
			const modules = /✓ (\d+) modules? transformed/.exec(line)?.[1];
			if (modules !== undefined) say(`Building the portal: ${modules} modules transformed ...`);
		}
	});
	if (code !== 0) {
		process.stderr.write(`${output.join('\n')}\n`);
		throw new Error('The build has failed (see above); nothing was started');
	}
	mkdirSync(path.dirname(stampPath), { recursive: true });
	writeFileSync(stampPath, sources);
	say(`Built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

/** Hash over everything that goes into the build: not the tests, the commands or what the build generates. */
function hashOfSources() {
	const hash = createHash('sha256');
	const left = [
		'drizzle/migrations/meta/_journal.json',
		'package-lock.json',
		'package.json',
		'src',
		'src/lib/i18n/project.inlang/settings.json',
		'static',
		'svelte.config.js',
		'tsconfig.json',
		'vite.config.ts'
	];
	// Beside the settings of the messages, their compiler leaves files of its own.
	const skipped = new Set(['src/cli', 'src/lib/i18n/paraglide', 'src/lib/i18n/project.inlang']);
	while (left.length > 0) {
		const relative = /** @type {string} */ (left.shift());
		const absolute = path.join(root, relative);
		if (skipped.has(relative) || relative.endsWith('.test.ts') || !existsSync(absolute)) continue;
		const entries = childrenOf(absolute);
		if (entries !== undefined) {
			left.push(...entries.sort().map((name) => `${relative}/${name}`));
			continue;
		}
		const content = readFileSync(absolute);
		hash.update(`${relative}\0${content.length}\0`).update(content);
	}
	return hash.digest('hex');
}

/**
 * @param {string} absolute
 * @returns {string[] | undefined} undefined for a file
 */
function childrenOf(absolute) {
	try {
		return readdirSync(absolute);
	} catch (error) {
		if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOTDIR') return undefined;
		throw error;
	}
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
function readLock(file) {
	try {
		/** @type {unknown} */
		const lock = JSON.parse(readFileSync(file, 'utf8'));
		return /** @type {{ packages: Record<string, LockedPackage> }} */ (lock).packages;
	} catch (error) {
		throw new Error(`${path.relative(root, file)} cannot be read: ${/** @type {Error} */ (error).message}`, {
			cause: error
		});
	}
}

/** Progress goes to standard error: an operator command's answer on standard output stays clean. */
function say(/** @type {string} */ line) {
	process.stderr.write(`${line}\n`);
}

/**
 * @param {string} line
 * @returns {never}
 */
function fail(line) {
	say(line);
	process.exit(1);
}

/**
 * Ends as the child has ended, so that callers see the truth.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 * @returns {never}
 */
function exitLike(code, signal) {
	process.exit(code ?? 128 + (signal === null ? 1 : (constants.signals[signal] ?? 0)));
}
