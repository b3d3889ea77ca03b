import { readAccountId } from '#lib/components/metering/usage-address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	return { overview: await locals.caller.home.summary({ accountId: readAccountId(url.searchParams) }) };
};
