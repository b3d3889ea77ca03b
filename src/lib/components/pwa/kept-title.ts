import type { Snapshot } from '#lib/client/device-store.ts';
import { ACCOUNT_PARAMETER } from '#lib/components/layout/account-address.ts';
import { monthsText } from '#lib/i18n/billing/months.ts';
import { formatDate } from '#lib/i18n/format.ts';
import { m } from '#lib/i18n/paraglide/messages.js';

/** What is read from a kept page's data to name it: as the server sent it, so any of it may be absent. */
interface NamedData {
	readonly me?: { readonly accounts?: readonly { readonly id: number; readonly accountNo: string }[] };
	readonly bill?: { readonly period?: { readonly start: string; readonly end: string } };
	readonly date?: string;
}

/** The name of a kept page; with the account's number where the address names one of several. */
export function keptTitle(snapshot: Snapshot): string {
	const url = new URL(snapshot.path, 'http://device');
	const data = snapshot.data as NamedData;
	const page = pageTitle(snapshot.routeId, data);
	const accountId = url.searchParams.get(ACCOUNT_PARAMETER);
	const account = data.me?.accounts?.find(({ id }) => String(id) === accountId);
	return account === undefined ? page : m.offline_kept_of_account({ page, number: account.accountNo });
}

function pageTitle(routeId: string, { bill, date }: NamedData): string {
	switch (routeId) {
		case '/(customer)/home':
			return m.offline_kept_home();
		case '/(customer)/usage':
			return date === undefined
				? m.offline_kept_latest_day()
				: m.offline_kept_day({ date: formatDate(date) });
		case '/(customer)/bills/[billId]':
			if (bill?.period !== undefined) {
				return m.offline_kept_bill({ month: monthsText(bill.period) });
			}
	}
	return m.offline_kept_bills();
}
