const LOG_TAIL_LINES = 40;

/** The database server cannot do what is asked; the message is fit for one line on a terminal. */
export class EmbeddedServerError extends Error {
	override name = 'EmbeddedServerError';
}

/** One line out of what PostgreSQL said. */
export function failureFrom(output: string, what: string, dir: string): EmbeddedServerError {
	if (/No space left on device|Disk quota exceeded/i.test(output)) {
		return new EmbeddedServerError(`The disk that holds ${dir} is full; make room and start again`);
	}
	return new EmbeddedServerError(`${what} in ${dir}: ${worstLineOf(output) ?? 'it gave no reason'}`);
}

/** The line that says why PostgreSQL ended, if it said anything. */
export function worstLineOf(output: string): string | undefined {
	const lines = output
		.split('\n')
		.filter((line) => line.trim() !== '')
		.slice(-LOG_TAIL_LINES);
	const worst =
		lines.find((line) => /\b(PANIC|FATAL):/.test(line)) ??
		lines.find((line) => /error:/i.test(line)) ??
		lines.at(-1);
	return worst?.replace(/^.*?(PANIC|FATAL|error):\s*/i, '').trim();
}
