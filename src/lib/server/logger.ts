import { pino, type Logger } from 'pino';

export type { Logger };

/** Structured log on standard output. Values under these names never reach it. */
export function createLogger(level: string): Logger {
	return pino({
		level,
		base: undefined,
		redact: {
			paths: ['password', 'identifier', 'token', 'cookie', '*.password', '*.identifier', '*.token', '*.cookie'],
			censor: '[redacted]'
		}
	});
}
