/** An entry of workbox' precache; a null revision says that the address itself changes with the content. */
export interface PrecacheEntry {
	url: string;
	revision: string | null;
}

/** The page that opens without a network. It is rendered in the browser and carries no private data. */
export const OFFLINE_PAGE = '/offline';

/**
 * What the service worker may keep: hashed build files, static files and the offline page. Nothing that
 * depends on who is signed in is ever on this list.
 */
export function precacheList(
	build: readonly string[],
	files: readonly string[],
	version: string
): PrecacheEntry[] {
	return [
		...build.map((url) => ({ url, revision: null })),
		...files.map((url) => ({ url, revision: version })),
		{ url: OFFLINE_PAGE, revision: version }
	];
}
