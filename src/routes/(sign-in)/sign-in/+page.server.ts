import { error, fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { message, superValidate, type SuperValidated } from 'sveltekit-superforms';
import { zod4 } from 'sveltekit-superforms/adapters';
import { z } from 'zod';
import { IDENTIFIER_MAX_LENGTH } from '#lib/domain/identity/sign-in-identifier.ts';
import { isAppError } from '#lib/domain/kernel/app-error.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import { signIn } from '#lib/server/auth/authjs.ts';
import { safePath } from '#lib/server/auth/safe-path.ts';
import { PASSWORD_MAX_LENGTH } from '#lib/server/identity/index.ts';
import { messageOfError } from '#lib/server/trpc/error-message.ts';
import { httpStatusOf } from '#lib/server/trpc/error-table.ts';
import type { Actions, PageServerLoad } from './$types';

const schema = z.object({
	identifier: z
		.string()
		.trim()
		.min(1, { error: () => m.identity_identifier_missing() })
		.max(IDENTIFIER_MAX_LENGTH, { error: () => m.identity_identifier_too_long() }),
	password: z
		.string()
		.min(1, { error: () => m.identity_password_missing() })
		.max(PASSWORD_MAX_LENGTH, { error: () => m.identity_password_too_long() })
});
const credentials = zod4(schema);

type SignInForm = SuperValidated<z.infer<typeof schema>, string>;

export const load: PageServerLoad = async ({ locals: { actor, caller, locale }, url }) => {
	const to = safePath(url.searchParams.get('to'));
	if (actor !== null) redirect(303, to);
	const offered = await caller.identity.demoIdentities();
	return {
		form: await superValidate<z.infer<typeof schema>, string>(credentials),
		to,
		signedOut: url.searchParams.has('signed-out'),
		/** Null outside the demo. */
		demo:
			offered?.map(({ customerNo, kind, name, description }) => ({
				customerNo,
				kind,
				name: name[locale],
				description: description[locale]
			})) ?? null
	};
};

export const actions: Actions = {
	password: async (event) => {
		const form: SignInForm = await superValidate(event, credentials);
		const { data } = form;
		if (form.valid) {
			try {
				await signInAnew(event, 'password', data);
			} catch (refusal) {
				if (!isAppError(refusal)) throw refusal;
				const text =
					refusal.code === 'SIGN_IN_FAILED'
						? m.identity_sign_in_failed()
						: messageOfError(refusal.code, refusal.details);
				return message(withoutPassword(form), text, { status: httpStatusOf(refusal.code) });
			}
			redirect(303, safePath(event.url.searchParams.get('to')));
		}
		return fail(400, { form: withoutPassword(form) });
	},
	demo: async (event) => {
		if (!event.locals.app.env.DEMO) error(404, { code: 'NOT_FOUND', message: messageOfError('NOT_FOUND') });
		const customerNo = (await event.request.formData()).get('customerNo');
		try {
			await signInAnew(event, 'demo', { customerNo: typeof customerNo === 'string' ? customerNo : '' });
		} catch (refusal) {
			if (!isAppError(refusal)) throw refusal;
			error(httpStatusOf(refusal.code), { code: refusal.code, message: messageOfError(refusal.code) });
		}
		redirect(303, safePath(event.url.searchParams.get('to')));
	}
};

/** Signs in, and ends the session that this browser had before. */
async function signInAnew(
	event: RequestEvent,
	provider: 'password' | 'demo',
	given: Record<string, string>
): Promise<void> {
	await signIn(event, provider, given);
	if (event.locals.actor?.kind === 'customer') await event.locals.caller.identity.signOut();
}

/** A password never goes back to the browser. */
function withoutPassword(form: SignInForm): SignInForm {
	form.data.password = '';
	return form;
}
