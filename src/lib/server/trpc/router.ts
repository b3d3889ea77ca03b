import { createCallerFactory, router } from './init.ts';
import { identityRouter } from './routers/identity.ts';
import { meteringRouter } from './routers/metering.ts';

export const appRouter = router({
	identity: identityRouter,
	metering: meteringRouter
});

export type AppRouter = typeof appRouter;

/** Calls procedures in process: server loads, endpoints and tests use the very router that HTTP does. */
export const createCaller = createCallerFactory(appRouter);
