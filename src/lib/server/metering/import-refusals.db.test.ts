import { beforeEach, describe, expect, it } from 'vitest';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { authorizeAccount } from '#lib/server/auth/policy.ts';
import { countImported, hourlyProfile, hours, importText } from '../../../../tests/support/hourly-import.ts';
import { addMeteredAccount, seedFile, textSource } from '../../../../tests/support/metering.ts';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import { importFile, importSourceOf, loadDays, openImportFile } from './index.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });

let meterCount = 0;
let meterNo = '';
let own: Awaited<ReturnType<typeof addMeteredAccount>>;

beforeEach(async () => {
	meterNo = `M${++meterCount}`;
	own = await addMeteredAccount(app, { meterNo });
	await addMeteredAccount(app, { meterNo: `${meterNo}-next-door` });
});

const take = (text: string, to = meterNo) => importText(app, to, text);

async function days() {
	const account = await authorizeAccount(app, { kind: 'system', purpose: 'test' }, own.accountId, 'view');
	return loadDays(app.db, account, own.servicePointId, ['active_import'], {
		start: localDate('2000-01-01'),
		end: localDate('2100-01-01')
	});
}

describe('a file that is refused', () => {
	it.each([
		['by its first lines', 'no format of ours', undefined],
		['further on', `${hours([1, 2])}not a time,3,\n`, hourlyProfile]
	])('%s is closed', async (_, text, csv) => {
		let closed = false;
		const bytes = (async function* () {
			try {
				yield new TextEncoder().encode(text);
				yield new TextEncoder().encode(text);
				yield new TextEncoder().encode(text);
			} finally {
				closed = true;
			}
		})();
		const source = importSourceOf('refused.txt', bytes);
		await expect(
			importFile(app, { source, targets: { kind: 'meter', meterNo }, profile: csv })
		).rejects.toMatchObject({ code: 'IMPORT_REFUSED' });
		expect(closed).toBe(true);
	});
});

describe('nothing of a file is kept', () => {
	const refused = (reason: string, details: object = {}) => ({
		code: 'IMPORT_REFUSED',
		details: { file: 'test.csv', reason: expect.stringContaining(reason) as unknown, ...details }
	});

	it('when its last line is broken', async () => {
		const before = await countImported(app);
		const broken = `${hours([1, 2, 3, 4])}${hours([5, 6], '2026-01-06').split('\n').slice(1).join('\n')}2026-01-07 00:00,oops,\n`;
		await expect(take(broken)).rejects.toMatchObject(
			refused('"oops" is no quantity', { line: 8, column: 'kwh' })
		);
		expect(await countImported(app)).toEqual(before);
		expect(await days()).toEqual([]);
	});

	it('when one of its days lies outside every account of the meter', async () => {
		const before = await countImported(app);
		await addMeteredAccount(app, { meterNo: `${meterNo}-new`, validFrom: '2026-01-06' });
		const text = hours([1], '2026-01-06') + hours([1], '2026-01-05').split('\n').slice(1).join('\n');
		await expect(take(text, `${meterNo}-new`)).rejects.toMatchObject(
			refused(`meter ${meterNo}-new is supplied under no account on 2026-01-05`)
		);
		expect(await countImported(app)).toEqual(before);
	});

	it('when the meter does not exist', async () => {
		await expect(take(hours([1]), 'nowhere')).rejects.toMatchObject(refused('there is no meter nowhere'));
	});

	it('when it holds several meters and one was named', async () => {
		await expect(
			importFile(app, {
				source: await openImportFile(seedFile('nem12/Example_NEM12_multiple_meters.csv')),
				targets: { kind: 'meter', meterNo }
			})
		).rejects.toMatchObject({
			code: 'IMPORT_REFUSED',
			details: { reason: expect.stringContaining('several meters') as unknown }
		});
	});

	it('when it says two things of one interval, however far apart', async () => {
		const far = Array.from({ length: 2_100 }, (_, index) => {
			const date = new Date(Date.UTC(2010, 0, 1 + index)).toISOString().slice(0, 10);
			return `${date} 00:00,1,\n`;
		}).join('');
		const before = await countImported(app);
		await expect(take(`at,kwh,note\n${far}2010-01-01 00:00,2,\n`)).rejects.toMatchObject(
			refused('two values for the interval')
		);
		expect(await countImported(app)).toEqual(before);
		const { summary } = await take(`at,kwh,note\n${far}2010-01-01 00:00,1,\n2010-01-01 01:00,5,\n`);
		expect(summary).toMatchObject({ days: 2_100, newDays: 2_100, intervals: 2_101, duplicates: 1 });
		expect(summary.totals).toEqual({ active_import: 2_105_000 });
	});

	it('when its text is not what the profile says', async () => {
		const source = textSource('x');
		const bytes = (async function* () {
			yield new Uint8Array([0x61, 0xff, 0xfe]);
		})();
		await expect(
			importFile(app, {
				source: { ...source, bytes },
				targets: { kind: 'meter', meterNo },
				profile: hourlyProfile
			})
		).rejects.toMatchObject(refused('the text is not utf-8'));
	});
});
