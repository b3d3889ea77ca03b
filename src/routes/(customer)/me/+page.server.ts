import { fail, isHttpError } from '@sveltejs/kit';
import { readPreferences } from '#lib/server/auth/preferences.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { app, caller }, cookies, parent }) => {
	const [devices, { me }] = await Promise.all([caller.identity.devices(), parent()]);
	const sources = await Promise.all(
		me.accounts.map(({ id }) => caller.identity.dataSources({ accountId: id }))
	);
	return {
		devices,
		/** The zone that the times of the devices are shown in. */
		timeZone: me.accounts[0]?.timeZone ?? 'UTC',
		nowMs: app.clock.now().epochMilliseconds,
		preferences: readPreferences(cookies),
		dataSources: sources.flat()
	};
};

export const actions: Actions = {
	revokeDevice: async ({ request, locals: { caller } }) => {
		const deviceId = (await request.formData()).get('deviceId');
		try {
			await caller.identity.revokeDevice({ deviceId: typeof deviceId === 'string' ? deviceId : '' });
		} catch (failure) {
			if (!isHttpError(failure)) throw failure;
			return fail(failure.status, { problem: failure.body.message });
		}
		return { revoked: true };
	}
};
