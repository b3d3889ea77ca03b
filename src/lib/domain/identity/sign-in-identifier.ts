/** What a person may have meant by what was typed as the account: any of them that is not null. */
export interface SignInIdentifier {
	readonly customerNo: string;
	/** E.164. */
	readonly phone: string | null;
	/** In lower case. */
	readonly email: string | null;
}

export const IDENTIFIER_MAX_LENGTH = 254;

const MAINLAND_MOBILE = /^(?:(?:\+|00)?86)?(1[3-9]\d{9})$/;
const INTERNATIONAL = /^(?:\+|00)([1-9]\d{6,14})$/;
const SEPARATORS = /[\s\-–—().]/g;
const EMAIL = /^[^\s@]+@[^\s@]+$/;

/** Full-width digits and letters of an input method are the same as plain ones. */
function plain(text: string): string {
	return text.normalize('NFKC').trim();
}

/** A phone number as E.164; mainland mobile numbers need no country code. Null where it is none. */
export function normalizePhone(text: string): string | null {
	const digits = plain(text).replace(SEPARATORS, '');
	const mainland = MAINLAND_MOBILE.exec(digits)?.[1];
	if (mainland !== undefined) return `+86${mainland}`;
	const international = INTERNATIONAL.exec(digits)?.[1];
	return international === undefined ? null : `+${international}`;
}

/** A stored phone number as people write it; mainland numbers without their country code. */
export function displayPhone(e164: string): string {
	const [, ...groups] = /^\+86(\d{3})(\d{4})(\d{4})$/.exec(e164) ?? [];
	return groups.length === 0 ? e164 : groups.join(' ');
}

/** An e-mail address in the form that is stored and compared. Null where it is none. */
export function normalizeEmail(text: string): string | null {
	const address = plain(text).toLowerCase();
	return EMAIL.test(address) ? address : null;
}

/** A customer number in the form that is stored and compared. */
export function normalizeCustomerNo(text: string): string {
	return plain(text).replace(SEPARATORS, '').toUpperCase();
}

/** Reads what was typed as customer number, phone number and e-mail address at once. */
export function parseSignInIdentifier(text: string): SignInIdentifier {
	return {
		customerNo: normalizeCustomerNo(text),
		phone: normalizePhone(text),
		email: normalizeEmail(text)
	};
}
