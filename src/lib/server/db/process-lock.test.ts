import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acquireLock, LockedError, lockHolderOf } from './process-lock.ts';

describe('a lock', () => {
	let dir: string;
	let lock: string;
	beforeEach(() => {
		dir = mkdtempSync(path.join(tmpdir(), 'lock-'));
		lock = path.join(dir, 'the.lock');
	});
	afterEach(() => rmSync(dir, { recursive: true }));

	test('is held by one, who is named to the second', () => {
		acquireLock(lock, 'start');
		expect(() => acquireLock(lock, 'import')).toThrow(LockedError);
		expect(() => acquireLock(lock, 'import')).toThrow(`in use by process ${process.pid} (start)`);
		expect(lockHolderOf(lock)).toMatchObject({ pid: process.pid, name: 'start' });
	});

	test('is free again after it was given back, and leaves no file', () => {
		acquireLock(lock, 'start')();
		expect(lockHolderOf(lock)).toBeUndefined();
		acquireLock(lock, 'import')();
		expect(readdirSync(dir)).toEqual([]);
	});

	test('of a dead process is taken over', () => {
		const { pid } = spawnSync('true');
		writeFileSync(lock, JSON.stringify({ pid, name: 'start', startToken: 'long ago' }));
		expect(lockHolderOf(lock)).toBeUndefined();
		acquireLock(lock, 'start');
		expect(lockHolderOf(lock)).toMatchObject({ pid: process.pid });
	});

	test('of a dead process whose number another one has now is taken over', () => {
		writeFileSync(
			lock,
			JSON.stringify({ pid: process.pid, name: 'start', startToken: 'before the restart' })
		);
		acquireLock(lock, 'start');
		expect(lockHolderOf(lock)?.startToken).not.toBe('before the restart');
	});

	test('whose file was cut short by a full disk is taken over', () => {
		writeFileSync(lock, '{"pid":');
		acquireLock(lock, 'start')();
		expect(existsSync(lock)).toBe(false);
	});
});
