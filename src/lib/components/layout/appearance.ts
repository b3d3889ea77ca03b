import { getLocale } from '#lib/i18n/paraglide/runtime.js';

/**
 * Puts language, theme and text size on the document, from the cookies. The server does so for every page;
 * this is for the page that the service worker kept from another day, with the choices of that day in it.
 */
export function applyAppearance(document: Document): void {
	const cookies = new URLSearchParams(document.cookie.replaceAll('; ', '&'));
	const root = document.documentElement;
	root.lang = getLocale();
	root.dataset['theme'] = cookies.get('theme') ?? 'system';
	root.dataset['type'] = cookies.get('text_size') ?? 'normal';
}
