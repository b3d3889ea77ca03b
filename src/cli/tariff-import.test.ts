import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseTariff } from '#lib/domain/tariffs/parse.ts';
import { createProgress } from './support/progress.ts';
import { command } from './tariff-import.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tariff-import-'));
const data = path.resolve(import.meta.dirname, '../../drizzle/seed/data/tariffs');
const options = { from: 'ratebook', cycle: 'bill', tiers: 'pro_rata' } as const;
const input = {
	progress: createProgress({ isTTY: false, write: () => true } as unknown as NodeJS.WriteStream),
	signal: new AbortController().signal
};
afterAll(() => rmSync(folder, { recursive: true }));

describe('tariff-import', () => {
	it('writes documents that can be published', async () => {
		const args = [
			path.join(data, 'us_ratebook/srp-e-26-tou.json'),
			path.join(data, 'us_ratebook/manifest.json')
		];
		const answer = await command.runOffline({ ...input, args, options: { ...options, out: folder } });
		expect(answer).toMatchObject({ represented: 1, refused: 0 });
		expect(command.isOk?.(answer)).toBe(true);
		const written = JSON.parse(readFileSync(answer.tariffs[0]?.document ?? '', 'utf8')) as unknown;
		expect(parseTariff(written)).toMatchObject({ currency: 'USD', validFrom: '2026-05-01' });
	});

	it('names what it refuses, and why', async () => {
		const file = path.join(folder, 'other.json');
		writeFileSync(file, '{"version": "20251001", "definitions": {}, "plans": 3}');
		const answer = await command.runOffline({
			...input,
			args: [file],
			options: { ...options, from: 'taipower' }
		});
		expect(command.isOk?.(answer)).toBe(false);
		expect(answer.tariffs).toMatchObject([
			{
				file: 'other.json',
				status: 'refused',
				path: 'plans',
				reason: expect.stringContaining('array') as string
			}
		]);
		await expect(
			command.runOffline({ ...input, args: [path.join(folder, 'none.json')], options })
		).rejects.toThrow('cannot be read');
	});
});
