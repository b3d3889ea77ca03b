import { readAccountId } from '#lib/components/metering/usage-address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	return { bills: await locals.caller.billing.list({ accountId: readAccountId(url.searchParams) }) };
};
