/** Pages that open without a network, by route id. A usage page is kept for its day view only. */
const OFFLINE_ROUTE_IDS = [
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
 * The kept page that answers `path`: the very page, else the newest day curve where no day is named. Never
 * another day, meter, account, view or bill in its place.
 */
export function matchKeptPath(paths: readonly string[], path: string): string | undefined {
	const wanted = new URL(path, 'http://device');
	const candidates = paths.filter((kept) =>
		agree(new URL(kept, 'http://device'), wanted, ['account', 'meter'])
	);
	const exact = candidates.find((kept) => agree(new URL(kept, 'http://device'), wanted, ['date']));
	if (exact !== undefined || wanted.searchParams.has('date')) return exact;
	return candidates[0];
}

/** Whether both are the same page in the same view with the same parameters. */
function agree(kept: URL, wanted: URL, names: readonly string[]): boolean {
	const view = (url: URL) => url.searchParams.get('view') ?? 'day';
	return (
		kept.pathname === wanted.pathname &&
		view(kept) === view(wanted) &&
		names.every((name) => kept.searchParams.get(name) === wanted.searchParams.get(name))
	);
}
