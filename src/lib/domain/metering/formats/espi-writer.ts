import { dayLengthMinutes, dayStartMs } from '#lib/domain/kernel/civil-time.ts';
import { QUALITY_CODE, type LoadDay } from '../load-day.ts';
import { espiCodes, espiQualityCode } from './espi-codes.ts';
import { encodeDstRule, localTimeParametersOf } from './espi-local-time.ts';
import { XmlText } from './xml-text.ts';

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
	const xml = new XmlText();
	const feed = new FeedWriter(xml, meta);
	feed.open();
	for (const day of days) {
		feed.day(day);
		yield xml.take();
	}
	xml.end();
	yield xml.take();
}

class FeedWriter {
	private readonly xml: XmlText;
	private readonly meta: FeedMeta;
	private readonly usagePoint: string;
	private readonly localTime = `${ROOT}/LocalTimeParameters/1`;
	private readonly started = new Set<string>();

	constructor(xml: XmlText, meta: FeedMeta) {
		this.xml = xml;
		this.meta = meta;
		this.usagePoint = `${ROOT}/UsagePoint/${encodeURIComponent(meta.meterNo)}`;
	}

	open(): void {
		const { xml, meta, usagePoint } = this;
		xml.start('feed', { xmlns: ATOM });
		this.xml.leaf('id', this.id('feed'));
		this.xml.leaf('title', meta.title);
		this.xml.leaf('updated', meta.generatedAt);
		this.link('self', `${ROOT}/Subscription/${encodeURIComponent(meta.meterNo)}`);
		const links = { up: `${ROOT}/UsagePoint`, related: [`${usagePoint}/MeterReading`, this.localTime] };
		this.entry(usagePoint, links, meta.meterNo, 'UsagePoint', () => {
			xml.start('ServiceCategory');
			xml.leaf('kind', 0);
			xml.end();
		});
	}

	day(day: LoadDay): void {
		const startSeconds = dayStartMs(day.localDate, this.meta.timeZone) / 1000;
		if (day.qualities.every((quality) => quality === QUALITY_CODE.missing)) return;
		if (this.started.size === 0) this.localTimeParameters(startSeconds * 1000);
		const reading = this.meterReading(day);
		const up = `${reading}/IntervalBlock`;
		this.entry(`${up}/${day.localDate}`, { up, related: [] }, day.localDate, 'IntervalBlock', () => {
			this.xml.start('interval');
			this.xml.leaf('duration', dayLengthMinutes(day.localDate, this.meta.timeZone) * 60);
			this.xml.leaf('start', startSeconds);
			this.xml.end();
			const seconds = day.intervalMinutes * 60;
			for (let slot = 0; slot < day.quantities.length; slot++) {
				this.reading(day, slot, startSeconds + slot * seconds, seconds);
			}
		});
	}

	private reading(day: LoadDay, slot: number, startSeconds: number, durationSeconds: number): void {
		const quality = day.qualities[slot] ?? QUALITY_CODE.missing;
		if (quality === QUALITY_CODE.missing) return;
		const { xml } = this;
		xml.start('IntervalReading');
		const code = espiQualityCode(quality);
		if (code !== undefined) {
			xml.start('ReadingQuality');
			this.xml.leaf('quality', code);
			xml.end();
		}
		xml.start('timePeriod');
		this.xml.leaf('duration', durationSeconds);
		this.xml.leaf('start', startSeconds);
		xml.end();
		this.xml.leaf('value', day.quantities[slot] ?? 0);
		xml.end();
	}

	/** The entries that say what a channel's readings are, before its first block. */
	private meterReading({ channel, intervalMinutes }: LoadDay): string {
		const name = `${channel}-${intervalMinutes}`;
		const meterReading = `${this.usagePoint}/MeterReading/${name}`;
		if (this.started.has(name)) return meterReading;
		this.started.add(name);
		const type = `${ROOT}/ReadingType/${name}`;
		const links = { up: `${this.usagePoint}/MeterReading`, related: [`${meterReading}/IntervalBlock`, type] };
		this.entry(meterReading, links, name, 'MeterReading');
		const { uom, flowDirection } = espiCodes(channel);
		this.entry(type, { up: `${ROOT}/ReadingType`, related: [] }, name, 'ReadingType', () => {
			this.xml.leaf('accumulationBehaviour', 4);
			this.xml.leaf('commodity', 1);
			this.xml.leaf('dataQualifier', 12);
			this.xml.leaf('flowDirection', flowDirection);
			this.xml.leaf('intervalLength', intervalMinutes * 60);
			this.xml.leaf('kind', 12);
			this.xml.leaf('powerOfTenMultiplier', 0);
			this.xml.leaf('timeAttribute', 0);
			this.xml.leaf('uom', uom);
		});
		return meterReading;
	}

	private localTimeParameters(instantMs: number): void {
		const { timeZone } = this.meta;
		const parameters = localTimeParametersOf(timeZone, instantMs);
		const links = { up: `${ROOT}/LocalTimeParameters`, related: [] };
		this.entry(this.localTime, links, timeZone, 'LocalTimeParameters', () => {
			this.xml.leaf('dstEndRule', encodeDstRule(parameters.dstEnd));
			this.xml.leaf('dstOffset', parameters.dstOffsetSeconds);
			this.xml.leaf('dstStartRule', encodeDstRule(parameters.dstStart));
			this.xml.leaf('tzOffset', parameters.tzOffsetSeconds);
		});
	}

	private entry(
		self: string,
		links: { up: string; related: readonly string[] },
		title: string,
		element: string,
		content?: () => void
	): void {
		const { xml, meta } = this;
		xml.start('entry');
		this.xml.leaf('id', this.id(self));
		this.link('self', self);
		this.link('up', links.up);
		for (const href of links.related) this.link('related', href);
		this.xml.leaf('title', title);
		xml.start('content');
		if (content === undefined) {
			xml.empty(element, { xmlns: ESPI });
		} else {
			xml.start(element, { xmlns: ESPI });
			content();
			xml.end();
		}
		xml.end();
		this.xml.leaf('published', meta.generatedAt);
		this.xml.leaf('updated', meta.generatedAt);
		xml.end();
	}

	private link(rel: string, href: string): void {
		this.xml.empty('link', { rel, href });
	}

	private id(name: string): string {
		return `urn:uuid:${this.meta.uuidOf(`${this.meta.meterNo} ${name}`)}`;
	}
}
