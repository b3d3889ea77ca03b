import { beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { csvProfile, parseCsvProfile } from '#lib/domain/metering/formats/index.ts';
import { QUALITY_CODE } from '#lib/domain/metering/load-day.ts';
import { authorizeAccount } from '#lib/server/auth/policy.ts';
import { addMeteredAccount, seedFile, textSource } from '../../../../tests/support/metering.ts';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import {
	importFile,
	importSourceOf,
	loadDays,
	loadDayVersions,
	openImportFile,
	seriesOf,
	servicePointsOf
} from './index.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });
const system = { kind: 'system', purpose: 'test' } as const;
const profile = parseCsvProfile({
	name: 'half-days',
	title: 'two intervals of an hour',
	time: { columns: ['at'], pattern: 'YYYY-MM-DD HH:mm', label: 'start' },
	intervalMinutes: 60,
	source: { id: 'house' },
	series: [{ channel: 'active_import', column: 'kwh', unit: 'kWh' }],
	estimated: { column: 'note', matches: 'est' }
});

let meterCount = 0;
let meterNo = '';
let own: Awaited<ReturnType<typeof addMeteredAccount>>;
let neighbour: Awaited<ReturnType<typeof addMeteredAccount>>;

beforeEach(async () => {
	meterNo = `M${++meterCount}`;
	own = await addMeteredAccount(app, { meterNo });
	neighbour = await addMeteredAccount(app, { meterNo: `${meterNo}-next-door` });
});

type Cell = number | '' | `${number}e`;

/** A file of one day, from midnight on. */
function hours(cells: readonly Cell[], date = '2026-01-05'): string {
	const rows = cells.map((cell, hour) => {
		const estimated = typeof cell === 'string' && cell.endsWith('e');
		return `${date} ${String(hour).padStart(2, '0')}:00,${estimated ? cell.slice(0, -1) : cell},${estimated ? 'est' : ''}`;
	});
	return ['at,kwh,note', ...rows, ''].join('\n');
}

function take(text: string, options: { to?: string; profile?: typeof profile } = {}) {
	return importFile(app, {
		source: textSource(text),
		targets: { kind: 'meter', meterNo: options.to ?? meterNo },
		profile: options.profile ?? profile
	});
}

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

async function counts() {
	const { rows } = await app.db.execute<{ days: string; history: string; imports: string }>(
		sql`select (select count(*) from load_day) as days, (select count(*) from load_day_history) as history,
			(select count(*) from meter_import) as imports`
	);
	return rows[0];
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

	it('keeps register readings of NEM13 apart from the curve, and takes them once', async () => {
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
});

describe('a file that is refused', () => {
	it.each([
		['by its first lines', 'no format of ours', undefined],
		['further on', `${hours([1, 2])}not a time,3,\n`, profile]
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

describe('a second delivery', () => {
	it('changes nothing when it is the same file', async () => {
		const first = await take(hours([1, 2, 3, 4]));
		const before = await counts();
		const second = await take(hours([1, 2, 3, 4]));
		expect(second).toEqual({ ...first, status: 'already_imported' });
		expect(await counts()).toEqual(before);
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
		const quarterly = parseCsvProfile({ ...profile, name: 'half-hours', intervalMinutes: 30 });
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

describe('nothing of a file is kept', () => {
	const refused = (reason: string, details: object = {}) => ({
		code: 'IMPORT_REFUSED',
		details: { file: 'test.csv', reason: expect.stringContaining(reason) as unknown, ...details }
	});

	it('when its last line is broken', async () => {
		const before = await counts();
		const broken = `${hours([1, 2, 3, 4])}${hours([5, 6], '2026-01-06').split('\n').slice(1).join('\n')}2026-01-07 00:00,oops,\n`;
		await expect(take(broken)).rejects.toMatchObject(
			refused('"oops" is no quantity', { line: 8, column: 'kwh' })
		);
		expect(await counts()).toEqual(before);
		expect(await days()).toEqual([]);
	});

	it('when one of its days lies outside every account of the meter', async () => {
		const before = await counts();
		await addMeteredAccount(app, { meterNo: `${meterNo}-new`, validFrom: '2026-01-06' });
		const text = hours([1], '2026-01-06') + hours([1], '2026-01-05').split('\n').slice(1).join('\n');
		await expect(take(text, { to: `${meterNo}-new` })).rejects.toMatchObject(
			refused(`meter ${meterNo}-new is supplied under no account on 2026-01-05`)
		);
		expect(await counts()).toEqual(before);
	});

	it('when the meter does not exist', async () => {
		await expect(take(hours([1]), { to: 'nowhere' })).rejects.toMatchObject(
			refused('there is no meter nowhere')
		);
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
		const before = await counts();
		await expect(take(`at,kwh,note\n${far}2010-01-01 00:00,2,\n`)).rejects.toMatchObject(
			refused('two values for the interval')
		);
		expect(await counts()).toEqual(before);
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
			importFile(app, { source: { ...source, bytes }, targets: { kind: 'meter', meterNo }, profile })
		).rejects.toMatchObject(refused('the text is not utf-8'));
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
