import { readAccountId } from '#lib/components/layout/account-address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const input = { accountId: readAccountId(url.searchParams) };
	const [bills, running] = await Promise.all([
		locals.caller.billing.list(input),
		locals.caller.billing.running(input)
	]);
	return { bills, running };
};
