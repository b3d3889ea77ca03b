import { describe, expect, it } from 'vitest';
import { createTestApp } from '../../tests/support/app-context.ts';
import { addMeteredAccount, seedFile } from '../../tests/support/metering.ts';
import { command as account } from './account.ts';
import { command as importFiles } from './import.ts';
import { createProgress } from './support/progress.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });
await addMeteredAccount(app, { meterNo: 'next-door' });

const shown: string[] = [];
const terminal = { isTTY: false, columns: 80, write: (text: string) => shown.push(text) > 0 };
const input = {
	progress: createProgress(terminal as unknown as NodeJS.WriteStream),
	signal: new AbortController().signal
};

const supply = {
	customer: '100200',
	kind: 'residential',
	name: '张三',
	account: '3300000001',
	area: 'zhejiang',
	zone: 'America/Los_Angeles',
	address: '1 Main St',
	meter: 'MT1',
	from: '2000-01-01'
};
const add = (options: Record<string, string | undefined>) =>
	account.run(app, { ...input, args: ['add'], options });

describe('account add', () => {
	it('makes customer, account and meter once', async () => {
		expect(await add(supply)).toMatchObject({ created: 'customer, account, meter, supply' });
		expect(await add(supply)).toMatchObject({ created: 'nothing: all is there' });
		expect(
			await add({ ...supply, kind: undefined, name: undefined, account: '3300000002', meter: 'MT2' })
		).toMatchObject({
			created: 'account, meter, supply'
		});
	});

	it('says what is wrong and makes nothing', async () => {
		await expect(add({ ...supply, from: '2026-02-30' })).rejects.toThrow('account.openedOn: not a date');
		await expect(add({ ...supply, zone: 'Mars/Base' })).rejects.toThrow('account.timeZone: not a time zone');
		const other = { ...supply, customer: '100201', name: '李四' };
		await expect(add(other)).rejects.toMatchObject({ code: 'CONFLICT' });
		await expect(add({ ...other, account: '3300000003' })).rejects.toMatchObject({
			code: 'CONFLICT',
			message: expect.stringContaining('meter MT1 is supplied under another account') as unknown
		});
	});
});

describe('import', () => {
	it('takes each file in whole or refuses it, shows how far it is, and sums up', async () => {
		const files = ['energyos_Coastal_Multi_Family_12hr_2011_RC3.xml.gz', 'espi_gas_direct_abridged.xml'].map(
			(name) => seedFile(`greenbutton/${name}`)
		);
		const results = await importFiles.run(app, { ...input, args: files, options: { meter: 'MT1', map: [] } });
		expect(results).toMatchObject([
			{ status: 'imported', summary: { days: 365, intervals: 8760 } },
			{ status: 'refused', details: { file: 'espi_gas_direct_abridged.xml', element: 'ServiceCategory' } }
		]);
		expect(importFiles.isOk?.(results)).toBe(false);
		expect(shown.join('')).toContain(
			'Reading energyos_Coastal_Multi_Family_12hr_2011_RC3.xml.gz, bytes 93,672/93,672'
		);
		const text = importFiles.toText?.(results);
		expect(text).toContain('4,425,305 Wh');
		expect(text).toContain('not electricity: service kind 1 (gas)');
		const [again] = await importFiles.run(app, {
			...input,
			args: files.slice(0, 1),
			options: { meter: 'MT1', map: [] }
		});
		expect(again?.status).toBe('already_imported');
	});

	it('asks for what it cannot guess', async () => {
		const run = (options: object) =>
			importFiles.run(app, { ...input, args: ['x'], options: { map: [], ...options } });
		await expect(run({ meter: 'MT1', map: ['a=b'] })).rejects.toThrow('Either --meter or --map');
		await expect(run({ map: ['a'] })).rejects.toThrow('NAME=NUMBER is wanted');
		await expect(run({ profile: 'nobody' })).rejects.toThrow('neither a file nor one of');
		expect(await run({ meter: 'MT1' })).toMatchObject([
			{ status: 'refused', details: { reason: 'there is no such file' } }
		]);
	});
});
