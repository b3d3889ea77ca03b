/** Pages that open without a network, by route id. A usage page is kept for its day view only. */
export const OFFLINE_ROUTE_IDS = [
	'/(customer)/home',
	'/(customer)/usage',
	'/(customer)/bills',
	'/(customer)/bills/[billId]'
] as const;

export type OfflineRouteId = (typeof OFFLINE_ROUTE_IDS)[number];

/** Whether a page that was just shown is one to keep. */
export function isKeptPage(routeId: string | null, url: URL): routeId is OfflineRouteId {
	if (!OFFLINE_ROUTE_IDS.some((kept) => kept === routeId)) return false;
	return routeId !== '/(customer)/usage' || (url.searchParams.get('view') ?? 'day') === 'day';
}

/** The address that shows what the device kept of `path`. */
export function offlineAddress(path: string): string {
	return `/offline?to=${encodeURIComponent(path)}`;
}

/**
 * The kept page that answers `path`: the very page, else the newest of its kind where the path names none
 * in particular ("/usage" without a date). Never another day or another bill in its place.
 */
export function matchKeptPath(paths: readonly string[], path: string): string | undefined {
	const wanted = new URL(path, 'http://device');
	const exact = paths.find((kept) => samePage(new URL(kept, 'http://device'), wanted));
	if (exact !== undefined || wanted.searchParams.has('date')) return exact;
	return paths.find((kept) => new URL(kept, 'http://device').pathname === wanted.pathname);
}

function samePage(kept: URL, wanted: URL): boolean {
	if (kept.pathname !== wanted.pathname) return false;
	return ['account', 'date'].every((name) => kept.searchParams.get(name) === wanted.searchParams.get(name));
}
