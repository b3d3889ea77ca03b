import type { UsageOverview } from '#lib/domain/advice/overview.ts';
import { energyParts, formatDate, formatEnergy, formatTime } from '#lib/i18n/format.ts';
import { changeFromUsualInWords } from '#lib/components/metering/change-in-words.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import { areaPaths, linePath } from './curve-path.ts';
import type { CurvePicture, DayBar, Note, UsageView } from './view.ts';
import { changeFromWeekBeforeInWords, qualityInWords } from './words.ts';

const NOON = 720;
const MIDNIGHT = 1440;

export function usageView(usage: UsageOverview | null, href: string): UsageView {
	const frame = { title: m.common_home_usage(), href, none: m.common_home_usage_none() };
	if (usage === null) return { ...frame, known: null };
	const { day, week } = usage;
	const date = formatDate(day.localDate, undefined, 'weekday');
	const change =
		day.changeFromUsual === null
			? m.common_home_usual_unknown()
			: changeFromUsualInWords(day.changeFromUsual);
	return {
		...frame,
		known: {
			day: {
				label: day.ageDays === 1 ? m.common_home_yesterday({ date }) : date,
				figure: figureOf(day.energyWh),
				change,
				notes: [...meterNotes(usage.meter), ...dayNotes(day)],
				curve: curvePicture(day, date, change)
			},
			week: {
				label: m.common_home_last_7_days(),
				figure: figureOf(week.energyWh),
				change: changeFromWeekBeforeInWords(week.changeFromWeekBefore),
				notes: qualityNotes(week),
				bars: dayBars(week.days)
			}
		}
	};
}

function figureOf(energyWh: number | null) {
	return energyWh === null ? null : energyParts(energyWh);
}

/** With several meters the curve is that of one of them, while the bill is for all. */
function meterNotes({ meterNo, of }: UsageOverview['meter']): Note[] {
	if (of === 1) return [];
	return [{ text: m.common_home_meter({ number: meterNo, count: of }), tone: 'soft' }];
}

function dayNotes(day: UsageOverview['day']): Note[] {
	const notes: Note[] = [];
	if (day.ageDays > 1) notes.push({ text: m.common_home_newest_day({ days: day.ageDays }), tone: 'warn' });
	if (day.exportWh !== null) {
		notes.push({ text: m.common_home_fed_in({ energy: formatEnergy(day.exportWh) }), tone: 'soft' });
	}
	return [...notes, ...qualityNotes(day)];
}

function qualityNotes(quality: { readonly missing: number; readonly estimated: number }): Note[] {
	const text = qualityInWords(quality);
	return text === null ? [] : [{ text, tone: 'warn' }];
}

function curvePicture(day: UsageOverview['day'], date: string, change: string): CurvePicture {
	const { powerW, usual } = day;
	const highest = Math.max(1, ...[...powerW, ...(usual?.highW ?? [])].map((value) => value ?? 0));
	const energy = day.energyWh === null ? m.common_home_no_readings() : formatEnergy(day.energyWh);
	return {
		label: m.common_home_curve_label({ date, energy, change }),
		width: powerW.length,
		line: linePath(powerW, highest),
		band: usual && areaPaths(usual.lowW, usual.highW, highest),
		bandLabel: usual && m.common_home_usual_band({ days: usual.days }),
		axis: [0, NOON, MIDNIGHT].map(formatTime)
	};
}

function dayBars(days: UsageOverview['week']['days']): DayBar[] {
	const highest = Math.max(1, ...days.map(({ energyWh }) => energyWh ?? 0));
	return days.map(({ localDate, energyWh, missing }) => {
		const energy = energyWh === null ? m.common_home_no_readings() : formatEnergy(energyWh);
		const gaps = energyWh !== null && missing > 0 ? `, ${m.common_home_missing({ count: missing })}` : '';
		return {
			key: localDate,
			share: energyWh === null ? null : energyWh / highest,
			isPartial: missing > 0,
			letter: formatDate(localDate, undefined, 'dayLetter'),
			text: `${formatDate(localDate, undefined, 'weekday')}: ${energy}${gaps}`
		};
	});
}
