import { DEMO_CUSTOMERS, DEMO_PASSWORD } from '#lib/server/demo/customers.ts';
import type { DemoSourceKey } from '#lib/server/demo/sources.ts';

/** The session cookie of a demo customer, as a browser gets it from the sign-in form. */
export interface PortalSession {
	readonly name: string;
	readonly value: string;
	/** For a request of our own. */
	readonly header: string;
}

/** Signs in over HTTP. */
export async function signIn(origin: string, key: DemoSourceKey): Promise<PortalSession> {
	const customer = DEMO_CUSTOMERS.find(({ sourceKey }) => sourceKey === key);
	const response = await fetch(`${origin}/sign-in?/password`, {
		method: 'POST',
		redirect: 'manual',
		headers: { origin, accept: 'text/html' },
		body: new URLSearchParams({ identifier: customer?.customerNo ?? '', password: DEMO_PASSWORD })
	});
	const cookie = response.headers.getSetCookie().find((text) => text.startsWith('meterside.session='));
	const [name, value] = cookie?.split(';')[0]?.split('=') ?? [];
	if (name === undefined || value === undefined) {
		throw new Error(`Signing in was answered with ${response.status} and no session`);
	}
	return { name, value, header: `${name}=${value}` };
}
