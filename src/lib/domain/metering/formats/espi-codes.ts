import { QUALITY_CODE, type Channel } from '../load-day.ts';

/** Fields of a ReadingType that the meaning of its readings depends on (ESPI 1.1 / NAESB REQ.21). */
export interface ReadingType {
	readonly uom: number | undefined;
	readonly flowDirection: number | undefined;
	readonly accumulationBehaviour: number | undefined;
	readonly powerOfTenMultiplier: number;
	/** Seconds. */
	readonly intervalLength: number | undefined;
	readonly defaultQuality: number | undefined;
}

/** Service kinds by code. */
const SERVICE_KINDS = [
	'electricity',
	'gas',
	'water',
	'time',
	'heat',
	'refuse',
	'sewerage',
	'rates',
	'TV licence',
	'internet'
];
const ELECTRICITY = 0;

const UOM_WH = 72;
const UOM_VARH = 73;
/** Units that no electricity meter counts in: m³, ft³, gallons, BTU, therms and the like. */
const OTHER_COMMODITY_UOMS: ReadonlySet<number> = new Set([42, 45, 119, 123, 125, 128, 130, 132, 134, 169]);

/** Delta values only: a value is the energy of its interval. */
const ACCUMULATION_NONE = 0;
const ACCUMULATION_DELTA = 4;

const FLOW_NONE = 0;
const FLOW_FORWARD = 1;
const FLOW_LAGGING = 2;
const FLOW_LEADING = 3;
const FLOW_REVERSE = 19;

export type EspiMeaning =
	| { readonly kind: 'kept'; readonly channel: Channel }
	/** No electrical energy: left out of the import; refuses a file that has nothing else. */
	| { readonly kind: 'ignored'; readonly field: string; readonly reason: string }
	/** Energy whose direction cannot be told: refuses the file. */
	| { readonly kind: 'refused'; readonly field: string; readonly reason: string };

export function espiMeaning(type: ReadingType, serviceKind: number | undefined): EspiMeaning {
	const { uom, flowDirection = FLOW_NONE, accumulationBehaviour = ACCUMULATION_DELTA } = type;
	if (serviceKind !== undefined && serviceKind !== ELECTRICITY) {
		const name = SERVICE_KINDS[serviceKind] ?? 'unknown';
		return ignored('ServiceCategory', `not electricity: service kind ${serviceKind} (${name})`);
	}
	if (uom === undefined)
		return { kind: 'refused', field: 'uom', reason: 'the unit of the readings is missing' };
	if (OTHER_COMMODITY_UOMS.has(uom)) return ignored('uom', `not electricity: unit ${uom}`);
	if (uom !== UOM_WH && uom !== UOM_VARH) return ignored('uom', `unit ${uom} is no energy`);
	if (accumulationBehaviour !== ACCUMULATION_DELTA && accumulationBehaviour !== ACCUMULATION_NONE) {
		return ignored('accumulationBehaviour', `behaviour ${accumulationBehaviour} is no energy per interval`);
	}
	const channel = channelOf(uom === UOM_VARH, flowDirection);
	if (channel !== undefined) return { kind: 'kept', channel };
	return {
		kind: 'refused',
		field: 'flowDirection',
		reason: `flow direction ${flowDirection} does not tell import from export`
	};
}

function ignored(field: string, reason: string): EspiMeaning {
	return { kind: 'ignored', field, reason };
}

function channelOf(reactive: boolean, flowDirection: number): Channel | undefined {
	switch (flowDirection) {
		case FLOW_NONE:
		case FLOW_FORWARD:
			return reactive ? 'reactive_import' : 'active_import';
		case FLOW_REVERSE:
			return reactive ? 'reactive_export' : 'active_export';
		case FLOW_LAGGING:
			return reactive ? 'reactive_import' : undefined;
		case FLOW_LEADING:
			return reactive ? 'reactive_export' : undefined;
		default:
			return undefined;
	}
}

/** Codes that the writer uses for a channel; `espiMeaning` reads them back. */
export function espiCodes(channel: Channel): { uom: number; flowDirection: number } {
	return {
		uom: channel.startsWith('reactive_') ? UOM_VARH : UOM_WH,
		flowDirection: channel.endsWith('_import') ? FLOW_FORWARD : FLOW_REVERSE
	};
}

const { measured, estimated, corrected } = QUALITY_CODE;

/** QualityOfReading codes. What is not known to be measured counts as estimated. */
const QUALITY_BY_CODE: Readonly<Record<number, number>> = {
	0: measured, // valid
	7: corrected, // manually edited
	8: estimated, // estimated using reference day
	9: estimated, // estimated using linear interpolation
	10: estimated, // questionable
	11: measured, // derived
	12: estimated, // projected
	13: estimated, // mixed
	14: measured, // raw
	15: estimated, // normalized for weather
	16: estimated, // other
	17: measured, // validated
	18: measured, // verified
	19: measured // revenue quality
};

export function espiQuality(code: number): number | undefined {
	return QUALITY_BY_CODE[code];
}

/** Code that the writer gives a quality; none for a measured value, which is the default. */
export function espiQualityCode(quality: number): number | undefined {
	if (quality === estimated) return 8;
	return quality === corrected ? 7 : undefined;
}
