import { demoNameOf } from '#lib/server/demo/index.ts';
import type { LayoutServerLoad } from './$types';

/** What surrounds every page of a customer. No guard: that is the work of the hooks and the procedures. */
export const load: LayoutServerLoad = async ({ locals }) => {
	const demo = locals.app.env.DEMO;
	const me = await locals.caller.identity.me();
	const demoName = demo ? demoNameOf(me.customerNo)?.[locals.locale] : undefined;
	return { me: { ...me, displayName: demoName ?? me.displayName }, demo };
};
