import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createProgress } from './support/progress.ts';
import { command } from './rate.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'meterside-rate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const root = path.resolve(import.meta.dirname, '../..');
const shipped = (name: string) => path.join(root, `drizzle/seed/tariffs/${name}.json`);
const TIMED = shipped('zhejiang_residential_tou.2024');
const PLANT = shipped('hubei_two_part_1_10kv.2026-01');

/** Writes a file for the command to read. */
function file(name: string, content: unknown): string {
	const at = path.join(folder, name);
	writeFileSync(at, typeof content === 'string' ? content : JSON.stringify(content));
	return at;
}

function run(options: Partial<Parameters<typeof command.runOffline>[0]['options']>) {
	const january = { from: '2026-01-01', to: '2026-02-01' };
	return command.runOffline({
		args: [],
		options: { tariff: [TIMED], prices: [], ...january, ...options },
		progress: createProgress(),
		signal: new AbortController().signal
	});
}

/** A curve of one kWh an hour through January. */
function hourly(header = 'start,import_kwh'): string {
	const rows = Array.from({ length: 31 * 24 }, (_, hour) => {
		const day = String(Math.floor(hour / 24) + 1).padStart(2, '0');
		return `2026-01-${day} ${String(hour % 24).padStart(2, '0')}:00,1`;
	});
	return [header, ...rows, ''].join('\n');
}

describe('rate', () => {
	// 100 × 0.568 = 56.80; 50.5 × 0.288 = 14.544
	it('rates register quantities as a bill prints them', async () => {
		const usage = file('registers.json', { energyKwh: { peak: 100, valley: '50.5' } });
		const result = await run({ usage });
		expect(result).toMatchObject({
			ok: true,
			currency: 'CNY',
			total: '71.34',
			energyKwh: '150.5',
			carried: { tierCycle: { start: '2026-01-01', usedKwh: '150.5' } },
			warnings: []
		});
		expect(command.isOk?.(result)).toBe(true);
		expect(command.toText?.(result)).toContain('energy.valley');
	});

	// 31 × 14 = 434 kWh × 0.568 = 246.512; 31 × 10 = 310 kWh × 0.288 = 89.28
	it('rates a curve', async () => {
		const usage = file('curve.csv', hourly());
		expect(await run({ usage })).toMatchObject({
			ok: true,
			total: '335.79',
			periodsKwh: { peak: '434', valley: '310' }
		});
	});

	it('takes the split of a register from a curve beside it', async () => {
		file('beside.csv', hourly());
		const usage = file('both.json', { energyKwh: '1488', curve: 'beside.csv' });
		expect(await run({ usage })).toMatchObject({
			periodsKwh: { peak: '868', valley: '620' },
			warnings: [{ code: 'REGISTER_DIFFERS', registerWh: 1_488_000, curveWh: 744_000 }]
		});
	});

	it('carries the tiers over from bill to bill', async () => {
		const usage = file('usage.json', { energyKwh: { peak: 100, valley: 0 } });
		const account = file('home.json', { carried: { tierCycle: { start: '2026-01-01', usedKwh: 2700 } } });
		// 60 × 0.05 below 2,760 not, 40 above
		expect(await run({ usage, account })).toMatchObject({
			total: '58.80',
			carried: { tierCycle: { usedKwh: '2800' } }
		});
	});

	it('says that the use before the bill is not known, unless it is given or supply begins with the bill', async () => {
		const usage = file('march.json', { energyKwh: { peak: 100, valley: 0 } });
		const march = { usage, from: '2026-03-01', to: '2026-04-01' };
		const unknown = [{ code: 'TIER_USE_BEFORE_UNKNOWN', cycleStart: '2026-01-01' }];
		const warningsWith = async (facts: object) => {
			const result = await run({ ...march, account: file('facts.json', facts) });
			return result.ok ? result.warnings : null;
		};
		expect(await run(march)).toMatchObject({ warnings: unknown });
		expect(await warningsWith({ openedOn: '2025-06-01' })).toEqual(unknown);
		expect(await warningsWith({ openedOn: '2026-03-01' })).toEqual([]);
		expect(await warningsWith({ carried: { tierCycle: { start: '2026-01-01', usedKwh: 0 } } })).toEqual([]);
	});

	it('bills a share of the energy under another tariff, with a carried state of its own', async () => {
		const usage = file('shared.json', { energyKwh: { peak: 1000, valley: 1000 } });
		const account = file('shared-account.json', {
			shares: [
				{ id: 'charger', percent: '12.5', tariff: TIMED },
				{ id: 'lift', name: '电梯', kwhPerMonth: 50, tariff: [shipped('zhejiang_residential.2024')] }
			],
			carried: { shares: { charger: { start: '2026-01-01', usedKwh: 2760 } } }
		});
		const result = await run({ usage, account });
		const lines = result.ok ? result.lines : [];
		expect(lines.map(({ reference, share, quantity }) => [reference, share, quantity])).toEqual([
			['energy.peak', null, '850'],
			['energy.valley', null, '850'],
			['share.charger/energy.peak', 'charger', '125'],
			['share.charger/energy.valley', 'charger', '125'],
			['share.charger/energy.tier2_surcharge', 'charger', '250'],
			['share.lift/energy', 'lift', '50']
		]);
		expect(result).toMatchObject({
			carried: {
				tierCycle: { usedKwh: '1700' },
				shares: { charger: { start: '2026-01-01', usedKwh: '3010' }, lift: { usedKwh: '50' } }
			}
		});
	});

	it('fills missing intervals by the method that is named, and by none else', async () => {
		const rows = hourly().split('\n');
		const usage = file('gaps.csv', rows.filter((_, row) => row !== 30).join('\n'));
		expect(await run({ usage })).toMatchObject({
			energyKwh: '743',
			warnings: [{ code: 'MISSING_INTERVALS', count: 1 }]
		});
		for (const fill of ['linear', 'like_days']) {
			expect(await run({ usage, fill })).toMatchObject({
				energyKwh: '744',
				warnings: [{ code: 'FILLED_INTERVALS', method: fill, count: 1, quantity: 1000 }]
			});
		}
		await expect(run({ usage, fill: 'guess' })).rejects.toThrow('--fill guess');
	});

	it('rates a plant with several meters, demand and kvarh registers', async () => {
		const usage = file('plant.json', {
			meters: [
				{
					energyKwh: { sharp: 6225, peak: 18_600, flat: 24_800, valley: 24_800 },
					demandKw: '200.123456',
					laggingKvarh: 35_712
				},
				{ energyKwh: { flat: 100 }, demandKw: 0, laggingKvarh: 0 }
			]
		});
		const account = file('plant-account.json', {
			voltage: '1_to_10kv',
			contractedCapacityKva: 1000,
			demandBasis: 'actual_demand',
			powerFactorStandard: '0.90'
		});
		const result = await run({ tariff: [PLANT], usage, account });
		expect(result).toMatchObject({ ok: true, demandKw: '200.123456', powerFactor: '0.90' });
		// 200.123456 × 42 = 8,405.185152
		const line = result.ok ? result.lines.find(({ reference }) => reference === 'demand.actual') : null;
		expect(line).toMatchObject({ quantity: '200.123456', unit: 'kW', amount: '8405.19' });
	});
});

