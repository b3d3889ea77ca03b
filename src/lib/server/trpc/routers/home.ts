import { z } from 'zod';
import { accountOverview } from '#lib/server/home/index.ts';
import { accountInView } from '#lib/server/auth/policy.ts';
import { customerProcedure, router } from '../init.ts';

export const homeRouter = router({
	/** One account at a glance: what is owed, how much is used, what there is to do. */
	summary: customerProcedure
		/** The customer's first account where it is absent; 0 is no account, like somebody else's. */
		.input(z.object({ accountId: z.int().nonnegative().optional() }))
		.query(async ({ ctx, input }) =>
			accountOverview(ctx.app, await accountInView(ctx.app, ctx.actor, input.accountId))
		)
});
