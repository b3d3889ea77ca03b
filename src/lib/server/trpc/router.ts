import { createCallerFactory, router } from './init.ts';
import { billingRouter } from './routers/billing.ts';
import { homeRouter } from './routers/home.ts';
import { identityRouter } from './routers/identity.ts';
import { meteringRouter } from './routers/metering.ts';

export const appRouter = router({
	home: homeRouter,
	billing: billingRouter,
	identity: identityRouter,
	metering: meteringRouter
});

export type AppRouter = typeof appRouter;

/** Calls procedures in process: server loads, endpoints and tests use the very router that HTTP does. */
export const createCaller = createCallerFactory(appRouter);
