import { homeView } from '#lib/components/home/home-view.ts';
import { withAccountInView } from '#lib/components/layout/account-address.ts';
import { readAccountId } from '#lib/components/metering/usage-address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const overview = await locals.caller.home.summary({ accountId: readAccountId(url.searchParams) });
	const view = homeView(overview, (path, search) => withAccountInView(path, url.searchParams, search));
	return { view };
};
