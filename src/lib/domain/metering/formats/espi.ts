import { SaxesParser, type SaxesTagNS } from 'saxes';
import { espiMeaning, type ReadingType } from './espi-codes.ts';
import { BlockBuilder, fragmentsOf, type Block } from './espi-block.ts';
import { EspiLinks, type BlockContext, type EntryLinks } from './espi-links.ts';
import { decodeDstRule, offsetMinutesAt } from './espi-local-time.ts';
import type { FileItem, ParseOptions, TextChunks } from './fragment.ts';
import { refuse, type Place } from './refusal.ts';

const ATOM = 'http://www.w3.org/2005/Atom';
const ESPI = 'http://naesb.org/espi';
/** Readings that may wait for a ReadingType which comes later in the feed: bounds the memory. */
const HELD_READINGS_LIMIT = 1_000_000;
/** No value of interest is longer. */
const MAX_TEXT = 200;
/** Characters given to the XML parser at once. */
const XML_CHUNK = 65_536;

/**
 * Parses Green Button XML (ESPI 1.1, NAESB REQ.21). The source is the path of the usage point. Costs and
 * summaries are read over; series of other units are reported as ignored.
 * @throws AppError IMPORT_REFUSED naming line, element and reason
 */
export async function* parseEspi(chunks: TextChunks, options: ParseOptions): AsyncGenerator<FileItem> {
	const feed = new EspiFeed(options.fileName);
	for await (const chunk of chunks) {
		for (let at = 0; at < chunk.length; at += XML_CHUNK) {
			feed.write(chunk.slice(at, at + XML_CHUNK));
			yield* feed.take();
		}
	}
	feed.end();
	yield* feed.take();
}

/** What an entry of the feed holds; its links may come after its content. */
interface Entry {
	readonly links: { self: string; up: string; related: string[] };
	serviceKind: number | undefined;
	hasUsagePoint: boolean;
	hasMeterReading: boolean;
	type: ReadingType | undefined;
	typeIsInline: boolean;
	readonly blocks: Block[];
}

interface HeldBlocks {
	readonly links: EntryLinks;
	readonly blocks: readonly Block[];
}

class EspiFeed {
	private readonly fileName: string;
	private readonly parser: SaxesParser<{ xmlns: true }>;
	private readonly path: string[] = [];
	private text = '';
	private entry: Entry | undefined;
	private block: BlockBuilder | undefined;
	private fields: Record<string, string> = {};
	private readonly links = new EspiLinks();
	private held: HeldBlocks[] = [];
	private heldReadings = 0;
	private readings = 0;
	private started = false;
	private readonly contents = new Set<string>();
	private readonly ignored = new Map<string, { place: Place; reason: string }>();
	private items: FileItem[] = [];

	constructor(fileName: string) {
		this.fileName = fileName;
		this.parser = new SaxesParser({ xmlns: true });
		this.parser.on('error', (error) => this.refuse(undefined, `not well-formed XML: ${reasonOf(error)}`));
		this.parser.on('opentag', (tag) => this.open(tag));
		this.parser.on('text', (text) => {
			if (this.text.length < MAX_TEXT) this.text += text;
		});
		this.parser.on('closetag', (tag) => this.close(tag));
	}

	write(chunk: string): void {
		if (chunk.trim() !== '') this.started = true;
		this.parser.write(chunk);
	}

	take(): FileItem[] {
		const items = this.items;
		this.items = [];
		return items;
	}

	end(): void {
		if (!this.started) refuse(this.fileName, {}, 'the file is empty');
		this.parser.close();
		for (const { links, blocks } of this.held) {
			const context = this.links.resolveOnly(links);
			for (const block of blocks) {
				if (context === undefined) {
					refuse(
						this.fileName,
						{ line: block.line, element: 'IntervalBlock' },
						'no ReadingType says what the readings are'
					);
				}
				this.emit(block, context);
			}
		}
		if (this.readings > 0) return;
		const [first] = this.ignored.values();
		if (first !== undefined) refuse(this.fileName, first.place, first.reason);
		const [element] = this.contents;
		refuse(
			this.fileName,
			element === undefined ? {} : { element },
			`contains no interval readings${element === undefined ? '' : `, only ${[...this.contents].join(', ')}`}`
		);
	}

	private open(tag: SaxesTagNS): void {
		const depth = this.path.push(tag.local);
		this.text = '';
		if (depth === 1 && (tag.uri !== ATOM || (tag.local !== 'feed' && tag.local !== 'entry'))) {
			this.refuse(tag.name, `not a Green Button feed (namespace "${tag.uri}")`);
		}
		if (tag.uri === ATOM) {
			if (tag.local === 'entry') this.entry = newEntry();
			else if (tag.local === 'link') this.link(tag);
			return;
		}
		if (this.path.at(-2) === 'content') this.contents.add(tag.local);
		if (tag.uri !== ESPI) return;
		if (tag.local === 'IntervalBlock') this.block = new BlockBuilder(this.fileName, this.parser.line);
		else if (tag.local === 'IntervalReading') this.block?.startReading(this.parser.line);
		else if (tag.local === 'ReadingType' || tag.local === 'LocalTimeParameters') this.fields = {};
	}

	private link(tag: SaxesTagNS): void {
		const href = tag.attributes['href']?.value.replace(/\/$/, '');
		if (this.entry === undefined || href === undefined) return;
		const { links } = this.entry;
		const rel = tag.attributes['rel']?.value;
		if (rel === 'self') links.self = href;
		else if (rel === 'up') links.up = href;
		else if (rel === 'related') links.related.push(href);
	}

