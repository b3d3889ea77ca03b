import { offlineAddress } from '#lib/client/offline-pages.ts';
import { OFFLINE_PAGE } from './precache.ts';

/** Whether workbox' own route answers the page; it knows the bare offline page, without a query. */
export function isPrecachedPage({ pathname, search }: URL): boolean {
	return pathname === OFFLINE_PAGE && search === '';
}

/**
 * Where the browser is sent that asked for a page without a network; null where the kept offline page itself
 * is the answer.
 */
export function addressWithoutNetwork({ pathname, search }: URL): string | null {
	return pathname === OFFLINE_PAGE ? null : offlineAddress(pathname + search);
}

/** Where the browser is sent while the server does not know of a sign-out yet: no page of the customer. */
export const ADDRESS_WHILE_SIGNING_OUT = offlineAddress('/sign-in');
