import { z } from 'zod';
import { INTERVAL_MINUTES } from '#lib/domain/kernel/civil-time.ts';
import { CHANNELS, QUALITIES } from '../load-day.ts';
import { METER_CLOCK } from './fragment.ts';
import { isReactiveUnit, QUANTITY_UNITS } from './quantity.ts';

/** A column by its name in the last header row, or by its number, counted from 1. */
const column = z.union([z.string().min(1), z.number().int().min(1)]);

const series = z
	.strictObject({
		channel: z.enum(CHANNELS),
		column,
		/** Wh and varh are energies of the interval, W and var means over it. */
		unit: z.enum(QUANTITY_UNITS),
		/** For files with several meters side by side: the name of this one. */
		sourceId: z.string().min(1).optional()
	})
	.refine(({ channel, unit }) => channel.startsWith('reactive_') === isReactiveUnit(unit), {
		message: 'the unit does not fit the channel',
		path: ['unit']
	});

/**
 * How a delimited text file of interval readings is to be read: one row per interval, any number of series
 * side by side. Everything that the meaning of the file depends on is said here, nothing is guessed. Rows that repeat an
 * interval with the same value are counted and dropped; with another value they refuse the file.
 */
export const csvProfileSchema = z.strictObject({
	name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
	/** Whose file this is. */
	title: z.string(),
	delimiter: z.string().length(1).default(','),
	/** Rows before the first reading; the last of them names the columns. */
	headerRows: z.number().int().min(0).max(50).default(1),
	/** As `TextDecoder` names it, e.g. "gb18030". */
	encoding: z.string().default('utf-8'),
	time: z.strictObject({
		/** One column, or the date's and the time's; joined by a space. */
		columns: z.array(column).min(1).max(2),
		/** See `timeLabelReader`: "DD-MM-YYYY HH:mm" and "MM/DD/YYYY HH:mm" differ by nothing else. */
		pattern: z.string().min(4),
		/** Whether the label names the start or the end of its interval. */
		label: z.enum(['start', 'end']),
		/**
		 * What an end label of 00:00 means: the midnight that its date begins with, or, in files that write the
		 * last interval of a day as "same day 00:00", the midnight that its date ends with.
		 */
		midnight: z.enum(['begins_date', 'ends_date']).default('begins_date'),
		/**
		 * The clock of the labels: "meter" for the wall clock where the meter stands (its zone is known to the
		 * portal), "label" where each label has its offset, else a time zone or offset ("UTC", "+08:00").
		 */
		clock: z.string().default(METER_CLOCK)
	}),
	intervalMinutes: z.literal(INTERVAL_MINUTES),
	/** The column that names the meter, or one name for the whole file. */
	source: z.union([z.strictObject({ column }), z.strictObject({ id: z.string().min(1) })]),
	series: z.array(series).min(1),
	/** Cells that say that there is no reading, compared without surrounding spaces. */
	missing: z.array(z.string()).default(['']),
	/** A reading is estimated where this column matches the expression. */
	estimated: z.strictObject({ column, matches: z.string() }).optional(),
	/** A column of quality words; a word that is not named refuses the file. */
	quality: z.strictObject({ column, words: z.record(z.string(), z.enum(QUALITIES)) }).optional(),
	/** Rows whose column has another value are of another kind and not read. */
	only: z.strictObject({ column, equals: z.string() }).optional(),
	/**
	 * Rows whose label is not on the interval grid: refuse the file, or leave out those that carry no reading.
	 * A value off the grid is refused in any case.
	 */
	offGrid: z.enum(['refuse', 'drop_if_missing']).default('refuse')
});

export type CsvProfile = z.infer<typeof csvProfileSchema>;
/** A profile as it is written: with the defaults left out. */
export type CsvProfileInput = z.input<typeof csvProfileSchema>;
