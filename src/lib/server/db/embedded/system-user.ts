import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { EmbeddedServerError } from './failure.ts';
import { OWNER } from './settings.ts';

const SYSTEM_USERS = ['meterside', 'postgres'];

/** Whom a program runs as. */
export interface SystemUser {
	readonly uid: number;
	readonly gid: number;
}

/** @throws EmbeddedServerError where there is none and none can be made */
export function systemUser(): SystemUser {
	for (const name of SYSTEM_USERS) {
		const user = lookUpUser(name);
		if (user !== undefined) return user;
	}
	const created = spawnSync(
		'useradd',
		[
			'--system',
			'--user-group',
			'--no-create-home',
			'--home-dir',
			'/nonexistent',
			'--shell',
			'/bin/false',
			OWNER
		],
		{ encoding: 'utf8' }
	);
	const user = lookUpUser(OWNER);
	if (user === undefined) {
		const reason = created.error?.message ?? created.stderr.trim();
		throw new EmbeddedServerError(
			`PostgreSQL does not run as root, and a system user for it cannot be created (${reason}); ` +
				'start as a normal user, or set DATABASE_URL'
		);
	}
	return user;
}

function lookUpUser(name: string): SystemUser | undefined {
	const [uid, gid] = ['-u', '-g'].map((option) => {
		const { status, stdout } = spawnSync('id', [option, name], { encoding: 'utf8' });
		return status === 0 ? Number(stdout) : undefined;
	});
	return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/** @returns undefined where there is no such folder */
export function ownerOf(dir: string): SystemUser | undefined {
	try {
		const { uid, gid } = statSync(dir);
		return { uid, gid };
	} catch {
		return undefined;
	}
}

/** Whether the user may pass through the folder and all that lead to it. */
export function canEnter(user: SystemUser, dir: string): boolean {
	for (let at = path.resolve(dir); ; at = path.dirname(at)) {
		const stats = statSync(at, { throwIfNoEntry: false });
		if (stats !== undefined) {
			const bit = stats.uid === user.uid ? 0o100 : stats.gid === user.gid ? 0o010 : 0o001;
			if ((stats.mode & bit) === 0) return false;
		}
		if (at === path.dirname(at)) return true;
	}
}

/** Own process group, so that Ctrl-C in the terminal reaches the portal, which then stops the server in order. */
export function spawnOptions(user: SystemUser | undefined) {
	return {
		...(user ?? {}),
		detached: true,
		// The project's folder may be closed to the server's user.
		cwd: '/',
		env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
	};
}
