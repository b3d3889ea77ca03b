import { SvelteKitAuth, type SvelteKitAuthConfig } from '@auth/sveltekit';
import Credentials from '@auth/sveltekit/providers/credentials';
import { isRedirect, type Cookies, type RequestEvent } from '@sveltejs/kit';
import type { Actor } from '#lib/domain/identity/actor.ts';
import type { App } from '#lib/server/app.ts';
import {
	MAX_IDLE,
	resumeSession,
	signInToDemo,
	signInWithPassword,
	type SignInDevice
} from '#lib/server/identity/index.ts';
import { requireOffered } from './demo-sign-in.ts';

declare module '@auth/core/types' {
	interface User {
		sessionSecret?: string;
	}
}
declare module '@auth/core/jwt' {
	interface JWT {
		sessionSecret?: string;
	}
}

/** What the callbacks of one pass through Auth.js found out; it would otherwise swallow the failure. */
interface Pass {
	actor: Actor | null;
	touched: boolean;
	failure: Error | undefined;
}

const isHttps = (app: App) => app.env.ORIGIN.startsWith('https:');

/** `__Host-` binds the cookie to this very host; browsers accept it over https only. */
function sessionCookieName(app: App): string {
	return isHttps(app) ? '__Host-meterside.session' : 'meterside.session';
}

function cookieOptions(app: App) {
	return { path: '/', httpOnly: true, sameSite: 'lax', secure: isHttps(app) } as const;
}

/**
 * Who sends the request, by the session cookie. Ended sessions lose their cookie.
 * @throws where the session cannot be looked up: nobody is signed out by a database that is away
 */
export async function actorOf(event: RequestEvent, app: App): Promise<Actor | null> {
	const name = sessionCookieName(app);
	if (event.cookies.get(name) === undefined) return null;
	const pass: Pass = { actor: null, touched: false, failure: undefined };
	const facade = facadeOf(
		event,
		app,
		(value) => pass.failure === undefined && (pass.touched || value === '')
	);
	await authFor(event, app, pass).handle({
		event: facade,
		resolve: async () => {
			await facade.locals.auth();
			return new Response();
		}
	});
	if (pass.failure !== undefined) throw pass.failure;
	return pass.actor;
}

/** The header that takes an ended session's cookie away, for answers that are not SvelteKit's. */
export function endedSessionCookie(event: RequestEvent, app: App): string | undefined {
	const name = sessionCookieName(app);
	if (!event.request.headers.get('cookie')?.includes(`${name}=`)) return undefined;
	return event.cookies.serialize(name, '', { ...cookieOptions(app), maxAge: 0 });
}

/**
 * Signs the browser in: Auth.js checks the credentials through the identity service and sets its cookie.
 * @throws AppError SIGN_IN_FAILED, TOO_MANY_REQUESTS, NOT_FOUND (demo), UNAVAILABLE
 */
export async function signIn(
	event: RequestEvent,
	provider: 'password' | 'demo',
	credentials: Record<string, string>
): Promise<void> {
	const { app } = event.locals;
	const pass: Pass = { actor: null, touched: true, failure: undefined };
	const form = { ...credentials, providerId: provider };
	try {
		await authFor(event, app, pass).signIn(facadeOf(event, app, () => true, form));
	} catch (outcome) {
		if (pass.failure !== undefined) throw pass.failure;
		if (!isRedirect(outcome)) throw asError(outcome);
	}
}

/** Takes the session cookie away; the session itself is ended by the identity service. */
export async function forgetSession(event: RequestEvent): Promise<void> {
	const { app } = event.locals;
	const pass: Pass = { actor: null, touched: true, failure: undefined };
	try {
		await authFor(event, app, pass).signOut(facadeOf(event, app, () => true, {}));
	} catch (outcome) {
		if (!isRedirect(outcome)) throw asError(outcome);
	}
}

function authFor(event: RequestEvent, app: App, pass: Pass) {
	const guarded = async (start: () => Promise<string>) => {
		try {
			return { sessionSecret: await start() };
		} catch (failure) {
			pass.failure = asError(failure);
			return null;
		}
	};
	const config: SvelteKitAuthConfig = {
		secret: app.env.AUTH_SECRET,
		trustHost: true,
		useSecureCookies: isHttps(app),
		cookies: { sessionToken: { name: sessionCookieName(app), options: cookieOptions(app) } },
		session: { strategy: 'jwt', maxAge: MAX_IDLE.total('seconds') },
		logger: loggerFor(app),
		providers: [
			Credentials({
				id: 'password',
				credentials: { identifier: {}, password: {} },
				authorize: ({ identifier, password }) =>
					guarded(() =>
						signInWithPassword(
							app,
							{ identifier: String(identifier), password: String(password) },
							deviceOf(event)
						)
					)
			}),
			Credentials({
				id: 'demo',
				credentials: { customerNo: {} },
				authorize: ({ customerNo }) =>
					guarded(async () => {
						await requireOffered(app, String(customerNo));
						return signInToDemo(app, String(customerNo), deviceOf(event));
					})
			})
		],
		callbacks: {
			/** The token carries the session's secret and nothing else: no name, no address, no customer. */
			async jwt({ token, user }) {
				if (user) return { sessionSecret: user.sessionSecret };
				try {
					const session = await resumeSession(app, token.sessionSecret ?? '');
					if (session === null) return null;
					pass.actor = session.actor;
					pass.touched = session.touched;
				} catch (failure) {
					// Auth.js would take the cookie away; the database will be back.
					pass.failure = asError(failure);
				}
				return { sessionSecret: token.sessionSecret };
			}
		}
	};
	return SvelteKitAuth(config);
}

/**
 * The event as Auth.js sees it: a request of its own, with the portal's own address instead of what the
 * client's headers say, and a cookie jar that takes the session cookie only.
 */
function facadeOf(
	event: RequestEvent,
	app: App,
	keeps: (value: string) => boolean,
	form?: Record<string, string>
): RequestEvent {
	const name = sessionCookieName(app);
	const { host } = new URL(app.env.ORIGIN);
	const headers = new Headers({ host, cookie: event.request.headers.get('cookie') ?? '' });
	const body = form === undefined ? undefined : new URLSearchParams({ ...form, redirectTo: '/' });
	const url = new URL('/', app.env.ORIGIN);
	const cookies: Cookies = {
		...event.cookies,
		set(cookie, value, options) {
			if (cookie !== name || !keeps(value)) return;
			event.cookies.set(cookie, value, { ...options, ...cookieOptions(app) });
		}
	};
	const request = new Request(url, { method: body === undefined ? 'GET' : 'POST', headers, body });
	return { ...event, url, request, cookies, locals: { ...event.locals } };
}

function deviceOf(event: RequestEvent): SignInDevice {
	return {
		userAgent: event.request.headers.get('user-agent') ?? '',
		clientAddress: clientAddressOf(event)
	};
}

/** A request that came past the proxy has no address; all of those share one limit. */
function clientAddressOf(event: RequestEvent): string {
	try {
		return event.getClientAddress();
	} catch {
		return 'unknown';
	}
}

function asError(thrown: unknown): Error {
	return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Refused sign-ins are everyday; the rest is for the operator. Its debug output has passwords in it. */
function loggerFor(app: App): NonNullable<SvelteKitAuthConfig['logger']> {
	return {
		error(error) {
			const isRefusal = error.name === 'CredentialsSignin' || error.name === 'JWTSessionError';
			app.logger[isRefusal ? 'debug' : 'error']({ err: error.name }, 'Auth.js');
		},
		warn(code) {
			app.logger.debug({ code }, 'Auth.js');
		},
		debug() {}
	};
}
