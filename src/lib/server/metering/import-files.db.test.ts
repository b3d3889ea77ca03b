import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { csvProfile } from '#lib/domain/metering/formats/index.ts';
import { authorizeAccount } from '#lib/server/auth/policy.ts';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import { addMeteredAccount, seedFile } from '../../../../tests/support/metering.ts';
import { ACCEPTED, PACIFIC, REFUSED, type AcceptedFile } from '../../../../tests/support/seed-files.ts';
import { importFile, loadDays, openImportFile, type ImportTargets } from './index.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });

/** Adds the meters of a file, with numbers that only this file uses. */
async function targetsOf({ file, meters, timeZone }: AcceptedFile) {
	const names = meters ?? [''];
	const meterNos = new Map(names.map((name) => [name, `${file}#${name}`]));
	const supplies = [];
	for (const meterNo of meterNos.values()) supplies.push(await addMeteredAccount(app, { meterNo, timeZone }));
	const targets: ImportTargets =
		meters === undefined ? { kind: 'meter', meterNo: `${file}#` } : { kind: 'map', meterNos };
	return { targets, supplies };
}

async function take(row: AcceptedFile) {
	const { targets, supplies } = await targetsOf(row);
	const profile = row.profile === undefined ? undefined : csvProfile(row.profile);
	const result = await importFile(app, {
		source: await openImportFile(seedFile(row.file)),
		targets,
		profile
	});
	return { result, supplies };
}

describe('every file of the data folders', () => {
	it('is in the table', () => {
		const files = ['greenbutton', 'nem12', 'residential', 'industrial', 'commercial'].flatMap((folder) =>
			readdirSync(seedFile(folder)).map((name) => `${folder}/${name}`)
		);
		const known = new Set([...ACCEPTED, ...REFUSED].map(({ file }) => file));
		expect(files.filter((file) => !known.has(file))).toEqual([]);
	});

	it.each(ACCEPTED.map((row) => [row.file, row] as const))('%s is taken in whole', async (_file, row) => {
		const { result } = await take(row);
		expect(result.status).toBe('imported');
		const { summary } = result;
		expect(
			summary.series.map(({ channel, intervals, total, days }) => [channel, intervals, total, days])
		).toEqual(row.series);
		expect(summary).toMatchObject({
			gaps: row.gaps ?? 0,
			estimated: row.estimated ?? 0,
			duplicates: row.duplicates ?? 0,
			registerReadings: row.registerReadings ?? 0,
			corrected: 0
		});
		expect(summary.ignored).toHaveLength(row.ignored ?? 0);
	});

	it.each(REFUSED.map((row) => [row.file, row.reason, row] as const))(
		'%s is refused: %s',
		async (file, _reason, row) => {
			const meterNo = `refused ${file} ${row.profile ?? ''}`;
			const { accountId, servicePointId } = await addMeteredAccount(app, { meterNo });
			const profile = row.profile === undefined ? undefined : csvProfile(row.profile);
			const { file: _path, profile: _profile, reason, ...place } = row;
			await expect(
				importFile(app, {
					source: await openImportFile(seedFile(file)),
					targets: { kind: 'meter', meterNo },
					profile
				})
			).rejects.toMatchObject({
				code: 'IMPORT_REFUSED',
				details: {
					...place,
					file: file.split('/').at(-1),
					reason: expect.stringContaining(reason) as unknown
				}
			});
			const account = await authorizeAccount(app, { kind: 'system', purpose: 'test' }, accountId, 'view');
			const ever = { start: localDate('1990-01-01'), end: localDate('2030-01-01') };
			expect(await loadDays(app.db, account, servicePointId, ['active_import'], ever)).toEqual([]);
		}
	);

	it('gives the same curve of the Coastal year from half-day blocks and from day blocks', async () => {
		const year = { start: localDate('2011-01-01'), end: localDate('2012-01-01') };
		const curves = [];
		for (const encoding of ['12hr_2011_RC3', 'Daily_2011_RC4']) {
			const file = `greenbutton/energyos_Coastal_Multi_Family_${encoding}.xml.gz`;
			const meterNo = `coastal ${encoding}`;
			const { accountId, servicePointId } = await addMeteredAccount(app, { meterNo, timeZone: PACIFIC });
			await importFile(app, {
				source: await openImportFile(seedFile(file)),
				targets: { kind: 'meter', meterNo }
			});
			const account = await authorizeAccount(app, { kind: 'system', purpose: 'test' }, accountId, 'view');
			curves.push(await loadDays(app.db, account, servicePointId, ['active_import'], year));
		}
		expect(curves[0]).toHaveLength(365);
		expect(curves[1]).toEqual(curves[0]);
		const slots = curves[0]?.map(({ localDate: date, quantities }) => [date, quantities.split(',').length]);
		expect(slots?.filter(([, count]) => count !== 24)).toEqual([
			['2011-03-13', 23],
			['2011-11-06', 25]
		]);
	});
});
