import { slotWallMinutes, type IntervalMinutes } from '#lib/domain/kernel/civil-time.ts';
import { readBillId } from '#lib/components/billing/bill-address.ts';
import type { LineDay } from '#lib/components/billing/line-days.ts';
import { readAccountId } from '#lib/components/layout/account-address.ts';
import type { PageServerLoad } from './$types';

/** Also read on demand by the bill page, when a line is opened. */
export const load: PageServerLoad = async ({ locals, params, url }) => {
	const asked = { accountId: readAccountId(url.searchParams), billId: readBillId(params.billId) };
	const [bill, { line, intervals }] = await Promise.all([
		locals.caller.billing.get(asked),
		locals.caller.billing.lineIntervals({ ...asked, reference: params.reference })
	]);
	const days = intervals.days.map(({ slots, version: _version, ...day }): LineDay => {
		const wallMinutes = slotWallMinutes(
			day.localDate,
			bill.account.timeZone,
			day.intervalMinutes as IntervalMinutes
		);
		return { ...day, startMinutes: slots.map((slot) => wallMinutes[slot] ?? 0) };
	});
	return { bill, lineNo: line.lineNo, days };
};
