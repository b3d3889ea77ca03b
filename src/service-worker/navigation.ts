import { offlineAddress } from '#lib/client/offline-pages.ts';
import { completePendingSignOut } from '#lib/client/pending-sign-out.ts';
import { matchPrecache } from 'workbox-precaching';
import { OFFLINE_PAGE } from './precache.ts';

/**
 * A page from the network, never from a cache. Without a network the browser is sent to the offline page,
 * which shows what the device kept. A sign-out that was made offline is carried out before anything else.
 */
export async function answerNavigation(request: Request): Promise<Response> {
	try {
		await completePendingSignOut();
		return await fetch(request);
	} catch {
		const url = new URL(request.url);
		if (url.pathname === OFFLINE_PAGE) return (await matchPrecache(OFFLINE_PAGE)) ?? Response.error();
		return Response.redirect(offlineAddress(url.pathname + url.search), 302);
	}
}
