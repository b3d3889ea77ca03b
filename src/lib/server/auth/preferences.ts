import type { Cookies } from '@sveltejs/kit';
import { cookieMaxAge, cookieName, isLocale, type Locale } from '#lib/i18n/paraglide/runtime.js';

const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
const TEXT_SIZES = ['normal', 'large'] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

/** How this browser wants the portal to look: kept in cookies, as it holds before sign-in too. */
export interface Preferences {
	readonly theme: Theme;
	readonly textSize: TextSize;
}

const THEME_COOKIE = 'theme';
const TEXT_SIZE_COOKIE = 'text_size';

export function readPreferences(cookies: Cookies): Preferences {
	return {
		theme: oneOf(THEMES, cookies.get(THEME_COOKIE)) ?? 'system',
		textSize: oneOf(TEXT_SIZES, cookies.get(TEXT_SIZE_COOKIE)) ?? 'normal'
	};
}

/** Whether the browser's language is already settled by a cookie. */
export function hasLocaleCookie(cookies: Cookies): boolean {
	return isLocale(cookies.get(cookieName));
}

/** Keeps the language where the browser's own code finds it too, so that both sides render the same. */
export function writeLocale(cookies: Cookies, locale: Locale, secure: boolean): void {
	write(cookies, cookieName, locale, secure);
}

/** Takes over what a form names; leaves alone what it does not. */
export function writePreferences(cookies: Cookies, form: FormData, secure: boolean): void {
	const locale = form.get('locale');
	if (isLocale(locale)) writeLocale(cookies, locale, secure);
	const theme = oneOf(THEMES, form.get('theme'));
	if (theme !== undefined) write(cookies, THEME_COOKIE, theme, secure);
	const textSize = oneOf(TEXT_SIZES, form.get('textSize'));
	if (textSize !== undefined) write(cookies, TEXT_SIZE_COOKIE, textSize, secure);
}

function write(cookies: Cookies, name: string, value: string, secure: boolean): void {
	cookies.set(name, value, { path: '/', httpOnly: false, sameSite: 'lax', secure, maxAge: cookieMaxAge });
}

function oneOf<T extends string>(values: readonly T[], value: unknown): T | undefined {
	return values.find((each) => each === value);
}
