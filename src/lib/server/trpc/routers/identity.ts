import { z } from 'zod';
import {
	listDevices,
	profileOf,
	revokeDevice,
	signOut,
	signOutEverywhere
} from '#lib/server/identity/index.ts';
import { customerProcedure, router } from '../init.ts';

const deviceId = z.string().regex(/^[0-9a-f]{64}$/);

/** The signed-in customer: who, which accounts, which devices. Signing in is the sign-in page's action. */
export const identityRouter = router({
	me: customerProcedure.query(({ ctx }) => profileOf(ctx.app, ctx.actor)),
	devices: customerProcedure.query(({ ctx }) => listDevices(ctx.app, ctx.actor)),
	revokeDevice: customerProcedure
		.input(z.object({ deviceId }))
		.mutation(({ ctx, input }) => revokeDevice(ctx.app, ctx.actor, input.deviceId)),
	signOut: customerProcedure.mutation(({ ctx }) => signOut(ctx.app, ctx.actor)),
	signOutEverywhere: customerProcedure.mutation(({ ctx }) => signOutEverywhere(ctx.app, ctx.actor))
});
