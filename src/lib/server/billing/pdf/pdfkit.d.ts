/* What pdfkit can do and its published types leave out. */

declare module 'fontkit' {
	/** Opens a font. pdfkit takes an open font wherever it takes the bytes of one. */
	export function create(data: Uint8Array): PDFKit.Mixins.PDFFontSource;
}

declare namespace PDFKit.Mixins {
	interface TableOptions {
		/** Where the table stands in the structure of a tagged file. */
		structParent?: PDFKit.PDFStructureElement;
	}

	interface CellOptions {
		/** Which cells a head cell is the head of. */
		scope?: 'Row' | 'Column' | 'Both';
	}
}
