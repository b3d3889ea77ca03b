import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { TariffDocument } from '../parse.ts';
import type { TimePeriod } from '../tariff.ts';

type Season = TariffDocument['seasons'][number];
type Window = Season['windows'][number];
type DayRule = NonNullable<Window['days']>;

/** Days of the week that share one pattern, and the dates that leave or join them. */
export interface DayPattern<Cell> {
	readonly weekdays: readonly number[];
	readonly except: readonly LocalDate[];
	readonly plus: readonly LocalDate[];
	/** What holds in each slot of the day; the slots share out 24 hours evenly. */
	readonly cells: readonly Cell[];
}

/** From–to on the days of a pattern. */
export interface Stretch {
	readonly from: string;
	readonly to: string;
	readonly days?: DayRule;
}

/** The windows of a season whose days follow the patterns; the period with most hours is what is left (`rest`). */
export function windowsOf(patterns: readonly DayPattern<TimePeriod>[]): Pick<Season, 'rest' | 'windows'> {
	const hours = new Map<TimePeriod, number>();
	for (const { weekdays, cells } of patterns) {
		for (const period of cells) {
			hours.set(period, (hours.get(period) ?? 0) + weekdays.length / cells.length);
		}
	}
	const [rest = 'flat'] = [...hours.keys()].sort((a, b) => (hours.get(b) ?? 0) - (hours.get(a) ?? 0));
	const windows = [...hours.keys()]
		.filter((period) => period !== rest)
		.flatMap((period) => stretchesOf(patterns, period).map((stretch) => ({ period, ...stretch })));
	return { rest, windows };
}

/** When a cell has a value; patterns with the same stretches are one where they make up the week. */
export function stretchesOf<Cell>(patterns: readonly DayPattern<Cell>[], value: Cell): Stretch[] {
	const [first, ...others] = patterns.map(({ cells }) => runsOf(cells, value));
	const whole = patterns.reduce((sum, { weekdays }) => sum + weekdays.length, 0) === 7;
	if (first !== undefined && whole && others.every((runs) => sameRuns(runs, first))) return first;
	return patterns.flatMap((pattern) =>
		runsOf(pattern.cells, value).map((run) => ({ ...run, days: dayRule(pattern) }))
	);
}

function dayRule<Cell>({ weekdays, except, plus }: DayPattern<Cell>): DayRule {
	return {
		type: 'weekdays',
		weekdays: [...weekdays],
		...(except.length === 0 ? {} : { except: [...except] }),
		...(plus.length === 0 ? {} : { plus: [...plus] })
	};
}

function sameRuns(a: readonly Stretch[], b: readonly Stretch[]): boolean {
	return (
		a.length === b.length && a.every(({ from, to }, index) => from === b[index]?.from && to === b[index].to)
	);
}

/** Runs of a value over the day; one that ends at midnight joins the one that begins there. */
function runsOf<Cell>(cells: readonly Cell[], value: Cell): Stretch[] {
	const slotMinutes = 1440 / cells.length;
	const runs: { start: number; end: number }[] = [];
	cells.forEach((cell, slot) => {
		if (cell !== value) return;
		const last = runs.at(-1);
		if (last?.end === slot) last.end = slot + 1;
		else runs.push({ start: slot, end: slot + 1 });
	});
	const [first] = runs;
	const last = runs.at(-1);
	if (first !== undefined && last !== undefined && runs.length > 1) {
		if (first.start === 0 && last.end === cells.length) {
			last.end = first.end;
			runs.shift();
		}
	}
	return runs.map(({ start, end }) => ({ from: clock(start * slotMinutes), to: clock(end * slotMinutes) }));
}

function clock(minute: number): string {
	return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
