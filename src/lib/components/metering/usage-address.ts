/** The state of the load curve page that lives in its address. */

export const USAGE_VIEWS = ['day', 'week', 'month', 'year'] as const;
export type UsageViewName = (typeof USAGE_VIEWS)[number];

export const COMPARISONS = ['usual', 'day-before', 'week-before'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** What is compared with where the address does not say. */
const DEFAULT_COMPARISONS: readonly Comparison[] = ['usual'];
const NO_COMPARISON = 'none';

export function readView(params: URLSearchParams): UsageViewName {
	return USAGE_VIEWS.find((view) => view === params.get('view')) ?? 'day';
}

/** The date as written; whether it exists in the calendar is for the server to say. */
export function readDate(params: URLSearchParams): string | undefined {
	return params.get('date') || undefined;
}

export function readUnit(params: URLSearchParams): 'kW' | 'kWh' {
	return params.get('unit') === 'kWh' ? 'kWh' : 'kW';
}

export function readComparisons(params: URLSearchParams): readonly Comparison[] {
	const text = params.get('compare');
	if (text === null) return DEFAULT_COMPARISONS;
	return COMPARISONS.filter((comparison) => text.split(',').includes(comparison));
}

/** Whether the price of one more kWh is to be shown. */
export function readPrice(params: URLSearchParams): boolean {
	return params.get('price') === '1';
}

/** The page's address with some of its parameters changed; null leaves one out. */
export function usageHref(
	params: URLSearchParams,
	changes: Partial<Record<'view' | 'date' | 'unit' | 'compare' | 'meter' | 'price', string | null>>
): string {
	const next = new URLSearchParams();
	const keys = ['account', 'meter', 'view', 'date', 'unit', 'compare', 'price'];
	for (const key of keys) {
		const value = key in changes ? changes[key as keyof typeof changes] : params.get(key);
		if (value !== null && value !== undefined) next.set(key, value);
	}
	return `/usage?${next}`;
}

/** The address with one comparison switched over. */
export function toggledHref(params: URLSearchParams, comparison: Comparison): string {
	const shown = readComparisons(params);
	const next = COMPARISONS.filter((other) => shown.includes(other) !== (other === comparison));
	return usageHref(params, { compare: next.length === 0 ? NO_COMPARISON : next.join(',') });
}

/** The whole address of an export of [from, to). */
export function exportHref(params: URLSearchParams, format: string, from: string, to: string): string {
	const next = new URLSearchParams({ from, to });
	for (const key of ['account', 'meter']) {
		const value = params.get(key);
		if (value !== null) next.set(key, value);
	}
	return `/usage/export/${format}?${next}`;
}
