import { assert } from '#lib/domain/kernel/assert.ts';
import type { IntervalMinutes, LocalDate } from '#lib/domain/kernel/civil-time.ts';

/**
 * What a series measures, seen from the customer: `active_import` is energy taken from the grid (Wh),
 * `active_export` energy fed in, `reactive_import` lagging and `reactive_export` leading reactive
 * energy (varh).
 */
export const CHANNELS = ['active_import', 'active_export', 'reactive_import', 'reactive_export'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Quality of one interval. The order is the stored code. */
export const QUALITIES = ['missing', 'measured', 'estimated', 'corrected'] as const;
export type Quality = (typeof QUALITIES)[number];

export const QUALITY_CODE = { missing: 0, measured: 1, estimated: 2, corrected: 3 } as const satisfies Record<
	Quality,
	number
>;

/**
 * One local day of one channel. `quantities[i]` is Wh or varh of interval i and means nothing where
 * `qualities[i]` is `missing`: unknown is not zero. Both arrays have `slotsInDay` elements.
 */
export interface LoadDay {
	readonly channel: Channel;
	readonly localDate: LocalDate;
	readonly intervalMinutes: IntervalMinutes;
	readonly quantities: Int32Array;
	readonly qualities: Uint8Array;
	/** 1 for the first delivery, one more for each correction. */
	readonly version: number;
}

/**
 * A day as it travels and is kept on the device: decimal integers separated by commas, empty where
 * missing ("120,,95"), and one quality letter per interval, or a single letter for the whole day.
 */
export interface PackedLoadDay {
	readonly channel: Channel;
	readonly localDate: LocalDate;
	readonly intervalMinutes: IntervalMinutes;
	readonly quantities: string;
	readonly qualities: string;
	readonly version: number;
}

/** Quality letters by code: x missing, m measured, e estimated, c corrected. */
const QUALITY_LETTERS = 'xmec';

/** Unpacks a travelling day. @throws AssertionError where lengths or letters do not fit */
export function unpackLoadDay(packed: PackedLoadDay): LoadDay {
	const cells = packed.quantities.split(',');
	const quantities = new Int32Array(cells.length);
	const qualities = new Uint8Array(cells.length);
	const uniform = packed.qualities.length === 1;
	assert(uniform || packed.qualities.length === cells.length, 'one quality per interval');
	for (let slot = 0; slot < cells.length; slot++) {
		const code = QUALITY_LETTERS.indexOf(packed.qualities[uniform ? 0 : slot] ?? '?');
		assert(code >= 0, 'unknown quality letter');
		qualities[slot] = code;
		if (code !== QUALITY_CODE.missing) quantities[slot] = Number(cells[slot]);
	}
	return { ...packed, quantities, qualities };
}

/** Packs a day for travel; inverse of `unpackLoadDay`. */
export function packLoadDay(day: LoadDay): PackedLoadDay {
	const cells = new Array<string>(day.quantities.length);
	let letters = '';
	let uniform = true;
	for (let slot = 0; slot < day.quantities.length; slot++) {
		const code = day.qualities[slot] ?? 0;
		if (code !== day.qualities[0]) uniform = false;
		letters += QUALITY_LETTERS[code];
		cells[slot] = code === QUALITY_CODE.missing ? '' : String(day.quantities[slot]);
	}
	return { ...day, quantities: cells.join(','), qualities: uniform ? letters.slice(0, 1) : letters };
}
