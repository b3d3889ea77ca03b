import { z } from 'zod';
import type { LocalizedText } from '#lib/domain/tariffs/tariff.ts';
import { firstRepeatedDayOf, repeatDaysOf, type FeedCalendar } from './feed-calendar.ts';
import type { DemoSource } from './sources.ts';

const localizedText = z.object({ 'zh-CN': z.string(), en: z.string() });

/** What is kept with a feed. Titles, names and licences are as their authors write them. */
export const attributionSchema = z.object({
	title: z.string(),
	author: z.string(),
	licence: z.string(),
	licenceUrl: z.url(),
	/** Where the data come from. */
	address: z.url(),
	/** What was done to the values. */
	changes: localizedText,
	/** What was done to the dates: the shift, and what happens when the source is used up. */
	dates: localizedText
});

/** Where a demo customer's readings come from, as the customer's page names it. */
export type DemoAttribution = Readonly<z.infer<typeof attributionSchema>>;

export function attributionOf(source: DemoSource, calendar: FeedCalendar): DemoAttribution {
	const { title, author, licence, licenceUrl, address, changes } = source.origin;
	return { title, author, licence, licenceUrl, address, changes, dates: describeDates(calendar) };
}

function describeDates(calendar: FeedCalendar): LocalizedText {
	const { firstSourceDay, lastSourceDay, shiftWeeks } = calendar;
	const repeatWeeks = repeatDaysOf(calendar) / 7;
	const repeatedFrom = firstRepeatedDayOf(calendar);
	return {
		'zh-CN':
			`${firstSourceDay} 至 ${lastSourceDay} 的读数按原钟点整体后移 ${shiftWeeks} 周显示，星期不变；` +
			`自 ${repeatedFrom} 起原始数据用完，每天重复显示 ${repeatWeeks} 周前的那一天。`,
		en:
			`The readings of ${firstSourceDay} to ${lastSourceDay} are shown ${shiftWeeks} weeks later, at the ` +
			`same time of day and on the same weekday; from ${repeatedFrom} on the source is used up, and each ` +
			`day repeats the one ${repeatWeeks} weeks before.`
	};
}
