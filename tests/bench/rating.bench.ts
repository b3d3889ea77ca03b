import path from 'node:path';
import { readCurve } from '../../src/cli/support/curve-file.ts';
import { addDays, localDate } from '#lib/domain/kernel/civil-time.ts';
import type { LoadDay } from '#lib/domain/metering/load-day.ts';
import { rate } from '#lib/domain/rating/rate.ts';
import { parseTariff } from '#lib/domain/tariffs/parse.ts';
import { PLANT, point, ratingInput, tariffJson } from '../support/rating.ts';
import { median, note, readOptions, report } from './support/report.ts';

const MAX_RATIO = 50;
const STEEL = path.resolve(
	import.meta.dirname,
	'../../drizzle/seed/data/industrial/kr_steel_2018_15min.csv.gz'
);

/**
 * A real plant's year at 15 minutes, rated with time-of-use, tiers, demand and power factor, against a bare sum
 * of the same values (active, lagging and leading) over typed arrays.
 */
export async function run(args: string[]): Promise<void> {
	const options = readOptions(args, 200);
	const days = await readCurve(STEEL, 'Asia/Shanghai', 'kr-steel');
	const input = inputOf(days);
	const outcome = rate(input);
	if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
	note(`${days.length} days of one channel, ${outcome.lines.length} lines`);
	const values = days.map(({ quantities }) => quantities);
	const whole = new Int32Array(values.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of values) {
		whole.set(part, at);
		at += part.length;
	}
	let sink = 0;
	const product = medianMs(options.rounds, () => rate(input));
	const reference = medianMs(options.rounds * 10, () => (sink += sumOf(whole)));
	if (sink <= 0) throw new Error('nothing was summed');
	report('rating', options, [
		{
			name: "a year's rating",
			unit: 'ms',
			product,
			reference,
			referenceName: 'bare sum of the same values',
			ratio: product / reference,
			target: { atMost: MAX_RATIO }
		}
	]);
}

/** Milliseconds of one call, after a warm-up. */
function medianMs(rounds: number, work: () => unknown): number {
	for (let round = 0; round < rounds; round++) work();
	return median(
		Array.from({ length: rounds }, () => {
			const startedAt = performance.now();
			work();
			return performance.now() - startedAt;
		})
	);
}

function sumOf(values: Int32Array): number {
	let sum = 0;
	for (let index = 0; index < values.length; index++) sum += values[index] ?? 0;
	return sum;
}

/** The plant's year on the two-part table, with a household's annual tiers added. */
function inputOf(days: readonly LoadDay[]) {
	const dates = days.map(({ localDate: date }) => date).sort();
	const period = {
		start: dates[0] ?? localDate('2018-01-01'),
		end: addDays(dates.at(-1) ?? localDate('2018-12-31'), 1)
	};
	const { tiers } = tariffJson('zhejiang_residential_tou.2024');
	const tariff = parseTariff({ ...tariffJson('hubei_two_part_1_10kv_demo.2026-01-demo'), tiers });
	return ratingInput(tariff, period, [point(period, [...days])], { account: PLANT });
}
