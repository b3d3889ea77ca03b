import {
	error,
	isHttpError,
	json,
	type Handle,
	type HandleServerError,
	type RequestEvent,
	type ServerInit
} from '@sveltejs/kit';
import { sequence } from '@sveltejs/kit/hooks';
import { randomUUID } from 'node:crypto';
import { env } from '$env/dynamic/private';
import type { AppErrorCode } from '#lib/domain/kernel/app-error.ts';
import { paraglideMiddleware } from '#lib/i18n/paraglide/server.js';
import { createApp, type App as Container } from '#lib/server/app.ts';
import { actorOf, endedSessionCookie } from '#lib/server/auth/authjs.ts';
import { hasLocaleCookie, readPreferences, writeLocale } from '#lib/server/auth/preferences.ts';
import { isFromOwnPage } from '#lib/server/auth/request-origin.ts';
import { withProtectiveHeaders } from '#lib/server/auth/response-headers.ts';
import { loadEnv } from '#lib/server/env.ts';
import { JOBS, startJobs } from '#lib/server/jobs/index.ts';
import { createPageCaller } from '#lib/server/trpc/caller.ts';
import { messageOfError } from '#lib/server/trpc/error-message.ts';
import errorPage from './error.html?raw';

let app: Container;
let isHttps: boolean;

export const init: ServerInit = async () => {
	app = createApp(loadEnv(env));
	isHttps = app.env.ORIGIN.startsWith('https:');
	const jobs = await startJobs(app, JOBS);
	// Whoever stops the process waits for what the listener returns.
	const close: () => unknown = async () => {
		await jobs.stop();
		await app.close();
	};
	process.once('sveltekit:shutdown', close);
};

const protect: Handle = async ({ event, resolve }) => {
	try {
		return withProtectiveHeaders(await resolve(event), isHttps);
	} catch (refusal) {
		if (!isHttpError(refusal)) throw refusal;
		// SvelteKit would answer the same, but without the headers.
		return withProtectiveHeaders(answerOf(event, refusal.status, refusal.body), isHttps);
	}
};

/** Settles the language first, so that all that follows speaks it. */
const localize: Handle = ({ event, resolve }) =>
	// Without the body, which the middleware would copy.
	paraglideMiddleware(new Request(event.url, { headers: event.request.headers }), ({ locale }) => {
		event.locals.app = app;
		event.locals.locale = locale;
		if (!hasLocaleCookie(event.cookies)) writeLocale(event.cookies, locale, isHttps);
		const { theme, textSize } = readPreferences(event.cookies);
		return resolve(event, {
			transformPageChunk: ({ html }) =>
				html.replace('%lang%', locale).replace('%theme%', theme).replace('%type%', textSize)
		});
	});

const refuseForeignOrigins: Handle = ({ event, resolve }) => {
	if (isFromOwnPage(event.request, [event.url.origin, app.env.ORIGIN])) return resolve(event);
	return answerOf(event, 403, failure('FOREIGN_ORIGIN'));
};

const identify: Handle = async ({ event, resolve }) => {
	try {
		event.locals.actor = await actorOf(event, app);
	} catch (cause) {
		app.logger.error({ err: cause }, 'session cannot be looked up');
		error(503, failure('UNAVAILABLE'));
	}
	event.locals.caller = createPageCaller({ app, actor: event.locals.actor });
	return resolve(event);
};

/** Pages of customers are for customers. Here and not in a layout: layouts are skipped on client navigation. */
const guard: Handle = ({ event, resolve }) => {
	if (event.locals.actor !== null || !event.route.id?.startsWith('/(customer)')) return resolve(event);
	const { pathname, search } = event.url;
	// An action's address is its page's, plus its name.
	const to = event.request.method === 'GET' ? pathname + search : pathname;
	const location = `/sign-in?${new URLSearchParams({ to })}`;
	const headers = new Headers({ location });
	const cookie = endedSessionCookie(event, app);
	if (cookie !== undefined) headers.append('set-cookie', cookie);
	// What SvelteKit's own client expects of a form action.
	const isAction = event.request.headers.get('x-sveltekit-action') === 'true';
	if (isAction) return json({ type: 'redirect', status: 303, location });
	return new Response(null, { status: 303, headers });
};

export const handle = sequence(protect, localize, refuseForeignOrigins, identify, guard);

/** Defects: the cause goes to the log, the person gets its number. */
export const handleError: HandleServerError = ({ error: cause, event, status }) => {
	if (status === 404) return failure('NOT_FOUND');
	if (status < 500) return failure('VALIDATION_FAILED');
	const errorId = randomUUID();
	const { logger } = app;
	logger.error(
		{ err: cause, errorId, route: event.route.id, method: event.request.method },
		'request failed'
	);
	return { ...failure('INTERNAL'), errorId };
};

/** The answer when the portal cannot render a page of its own. */
function answerOf(event: RequestEvent, status: number, body: App.Error): Response {
	const wantsPage = !event.isDataRequest && event.request.headers.get('accept')?.includes('text/html');
	if (!wantsPage) return json(body, { status });
	const html = errorPage
		.replaceAll('%sveltekit.status%', String(status))
		.replaceAll('%sveltekit.error.message%', body.message);
	return new Response(html, { status, headers: { 'content-type': 'text/html; charset=utf-8' } });
}

function failure(code: AppErrorCode): App.Error {
	return { message: messageOfError(code), code };
}
