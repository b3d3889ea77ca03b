const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a request may change something: it was sent by a page of this portal. Covers every body type, where
 * SvelteKit's own check covers forms only. A request that says nothing of where it comes from is refused.
 */
export function isFromOwnPage(request: Request, ownOrigins: readonly string[]): boolean {
	if (SAFE_METHODS.has(request.method)) return true;
	const site = request.headers.get('sec-fetch-site');
	if (site !== null && site !== 'same-origin') return false;
	const origin = request.headers.get('origin');
	if (origin === null) return site === 'same-origin';
	return ownOrigins.some((own) => isSameOrigin(own, origin));
}

/** The names of this very machine are one origin: a portal on one's own computer answers to each of them. */
function isSameOrigin(own: string, origin: string): boolean {
	if (own === origin) return true;
	if (!URL.canParse(own) || !URL.canParse(origin)) return false;
	const [mine, theirs] = [new URL(own), new URL(origin)];
	return (
		LOOPBACK_HOSTS.has(mine.hostname) &&
		LOOPBACK_HOSTS.has(theirs.hostname) &&
		mine.protocol === theirs.protocol &&
		mine.port === theirs.port
	);
}
