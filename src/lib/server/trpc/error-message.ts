import type { AppErrorCode, AppErrorDetails } from '#lib/domain/kernel/app-error.ts';
import { m } from '#lib/i18n/paraglide/messages.js';

const MESSAGE: Readonly<Record<AppErrorCode, () => string>> = {
	VALIDATION_FAILED: () => m.errors_validation_failed(),
	NOT_SIGNED_IN: () => m.errors_not_signed_in(),
	NOT_FOUND: () => m.errors_not_found(),
	FORBIDDEN: () => m.errors_forbidden(),
	CONFLICT: () => m.errors_conflict(),
	TOO_MANY_REQUESTS: () => m.errors_too_many_requests(),
	SIGN_IN_FAILED: () => m.errors_sign_in_failed(),
	FOREIGN_ORIGIN: () => m.errors_foreign_origin(),
	IMPORT_REFUSED: () => m.errors_import_refused(),
	RATING_REFUSED: () => m.errors_rating_refused(),
	DRAFT_OUTDATED: () => m.errors_draft_outdated(),
	TARIFF_INVALID: () => m.errors_tariff_invalid(),
	UNAVAILABLE: () => m.errors_unavailable(),
	INTERNAL: () => m.errors_internal()
};

/** What a person reads about a failure, in the language of the request. */
export function messageOfError(code: AppErrorCode, details: AppErrorDetails = {}): string {
	const waitSeconds = details['retryAfterSeconds'];
	if (code === 'TOO_MANY_REQUESTS' && typeof waitSeconds === 'number') {
		return m.errors_too_many_requests_minutes({ minutes: Math.ceil(waitSeconds / 60) });
	}
	return MESSAGE[code]();
}
