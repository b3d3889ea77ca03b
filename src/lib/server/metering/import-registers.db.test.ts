import { beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { QUALITY_CODE } from '#lib/domain/metering/load-day.ts';
import { addMeteredAccount, seedFile, textSource } from '../../../../tests/support/metering.ts';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import { importFile, openImportFile } from './index.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });

let meterCount = 0;
let meterNo = '';
let own: Awaited<ReturnType<typeof addMeteredAccount>>;
let neighbour: Awaited<ReturnType<typeof addMeteredAccount>>;

beforeEach(async () => {
	meterNo = `M${++meterCount}`;
	own = await addMeteredAccount(app, { meterNo });
	neighbour = await addMeteredAccount(app, { meterNo: `${meterNo}-next-door` });
});

describe('register readings of NEM13', () => {
	const reading = (quantity: string, quality = 'A', from = '20260101000000') =>
		`250,N,11,1,11,11,S,E,100,${from},A,,,200,20260201000000,${quality},,,${quantity},kWh,,,`;
	const nem13 = (rows: readonly string[]) => ['100,NEM13,202602010000,A,B', ...rows, '900', ''].join('\n');
	const takeReadings = (rows: readonly string[]) =>
		importFile(app, { source: textSource(nem13(rows)), targets: { kind: 'meter', meterNo } });
	/** The valid readings and those they replaced. */
	async function versions(of = own) {
		const select = (table: string) =>
			sql.raw(`select version, quantity::int, quality from ${table} where account_id = ${of.accountId}
				and service_point_id = ${of.servicePointId} order by version`);
		const [valid, replaced] = [
			await app.db.execute(select('register_reading')),
			await app.db.execute(select('register_reading_history'))
		];
		return { valid: valid.rows, replaced: replaced.rows };
	}

	it('are kept apart from the curve, and taken once', async () => {
		const to = await addMeteredAccount(app, {
			meterNo: `${meterNo}-register`,
			timeZone: 'Australia/Brisbane'
		});
		const request = async () =>
			importFile(app, {
				source: await openImportFile(seedFile('nem12/Example_NEM13_consumption_data.csv')),
				targets: { kind: 'meter', meterNo: `${meterNo}-register` }
			});
		expect((await request()).summary).toMatchObject({
			days: 0,
			registerReadings: 1,
			changedRegisterReadings: 1
		});
		expect((await request()).status).toBe('already_imported');
		const { rows } = await app.db.execute(
			sql`select register, quantity, current_reading from register_reading where account_id = ${to.accountId}`
		);
		expect(rows).toEqual([{ register: '11', quantity: '1312100', current_reading: '007654.9' }]);
	});

	it('keep each old version when they are corrected', async () => {
		await takeReadings([reading('5', 'E')]);
		expect((await takeReadings([reading('6')])).summary).toMatchObject({ changedRegisterReadings: 1 });
		expect((await takeReadings([reading('7')])).summary).toMatchObject({ changedRegisterReadings: 1 });
		expect(await versions()).toEqual({
			valid: [{ version: 3, quantity: 7000, quality: QUALITY_CODE.corrected }],
			replaced: [
				{ version: 1, quantity: 5000, quality: QUALITY_CODE.estimated },
				{ version: 2, quantity: 6000, quality: QUALITY_CODE.measured }
			]
		});
		expect(await versions(neighbour)).toEqual({ valid: [], replaced: [] });
	});

	it('make no version when another file says the same', async () => {
		await takeReadings([reading('5')]);
		const { summary } = await takeReadings([reading('5'), reading('5')]);
		expect(summary).toMatchObject({ registerReadings: 1, changedRegisterReadings: 0 });
		expect(await versions()).toMatchObject({ valid: [{ version: 1 }], replaced: [] });
	});

	it('are refused when a file says two things of one of them', async () => {
		await expect(takeReadings([reading('5'), reading('6')])).rejects.toMatchObject({
			code: 'IMPORT_REFUSED',
			details: { line: 3, reason: 'two values for one reading of register 11' }
		});
		expect(await versions()).toEqual({ valid: [], replaced: [] });
	});
});
