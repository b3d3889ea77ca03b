import { homeView } from '#lib/components/home/home-view.ts';
import { readAccountId, withAccountInView } from '#lib/components/layout/account-address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const overview = await locals.caller.home.summary({ accountId: readAccountId(url.searchParams) });
	const view = homeView(overview, (path, search) => withAccountInView(path, url.searchParams, search));
	return { view };
};
