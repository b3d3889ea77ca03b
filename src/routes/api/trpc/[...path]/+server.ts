import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { json } from '@sveltejs/kit';
import { readBounded } from '#lib/server/trpc/body.ts';
import { appRouter } from '#lib/server/trpc/router.ts';
import type { RequestHandler } from './$types';

const MAX_BATCH_SIZE = 10;
const MAX_BODY_BYTES = 64 * 1024;

const handler: RequestHandler = async ({ request, locals: { app, actor } }) => {
	const req = await readBounded(request, MAX_BODY_BYTES);
	if (req === undefined) return json({ error: 'PAYLOAD_TOO_LARGE' }, { status: 413 });
	return fetchRequestHandler({
		endpoint: '/api/trpc',
		req,
		router: appRouter,
		createContext: () => ({ app, actor }),
		maxBatchSize: MAX_BATCH_SIZE
	});
};

export const GET = handler;
export const POST = handler;
