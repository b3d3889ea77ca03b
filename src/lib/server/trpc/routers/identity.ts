import { z } from 'zod';
import { offeredIdentities } from '#lib/server/auth/index.ts';
import { authorizeAccount } from '#lib/server/auth/policy.ts';
import { demoAttributionsOf } from '#lib/server/demo/index.ts';
import {
	listDevices,
	profileOf,
	revokeDevice,
	signOut,
	signOutEverywhere
} from '#lib/server/identity/index.ts';
import { customerProcedure, publicProcedure, router } from '../init.ts';

const deviceId = z.string().regex(/^[0-9a-f]{64}$/);

/** The signed-in customer: who, which accounts, which devices. Signing in is the sign-in page's action. */
export const identityRouter = router({
	demoIdentities: publicProcedure.query(({ ctx }) => offeredIdentities(ctx.app)),
	me: customerProcedure.query(({ ctx }) => profileOf(ctx.app, ctx.actor)),
	devices: customerProcedure.query(({ ctx }) => listDevices(ctx.app, ctx.actor)),
	revokeDevice: customerProcedure
		.input(z.object({ deviceId }))
		.mutation(({ ctx, input }) => revokeDevice(ctx.app, ctx.actor, input.deviceId)),
	signOut: customerProcedure.mutation(({ ctx }) => signOut(ctx.app, ctx.actor)),
	/** Where the readings of a demo account come from; empty for every other account. */
	dataSources: customerProcedure
		.input(z.object({ accountId: z.number().int().positive() }))
		.query(async ({ ctx, input }) =>
			demoAttributionsOf(ctx.app, await authorizeAccount(ctx.app, ctx.actor, input.accountId, 'view'))
		),
	signOutEverywhere: customerProcedure.mutation(({ ctx }) => signOutEverywhere(ctx.app, ctx.actor))
});
