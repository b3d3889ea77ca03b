import XmlBuilder from 'fast-xml-builder';
import { assert } from '#lib/domain/kernel/assert.ts';

/** An element's content: attributes are the names with an @, a list is the element several times. */
export interface XmlElement {
	readonly [name: string]: string | number | XmlElement | readonly XmlElement[];
}

const options = {
	attributeNamePrefix: '@',
	ignoreAttributes: false,
	suppressBooleanAttributes: false,
	suppressEmptyNode: true,
	format: true,
	indentBy: '\t',
	// The path of each element as text would take a fifth of the time, and nothing here asks for it. The
	// library documents this option, but leaves it out of its types.
	jPath: false,
	tagValueProcessor: (_name: string, value: unknown) => (typeof value === 'string' ? writable(value) : value),
	attributeValueProcessor: (_name: string, value: unknown) => writable(String(value))
};
const builder = new XmlBuilder(options);

/** An XML document that is written piece by piece: what begins it, elements of its root, and what ends it. */
export class XmlPieces {
	readonly beginning: string;
	readonly end: string;

	/** The root with the elements that come first in it; there must be one. */
	constructor(root: { readonly [name: string]: XmlElement }) {
		const shell = builder.build({ '?xml': { '@version': '1.0', '@encoding': 'UTF-8' }, ...root });
		const endAt = shell.lastIndexOf('</');
		assert(endAt >= 0, 'the root has content');
		this.beginning = shell.slice(0, endAt);
		this.end = shell.slice(endAt);
	}

	piece(element: XmlElement): string {
		return builder.build(element);
	}
}

/** XML 1.0 has no way to write control characters, halves of pairs and the two non-characters. */
function writable(text: string): string {
	return text
		.toWellFormed()
		.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}');
}
