/** The address parameter that says which of the customer's accounts is in view. */
export const ACCOUNT_PARAMETER = 'account';

/** The address of the page in view: on the offline page that of the kept page, which `to` carries. */
export function addressInView(url: URL): URL {
	const asked = url.pathname === '/offline' ? url.searchParams.get('to') : null;
	return asked === null ? url : new URL(asked, url);
}

/** `path` for the account that `params` has in view, so that a link does not change accounts. */
export function withAccountInView(
	path: string,
	params: URLSearchParams,
	search: Readonly<Record<string, string>> = {}
): string {
	const accountId = params.get(ACCOUNT_PARAMETER);
	const next = new URLSearchParams(search);
	if (accountId !== null) next.set(ACCOUNT_PARAMETER, accountId);
	return next.size === 0 ? path : `${path}?${next}`;
}

/** The account in view: the one that the address names, else the first. */
export function accountInView<Each extends { readonly id: number }>(
	accounts: readonly Each[],
	params: URLSearchParams
): Each | undefined {
	const named = params.get(ACCOUNT_PARAMETER);
	return accounts.find(({ id }) => String(id) === named) ?? accounts[0];
}

/** The account that the address names; 0, which no account has, where it names none that could be. */
export function readAccountId(params: URLSearchParams): number | undefined {
	const text = params.get(ACCOUNT_PARAMETER);
	if (text === null) return undefined;
	return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0;
}