	private close(tag: SaxesTagNS): void {
		this.path.pop();
		const text = this.text.trim();
		this.text = '';
		if (tag.uri === ATOM) {
			if (tag.local === 'entry') this.closeEntry();
			return;
		}
		if (tag.uri !== ESPI) return;
		const parent = this.path.at(-1);
		if (this.block !== undefined) this.closeInBlock(tag.local, parent, text, this.block);
		else this.closeInEntry(tag.local, parent, text);
	}

	private closeInBlock(name: string, parent: string | undefined, text: string, block: BlockBuilder): void {
		switch (name) {
			case 'IntervalBlock':
				this.entry?.blocks.push(block.finish());
				this.block = undefined;
				return;
			case 'IntervalReading':
				return block.endReading();
			case 'value':
				if (parent === 'IntervalReading') block.field('value', text, this.parser.line);
				return;
			case 'quality':
				if (parent === 'ReadingQuality') block.field('quality', text, this.parser.line);
				return;
			case 'start':
			case 'duration':
				if (parent === 'timePeriod') block.field(name, text, this.parser.line);
				else if (parent === 'interval') block.intervalField(name, text, this.parser.line);
		}
	}

	private closeInEntry(name: string, parent: string | undefined, text: string): void {
		const { entry } = this;
		if (parent === 'ReadingType' || parent === 'LocalTimeParameters') this.fields[name] = text;
		if (entry === undefined) return;
		if (name === 'kind' && parent === 'ServiceCategory') entry.serviceKind = this.integer(name, text);
		else if (name === 'UsagePoint') entry.hasUsagePoint = true;
		else if (name === 'MeterReading') entry.hasMeterReading = true;
		else if (name === 'ReadingType') {
			entry.type = this.readingType();
			entry.typeIsInline = parent === 'MeterReading';
		} else if (name === 'LocalTimeParameters') this.localTime();
	}

	private readingType(): ReadingType {
		const field = (name: string) => {
			const text = this.fields[name];
			return text === undefined || text === '' ? undefined : this.integer(name, text);
		};
		return {
			uom: field('uom'),
			flowDirection: field('flowDirection'),
			accumulationBehaviour: field('accumulationBehaviour'),
			powerOfTenMultiplier: field('powerOfTenMultiplier') ?? 0,
			intervalLength: field('intervalLength'),
			defaultQuality: field('defaultQuality')
		};
	}

	private localTime(): void {
		const rule = (name: string) => {
			const text = this.fields[name] ?? '';
			const decoded = text === '' ? null : decodeDstRule(text);
			return decoded === undefined ? this.refuse(name, `"${text}" is no daylight-saving rule`) : decoded;
		};
		const parameters = {
			tzOffsetSeconds: this.integer('tzOffset', this.fields['tzOffset'] ?? '0'),
			dstOffsetSeconds: this.integer('dstOffset', this.fields['dstOffset'] ?? '0'),
			dstStart: rule('dstStartRule'),
			dstEnd: rule('dstEndRule')
		};
		this.items.push({ kind: 'clock', offsetMinutesAt: (ms) => offsetMinutesAt(parameters, ms) });
	}

	private closeEntry(): void {
		const { entry } = this;
		if (entry === undefined) return;
		this.entry = undefined;
		const { links } = entry;
		if (entry.hasUsagePoint) this.links.addUsagePoint(links, entry.serviceKind);
		if (entry.hasMeterReading) this.links.addMeterReading(links, entry.typeIsInline ? entry.type : undefined);
		if (entry.type !== undefined && !entry.typeIsInline) this.links.addReadingType(links, entry.type);
		if (entry.blocks.length > 0) this.place({ links, blocks: entry.blocks });
	}

	private place(blocks: HeldBlocks): void {
		const context = this.links.resolve(blocks.links);
		if (context !== undefined) {
			for (const block of blocks.blocks) this.emit(block, context);
			return;
		}
		this.held.push(blocks);
		for (const block of blocks.blocks) this.heldReadings += block.length;
		if (this.heldReadings > HELD_READINGS_LIMIT) {
			this.refuse('IntervalBlock', `more than ${HELD_READINGS_LIMIT} readings before their ReadingType`);
		}
	}

	private emit(block: Block, { usagePoint, type }: BlockContext): void {
		const meaning = espiMeaning(type, usagePoint.serviceKind);
		const place = { line: block.line, element: meaning.kind === 'kept' ? 'IntervalBlock' : meaning.field };
		if (meaning.kind === 'refused') refuse(this.fileName, place, meaning.reason);
		if (meaning.kind === 'ignored') {
			const key = `${usagePoint.href} ${meaning.reason}`;
			if (this.ignored.has(key)) return;
			this.ignored.set(key, { place: { element: meaning.field }, reason: meaning.reason });
			this.items.push({ kind: 'ignored', sourceId: usagePoint.href, register: '', reason: meaning.reason });
			return;
		}
		this.readings += block.length;
		const series = { sourceId: usagePoint.href, channel: meaning.channel, type };
		for (const fragment of fragmentsOf(block, series, this.fileName)) this.items.push(fragment);
	}

	private integer(element: string, text: string): number {
		return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : this.refuse(element, `"${text}" is no integer`);
	}

	private refuse(element: string | undefined, reason: string): never {
		return refuse(
			this.fileName,
			{ line: this.parser.line, ...(element !== undefined && { element }) },
			reason
		);
	}
}

function newEntry(): Entry {
	return {
		links: { self: '', up: '', related: [] },
		serviceKind: undefined,
		hasUsagePoint: false,
		hasMeterReading: false,
		type: undefined,
		typeIsInline: false,
		blocks: []
	};
}

/** saxes puts the position before its reason. */
function reasonOf(error: Error): string {
	return error.message.replace(/^(?:[^:]*:)?\d+:\d+:\s*/, '');
}
