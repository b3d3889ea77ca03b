const BASE = 'http://portal.invalid';
const UNSAFE = /[\\\p{Cc}]/u;

/**
 * A place inside the portal to go on to, from what a link or form says; `fallback` for anything that could
 * lead elsewhere.
 */
export function safePath(wanted: unknown, fallback = '/home'): string {
	if (typeof wanted !== 'string' || !wanted.startsWith('/') || wanted.startsWith('//')) return fallback;
	// Browsers read a backslash as a slash, and skip tabs and line ends.
	if (UNSAFE.test(wanted) || !URL.canParse(wanted, BASE)) return fallback;
	const url = new URL(wanted, BASE);
	if (url.origin !== BASE || url.pathname.startsWith('//')) return fallback;
	return url.pathname + url.search + url.hash;
}
