import { beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { csvProfile, parseCsvProfile } from '#lib/domain/metering/formats/index.ts';
import { authorizeAccount } from '#lib/server/auth/policy.ts';
import { countImported, hourlyProfile, hours, importText } from '../../../../tests/support/hourly-import.ts';
import { addMeteredAccount, seedFile, textSource } from '../../../../tests/support/metering.ts';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import { importFile, loadDays, loadDayVersions, openImportFile, seriesOf, servicePointsOf } from './index.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });
const system = { kind: 'system', purpose: 'test' } as const;

let meterCount = 0;
let meterNo = '';
let own: Awaited<ReturnType<typeof addMeteredAccount>>;
let neighbour: Awaited<ReturnType<typeof addMeteredAccount>>;

beforeEach(async () => {
	meterNo = `M${++meterCount}`;
	own = await addMeteredAccount(app, { meterNo });
	neighbour = await addMeteredAccount(app, { meterNo: `${meterNo}-next-door` });
});

const take = (text: string, options: { to?: string; profile?: typeof hourlyProfile } = {}) =>
	importText(app, options.to ?? meterNo, text, options.profile);

async function days(
	of = own,
	channels: readonly ('active_import' | 'reactive_import')[] = ['active_import']
) {
	const account = await authorizeAccount(app, system, of.accountId, 'view');
	return loadDays(app.db, account, of.servicePointId, channels, {
		start: localDate('2000-01-01'),
		end: localDate('2100-01-01')
	});
}

async function day() {
	const [only] = await days();
	return (
		only && {
			...only,
			quantities: only.quantities.split(',').slice(0, 4).join(','),
			qualities: only.qualities.slice(0, 4)
		}
	);
}

describe('a file is taken in', () => {
	it('keeps missing intervals missing and estimates marked', async () => {
		const { status, summary } = await take(hours([1, '', '0.25e', 0]));
		expect(status).toBe('imported');
		expect(summary).toMatchObject({
			days: 1,
			newDays: 1,
			intervals: 3,
			gaps: 1,
			estimated: 1,
			duplicates: 0
		});
		expect(summary.totals).toEqual({ active_import: 1250 });
		expect(await day()).toEqual({
			channel: 'active_import',
			localDate: '2026-01-05',
			intervalMinutes: 60,
			quantities: '1000,,250,0',
			qualities: 'mxem',
			version: 1
		});
	});

	it('belongs to the account of its meter and to nobody else', async () => {
		await take(hours([1, 2, 3, 4]));
		expect(await days(neighbour)).toEqual([]);
		const stranger = await authorizeAccount(app, system, neighbour.accountId, 'view');
		expect(await servicePointsOf(app.db, stranger)).toMatchObject([{ id: neighbour.servicePointId }]);
		const period = { start: localDate('2026-01-01'), end: localDate('2026-02-01') };
		// Even with the right meter: the account decides.
		expect(await loadDays(app.db, stranger, own.servicePointId, ['active_import'], period)).toEqual([]);
		expect(await seriesOf(app.db, stranger, own.servicePointId)).toEqual([]);
	});

	it('gives each day to the account that the meter was supplied under then', async () => {
		const moved = await addMeteredAccount(app, { meterNo: `${meterNo}-old`, validTo: '2026-01-06' });
		await app.db.execute(sql`insert into account_service_point (account_id, service_point_id, valid_from)
			values (${neighbour.accountId}, ${moved.servicePointId}, '2026-01-06')`);
		await take(hours([1, 1, 1, 1]), { to: `${meterNo}-old` });
		await take(hours([2, 2, 2, 2], '2026-01-06'), { to: `${meterNo}-old` });
		expect(await days(moved)).toMatchObject([{ localDate: '2026-01-05' }]);
		expect(await days({ ...neighbour, servicePointId: moved.servicePointId })).toMatchObject([
			{ localDate: '2026-01-06' }
		]);
	});
});

describe('a second delivery', () => {
	it('changes nothing when it is the same file', async () => {
		const first = await take(hours([1, 2, 3, 4]));
		const before = await countImported(app);
		const second = await take(hours([1, 2, 3, 4]));
		expect(second).toEqual({ ...first, status: 'already_imported' });
		expect(await countImported(app)).toEqual(before);
	});

	it('changes nothing when it says the same in another file', async () => {
		await take(hours([1, 2, 3, 4]));
		const { summary } = await take(hours([1, 2, '', 4]));
		expect(summary).toMatchObject({ newDays: 0, changedDays: 0, unchangedDays: 1, corrected: 0 });
		expect(await day()).toMatchObject({ quantities: '1000,2000,3000,4000', qualities: 'mmmm', version: 1 });
	});

	it('corrects measured values, confirms estimates, fills gaps, and keeps the old version', async () => {
		await take(hours([1, '2e', '', 4]));
		const { summary } = await take(hours([1.5, 2, 3, '']));
		expect(summary).toMatchObject({ changedDays: 1, unchangedDays: 0, corrected: 1 });
		expect(await day()).toMatchObject({ quantities: '1500,2000,3000,4000', qualities: 'cmmm', version: 2 });
		const account = await authorizeAccount(app, system, own.accountId, 'view');
		const refs = [1, 2, 3].map((version) => ({
			channel: 'active_import' as const,
			localDate: localDate('2026-01-05'),
			version
		}));
		const versions = await loadDayVersions(app.db, account, own.servicePointId, refs);
		expect(
			versions.map(({ version, quantities, qualities }) => [
				version,
				quantities.slice(0, 15),
				qualities.slice(0, 4)
			])
		).toEqual([
			[1, '1000,2000,,4000', 'mexm'],
			[2, '1500,2000,3000,', 'cmmm']
		]);
		const stranger = await authorizeAccount(app, system, neighbour.accountId, 'view');
		expect(await loadDayVersions(app.db, stranger, own.servicePointId, refs)).toEqual([]);
	});

	it('moving a version to the history while it is read never shows it twice', async () => {
		await take(hours([1, 2, 3, 4]));
		const account = await authorizeAccount(app, system, own.accountId, 'view');
		const refs = [{ channel: 'active_import' as const, localDate: localDate('2026-01-05'), version: 1 }];
		const ofDay = sql`where service_point_id = ${own.servicePointId}`;
		const read = await app.db.transaction(async (tx) => {
			await tx.execute(sql`lock table load_day_history in access exclusive mode`);
			const reading = loadDayVersions(app.db, account, own.servicePointId, refs);
			// The reader has come as far as it can.
			for (let waiting = '0'; waiting === '0';) {
				const { rows } = await tx.execute<{ count: string }>(
					sql`select count(*) from pg_locks where relation = 'load_day_history'::regclass and not granted`
				);
				waiting = rows[0]?.count ?? '0';
			}
			await tx.execute(sql`insert into load_day_history select * from load_day ${ofDay}`);
			await tx.execute(sql`update load_day set version = 2 ${ofDay}`);
			return { reading };
		});
		expect((await read.reading).map(({ version }) => version)).toEqual([1]);
	});

	it('in another interval length replaces whole days only', async () => {
		const quarterly = parseCsvProfile({ ...hourlyProfile, name: 'half-hours', intervalMinutes: 30 });
		await take(hours(Array.from({ length: 24 }, () => 1)));
		const part = 'at,kwh,note\n2026-01-05 00:00,1,\n2026-01-05 00:30,1,\n';
		await expect(take(part, { profile: quarterly })).rejects.toMatchObject({
			code: 'IMPORT_REFUSED',
			details: { reason: expect.stringContaining('stored in intervals of 60 minutes') as unknown }
		});
		const whole = Array.from(
			{ length: 48 },
			(_, slot) => `2026-01-05 ${String(slot >> 1).padStart(2, '0')}:${slot % 2 ? '30' : '00'},0.5,\n`
		);
		await take(`at,kwh,note\n${whole.join('')}`, { profile: quarterly });
		expect(await days()).toMatchObject([{ intervalMinutes: 30, version: 2, qualities: 'm' }]);
	});
});

describe('two imports at once', () => {
	it('of the same file: one is taken, the other says so', async () => {
		const results = await Promise.all([take(hours([1, 2, 3, 4])), take(hours([1, 2, 3, 4]))]);
		expect(results.map(({ status }) => status).sort()).toEqual(['already_imported', 'imported']);
		expect(await days()).toMatchObject([{ version: 1 }]);
	});

	it('of different files for the same day: both count, one after the other', async () => {
		await Promise.all([take(hours([1, '', '', ''])), take(hours(['', 2, '', '']))]);
		expect(await day()).toMatchObject({ quantities: '1000,2000,,', version: 2 });
	});
});

describe('a file of many meters', () => {
	it('finds them by their meter numbers or by a map', async () => {
		await addMeteredAccount(app, { meterNo: `${meterNo}_1` });
		await addMeteredAccount(app, { meterNo: `${meterNo}_2` });
		const values = Array.from({ length: 48 }, () => '0.5').join(',');
		const file = (ids: readonly string[]) =>
			[
				'100,NEM12,202601060000,A,B',
				...ids.flatMap((id) => [`200,${id},E1,1,E1,N1,S,kWh,30,`, `300,20260105,${values},A,,,,`]),
				'900',
				''
			].join('\n');
		const bySame = await importFile(app, {
			source: textSource(file([`${meterNo}_1`, `${meterNo}_2`])),
			targets: { kind: 'same' },
			onMeterClock: true
		});
		expect(bySame.summary).toMatchObject({ meters: 2, newDays: 2, intervals: 96 });
		const byMap = await importFile(app, {
			source: textSource(file(['A', 'B']).replaceAll('0.5', '0.7')),
			targets: {
				kind: 'map',
				meterNos: new Map([
					['A', `${meterNo}_1`],
					['B:E1', `${meterNo}_2`]
				])
			},
			onMeterClock: true
		});
		expect(byMap.summary).toMatchObject({ changedDays: 2, corrected: 96 });
	});
});

describe('the steel plant', () => {
	it('has active, lagging and leading energy of every quarter of an hour', async () => {
		const { accountId, servicePointId } = await addMeteredAccount(app, {
			meterNo: `${meterNo}-steel`,
			timeZone: 'Asia/Seoul'
		});
		const { summary } = await importFile(app, {
			source: await openImportFile(seedFile('industrial/kr_steel_2018_15min.csv.gz')),
			targets: { kind: 'meter', meterNo: `${meterNo}-steel` },
			profile: csvProfile('kr-steel')
		});
		expect(summary).toMatchObject({ newDays: 1095, intervals: 105_120, gaps: 0, duplicates: 0 });
		expect(summary.totals).toEqual({
			active_import: 959_636_710,
			reactive_import: 456_759_840,
			reactive_export: 135_638_040
		});
		const account = await authorizeAccount(app, system, accountId, 'view');
		expect(await seriesOf(app.db, account, servicePointId)).toEqual(
			['active_import', 'reactive_import', 'reactive_export'].map((channel) => ({
				channel,
				firstDate: '2018-01-01',
				lastDate: '2018-12-31'
			}))
		);
	});
});
