import { json } from '@sveltejs/kit';
import { readBillId } from '#lib/components/billing/bill-address.ts';
import { readAccountId } from '#lib/components/layout/account-address.ts';
import type { RequestHandler } from './$types';

/** The bill with everything that it was rated from, for the page's check and as a download. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
	const file = await locals.caller.billing.checkFile({
		accountId: readAccountId(url.searchParams),
		billId: readBillId(params.billId)
	});
	return json(file, { headers: { 'content-disposition': `inline; filename="bill-${file.billNo}.json"` } });
};
