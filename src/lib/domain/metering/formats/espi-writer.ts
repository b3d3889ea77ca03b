import { createCB } from 'xmlbuilder2';
import { dayLengthMinutes, dayStartMs } from '#lib/domain/kernel/civil-time.ts';
import { QUALITY_CODE, type LoadDay } from '../load-day.ts';
import { espiCodes, espiQualityCode } from './espi-codes.ts';
import { encodeDstRule, localTimeParametersOf } from './espi-local-time.ts';

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

type XmlWriter = ReturnType<typeof createCB>;

/**
 * Days of one meter as Green Button XML, in pieces. Missing intervals are left out, measured values carry no
 * quality, estimated ones 8, corrected ones 7: `parseEspi` reads back the same days. Days come in any order; one
 * block is written for each.
 */
export function* writeGreenButtonXml(days: Iterable<LoadDay>, meta: FeedMeta): Generator<string> {
	let piece = '';
	const xml = createCB({ data: (text) => (piece += text), prettyPrint: true });
	const take = () => {
		const text = piece;
		piece = '';
		return text;
	};
	const feed = new FeedWriter(xml, meta);
	feed.open();
	for (const day of days) {
		feed.day(day);
		yield take();
	}
	feed.end();
	yield take();
}

class FeedWriter {
	private readonly xml: XmlWriter;
	private readonly meta: FeedMeta;
	private readonly usagePoint: string;
	private readonly localTime = `${ROOT}/LocalTimeParameters/1`;
	private readonly started = new Set<string>();

	constructor(xml: XmlWriter, meta: FeedMeta) {
		this.xml = xml;
		this.meta = meta;
		this.usagePoint = `${ROOT}/UsagePoint/${encodeURIComponent(meta.meterNo)}`;
	}

	open(): void {
		const { xml, meta, usagePoint } = this;
		xml.dec({ encoding: 'UTF-8' }).ele('feed', { xmlns: ATOM });
		this.leaf('id', this.id('feed'));
		this.leaf('title', meta.title);
		this.leaf('updated', meta.generatedAt);
		this.link('self', `${ROOT}/Subscription/${encodeURIComponent(meta.meterNo)}`);
		const links = { up: `${ROOT}/UsagePoint`, related: [`${usagePoint}/MeterReading`, this.localTime] };
		this.entry(usagePoint, links, meta.meterNo, 'UsagePoint', () => {
			xml.ele('ServiceCategory');
			this.leaf('kind', 0);
			xml.up();
		});
	}

	day(day: LoadDay): void {
		const startSeconds = dayStartMs(day.localDate, this.meta.timeZone) / 1000;
		if (day.qualities.every((quality) => quality === QUALITY_CODE.missing)) return;
		if (this.started.size === 0) this.localTimeParameters(startSeconds * 1000);
		const reading = this.meterReading(day);
		const up = `${reading}/IntervalBlock`;
		this.entry(`${up}/${day.localDate}`, { up, related: [] }, day.localDate, 'IntervalBlock', () => {
			this.xml.ele('interval');
			this.leaf('duration', dayLengthMinutes(day.localDate, this.meta.timeZone) * 60);
			this.leaf('start', startSeconds);
			this.xml.up();
			const seconds = day.intervalMinutes * 60;
			for (let slot = 0; slot < day.quantities.length; slot++) {
				this.reading(day, slot, startSeconds + slot * seconds, seconds);
			}
		});
	}

	end(): void {
		this.xml.up().end();
	}

	private reading(day: LoadDay, slot: number, startSeconds: number, durationSeconds: number): void {
		const quality = day.qualities[slot] ?? QUALITY_CODE.missing;
		if (quality === QUALITY_CODE.missing) return;
		const { xml } = this;
		xml.ele('IntervalReading');
		const code = espiQualityCode(quality);
		if (code !== undefined) {
			xml.ele('ReadingQuality');
			this.leaf('quality', code);
			xml.up();
		}
		xml.ele('timePeriod');
		this.leaf('duration', durationSeconds);
		this.leaf('start', startSeconds);
		xml.up();
		this.leaf('value', day.quantities[slot] ?? 0);
		xml.up();
	}

	/** The entries that say what a channel's readings are, before its first block. */
	private meterReading({ channel, intervalMinutes }: LoadDay): string {
		const name = `${channel}-${intervalMinutes}`;
		const meterReading = `${this.usagePoint}/MeterReading/${name}`;
		if (this.started.has(name)) return meterReading;
		this.started.add(name);
		const type = `${ROOT}/ReadingType/${name}`;
		const links = { up: `${this.usagePoint}/MeterReading`, related: [`${meterReading}/IntervalBlock`, type] };
		this.entry(meterReading, links, name, 'MeterReading', () => undefined);
		const { uom, flowDirection } = espiCodes(channel);
		this.entry(type, { up: `${ROOT}/ReadingType`, related: [] }, name, 'ReadingType', () => {
			this.leaf('accumulationBehaviour', 4);
			this.leaf('commodity', 1);
			this.leaf('dataQualifier', 12);
			this.leaf('flowDirection', flowDirection);
			this.leaf('intervalLength', intervalMinutes * 60);
			this.leaf('kind', 12);
			this.leaf('powerOfTenMultiplier', 0);
			this.leaf('timeAttribute', 0);
			this.leaf('uom', uom);
		});
		return meterReading;
	}

	private localTimeParameters(instantMs: number): void {
		const { timeZone } = this.meta;
		const parameters = localTimeParametersOf(timeZone, instantMs);
		const links = { up: `${ROOT}/LocalTimeParameters`, related: [] };
		this.entry(this.localTime, links, timeZone, 'LocalTimeParameters', () => {
			this.leaf('dstEndRule', encodeDstRule(parameters.dstEnd));
			this.leaf('dstOffset', parameters.dstOffsetSeconds);
			this.leaf('dstStartRule', encodeDstRule(parameters.dstStart));
			this.leaf('tzOffset', parameters.tzOffsetSeconds);
		});
	}

	private entry(
		self: string,
		links: { up: string; related: readonly string[] },
		title: string,
		element: string,
		content: () => void
	): void {
		const { xml, meta } = this;
		xml.ele('entry');
		this.leaf('id', this.id(self));
		this.link('self', self);
		this.link('up', links.up);
		for (const href of links.related) this.link('related', href);
		this.leaf('title', title);
		xml.ele('content').ele(element, { xmlns: ESPI });
		content();
		xml.up().up();
		this.leaf('published', meta.generatedAt);
		this.leaf('updated', meta.generatedAt);
		xml.up();
	}

	private link(rel: string, href: string): void {
		this.xml.ele('link', { rel, href }).up();
	}

	private leaf(name: string, value: string | number): void {
		this.xml.ele(name).txt(String(value)).up();
	}

	private id(name: string): string {
		return `urn:uuid:${this.meta.uuidOf(`${this.meta.meterNo} ${name}`)}`;
	}
}
