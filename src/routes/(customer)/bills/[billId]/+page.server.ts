import { readBillId } from '#lib/components/billing/bill-address.ts';
import { readAccountId } from '#lib/components/layout/account-address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const bill = await locals.caller.billing.get({
		accountId: readAccountId(url.searchParams),
		billId: readBillId(params.billId)
	});
	return { bill };
};
