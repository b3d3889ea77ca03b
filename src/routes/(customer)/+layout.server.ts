import type { LayoutServerLoad } from './$types';

/** What surrounds every page of a customer. No guard: that is the work of the hooks and the procedures. */
export const load: LayoutServerLoad = async ({ locals }) => {
	return { me: await locals.caller.identity.me(), demo: locals.app.env.DEMO };
};
