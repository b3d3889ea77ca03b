import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { command } from './bill-check.ts';
import { createProgress } from './support/progress.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'meterside-bill-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
	['that is no JSON', '{', 'bill.json is no JSON'],
	['that is no bill', '{ "format": "other" }', 'bill.json: format: '],
	['without its input', '{ "format": "meterside-bill", "version": 1 }', 'bill.json: billNo: ']
])('a file %s is a wrong call: file, field and reason', async (_, content, message) => {
	const file = path.join(folder, 'bill.json');
	writeFileSync(file, content);
	const running = command.runOffline({
		args: [file],
		options: {},
		progress: createProgress(),
		signal: new AbortController().signal
	});
	await expect(running).rejects.toMatchObject({
		name: 'UsageError',
		message: expect.stringContaining(message) as unknown
	});
});
