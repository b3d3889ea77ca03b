/**
 * Every expected failure that a person may meet, by its stable code. The text in both languages is the
 * message `errors_<code in lower case>`; `server/trpc/error-table.ts` gives the transport status.
 */
export type AppErrorCode =
	| 'VALIDATION_FAILED'
	| 'NOT_SIGNED_IN'
	| 'NOT_FOUND'
	| 'FORBIDDEN'
	| 'CONFLICT'
	| 'TOO_MANY_REQUESTS'
	| 'SIGN_IN_FAILED'
	| 'FOREIGN_ORIGIN'
	| 'IMPORT_REFUSED'
	| 'RATING_REFUSED'
	| 'DRAFT_OUTDATED'
	| 'TARIFF_INVALID'
	| 'UNAVAILABLE'
	| 'INTERNAL';

/** Plain facts for the message and the log: never secrets, never another customer's data. */
export type AppErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/** An expected failure: carries a code, not a transport status and not a translated text. */
export class AppError extends Error {
	override name = 'AppError';
	readonly code: AppErrorCode;
	readonly details: AppErrorDetails;

	constructor(code: AppErrorCode, message: string, details: AppErrorDetails = {}) {
		super(message);
		this.code = code;
		this.details = details;
	}
}

export function isAppError(error: unknown, code?: AppErrorCode): error is AppError {
	return error instanceof AppError && (code === undefined || error.code === code);
}
