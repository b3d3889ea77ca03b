import { readPendingSignOut } from '#lib/client/device-store.ts';
import { completePendingSignOut } from '#lib/client/pending-sign-out.ts';
import { matchPrecache } from 'workbox-precaching';
import { ADDRESS_WHILE_SIGNING_OUT, addressWithoutNetwork } from './offline-answer.ts';
import { OFFLINE_PAGE } from './precache.ts';

/**
 * A page from the network, never from a cache. Without a network the browser is sent to the offline page,
 * which shows what the device kept. A sign-out that was made offline is carried out before anything else, and
 * until the server knows of it no page of the customer is shown.
 */
export async function answerNavigation(request: Request): Promise<Response> {
	try {
		if (!(await isSignedOutAsAsked())) return Response.redirect(ADDRESS_WHILE_SIGNING_OUT, 302);
		return await fetch(request);
	} catch {
		const address = addressWithoutNetwork(new URL(request.url));
		if (address !== null) return Response.redirect(address, 302);
		return (await matchPrecache(OFFLINE_PAGE)) ?? Response.error();
	}
}

/** @throws TypeError where the server cannot be reached */
async function isSignedOutAsAsked(): Promise<boolean> {
	let pending: string | undefined;
	try {
		pending = await readPendingSignOut();
	} catch {
		// A device whose store cannot be opened has kept nothing, and must not lose the portal for it.
		return true;
	}
	return pending === undefined || completePendingSignOut();
}
