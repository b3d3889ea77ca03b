import { redirect } from '@sveltejs/kit';
import { forgetSession } from '#lib/server/auth/authjs.ts';
import type { RequestHandler } from './$types';

/** Signs this browser out, or with `?scope=everywhere` all of the customer's devices. */
export const POST: RequestHandler = async (event) => {
	const { actor, caller } = event.locals;
	if (actor?.kind === 'customer') {
		if (event.url.searchParams.get('scope') === 'everywhere') await caller.identity.signOutEverywhere();
		else await caller.identity.signOut();
	}
	await forgetSession(event);
	redirect(303, '/sign-in?signed-out');
};
