import { withAccountInView } from '#lib/components/layout/account-address.ts';

/** Addresses of bills. They keep the account that is in view. */

export function billsHref(params: URLSearchParams): string {
	return withAccountInView('/bills', params);
}

export function billHref(billId: number, params: URLSearchParams): string {
	return withAccountInView(`/bills/${billId}`, params);
}

export function billPrintHref(billId: number, params: URLSearchParams): string {
	return withAccountInView(`/bills/${billId}/print`, params);
}

export function billPdfHref(billId: number, params: URLSearchParams): string {
	return withAccountInView(`/bills/${billId}/pdf`, params);
}

/** The bill with everything that it was rated from, as JSON. */
export function billCheckHref(billId: number, params: URLSearchParams): string {
	return withAccountInView(`/bills/${billId}/check`, params);
}

/** The days and intervals behind a line. */
export function billLineHref(billId: number, reference: string, params: URLSearchParams): string {
	return withAccountInView(`/bills/${billId}/lines/${encodeURIComponent(reference)}`, params);
}

/** The bill that an address names; 0, which no bill has, where it names none. */
export function readBillId(text: string): number {
	return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0;
}
