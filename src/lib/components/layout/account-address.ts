/** The address parameter that says which of the customer's accounts is in view. */
export const ACCOUNT_PARAMETER = 'account';

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
