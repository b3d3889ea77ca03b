import { redirect } from '@sveltejs/kit';
import { writePreferences } from '#lib/server/auth/preferences.ts';
import { safePath } from '#lib/server/auth/safe-path.ts';
import type { RequestHandler } from './$types';

/** Language, theme and text size of this browser, before and after sign-in; works as a plain form. */
export const POST: RequestHandler = async ({ request, cookies, locals }) => {
	const form = await request.formData();
	writePreferences(cookies, form, locals.app.env.ORIGIN.startsWith('https:'));
	redirect(303, safePath(form.get('to')));
};
