import { readAccountId } from '#lib/components/layout/account-address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	return { bills: await locals.caller.billing.list({ accountId: readAccountId(url.searchParams) }) };
};
