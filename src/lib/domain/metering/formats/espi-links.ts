import type { ReadingType } from './espi-codes.ts';

/** Links of an Atom entry. */
export interface EntryLinks {
	readonly self: string;
	readonly up: string;
	readonly related: readonly string[];
}

/** A block is tied to its meter and unit by links only; what can be said of it so far. */
export interface BlockContext {
	readonly usagePoint: UsagePoint;
	readonly type: ReadingType;
}

export interface UsagePoint {
	readonly href: string;
	/** Code of the service; undefined where the feed says none. */
	readonly serviceKind: number | undefined;
}

interface MeterReading {
	readonly links: EntryLinks;
	/** A ReadingType inside the MeterReading. */
	readonly inlineType: ReadingType | undefined;
}

/** The entries of a feed and what links them: small, however many readings the feed has. */
export class EspiLinks {
	private readonly usagePoints = new Map<string, { point: UsagePoint; links: EntryLinks }>();
	private readonly meterReadings = new Map<string, MeterReading>();
	private readonly types = new Map<string, ReadingType>();

	addUsagePoint(links: EntryLinks, serviceKind: number | undefined): void {
		this.usagePoints.set(links.self, { point: { href: links.self, serviceKind }, links });
	}

	addMeterReading(links: EntryLinks, inlineType: ReadingType | undefined): void {
		this.meterReadings.set(links.self, { links, inlineType });
	}

	addReadingType(links: EntryLinks, type: ReadingType): void {
		this.types.set(links.self, type);
	}

	/** The meter and unit of a block; undefined as long as a part is missing. */
	resolve(block: EntryLinks): BlockContext | undefined {
		const reading = this.meterReadingOf(block);
		return reading === undefined ? undefined : this.contextOf(reading);
	}

	/** For the end of a feed whose blocks have no links: its only meter reading, if there is one. */
	resolveOnly(block: EntryLinks): BlockContext | undefined {
		const reading = this.meterReadingOf(block) ?? onlyValue(this.meterReadings);
		const type = (reading && this.typeOf(reading)) ?? onlyValue(this.types);
		const usagePoint = (reading && this.usagePointOf(reading)) ?? onlyValue(this.usagePoints)?.point;
		return type && { usagePoint: usagePoint ?? { href: '', serviceKind: undefined }, type };
	}

	private contextOf(reading: MeterReading): BlockContext | undefined {
		const type = this.typeOf(reading);
		const usagePoint = this.usagePointOf(reading);
		return type === undefined || usagePoint === undefined ? undefined : { usagePoint, type };
	}

	private meterReadingOf(block: EntryLinks): MeterReading | undefined {
		const collection = block.self.lastIndexOf('/IntervalBlock');
		const bySelf = collection < 0 ? undefined : this.meterReadings.get(block.self.slice(0, collection));
		if (bySelf !== undefined) return bySelf;
		const byUp = this.meterReadings.get(block.up.replace(/\/IntervalBlock$/, ''));
		if (byUp !== undefined) return byUp;
		for (const reading of this.meterReadings.values()) {
			const { related } = reading.links;
			if (related.includes(block.self) || (block.up !== '' && related.includes(block.up))) return reading;
		}
		return undefined;
	}

	private typeOf(reading: MeterReading): ReadingType | undefined {
		if (reading.inlineType !== undefined) return reading.inlineType;
		const linked = reading.links.related.find((href) => this.types.has(href));
		return linked === undefined ? undefined : this.types.get(linked);
	}

	private usagePointOf({ links }: MeterReading): UsagePoint | undefined {
		const collection = links.self.lastIndexOf('/MeterReading');
		const parents = [links.self.slice(0, Math.max(collection, 0)), links.up.replace(/\/MeterReading$/, '')];
		for (const href of parents) {
			const found = this.usagePoints.get(href);
			if (found !== undefined) return found.point;
		}
		for (const { point, links: own } of this.usagePoints.values()) {
			if (own.related.includes(links.self) || (links.up !== '' && own.related.includes(links.up)))
				return point;
		}
		return undefined;
	}
}

function onlyValue<T>(map: ReadonlyMap<string, T>): T | undefined {
	return map.size === 1 ? [...map.values()][0] : undefined;
}
