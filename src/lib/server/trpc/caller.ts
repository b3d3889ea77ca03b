import { error } from '@sveltejs/kit';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { appCodeOf, appDetailsOf } from './init.ts';
import type { TrpcContext } from './context.ts';
import { createCaller } from './router.ts';
import { messageOfError } from './error-message.ts';

/**
 * The router for loads, actions and endpoints. An expected failure is thrown as SvelteKit's own error with its
 * status, code and text, so that the error page shows it; a defect passes through to `handleError`.
 */
export function createPageCaller(context: TrpcContext) {
	return createCaller(context, {
		onError({ error: failure }) {
			const code = appCodeOf(failure);
			if (code === 'INTERNAL') return;
			const details = appDetailsOf(failure);
			error(getHTTPStatusCodeFromError(failure), { message: messageOfError(code, details), code, details });
		}
	});
}

export type PageCaller = ReturnType<typeof createPageCaller>;
