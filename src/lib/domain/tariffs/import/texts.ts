import type { LocalizedText } from '../tariff.ts';

export function text(zh: string, en: string): LocalizedText {
	return { 'zh-CN': zh, en };
}

/** Lower-case letters, digits and _ of a name, for codes. */
export function slug(name: string): string {
	return name
		.normalize('NFKD')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '_')
		.replace(/^_+|_+$/g, '');
}
