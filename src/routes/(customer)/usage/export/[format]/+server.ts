import { readAccountId } from '#lib/components/layout/account-address.ts';
import type { EXPORT_FORMATS } from '#lib/server/metering/export.ts';
import type { RequestHandler } from './$types';

/** A file of the readings of [from, to): the procedure checks every parameter and the access. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
	const file = await locals.caller.metering.export({
		accountId: readAccountId(url.searchParams),
		meterNo: url.searchParams.get('meter') ?? undefined,
		from: url.searchParams.get('from') ?? '',
		to: url.searchParams.get('to') ?? '',
		format: params.format as (typeof EXPORT_FORMATS)[number],
		locale: locals.locale
	});
	return new Response(file.body, {
		headers: {
			'content-type': file.contentType,
			'content-disposition': `attachment; filename="${file.fileName}"`,
			'cache-control': 'private, no-store',
			'x-content-type-options': 'nosniff'
		}
	});
};
