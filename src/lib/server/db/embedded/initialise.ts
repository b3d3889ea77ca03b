import { spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Cluster } from './cluster.ts';
import { failureFrom } from './failure.ts';
import { ADMIN } from './settings.ts';
import { spawnOptions, type SystemUser } from './system-user.ts';

/** Creates the data folder aside and moves it into place when complete: a kill half-way leaves no half cluster. */
export async function initialise(
	cluster: Cluster,
	native: string,
	privateDir: string,
	adminPassword: string,
	signal: AbortSignal | undefined
): Promise<void> {
	const parent = path.dirname(cluster.dir);
	mkdirSync(parent, { recursive: true });
	const prefix = `${path.basename(cluster.dir)}.new-`;
	for (const name of readdirSync(parent)) {
		if (name.startsWith(prefix)) rmSync(path.join(parent, name), { recursive: true, force: true });
	}
	rmSync(cluster.dir, { recursive: true, force: true });
	const draft = mkdtempSync(path.join(parent, prefix));
	const passwordFile = path.join(privateDir, 'password');
	try {
		writeFileSync(passwordFile, adminPassword, { mode: 0o600 });
		if (cluster.user !== undefined) {
			for (const entry of [draft, passwordFile]) chownSync(entry, cluster.user.uid, cluster.user.gid);
		}
		const output = await runToEnd(
			path.join(native, 'bin', 'initdb'),
			[
				`--pgdata=${draft}`,
				`--username=${ADMIN}`,
				`--pwfile=${passwordFile}`,
				'--auth=scram-sha-256',
				'--encoding=UTF8',
				// The same order of text on every system.
				'--locale=C',
				'--locale-provider=builtin',
				'--builtin-locale=C.UTF-8',
				'--no-instructions'
			],
			cluster.user,
			signal
		);
		signal?.throwIfAborted();
		if (output !== undefined)
			throw failureFrom(output, 'PostgreSQL could not create its data folder', cluster.dir);
		renameSync(draft, cluster.dir);
	} catch (error) {
		rmSync(draft, { recursive: true, force: true });
		throw error;
	} finally {
		rmSync(passwordFile, { force: true });
	}
}

/** @returns undefined on success, else what the program said */
function runToEnd(
	file: string,
	args: string[],
	user: SystemUser | undefined,
	signal: AbortSignal | undefined
): Promise<string | undefined> {
	return new Promise((resolve, reject) => {
		const child = spawn(file, args, { ...spawnOptions(user), stdio: ['ignore', 'pipe', 'pipe'] });
		const killWithUs = () => child.kill('SIGTERM');
		process.once('exit', killWithUs);
		signal?.addEventListener('abort', killWithUs);
		let output = '';
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
		}
		child.once('error', reject);
		child.once('close', (code, killedBy) => {
			process.off('exit', killWithUs);
			signal?.removeEventListener('abort', killWithUs);
			resolve(code === 0 ? undefined : `${output}${killedBy === null ? '' : `\nended by ${killedBy}`}`);
		});
	});
}
