import { readBillId } from '#lib/components/billing/bill-address.ts';
import { readAccountId } from '#lib/components/layout/account-address.ts';
import { billFileName, billView } from '#lib/i18n/billing/bill-view.ts';
import { renderBillPdf } from '#lib/server/billing/pdf/bill-pdf.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, params, url }) => {
	const bill = await locals.caller.billing.get({
		accountId: readAccountId(url.searchParams),
		billId: readBillId(params.billId)
	});
	const pdf = await renderBillPdf(billView(bill, locals.locale));
	return new Response(new Uint8Array(pdf), {
		headers: {
			'content-type': 'application/pdf',
			'content-disposition': `inline; filename="${billFileName(bill)}"`,
			'content-language': locals.locale
		}
	});
};
