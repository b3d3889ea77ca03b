import { create } from 'fontkit';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

type Font = PDFKit.Mixins.PDFFontSource;

export interface PdfFonts {
	readonly regular: Font;
	readonly bold: Font;
}

// The files stay in node_modules, which the production build uses too. They are 10 MB each and parsed as they
// are used, so they are opened once for all files.
const { resolve } = createRequire(import.meta.url);
const FILES = {
	regular: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
	bold: '@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf'
} as const;

let loading: Promise<PdfFonts> | undefined;

/** Fonts with Latin and simplified Chinese. A failed read is not remembered. */
export function loadPdfFonts(): Promise<PdfFonts> {
	loading ??= openFonts().catch((error: unknown) => {
		loading = undefined;
		throw error;
	});
	return loading;
}

async function openFonts(): Promise<PdfFonts> {
	const [regular, bold] = await Promise.all([readFont(FILES.regular), readFont(FILES.bold)]);
	return { regular, bold };
}

async function readFont(file: string): Promise<Font> {
	return create(await readFile(resolve(file)));
}
