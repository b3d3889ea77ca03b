import { DrizzleQueryError } from 'drizzle-orm/errors';
import { pino, type Logger } from 'pino';

export type { Logger };

/** Structured log on standard output. Values under these names never reach it. */
export function createLogger(level: string): Logger {
	return pino({
		level,
		base: undefined,
		serializers: { err: describeError },
		redact: {
			paths: [
				'password',
				'identifier',
				'token',
				'cookie',
				'*.password',
				'*.identifier',
				'*.token',
				'*.cookie'
			],
			censor: '[redacted]'
		}
	});
}

/** A failed query is described by its cause and its statement: its values are customers' own. */
function describeError(error: unknown): unknown {
	if (!(error instanceof DrizzleQueryError)) {
		return error instanceof Error ? pino.stdSerializers.err(error) : error;
	}
	const { cause, query } = error;
	// PostgreSQL's detail quotes the row.
	return { ...(cause === undefined ? {} : pino.stdSerializers.err(cause)), detail: undefined, query };
}
