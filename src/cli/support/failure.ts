import { LockedError } from '#lib/server/db/process-lock.ts';

/** A command or start that cannot go on; the message is the one line that the operator reads. */
export class OperatorError extends Error {
	override name = 'OperatorError';
}

/** The command was called in a way that it does not know. */
export class UsageError extends Error {
	override name = 'UsageError';
}

const plainNames = new Set([
	'AppError',
	'EmbeddedServerError',
	'MigrationError',
	'OperatorError',
	'SettingsError',
	'UsageError'
]);

interface SystemFailure extends Error {
	readonly code?: string;
	readonly path?: string;
	readonly port?: number;
	readonly address?: string;
	readonly errors?: readonly SystemFailure[];
}

/** One clear line for the operator, without a stack trace and without passwords. */
export function describeFailure(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	if (error instanceof LockedError) {
		return `Meterside is already running on this data: process ${error.holder.pid} (${error.holder.name})`;
	}
	if (plainNames.has(error.name)) return oneLine(error.message);
	const failure = rootOf(error);
	const known = failure.code === undefined ? undefined : describeCode(failure.code, failure);
	if (known === undefined && /^(Connection terminated|timeout expired)/i.test(failure.message)) {
		return `The database does not answer (${oneLine(failure.message)})`;
	}
	return (
		known ?? `Unexpected failure: ${oneLine(failure.message || failure.name)} (LOG_LEVEL=debug shows where)`
	);
}

/** Drizzle wraps the database's error, and a name with several addresses fails once for each. */
function rootOf(error: SystemFailure): SystemFailure {
	const inner = error.errors?.[0] ?? (error.cause instanceof Error ? error.cause : undefined);
	return inner === undefined ? error : rootOf(inner);
}

function describeCode(code: string, failure: SystemFailure): string | undefined {
	const at = failure.path ?? 'the data folder';
	switch (code) {
		case 'ENOSPC':
		case 'EDQUOT':
			return `The disk that holds ${at} is full; make room and start again`;
		case '53100':
			return `The disk of the database is full; make room and start again (${oneLine(failure.message)})`;
		case 'EROFS':
			return `${at} cannot be written: its file system is read-only`;
		case 'EACCES':
		case 'EPERM':
			return failure.port === undefined
				? `${at} cannot be used: permission denied`
				: `Port ${failure.port} cannot be used: permission denied; set PORT to one above 1023`;
		case 'ENOTDIR':
		case 'EEXIST':
			return `${at} cannot be used: a file is in the place of a folder, or the reverse`;
		case 'EADDRINUSE':
			return `Port ${failure.port} is in use by another program; stop that program or set PORT`;
		case 'EADDRNOTAVAIL':
			return `HOST ${failure.address} is not an address of this machine`;
		case 'ECONNREFUSED':
			return `The database of DATABASE_URL cannot be reached: nothing listens on ${failure.address}:${failure.port}`;
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return `The database of DATABASE_URL cannot be reached: its host name is not known`;
		case 'ENOENT':
			return `The database cannot be reached, or a file is missing: ${at}`;
		case 'ETIMEDOUT':
		case 'EHOSTUNREACH':
		case 'ENETUNREACH':
		case 'ECONNRESET':
			return `The database of DATABASE_URL cannot be reached (${code})`;
		case '28P01':
		case '28000':
			return 'The database of DATABASE_URL refuses this user or password';
		case '3D000':
			return `The database server of DATABASE_URL has no such database (${oneLine(failure.message)})`;
		case '57P03':
			return 'The database server is starting up or shutting down; try again in a moment';
		case '53300':
			return 'The database server has no connection left';
		default:
			return undefined;
	}
}

function oneLine(message: string): string {
	return message.split('\n')[0]?.trim() ?? '';
}
