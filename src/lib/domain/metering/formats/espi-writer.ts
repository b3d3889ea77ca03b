import { dayLengthMinutes, dayStartMs } from '#lib/domain/kernel/civil-time.ts';
import { QUALITY_CODE, type LoadDay } from '../load-day.ts';
import { espiCodes, espiQualityCode } from './espi-codes.ts';
import { encodeDstRule, localTimeParametersOf } from './espi-local-time.ts';
import { XmlPieces, type XmlElement } from './xml-pieces.ts';

const ATOM = 'http://www.w3.org/2005/Atom';
const ESPI = 'http://naesb.org/espi';
const ROOT = '/espi/1_1/resource';

/** What a feed says besides its readings. */
export interface FeedMeta {
	readonly title: string;
	readonly meterNo: string;
	readonly timeZone: string;
	/** ISO 8601 instant. */
	readonly generatedAt: string;
	/** A UUID for the part of the feed that is named: the same name gives the same UUID. */
	uuidOf(name: string): string;
}

/**
 * Days of one meter as Green Button XML, in pieces. Missing intervals are left out, measured values carry no
 * quality, estimated ones 8, corrected ones 7: `parseEspi` reads back the same days. Days come in any order; one
 * block is written for each.
 */
export function* writeGreenButtonXml(days: Iterable<LoadDay>, meta: FeedMeta): Generator<string> {
	const entries = new FeedEntries(meta);
	const xml = new XmlPieces({ feed: entries.feed() });
	yield xml.beginning;
	yield xml.piece({ entry: entries.usagePointEntry() });
	for (const day of days) {
		for (const entry of entries.ofDay(day)) yield xml.piece({ entry });
	}
	yield xml.end;
}

/** The feed's parts, each in the order of its schema. */
class FeedEntries {
	private readonly meta: FeedMeta;
	private readonly meterPath: string;
	private readonly usagePoint: string;
	private readonly localTime = `${ROOT}/LocalTimeParameters/1`;
	private readonly started = new Set<string>();

	constructor(meta: FeedMeta) {
		this.meta = meta;
		// Half of a surrogate pair has no place in an address.
		this.meterPath = encodeURIComponent(meta.meterNo.toWellFormed());
		this.usagePoint = `${ROOT}/UsagePoint/${this.meterPath}`;
	}

	/** The feed without its entries. */
	feed(): XmlElement {
		return {
			'@xmlns': ATOM,
			id: this.id('feed'),
			title: this.meta.title,
			updated: this.meta.generatedAt,
			link: link('self', `${ROOT}/Subscription/${this.meterPath}`)
		};
	}

	usagePointEntry(): XmlElement {
		return this.entry(this.usagePoint, {
			up: `${ROOT}/UsagePoint`,
			related: [`${this.usagePoint}/MeterReading`, this.localTime],
			title: this.meta.meterNo,
			content: { UsagePoint: { '@xmlns': ESPI, ServiceCategory: { kind: 0 } } }
		});
	}

	/** The block of a day, after the entries that say what the readings of its channel are. */
	*ofDay(day: LoadDay): Generator<XmlElement> {
		const { channel, localDate, intervalMinutes, quantities, qualities } = day;
		if (qualities.every((quality) => quality === QUALITY_CODE.missing)) return;
		const { timeZone } = this.meta;
		const startMs = dayStartMs(localDate, timeZone);
		if (this.started.size === 0) yield this.localTimeEntry(startMs);
		const name = `${channel}-${intervalMinutes}`;
		const meterReading = `${this.usagePoint}/MeterReading/${name}`;
		if (!this.started.has(name)) yield* this.meterReadingEntries(meterReading, name, day);
		this.started.add(name);

		const duration = intervalMinutes * 60;
		const readings: XmlElement[] = [];
		for (let slot = 0; slot < quantities.length; slot++) {
			const quality = qualities[slot] ?? QUALITY_CODE.missing;
			if (quality === QUALITY_CODE.missing) continue;
			const code = espiQualityCode(quality);
			readings.push({
				...(code !== undefined && { ReadingQuality: { quality: code } }),
				timePeriod: { duration, start: startMs / 1000 + slot * duration },
				value: quantities[slot] ?? 0
			});
		}
		const interval = { duration: dayLengthMinutes(localDate, timeZone) * 60, start: startMs / 1000 };
		const up = `${meterReading}/IntervalBlock`;
		yield this.entry(`${up}/${localDate}`, {
			up,
			title: localDate,
			content: { IntervalBlock: { '@xmlns': ESPI, interval, IntervalReading: readings } }
		});
	}

	private *meterReadingEntries(
		self: string,
		name: string,
		{ channel, intervalMinutes }: LoadDay
	): Generator<XmlElement> {
		const type = `${ROOT}/ReadingType/${name}`;
		yield this.entry(self, {
			up: `${this.usagePoint}/MeterReading`,
			related: [`${self}/IntervalBlock`, type],
			title: name,
			content: { MeterReading: { '@xmlns': ESPI } }
		});
		const { uom, flowDirection } = espiCodes(channel);
		const readingType = {
			'@xmlns': ESPI,
			accumulationBehaviour: 4,
			commodity: 1,
			dataQualifier: 12,
			flowDirection,
			intervalLength: intervalMinutes * 60,
			kind: 12,
			powerOfTenMultiplier: 0,
			timeAttribute: 0,
			uom
		};
		yield this.entry(type, { up: `${ROOT}/ReadingType`, title: name, content: { ReadingType: readingType } });
	}

	private localTimeEntry(instantMs: number): XmlElement {
		const { timeZone } = this.meta;
		const parameters = localTimeParametersOf(timeZone, instantMs);
		const localTime = {
			'@xmlns': ESPI,
			dstEndRule: encodeDstRule(parameters.dstEnd),
			dstOffset: parameters.dstOffsetSeconds,
			dstStartRule: encodeDstRule(parameters.dstStart),
			tzOffset: parameters.tzOffsetSeconds
		};
		return this.entry(this.localTime, {
			up: `${ROOT}/LocalTimeParameters`,
			title: timeZone,
			content: { LocalTimeParameters: localTime }
		});
	}

	private entry(
		self: string,
		of: { up: string; related?: readonly string[]; title: string; content: XmlElement }
	): XmlElement {
		const { generatedAt } = this.meta;
		const related = (of.related ?? []).map((href) => link('related', href));
		return {
			id: this.id(self),
			link: [link('self', self), link('up', of.up), ...related],
			title: of.title,
			content: of.content,
			published: generatedAt,
			updated: generatedAt
		};
	}

	private id(name: string): string {
		return `urn:uuid:${this.meta.uuidOf(`${this.meta.meterNo} ${name}`)}`;
	}
}

function link(rel: string, href: string): XmlElement {
	return { '@rel': rel, '@href': href };
}
