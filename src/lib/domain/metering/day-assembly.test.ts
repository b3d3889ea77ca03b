import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	localDate,
	slotsInDay,
	slotWallMinutes,
	type IntervalMinutes
} from '#lib/domain/kernel/civil-time.ts';
import { DayAssembly, type AssembledDay, type ReadingTarget } from './day-assembly.ts';
import { METER_CLOCK, type Fragment } from './formats/fragment.ts';
import { combineDay } from './merge-day.ts';

const HOUR_MS = 3_600_000;

function run(labelMs: number, quantities: readonly number[], more: Partial<Fragment> = {}): Fragment {
	return {
		kind: 'intervals',
		sourceId: 'S',
		register: '',
		channel: 'active_import',
		intervalMinutes: 60,
		clock: 'UTC',
		labelMs,
		labels: 'start',
		quantities: Int32Array.from(quantities),
		qualities: Uint8Array.from(quantities, (quantity) => (quantity < 0 ? 0 : 1)),
		place: { line: 7 },
		linesPerInterval: 1,
		...more
	};
}

function assemble(fragments: readonly Fragment[], timeZone: string, options = {}) {
	const target: ReadingTarget = { meterNo: 'M', timeZone };
	const assembly = new DayAssembly<ReadingTarget>('file', options);
	const days: AssembledDay<ReadingTarget>[] = [];
	for (const fragment of fragments) {
		assembly.add(fragment, target);
		days.push(...assembly.take());
	}
	days.push(...assembly.finish());
	return { days, summary: assembly.summaries()[0] };
}

/** The days as text, parts of one day put together. */
function curve(days: readonly AssembledDay<ReadingTarget>[]): Record<string, string> {
	const whole = new Map<string, { quantities: Int32Array; qualities: Uint8Array }>();
	for (const day of days) {
		const before = whole.get(day.localDate);
		whole.set(day.localDate, before === undefined ? day : combineDay(before, day));
	}
	return Object.fromEntries(
		[...whole]
			.sort()
			.map(([date, { quantities, qualities }]) => [
				date,
				[...quantities].map((quantity, slot) => (qualities[slot] === 0 ? 'x' : quantity)).join(' ')
			])
	);
}

const wall = (text: string) => Date.parse(`${text}:00Z`);

describe('local days', () => {
	it('are cut at the midnights of the meter, whatever clock the file is on', () => {
		const { days } = assemble([run(wall('2026-01-04T14:00'), [1, 2, 3, 4])], 'Asia/Shanghai');
		expect(days.map(({ localDate: date, quantities }) => [date, quantities[0], quantities[23]])).toEqual([
			['2026-01-04', 0, 2],
			['2026-01-05', 3, 0]
		]);
	});

	it('have 23 and 25 hours where the clock changes', () => {
		const hours = Array.from({ length: 25 }, (_, hour) => hour);
		const spring = assemble([run(wall('2025-03-09T08:00'), hours.slice(0, 23))], 'America/Los_Angeles');
		const autumn = assemble([run(wall('2025-11-02T07:00'), hours)], 'America/Los_Angeles');
		expect(curve(spring.days)).toEqual({ '2025-03-09': hours.slice(0, 23).join(' ') });
		expect(curve(autumn.days)).toEqual({ '2025-11-02': hours.join(' ') });
	});

	it('take a label that comes twice when the clock is put back as the first hour, then the second', () => {
		const twice = [run(wall('2025-11-02T01:00'), [10]), run(wall('2025-11-02T01:00'), [11])].map(
			(fragment) => ({
				...fragment,
				clock: METER_CLOCK
			})
		);
		const { days } = assemble(twice, 'America/Los_Angeles');
		expect([...(days[0]?.quantities.slice(0, 4) ?? [])]).toEqual([0, 10, 11, 0]);
	});

	it('end at 3:00 with the hour that began at 1:00 when the clock is put forward, for labels of the end', () => {
		const { days } = assemble(
			[run(wall('2025-03-09T03:00'), [7], { clock: METER_CLOCK, labels: 'end' })],
			'America/Los_Angeles'
		);
		expect([...(days[0]?.quantities.slice(0, 3) ?? [])]).toEqual([0, 7, 0]);
	});

	it('refuse a wall-clock time that never was, naming its line', () => {
		const skipped = run(wall('2025-03-09T01:00'), [1, 2], { clock: METER_CLOCK });
		expect(() => assemble([skipped], 'America/Los_Angeles')).toThrow(
			'file, line 8: 2025-03-09 02:00 does not exist in time zone America/Los_Angeles'
		);
	});

	it('refuse an interval off the grid, two lengths on a day, two values and two series of one channel', () => {
		const at = wall('2026-01-05T00:00');
		expect(() => assemble([run(at + HOUR_MS / 2, [1])], 'UTC')).toThrow('cannot start at');
		expect(() => assemble([run(at, [1]), run(at + HOUR_MS, [1], { intervalMinutes: 30 })], 'UTC')).toThrow(
			'intervals of 60 and of 30 minutes'
		);
		expect(() => assemble([run(at, [1]), run(at, [2])], 'UTC')).toThrow('two values for the interval');
		expect(() =>
			assemble([run(at, [1], { register: 'E1' }), run(at, [1], { register: 'E2' })], 'UTC')
		).toThrow('S E1 and S E2 are both active_import of meter M');
	});

	it('count gaps between the first and the last reading, lost days included', () => {
		const { summary } = assemble(
			[
				run(wall('2026-01-05T22:00'), [1, -1]),
				run(wall('2026-01-08T00:00'), [1, 1]),
				run(wall('2026-01-08T00:00'), [1])
			],
			'UTC'
		);
		expect(summary).toMatchObject({ days: 2, intervals: 3, gaps: 49, duplicates: 1, total: 3 });
	});

	it('leave out a day without any reading', () => {
		expect(assemble([run(wall('2026-01-05T00:00'), [-1, -1])], 'UTC').days).toEqual([]);
	});
});

