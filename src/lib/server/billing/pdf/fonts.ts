import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

export interface PdfFonts {
	readonly regular: Buffer;
	readonly bold: Buffer;
}

// The files stay in node_modules, which the production build uses too; 10 MB each, so they are read once.
const { resolve } = createRequire(import.meta.url);
const FILES = {
	regular: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
	bold: '@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf'
} as const;

let loading: Promise<PdfFonts> | undefined;

/** Fonts with Latin and simplified Chinese. A failed read is not remembered. */
export function loadPdfFonts(): Promise<PdfFonts> {
	loading ??= readFonts().catch((error: unknown) => {
		loading = undefined;
		throw error;
	});
	return loading;
}

async function readFonts(): Promise<PdfFonts> {
	const [regular, bold] = await Promise.all([
		readFile(resolve(FILES.regular)),
		readFile(resolve(FILES.bold))
	]);
	return { regular, bold };
}
