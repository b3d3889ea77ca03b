import { z } from 'zod';
import { accountInView } from '#lib/server/auth/policy.ts';
import {
	billCheckFile,
	billLineIntervals,
	dayPrices,
	getBill,
	listBills,
	runningBill
} from '#lib/server/billing/index.ts';
import { customerProcedure, router } from '../init.ts';
import { date } from './metering.ts';

const bill = {
	/** The customer's first account where it is absent; 0 is no account, like somebody else's. */
	accountId: z.int().nonnegative().optional(),
	/** 0 is no bill: an address that names none is answered like one that names somebody else's. */
	billId: z.int().nonnegative()
};

/** The bills of an account. Issued bills do not change, so there is nothing to write here. */
export const billingRouter = router({
	/** Bills, newest first. */
	list: customerProcedure
		.input(z.object({ accountId: bill.accountId }))
		.query(async ({ ctx, input }) =>
			listBills(ctx.app, await accountInView(ctx.app, ctx.actor, input.accountId))
		),

	/** The running month: so far, and what is to be expected; null where that cannot be said. */
	running: customerProcedure
		.input(z.object({ accountId: bill.accountId }))
		.query(async ({ ctx, input }) =>
			runningBill(ctx.app, await accountInView(ctx.app, ctx.actor, input.accountId))
		),

	/** What one more kWh would have cost in each interval of a meter's day. */
	dayPrices: customerProcedure
		.input(z.object({ accountId: bill.accountId, meterNo: z.string().min(1).max(64), date }))
		.query(async ({ ctx, input }) =>
			dayPrices(ctx.app, await accountInView(ctx.app, ctx.actor, input.accountId), input)
		),

	/** One bill with its lines, its figures and the bill before it. */
	get: customerProcedure
		.input(z.object(bill))
		.query(async ({ ctx, input }) =>
			getBill(ctx.app, await accountInView(ctx.app, ctx.actor, input.accountId), input.billId)
		),

	/** A bill with everything that it was rated from, for anyone to compute again. */
	checkFile: customerProcedure
		.input(z.object(bill))
		.query(async ({ ctx, input }) =>
			billCheckFile(ctx.app, await accountInView(ctx.app, ctx.actor, input.accountId), input.billId)
		),

	/** A line of a bill, and the days and intervals behind it. */
	lineIntervals: customerProcedure
		.input(z.object({ ...bill, reference: z.string().min(1).max(100) }))
		.query(async ({ ctx, input }) => {
			const account = await accountInView(ctx.app, ctx.actor, input.accountId);
			return billLineIntervals(ctx.app, account, input.billId, input.reference);
		})
});
