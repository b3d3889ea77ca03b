import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { canEnter } from '#lib/server/db/embedded/system-user.ts';
import { freePort, projectDir } from '../../support/app.ts';
import { killHard, processesOf, READY, startPortal, until, type StartOptions } from '../../support/portal.ts';

const IS_ROOT = process.getuid?.() === 0;
/** Has no rights beyond those of everybody, on every system. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const DATABASE_PASSWORD = 'geheim-7261';
const SERVER_PROGRESS = /( \.\.\.|: done in [\d.]+ s)$/;

const work = mkdtempSync(path.join(tmpdir(), 'meterside-refused-'));
// As root, the server runs as another user, who must be able to enter.
chmodSync(work, 0o755);
let folders = 0;

afterAll(async () => {
	killHard(work);
	await until(() => processesOf(work).length === 0, 'end of what was killed');
	rmSync(work, { recursive: true, force: true });
});

/** A data folder that is not there yet, in one that is. */
function newFolder(): string {
	const parent = path.join(work, String(++folders));
	mkdirSync(parent);
	return path.join(parent, 'data');
}

/** Starts what cannot start: it must end with 1, leave nothing running and say why in one line. @returns the line */
async function refusal(options: StartOptions): Promise<string> {
	const portal = await startPortal(options);
	expect(await portal.ended, portal.output()).toEqual({ code: 1, signal: null });
	expect(processesOf(options.dataDir)).toEqual([]);
	const lines = portal
		.output()
		.split('\n')
		.filter((line) => line !== '' && !SERVER_PROGRESS.test(line));
	expect(lines).toHaveLength(1);
	return lines[0] ?? '';
}

describe.skipIf(process.platform !== 'linux')('a start is refused in one line', () => {
	describe('for a bad setting', () => {
		it.each([
			['PORT', 'abc', 'a whole number from 1 to 65535'],
			['LOG_LEVEL', 'loud', '"warn"'],
			['DATABASE_URL', `mysql://me:${DATABASE_PASSWORD}@localhost/meterside`, 'Invalid URL']
		])('%s=%s', async (name, value, reason) => {
			const dataDir = newFolder();
			const line = await refusal({ dataDir, env: { PORT: '1', [name]: value } });
			expect(line).toContain(`Setting ${name} is not valid: `);
			expect(line).toContain(reason);
			expect(line).not.toContain(DATABASE_PASSWORD);
			expect(existsSync(dataDir)).toBe(false);
		});

		it('HOST that is no name of this machine', async () => {
			expect(await refusal({ dataDir: newFolder(), env: { HOST: 'portal.invalid' } })).toBe(
				'HOST portal.invalid is not an address of this machine'
			);
		});
	});

	it('for a busy port, before a database is made', async () => {
		const { server, port } = await listen();
		const dataDir = newFolder();
		try {
			expect(await refusal({ dataDir, env: { PORT: String(port) } })).toBe(
				`Port ${port} is in use by another program; stop that program or set PORT`
			);
			expect(existsSync(path.join(dataDir, 'postgres'))).toBe(false);
		} finally {
			server.close();
		}
	});

	describe('for a database that cannot be used, naming its host and never its password', () => {
		const refusalOf = (host: string) => {
			const databaseUrl = `postgresql://me:${DATABASE_PASSWORD}@${host}/meterside`;
			const env = { DATABASE_URL: databaseUrl, AUTH_SECRET: 'x'.repeat(32) };
			return refusal({ dataDir: newFolder(), env });
		};

		it('as nothing listens there', async () => {
			const host = `127.0.0.1:${await freePort()}`;
			expect(await refusalOf(host)).toBe(
				`The database at ${host} (DATABASE_URL) cannot be reached: nothing listens there`
			);
		});

		it('as its host has no address', async () => {
			expect(await refusalOf('database.invalid')).toBe(
				'The database at database.invalid (DATABASE_URL) cannot be reached: its host name is not known'
			);
		});

		it.each([
			['as nobody answers there', '', 'timeout expired'],
			[
				'as another program answers there',
				'HTTP/1.1 400 Bad Request\r\n\r\n',
				'Connection terminated unexpectedly'
			]
		])('%s', async (_, answer, reason) => {
			const { server, port } = await listen(answer);
			try {
				expect(await refusalOf(`127.0.0.1:${port}`)).toBe(
					`The database at 127.0.0.1:${port} (DATABASE_URL) does not answer as PostgreSQL does (${reason})`
				);
			} finally {
				server.close();
			}
		});
	});
});