describe('rate refuses what is wrong, by field and reason', () => {
	const registers = () => file('one.json', { energyKwh: { peak: 1 } });
	it.each<[string, () => Parameters<typeof run>[0], object]>([
		[
			'a quantity that is no number',
			() => ({ usage: file('w1.json', { energyKwh: 'abc' }) }),
			{ code: 'VALIDATION_FAILED', details: { path: 'meters.0.energyKwh', reason: 'not a plain decimal' } }
		],
		[
			'a negative quantity',
			() => ({ usage: file('w2.json', { energyKwh: { peak: -1 } }) }),
			{ code: 'VALIDATION_FAILED', details: { path: 'meters.0.energyKwh.peak', reason: 'is negative' } }
		],
		[
			'a meter without quantities',
			() => ({ usage: file('w3.json', {}) }),
			{ details: { path: 'meters.0.energyKwh', reason: 'energyKwh or a curve is needed' } }
		],
		[
			'a field that nobody knows',
			() => ({ usage: file('w4.json', { energyKwh: 1, energyMwh: 1 }) }),
			{ details: { path: 'meters.0', reason: 'Unrecognized key: "energyMwh"' } }
		],
		[
			'facts of the wrong kind',
			() => ({ usage: registers(), account: file('w5.json', { readingMonths: 3 }) }),
			{ details: { path: 'readingMonths' } }
		],
		[
			'a share that is neither a percentage nor a quantity',
			() => ({ usage: registers(), account: file('w10.json', { shares: [{ id: 'a', tariff: TIMED }] }) }),
			{ details: { path: 'shares.0.percent', reason: 'either percent or kwhPerMonth is needed' } }
		],
		[
			'shares of more than everything',
			() => ({
				usage: registers(),
				account: file('w11.json', {
					shares: ['a', 'b'].map((id) => ({ id, percent: 60, tariff: TIMED }))
				})
			}),
			{ code: 'SHARES_UNFIT', reason: 'more_than_all' }
		],
		[
			'a time zone that is none',
			() => ({ usage: registers(), account: file('w12.json', { timeZone: 'Asia/Nowhere' }) }),
			{ details: { path: 'timeZone' } }
		],
		[
			'a day that comes twice with another value',
			() => {
				const day = (kwh: number) => `300,20260105,${Array.from({ length: 48 }, () => kwh).join(',')},A,,,,`;
				const start = ['100,NEM12,202601060000,A,B', '200,N1,E1,1,E1,N1,S1,kWh,30,'];
				return {
					usage: file('w13.csv', [...start, day(1), day(2), '900', ''].join('\n')),
					account: file('w13.json', { timeZone: '+10:00' })
				};
			},
			{
				code: 'IMPORT_REFUSED',
				details: {
					file: 'w13.csv',
					line: 4,
					reason: 'two values for the interval 0 minutes into 2026-01-05'
				}
			}
		],
		[
			'a tariff document without its fields',
			() => ({
				usage: registers(),
				tariff: [file('w6.json', { schemaVersion: 1 })]
			}),
			{ code: 'TARIFF_INVALID', details: { path: 'code' } }
		],
		['a file that is no JSON', () => ({ usage: file('w7.json', '{') }), { code: 'VALIDATION_FAILED' }],
		[
			'a file that is not there',
			() => ({ usage: path.join(folder, 'nowhere.json') }),
			{ code: 'VALIDATION_FAILED', message: expect.stringContaining('ENOENT') as unknown }
		],
		[
			'a curve without a known column',
			() => ({ usage: file('w8.csv', hourly('start,power_kw')) }),
			{ code: 'IMPORT_REFUSED', details: { file: 'w8.csv', line: 1 } }
		],
		[
			'a period before the tariff',
			() => ({ usage: registers(), from: '2023-12-01', to: '2024-01-01' }),
			{ code: 'NO_TARIFF', date: '2023-12-01' }
		],
		[
			'a total without periods',
			() => ({ usage: file('w9.json', { energyKwh: 1 }) }),
			{ code: 'REGISTER_TOO_COARSE', reason: 'no_periods' }
		],
		['a period of no days', () => ({ usage: registers(), to: '2026-01-01' }), { code: 'EMPTY_PERIOD' }]
	])('%s', async (_, options, refusal) => {
		const result = await run(options());
		expect(result).toMatchObject({ ok: false, refusal });
		expect(command.isOk?.(result)).toBe(false);
		expect(command.exitCode).toBe(2);
	});

	it.each([
		[{ usage: undefined }, '--usage FILE is missing'],
		[{ usage: 'x', tariff: [] }, '--tariff FILE is missing'],
		[{ usage: 'x', from: '2026-02-30' }, '--from 2026-02-30: not a date']
	])('a call that lacks something: %j', async (options, message) => {
		await expect(run(options as Parameters<typeof run>[0])).rejects.toThrow(message);
	});

	it('as a program: the refusal as JSON, exit code 2', () => {
		const usage = file('program.json', { energyKwh: 1 });
		const period = ['--from', '2026-01-01', '--to', '2026-02-01'];
		const args = ['src/cli/bootstrap.mjs', 'rate', '--tariff', TIMED, '--usage', usage, ...period, '--json'];
		const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
		expect(status).toBe(2);
		expect(JSON.parse(stdout)).toEqual({
			ok: false,
			refusal: { code: 'REGISTER_TOO_COARSE', servicePointId: 1, reason: 'no_periods' }
		});
	});

	it('never bills what the file calls missing, and refuses a quality that it does not know', async () => {
		const rows = (quality: string) =>
			Array.from({ length: 24 }, (_, hour) => {
				const word = hour === 5 ? quality : 'measured';
				return `2026-01-01 ${String(hour).padStart(2, '0')}:00,1,${word}`;
			});
		const usage = (quality: string) =>
			file('quality.csv', ['start,import_kwh,quality', ...rows(quality)].join('\n'));
		const day = { from: '2026-01-01', to: '2026-01-02' };
		expect(await run({ ...day, usage: usage('missing') })).toMatchObject({ ok: true, energyKwh: '23' });
		expect(await run({ ...day, usage: usage('guessed') })).toMatchObject({
			ok: false,
			refusal: { code: 'IMPORT_REFUSED', details: { line: 7, column: 'quality' } }
		});
	});

	it('prices every interval of a real-time tariff, and refuses a day that is not whole', async () => {
		const tariff = file('dynamic.json', {
			...(JSON.parse(readFileSync(shipped('zhejiang_residential.2024'), 'utf8')) as object),
			seasons: [{ id: 'all', rest: 'flat', windows: [] }],
			tiers: null,
			dynamic: { series: 'spot', factorPercent: 100, adderPerKwh: '0.10' }
		});
		const hours = Array.from({ length: 24 }, (_, hour) => `2026-01-01 ${String(hour).padStart(2, '0')}:00`);
		const usage = file('day.csv', ['start,import_kwh', ...hours.map((hour) => `${hour},2`)].join('\n'));
		const prices = (rows: readonly string[]) =>
			file(
				'prices.csv',
				['start,price', ...rows.map((hour, at) => `${hour},${at < 12 ? '0.20' : '-0.05'}`)].join('\n')
			);
		const day = { tariff: [tariff], usage, from: '2026-01-01', to: '2026-01-02' };
		// 24 kWh at 0.20 and 24 kWh at -0.05, and 0.10 on each.
		expect(await run({ ...day, prices: [`spot=${prices(hours)}`] })).toMatchObject({
			ok: true,
			total: '8.40'
		});
		expect(await run({ ...day, prices: [`spot=${prices(hours.slice(0, 23))}`] })).toMatchObject({
			ok: false,
			refusal: { code: 'IMPORT_REFUSED', details: { reason: '2026-01-01 has 23 prices instead of 24' } }
		});
		expect(await run(day)).toMatchObject({ ok: false, refusal: { code: 'NO_PRICE_FOR_INTERVAL' } });
	});
});
