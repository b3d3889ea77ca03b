import type { TextChunks } from './fragment.ts';
import { refuse } from './refusal.ts';

/** Longer than any line of a well-formed file: bounds the memory for one that has no line ends. */
const MAX_LINE_CHARS = 1_000_000;

/** The lines of a text, without their ends (LF or CRLF), however the text is cut. */
export async function* linesOf(chunks: TextChunks, fileName: string): AsyncGenerator<string> {
	let rest = '';
	let line = 0;
	for await (const chunk of chunks) {
		const text = rest + chunk;
		let from = 0;
		for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
			line++;
			yield text.slice(from, end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end);
			from = end + 1;
		}
		rest = text.slice(from);
		if (rest.length > MAX_LINE_CHARS) {
			refuse(fileName, { line: line + 1 }, `a line of more than ${MAX_LINE_CHARS} characters`);
		}
	}
	if (rest !== '') yield rest.endsWith('\r') ? rest.slice(0, -1) : rest;
}
