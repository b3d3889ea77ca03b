import type { Actor } from '#lib/domain/identity/actor.ts';
import type { AppErrorCode, AppErrorDetails } from '#lib/domain/kernel/app-error.ts';
import type { Locale } from '#lib/i18n/paraglide/runtime.js';
import type { App as Container } from '#lib/server/app.ts';
import type { PageCaller } from '#lib/server/trpc/caller.ts';

declare global {
	namespace App {
		/** What every load, action and endpoint has; set in `hooks.server.ts`. */
		interface Locals {
			/** The process's wiring: database, clock, log, settings. */
			app: Container;
			/** Who asks; null before sign-in. Pages under `(customer)` are never reached with null. */
			actor: Actor | null;
			/** Calls tRPC procedures in process; expected failures come out as SvelteKit errors. */
			caller: PageCaller;
			locale: Locale;
		}
		/** What an error page may show. `code` and `details` are those of an expected failure. */
		interface Error {
			message: string;
			code: AppErrorCode;
			details?: AppErrorDetails;
			/** Number to quote to the operator; it stands beside the cause in the log. */
			errorId?: string;
		}
	}
}

export {};
