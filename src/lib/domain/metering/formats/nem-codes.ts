import { QUALITY_CODE, type Channel } from '../load-day.ts';

/** What a data stream of an NMI means here, or why it is not kept. */
export type NemMeaning =
	| { readonly kept: true; readonly channel: Channel; readonly decimals: number }
	| { readonly kept: false; readonly reason: string };

/**
 * First letter of an NMI suffix, as the customer sees it: AEMO names streams from the network's side, where
 * E "exports" to the customer and B "imports" from it; Q goes with E, K with B (NMI Procedure, data streams).
 */
const STREAMS: Readonly<Record<string, { channel: Channel; reactive: boolean }>> = {
	E: { channel: 'active_import', reactive: false },
	B: { channel: 'active_export', reactive: false },
	Q: { channel: 'reactive_import', reactive: true },
	K: { channel: 'reactive_export', reactive: true }
};

const ENERGY_UNITS: Readonly<Record<string, { decimals: number; reactive: boolean }>> = {
	WH: { decimals: 0, reactive: false },
	KWH: { decimals: 3, reactive: false },
	MWH: { decimals: 6, reactive: false },
	VARH: { decimals: 0, reactive: true },
	KVARH: { decimals: 3, reactive: true },
	MVARH: { decimals: 6, reactive: true }
};

export function nemMeaning(suffix: string, unit: string): NemMeaning {
	const stream = STREAMS[suffix.slice(0, 1)];
	const energy = ENERGY_UNITS[unit.toUpperCase()];
	if (stream === undefined)
		return { kept: false, reason: `data stream ${suffix} is no import or export of energy` };
	if (energy?.reactive !== stream.reactive) {
		return { kept: false, reason: `unit "${unit}" is no energy of data stream ${suffix}` };
	}
	return { kept: true, channel: stream.channel, decimals: energy.decimals };
}

/** NEM13 names the stream by the direction of the register and its unit. */
export function nem13Meaning(direction: string, unit: string): NemMeaning {
	const energy = ENERGY_UNITS[unit.toUpperCase()];
	if (energy === undefined) return { kept: false, reason: `unit "${unit}" is no energy` };
	if (direction !== 'E' && direction !== 'I')
		return { kept: false, reason: `unknown direction "${direction}"` };
	const way = direction === 'E' ? 'import' : 'export';
	return {
		kept: true,
		channel: energy.reactive ? `reactive_${way}` : `active_${way}`,
		decimals: energy.decimals
	};
}

/**
 * Quality flag with or without its method ("S14"): A actual; E forward estimate, F final and S temporary
 * substitute, none of which was measured; N null data.
 * @returns undefined for an unknown flag
 */
export function nemQuality(flag: string): number | undefined {
	switch (/^([AEFNS])(\d{2})?$/.exec(flag)?.[1]) {
		case 'A':
			return QUALITY_CODE.measured;
		case 'E':
		case 'F':
		case 'S':
			return QUALITY_CODE.estimated;
		case 'N':
			return QUALITY_CODE.missing;
		default:
			return undefined;
	}
}
