import { homeView } from '#lib/components/home/home-view.ts';
import { addressFor } from '#lib/components/layout/account-address.ts';
import { readAccountId } from '#lib/components/metering/usage-address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const overview = await locals.caller.home.summary({ accountId: readAccountId(url.searchParams) });
	return { view: homeView(overview, addressFor(url.searchParams)) };
};
