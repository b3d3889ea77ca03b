import { initTRPC, TRPCError } from '@trpc/server';
import superjson from 'superjson';
import { ZodError } from 'zod';
import {
	AppError,
	isAppError,
	type AppErrorCode,
	type AppErrorDetails
} from '#lib/domain/kernel/app-error.ts';
import { isDatabaseAway } from '#lib/server/db/away.ts';
import type { TrpcContext } from './context.ts';
import { APP_CODE, TRPC_CODE } from './error-table.ts';

/** The stable code of a failure: what leaves the server instead of its text. */
export function appCodeOf(failure: TRPCError): AppErrorCode {
	const { cause } = failure;
	if (isAppError(cause)) return cause.code;
	if (cause instanceof ZodError) return 'VALIDATION_FAILED';
	return APP_CODE[failure.code] ?? 'INTERNAL';
}

/** The plain facts of an expected failure. */
export function appDetailsOf({ cause }: TRPCError): AppErrorDetails | undefined {
	return isAppError(cause) ? cause.details : undefined;
}

const trpc = initTRPC.context<TrpcContext>().create({
	transformer: superjson,
	isDev: false,
	/** What leaves the server: the code and, for bad input, the fields; never a raw message. */
	errorFormatter({ shape, error }) {
		const code = appCodeOf(error);
		return {
			code: shape.code,
			message: code,
			data: {
				code: shape.data.code,
				httpStatus: shape.data.httpStatus,
				appCode: code,
				details: appDetailsOf(error),
				fields:
					error.cause instanceof ZodError
						? error.cause.issues.map((issue) => ({ path: issue.path.join('.'), reason: issue.code }))
						: undefined
			}
		};
	}
});

export const router = trpc.router;
export const createCallerFactory = trpc.createCallerFactory;

/** Turns expected failures of the services into transport errors; the rest stays an internal error. */
const translateErrors = trpc.middleware(async ({ next, ctx, path }) => {
	const result = await next();
	if (result.ok) return result;
	const cause = result.error.cause;
	if (isAppError(cause)) {
		throw new TRPCError({ code: TRPC_CODE[cause.code], message: cause.code, cause });
	}
	if (result.error.code === 'INTERNAL_SERVER_ERROR') {
		ctx.app.logger.error({ err: cause, path }, 'procedure failed');
		if (isDatabaseAway(cause)) {
			const unavailable = new AppError('UNAVAILABLE', 'the database cannot be reached');
			throw new TRPCError({ code: TRPC_CODE.UNAVAILABLE, message: unavailable.code, cause: unavailable });
		}
	}
	return result;
});

/** For anyone, signed in or not. */
export const publicProcedure = trpc.procedure.use(translateErrors);

/** For a signed-in customer: `ctx.actor` is one. */
export const customerProcedure = publicProcedure.use(({ ctx, next }) => {
	if (ctx.actor?.kind !== 'customer') throw new AppError('NOT_SIGNED_IN', 'no valid session');
	return next({ ctx: { ...ctx, actor: ctx.actor } });
});
