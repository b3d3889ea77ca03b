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

/**
 * One clear line for the operator, without a stack trace and without passwords.
 * @param databaseUrl the database that the process works on, if it has come that far
 */
export function describeFailure(error: unknown, databaseUrl = process.env['DATABASE_URL']): string {
	if (!(error instanceof Error)) return String(error);
	if (error instanceof LockedError) {
		return `Meterside is already running on this data: process ${error.holder.pid} (${error.holder.name})`;
	}
	if (plainNames.has(error.name)) return oneLine(error.message);
	const failure = rootOf(error);
	const { code = '', message } = failure;
	const database = databaseAt(databaseUrl);
	return (
		describeDatabaseFailure(code, oneLine(message), database) ??
		describeSystemFailure(code, failure) ??
		`Unexpected failure: ${oneLine(failure.message || failure.name)} (LOG_LEVEL=debug shows where)`
	);
}

/** Drizzle wraps the database's error, and a name with several addresses fails once for each. */
function rootOf(error: SystemFailure): SystemFailure {
	const inner = error.errors?.[0] ?? (error.cause instanceof Error ? error.cause : undefined);
	return inner === undefined ? error : rootOf(inner);
}

/** The database as the operator knows it, without user and password. */
function databaseAt(databaseUrl: string | undefined): string {
	const host = databaseUrl !== undefined && URL.canParse(databaseUrl) ? new URL(databaseUrl).host : '';
	// A socket's folder stands in the host's place; that of the embedded server is nobody's business.
	return host === '' || /^%2F/i.test(host) ? 'The database' : `The database at ${host} (DATABASE_URL)`;
}

function describeDatabaseFailure(code: string, message: string, database: string): string | undefined {
	switch (code) {
		case '53100':
			return `The disk of the database is full; make room and start again (${message})`;
		case 'ECONNREFUSED':
			return `${database} cannot be reached: nothing listens there`;
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return `${database} cannot be reached: its host name is not known`;
		case 'ETIMEDOUT':
		case 'EHOSTUNREACH':
		case 'ENETUNREACH':
		case 'ECONNRESET':
			return `${database} cannot be reached (${code})`;
		case '28P01':
		case '28000':
			return `${database} refuses this user or password`;
		case '3D000':
			return `${database} is missing from its server (${message})`;
		case '57P03':
			return `${database} is starting up or shutting down; try again in a moment`;
		case '53300':
			return `${database} has no connection left`;
		default:
			return /^(Connection terminated|timeout expired)/i.test(message)
				? `${database} does not answer as PostgreSQL does (${message})`
				: undefined;
	}
}

function describeSystemFailure(code: string, failure: SystemFailure): string | undefined {
	const at = failure.path ?? 'the data folder';
	switch (code) {
		case 'ENOSPC':
		case 'EDQUOT':
			return `The disk that holds ${at} is full; make room and start again`;
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
		case 'ENOENT':
			return `The database cannot be reached, or a file is missing: ${at}`;
		default:
			return undefined;
	}
}

function oneLine(message: string): string {
	return message.split('\n')[0]?.trim() ?? '';
}
