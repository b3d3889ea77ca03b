import { assert } from '#lib/domain/kernel/assert.ts';

type Attributes = Readonly<Record<string, string>>;

/** Writes indented XML piece by piece. Names are ours and not checked; texts and attributes may be anybody's. */
export class XmlText {
	private readonly open: string[] = [];
	private text = '<?xml version="1.0" encoding="UTF-8"?>\n';

	/** Opens an element that holds others. */
	start(name: string, attributes: Attributes = {}): void {
		this.text += `${this.indent()}<${name}${attributesText(attributes)}>\n`;
		this.open.push(name);
	}

	end(): void {
		const name = this.open.pop();
		assert(name !== undefined, 'every end has its start');
		this.text += `${this.indent()}</${name}>\n`;
	}

	/** An element with a text in it. */
	leaf(name: string, content: string | number): void {
		this.text += `${this.indent()}<${name}>${escaped(String(content))}</${name}>\n`;
	}

	/** An element with nothing in it. */
	empty(name: string, attributes: Attributes = {}): void {
		this.text += `${this.indent()}<${name}${attributesText(attributes)}/>\n`;
	}

	/** What was written since the last call. */
	take(): string {
		const { text } = this;
		this.text = '';
		return text;
	}

	private indent(): string {
		return '\t'.repeat(this.open.length);
	}
}

function attributesText(attributes: Attributes): string {
	return Object.entries(attributes)
		.map(([name, value]) => ` ${name}="${escaped(value)}"`)
		.join('');
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
	// XML 1.0 has no way to write control characters, halves of pairs and the two non-characters.
	return text
		.toWellFormed()
		.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
		.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
}
