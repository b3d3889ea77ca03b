/** The address parameter that says which of the customer's accounts is in view. */
export const ACCOUNT_PARAMETER = 'account';

/** `path` for the account that the current address has in view, so that a link does not change accounts. */
export function withAccountInView(path: string, params: URLSearchParams): string {
	const accountId = params.get(ACCOUNT_PARAMETER);
	return accountId === null ? path : `${path}?${new URLSearchParams({ [ACCOUNT_PARAMETER]: accountId })}`;
}

/** The account in view: the one that the address names, else the first. */
export function accountInView<Each extends { readonly id: number }>(
	accounts: readonly Each[],
	params: URLSearchParams
): Each | undefined {
	const named = params.get(ACCOUNT_PARAMETER);
	return accounts.find(({ id }) => String(id) === named) ?? accounts[0];
}
