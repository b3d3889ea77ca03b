import { createCallerFactory, router } from './init.ts';

export const appRouter = router({});

export type AppRouter = typeof appRouter;

/** Calls procedures in process: server loads, endpoints and tests use the very router that HTTP does. */
export const createCaller = createCallerFactory(appRouter);