describe('the way a file is cut', () => {
	const zones = ['Asia/Shanghai', 'America/Los_Angeles', 'Europe/London', 'Australia/Lord_Howe'];

	it('does not change the curve: blocks of any length in any order, however few days are held open', () => {
		fc.assert(
			fc.property(
				fc.array(fc.integer({ min: -1, max: 9 }), { minLength: 1, maxLength: 400 }),
				fc.array(fc.nat(), { maxLength: 20 }),
				fc.constantFrom(...zones),
				fc.constantFrom<IntervalMinutes>(5, 10, 15, 30),
				fc.integer({ min: 1, max: 5 }),
				fc.integer(),
				(quantities, cuts, timeZone, intervalMinutes, openDaysLimit, seed) => {
					const startMs = wall('2025-03-08T00:00');
					const whole = run(startMs, quantities, { intervalMinutes });
					const edges = [
						...new Set([0, quantities.length, ...cuts.map((cut) => cut % quantities.length)])
					].sort((a, b) => a - b);
					const parts = edges.slice(1).map((end, index) => {
						const from = edges[index] ?? 0;
						return run(startMs + from * intervalMinutes * 60_000, quantities.slice(from, end), {
							intervalMinutes
						});
					});
					parts.sort((a, b) => ((a.labelMs ^ seed) % 97) - ((b.labelMs ^ seed) % 97));
					expect(curve(assemble(parts, timeZone, { openDaysLimit }).days)).toEqual(
						curve(assemble([whole], timeZone).days)
					);
				}
			),
			{ numRuns: 60 }
		);
	});

	it('keeps every reading of a wall-clock file at its wall-clock time, also where the clock changes', () => {
		fc.assert(
			fc.property(
				fc.constantFrom(
					'2025-01-15',
					'2025-03-09',
					'2025-03-30',
					'2025-10-26',
					'2025-11-02',
					'2025-04-06',
					'2025-10-05'
				),
				fc.constantFrom(...zones),
				fc.constantFrom<IntervalMinutes>(5, 15, 30),
				(text, timeZone, intervalMinutes) => {
					const date = localDate(text);
					const minutes = slotWallMinutes(date, timeZone, intervalMinutes);
					const fragments = minutes.map((minute) =>
						run(Date.parse(`${text}T00:00:00Z`) + minute * 60_000, [minute], {
							intervalMinutes,
							clock: METER_CLOCK
						})
					);
					const { days } = assemble(fragments, timeZone);
					expect(days).toHaveLength(1);
					expect(days[0]?.quantities).toHaveLength(slotsInDay(date, timeZone, intervalMinutes));
					expect([...(days[0]?.quantities ?? [])]).toEqual(minutes);
				}
			)
		);
	});
});
