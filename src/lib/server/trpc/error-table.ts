import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc';
import type { AppErrorCode } from '#lib/domain/kernel/app-error.ts';

/** The only place where an expected failure meets a transport status. */
export const TRPC_CODE: Readonly<Record<AppErrorCode, TRPC_ERROR_CODE_KEY>> = {
	VALIDATION_FAILED: 'BAD_REQUEST',
	NOT_SIGNED_IN: 'UNAUTHORIZED',
	SIGN_IN_FAILED: 'UNAUTHORIZED',
	NOT_FOUND: 'NOT_FOUND',
	FORBIDDEN: 'FORBIDDEN',
	FOREIGN_ORIGIN: 'FORBIDDEN',
	CONFLICT: 'CONFLICT',
	TOO_MANY_REQUESTS: 'TOO_MANY_REQUESTS',
	IMPORT_REFUSED: 'UNPROCESSABLE_CONTENT',
	RATING_REFUSED: 'UNPROCESSABLE_CONTENT',
	DRAFT_OUTDATED: 'CONFLICT',
	TARIFF_INVALID: 'UNPROCESSABLE_CONTENT',
	UNAVAILABLE: 'SERVICE_UNAVAILABLE',
	INTERNAL: 'INTERNAL_SERVER_ERROR'
};

/** Failures that tRPC finds itself, before a procedure runs. What is not here is an internal error. */
export const APP_CODE: Readonly<Partial<Record<TRPC_ERROR_CODE_KEY, AppErrorCode>>> = {
	BAD_REQUEST: 'VALIDATION_FAILED',
	PARSE_ERROR: 'VALIDATION_FAILED',
	PAYLOAD_TOO_LARGE: 'VALIDATION_FAILED',
	UNSUPPORTED_MEDIA_TYPE: 'VALIDATION_FAILED',
	METHOD_NOT_SUPPORTED: 'VALIDATION_FAILED',
	NOT_FOUND: 'NOT_FOUND'
};

/** The same for answers that are not tRPC's: form actions and plain endpoints. */
export function httpStatusOf(code: AppErrorCode) {
	return getHTTPStatusCodeFromError(new TRPCError({ code: TRPC_CODE[code] })) as
		400 | 401 | 403 | 404 | 409 | 422 | 429 | 500 | 503;
}