describe.skipIf(process.platform !== 'linux')('a data folder that is broken', () => {
	const dataDir = newFolder();
	const postgres = path.join(dataDir, 'postgres');

	beforeAll(async () => {
		await serveOnce(dataDir);
	});

	it.each([
		[
			'written by another PostgreSQL',
			'postgres/PG_VERSION',
			'17\n',
			`The data folder ${postgres} was written by PostgreSQL 17, and this is 18; move the data with pg_dump`
		],
		[
			'with a control file of zeros',
			'postgres/global/pg_control',
			'\0'.repeat(8192),
			`PostgreSQL could not start in ${postgres}: database files are incompatible with server`
		],
		[
			'whose secrets cannot be read',
			'instance.json',
			'{ "id":',
			`${dataDir}/instance.json is broken: restore it from a backup, or move the folder ${dataDir} away to begin anew`
		],
		[
			'with the secrets of another one',
			'instance.json',
			JSON.stringify({
				id: 'another-folder',
				adminPassword: 'x'.repeat(16),
				password: 'x'.repeat(16),
				authSecret: 'x'.repeat(32)
			}),
			'The database does not accept the password kept in instance.json: the two do not belong together; restore the data folder as a whole'
		]
	])('%s', async (_, file, content, line) => {
		const damaged = path.join(dataDir, file);
		const whole = readFileSync(damaged);
		writeFileSync(damaged, content);
		try {
			expect(await refusal({ dataDir })).toBe(line);
		} finally {
			writeFileSync(damaged, whole);
		}
	});

	it('serves again when it is repaired', async () => {
		expect(await serveOnce(dataDir)).toBe(143);
	});

	it('which is a file', async () => {
		const file = newFolder();
		writeFileSync(file, '');
		expect(await refusal({ dataDir: file })).toBe(
			`${file} cannot be used: a file is in the place of a folder, or the reverse`
		);
	});

	it('which has a file in the place of the database', async () => {
		const folder = newFolder();
		mkdirSync(folder);
		writeFileSync(path.join(folder, 'postgres'), '');
		expect(await refusal({ dataDir: folder })).toBe(
			`${folder}/postgres cannot be used: a file is in the place of a folder, or the reverse`
		);
	});

	it.for([
		['closed to its user', 0o000, '/instance.json'],
		['read-only for its user', 0o555, '']
	] as const)('%s', async ([, mode, named], ctx) => {
		if (IS_ROOT && !canEnter(NOBODY, projectDir)) ctx.skip(`other users cannot enter ${projectDir}`);
		const folder = newFolder();
		mkdirSync(folder);
		chmodSync(folder, mode);
		// To root, no folder is closed.
		const user = IS_ROOT ? NOBODY : undefined;
		const line = await refusal({ dataDir: folder, user });
		// Or the folder could not be removed at the end.
		chmodSync(folder, 0o755);
		expect(line).toBe(`${folder}${named} cannot be used: permission denied`);
	});
});

describe.skipIf(process.platform !== 'linux')('a full disk', () => {
	it.for([
		['when the database is made', '8m'],
		['when it is migrated', '48m']
	] as const)('%s', async ([, size], ctx) => {
		await onSmallDisk(size, ctx, async (dataDir) => {
			expect(await refusal({ dataDir })).toMatch(
				/^The disk (that holds|of) .* is full; make room and start again/
			);
		});
	});

	it('on a later start, which serves again when there is room', async (ctx) => {
		await onSmallDisk('200m', ctx, async (dataDir) => {
			await serveOnce(dataDir);
			const rest = path.join(dataDir, '../rest');
			spawnSync('dd', ['if=/dev/zero', `of=${rest}`, 'bs=4k']);
			expect(await refusal({ dataDir })).toMatch(
				/^The disk that holds .* is full; make room and start again$/
			);
			rmSync(rest);
			await serveOnce(dataDir);
		});
	});
});

/** On a file system of its own, of the given size. Needs the right to mount one. */
async function onSmallDisk(
	size: string,
	ctx: TestContext,
	use: (dataDir: string) => Promise<void>
): Promise<void> {
	const dataDir = newFolder();
	const disk = path.dirname(dataDir);
	const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'tmpfs', disk], {
		encoding: 'utf8'
	});
	if (mounted.status !== 0) {
		ctx.skip(`no small disk can be mounted: ${mounted.error?.message ?? mounted.stderr.split('\n')[0]}`);
	}
	try {
		await use(dataDir);
	} finally {
		killHard(dataDir);
		await until(() => processesOf(dataDir).length === 0, 'end of what was killed');
		spawnSync('umount', [disk]);
	}
}

/** Starts, and stops in order. @returns the exit code */
async function serveOnce(dataDir: string): Promise<number | null> {
	const portal = await startPortal({ dataDir });
	await portal.says(READY);
	process.kill(portal.pid, 'SIGTERM');
	return (await portal.ended).code;
}

/** A program on a port of its own, which says the same to everybody, or nothing. */
function listen(answer = ''): Promise<{ server: Server; port: number }> {
	const server = createServer((socket) => {
		socket.on('error', () => undefined);
		if (answer !== '') socket.end(answer);
	});
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => resolve({ server, port: (server.address() as AddressInfo).port }));
	});
}
