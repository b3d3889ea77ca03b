declare module 'fontkit' {
	/** Opens a font. pdfkit takes an open font wherever it takes the bytes of one. */
	export function create(data: Uint8Array): PDFKit.Mixins.PDFFontSource;
}
