import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { datesOf, dayOfWeek, localDate, monthNumber, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { createCalendar } from '../calendar.ts';
import { parseTariff, type TariffDocument } from '../parse.ts';
import { TIME_PERIODS, type Tariff } from '../tariff.ts';
import { isInSpans, seasonOf, timePeriodsOfDay } from '../time-periods.ts';
import { importTariffs, type ImportFormat } from './index.ts';
import { holidayDates, type UsHoliday } from './us-holidays.ts';

const data = path.resolve(import.meta.dirname, '../../../../../drizzle/seed/data/tariffs');
const noHolidays = createCalendar([]);
const datesOf2027 = datesOf({ start: localDate('2027-01-01'), end: localDate('2028-01-01') });

function readJson(file: string): unknown {
	return JSON.parse(readFileSync(path.join(data, file), 'utf8'));
}

function filesOf(folder: string): string[] {
	return readdirSync(path.join(data, folder))
		.filter((file) => file !== 'manifest.json')
		.map((file) => `${folder}/${file}`);
}

function documentsOf(file: string, format: ImportFormat): TariffDocument[] {
	return importTariffs(readJson(file), format).map((outcome) => {
		if ('refusal' in outcome) throw new Error(`${file}: ${outcome.refusal.path} ${outcome.refusal.reason}`);
		return outcome.document;
	});
}

/** Price of each tier (and its threshold) in every hour of the days of 2027, as text. */
function hourlyPrices(tariff: Tariff): (date: LocalDate) => string {
	const known = new Map<string, string>();
	return (date) => {
		const season = seasonOf(tariff, date);
		const schedule = tariff.tiers?.schedules.find(({ spans }) => isInSpans(spans, date));
		const ladderAt = (code: number) => {
			const period = TIME_PERIODS[code] ?? 'flat';
			const key = `${season.id}/${period}`;
			let ladder = known.get(key);
			if (ladder === undefined) {
				const base = season.priceE8[period] ?? 0n;
				const tiers = schedule?.ofPeriod[period] ?? schedule?.tiers ?? [];
				const steps = tiers.map(({ toWh, surchargeE8 }) => `${toWh}:${base + (surchargeE8[period] ?? 0n)}`);
				known.set(key, (ladder = steps.length === 0 ? `null:${base}` : steps.join(' ')));
			}
			return ladder;
		};
		return Array.from(timePeriodsOfDay(tariff, date, 'Asia/Taipei', 60, noHolidays), ladderAt).join();
	};
}

interface NumberedTier {
	readonly rate: number | string;
	readonly adj?: number | string;
	readonly max?: number | string | null;
}

function ladderOf(tiers: readonly NumberedTier[]): string {
	return tiers
		.map(({ rate, adj, max }, index) => {
			const limit = index === tiers.length - 1 ? null : Math.round(Number(max) * 1000);
			return `${limit}:${Math.round((Number(rate) + Number(adj ?? 0)) * 1e8)}`;
		})
		.join(' ');
}

describe('ratebook', () => {
	const files = filesOf('us_ratebook');

	it('represents all 46 tariffs, each under a code of its own', () => {
		const codes = files.flatMap((file) => documentsOf(file, 'ratebook')).map(({ code }) => code);
		expect(codes).toHaveLength(46);
		expect(new Set(codes).size).toBe(46);
	});

	it.each(files)('%s: each hour of a year has the ladder that its schedule names', (file) => {
		const record = readJson(file) as {
			energy: { periods: { tiers: NumberedTier[] }[] };
			schedule: {
				weekday: number[][];
				weekend: number[][];
				holiday_policy: string;
				holidays?: UsHoliday[];
				holiday_observance?: 'actual_day';
			};
			effective_range: { end: string | null };
		};
		const { schedule, energy } = record;
		const tariff = documentsOf(file, 'ratebook').map(parseTariff)[0] as Tariff;
		const moved = new Set(
			schedule.holiday_policy === 'as_weekend' && record.effective_range.end === null
				? holidayDates(schedule.holidays ?? [], schedule.holiday_observance ?? 'sunday_to_monday', {
						first: 2027,
						last: 2027
					})
				: []
		);
		const ladders = energy.periods.map(({ tiers }) => ladderOf(tiers));
		const given = hourlyPrices(tariff);
		const wrong = datesOf2027.filter((date) => {
			const isWeekend = dayOfWeek(date) >= 6 || moved.has(date);
			const row = (isWeekend ? schedule.weekend : schedule.weekday)[monthNumber(date) - 1] ?? [];
			return given(date) !== row.map((number) => ladders[number]).join();
		});
		expect(wrong).toEqual([]);
	});
});

describe('URDB', () => {
	it.each(filesOf('urdb'))('%s: each hour of a year has the ladder that its schedule names', (file) => {
		const json = readJson(file) as { items?: unknown[] };
		const record = (json.items?.[0] ?? json) as {
			energyratestructure: NumberedTier[][];
			energyweekdayschedule: number[][];
			energyweekendschedule: number[][];
		};
		// Prices of the second record are 32-bit floats: six decimals are what was meant.
		const structure = record.energyratestructure.map((tiers) =>
			tiers.map((tier) => ({ ...tier, rate: Number(Number(tier.rate).toFixed(6)) }))
		);
		const tariff = documentsOf(file, 'urdb').map(parseTariff)[0] as Tariff;
		const ladders = structure.map(ladderOf);
		const given = hourlyPrices(tariff);
		const wrong = datesOf2027.filter((date) => {
			const schedule = dayOfWeek(date) >= 6 ? record.energyweekendschedule : record.energyweekdayschedule;
			const row = schedule[monthNumber(date) - 1] ?? [];
			return given(date) !== row.map((number) => ladders[number]).join();
		});
		expect(wrong).toEqual([]);
	});

	it('tiers in hours of use, demand by month and what is only said in words', () => {
		const tariff = parseTariff(documentsOf('urdb/openei_539f6a23ec4f024411ec8beb.json', 'urdb')[0]);
		expect(tariff.tiers).toMatchObject({ unit: 'kWh_per_kW', cycle: 'bill' });
		expect(tariff.charges.map(({ id }) => id)).toEqual(['demand_0', 'demand_1']);
		expect(tariff.charges[1]).toMatchObject({
			kind: 'demand',
			spans: [6, 7, 8, 9].map((month) => ({ fromMonthDay: month * 100 + 1, toMonthDay: month * 100 + 31 })),
			tiers: [
				{ fromW: 0, toW: 100_000, priceE8PerKw: 1_630_000_000n },
				{ fromW: 100_000, toW: null, priceE8PerKw: 1_490_000_000n }
			]
		});
		expect(tariff.validFrom).toBe('2012-05-01');
		expect(tariff.unknown[0]?.en).toContain('Minimum charge of $1000.00.');
	});

	it('demand in windows, fixed and minimum charges', () => {
		const tariff = parseTariff(documentsOf('urdb/sam_urdbv7_example.json', 'urdb')[0]);
		expect(tariff.charges.map(({ id }) => id)).toEqual([
			'fixed',
			'demand_0',
			'demand_1',
			'demand_2',
			'timed_demand_0_1',
			'timed_demand_1_1'
		]);
		expect(tariff.charges[4]).toMatchObject({
			windows: [{ fromMinute: 900, toMinute: 1200, days: { type: 'weekdays', weekdays: [1, 2, 3, 4, 5] } }],
			tiers: [{ priceE8PerKw: 1_953_900_000n }, { priceE8PerKw: 1_309_300_000n }]
		});
		expect(tariff.minimum).toEqual({ per: 'bill', amountE8: 100_000_000n });
		expect(tariff.unknown.map(({ en }) => en)).toContain('The minimum of 12 dollars a year is left out.');
	});
});

describe('Taipower', () => {
	const file = 'tw_taipower_plans_20251001.json';
	const documents = documentsOf(file, 'taipower');

	it('represents all 20 plans; three of them leave a choice and give two tariffs each', () => {
		expect(documents).toHaveLength(23);
		expect(new Set(documents.map(({ code }) => code)).size).toBe(23);
	});

	const halfHours = Array.from(
		{ length: 48 },
		(_, slot) => `${String(slot >> 1).padStart(2, '0')}:${slot % 2 === 0 ? '00' : '30'}`
	);

	it('each half-hour has the price of its season, day and period', () => {
		const { plans } = readJson(file) as {
			plans: {
				id: string;
				season_strategy: string;
				rates?: { season: string; period: string; day_type?: string; cost: number }[];
				schedules?: { season: string; day_type: string; start: string; end: string; period: string }[];
			}[];
		};
		for (const { id, season_strategy: strategy, rates, schedules } of plans) {
			if (rates === undefined || schedules === undefined) continue;
			const tariffs = documents.filter(({ code }) => code.startsWith(`tw_${id}`)).map(parseTariff);
			expect(tariffs.length, id).toBeGreaterThan(0);
			const rowOf = (season: string, day: string) =>
				halfHours
					.map((clock) => {
						const found = schedules.find(
							(one) => one.season === season && one.day_type === day && clock >= one.start && clock < one.end
						);
						const rate = rates.find(
							(one) => one.season === season && one.period === found?.period && (one.day_type ?? day) === day
						);
						return Math.round((rate?.cost ?? NaN) * 1e8);
					})
					.join();
			const rows = new Map(
				['summer', 'non_summer'].flatMap((season) =>
					['weekday', 'saturday', 'sunday_holiday'].map((day) => [`${season} ${day}`, rowOf(season, day)])
				)
			);
			const [from, to] = strategy === 'seasons' ? ['06-01', '09-30'] : ['05-16', '10-15'];
			for (const tariff of tariffs) {
				const wrong = datesOf2027.filter((date) => {
					const isSummer = date.slice(5) >= from && date.slice(5) <= to;
					const day = ['saturday', 'sunday_holiday'][dayOfWeek(date) - 6] ?? 'weekday';
					const prices = seasonOf(tariff, date).priceE8;
					const codes = timePeriodsOfDay(tariff, date, 'Asia/Taipei', 30, noHolidays);
					const given = Array.from(codes, (code) => prices[TIME_PERIODS[code] ?? 'flat']).join();
					return given !== rows.get(`${isSummer ? 'summer' : 'non_summer'} ${day}`);
				});
				expect(wrong, tariff.code).toEqual([]);
			}
		}
	});

	it('tiers by season with absolute prices, per month', () => {
		const tariff = parseTariff(documents.find(({ code }) => code === 'tw_residential_non_tou'));
		expect(tariff.tiers).toMatchObject({ cycle: 'month', lines: 'by_tier' });
		expect(tariff.tiers?.schedules[0]?.tiers.at(-1)).toEqual({
			fromWh: 1_000_000,
			toWh: null,
			surchargeE8: { flat: 886_000_000n - 178_000_000n }
		});
		expect(tariff.minimum).toEqual({ per: 'month', amountE8: 10_000_000_000n });
	});

	it('contracts with the penalty for demand above them, and the power factor', () => {
		const tariff = parseTariff(documents.find(({ code }) => code === 'tw_high_voltage_2_tier'));
		expect(tariff.charges[0]).toMatchObject({
			id: 'regular_summer',
			contract: 'regular',
			priceE8PerKw: 22_360_000_000n,
			overrun: [
				{ toPercent: 110, factorPercent: 200 },
				{ toPercent: null, factorPercent: 300 }
			]
		});
		expect(tariff.powerFactor?.standards['0.80']?.at(-1)).toMatchObject({ percentAtFromE2: -150 });
	});
});

describe('what is represented', () => {
	it('is listed in represented.md, with what each tariff leaves out', async () => {
		const files: [string, ImportFormat][] = [
			...filesOf('us_ratebook').map((file): [string, ImportFormat] => [file, 'ratebook']),
			...filesOf('urdb').map((file): [string, ImportFormat] => [file, 'urdb']),
			['tw_taipower_plans_20251001.json', 'taipower']
		];
		const rows = files.flatMap(([file, format]) =>
			documentsOf(file, format).map((document) => rowOf(file, document))
		);
		const head =
			'| file | code | seasons | periods | tiers | charges | left out |\n|---|---|---|---|---|---|---|\n';
		const title = '# Foreign tariffs that are represented\n\nMade by import.test.ts.\n\n';
		await expect(`${title}${head}${rows.join('\n')}\n`).toMatchFileSnapshot('represented.md');
	});
});

function rowOf(file: string, document: TariffDocument): string {
	const { seasons, tiers, charges, minimum, unknown } = parseTariff(document);
	const periods = Math.max(...seasons.map(({ priceE8 }) => Object.keys(priceE8).length));
	const steps = Math.max(...(tiers?.schedules ?? []).map((schedule) => schedule.tiers.length), 0);
	const kinds = [...new Set(charges.map(({ kind }) => kind)), ...(minimum === null ? [] : ['minimum'])];
	const cells = [
		path.basename(file, '.json'),
		document.code,
		seasons.length,
		periods,
		tiers === null ? '–' : `${steps} (${tiers.unit})`,
		kinds.join(', ') || '–',
		unknown.map(({ en }) => en).join(' ')
	];
	return `| ${cells.join(' | ')} |`;
}
