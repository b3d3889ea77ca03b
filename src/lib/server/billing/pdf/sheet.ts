import PDFDocument from 'pdfkit';
import type { PdfFonts } from './fonts.ts';

/*
 * A4 paper with flowing paragraphs and tables. Lengths are points (1/72 inch). The file is tagged, so that it
 * can be read aloud: every paragraph and cell is part of the structure, lines and page numbers are not.
 */

export interface SheetColumn {
	/** Points; without it the column shares what is left. */
	readonly width?: number;
	readonly align?: 'left' | 'right';
}

export interface SheetRow {
	readonly cells: readonly string[];
	/** `head` repeats on each page, `strong` is bold, `sub` is indented. */
	readonly style?: 'head' | 'strong' | 'sub';
}

export interface SheetTable {
	readonly columns: readonly SheetColumn[];
	readonly rows: readonly SheetRow[];
	/** Left edge and width; the whole text width where absent. */
	readonly x?: number;
	readonly width?: number;
}

/** A table with what belongs to it. */
export interface SheetSection {
	readonly heading: string;
	/** A sentence above the table. */
	readonly intro?: string;
	/** Drawn as a bar above the table. */
	readonly shares?: readonly number[];
	readonly table: SheetTable;
	/** Small type under the table. */
	readonly note?: string;
}

const MARGIN = 42;
const FOOTER_HEIGHT = 30;
const INDENT = 14;
const INK = '#000000';
const SOFT = '#444444';
const LINE = '#bbbbbb';
const SHADE = '#f1f1f1';
const BODY_SIZE = 9;
const CELL_PADDING = { top: 3, bottom: 3, left: 4, right: 4 } as const;
const HEADING_SIZE = 11;
const HEADING_SPACE = { before: 12, after: 3 } as const;
/** A heading is never left alone at the foot of a page. */
const HEADING_ROOM = 60;
/** Part of a page up to which a section stays on one page; a higher one goes on over pages. */
const KEPT_TOGETHER = 0.5;
const INTRO_SPACE = 4;
const NOTE_SIZE = 8;
const NOTE_SPACE = 4;
const BAR_HEIGHT = 10;
const BAR_SPACE = 6;

export class Sheet {
	readonly left = MARGIN;
	readonly width: number;
	private readonly doc: PDFKit.PDFDocument;
	private readonly root: PDFKit.PDFStructureElement;
	private readonly chunks: Buffer[] = [];
	private readonly ended: Promise<void>;

	constructor(fonts: PdfFonts, info: { title: string; author: string; subject: string; language: string }) {
		this.doc = new PDFDocument({
			size: 'A4',
			margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOTER_HEIGHT },
			bufferPages: true,
			pdfVersion: '1.7',
			tagged: true,
			lang: info.language,
			displayTitle: true,
			info: { Title: info.title, Author: info.author, Subject: info.subject, Creator: info.author }
		});
		this.ended = new Promise((resolve, reject) => {
			this.doc.on('data', (chunk: Buffer) => this.chunks.push(chunk));
			this.doc.once('end', resolve);
			this.doc.once('error', reject);
		});
		// With a family, pdfkit's tables find the font again instead of taking it for a new one at every cell.
		this.doc.registerFont('regular', fonts.regular, 'regular');
		this.doc.registerFont('bold', fonts.bold, 'bold');
		this.doc.font('regular').fontSize(BODY_SIZE).fillColor(INK);
		this.root = this.doc.struct('Document');
		this.doc.addStructure(this.root);
		this.width = this.doc.page.width - 2 * MARGIN;
	}

	get y(): number {
		return this.doc.y;
	}

	set y(value: number) {
		this.doc.x = this.left;
		this.doc.y = value;
	}

	space(height: number): void {
		this.y = this.doc.y + height;
	}

	/** A new page, unless `height` still fits on this one. */
	ensureRoom(height: number): void {
		if (this.doc.y + height > this.doc.page.maxY()) this.doc.addPage();
		this.doc.x = this.left;
	}

	heading(text: string): void {
		this.ensureRoom(HEADING_ROOM);
		this.space(HEADING_SPACE.before);
		this.text(text, { tag: 'H2', bold: true, size: HEADING_SIZE });
		this.space(HEADING_SPACE.after);
	}

	/** A table under its heading: all on one page where it is small. */
	section({ heading, intro, shares, table, note }: SheetSection): void {
		const parts = [
			HEADING_ROOM,
			intro === undefined ? 0 : this.textHeight(intro) + INTRO_SPACE,
			shares === undefined ? 0 : BAR_HEIGHT + BAR_SPACE,
			this.tableHeight(table),
			note === undefined ? 0 : this.textHeight(note, NOTE_SIZE) + NOTE_SPACE
		];
		const height = parts.reduce((sum, part) => sum + part, 0);
		if (height <= (this.doc.page.maxY() - MARGIN) * KEPT_TOGETHER) this.ensureRoom(height);
		this.heading(heading);
		if (intro !== undefined) {
			this.text(intro);
			this.space(INTRO_SPACE);
		}
		if (shares !== undefined) this.bar(shares);
		this.table(table);
		if (note !== undefined) this.note(note);
	}

	/** A remark in small type under what it is about. */
	note(text: string): void {
		this.space(NOTE_SPACE);
		this.text(text, { soft: true, size: NOTE_SIZE });
	}

	text(
		text: string,
		options: {
			tag?: 'H1' | 'H2' | 'P';
			bold?: boolean;
			soft?: boolean;
			size?: number;
			x?: number;
			y?: number;
			width?: number;
			align?: 'left' | 'right';
		} = {}
	): void {
		const { tag = 'P', bold = false, soft = false, size = BODY_SIZE, align = 'left' } = options;
		const { x = this.left, y = this.doc.y, width = this.width } = options;
		const draw = () => {
			this.doc
				.font(bold ? 'bold' : 'regular')
				.fontSize(size)
				.fillColor(soft ? SOFT : INK)
				.text(printable(text), x, y, { width, align });
		};
		this.root.add(this.doc.struct(tag, {}, draw));
		this.doc.font('regular').fontSize(BODY_SIZE).fillColor(INK);
		this.doc.x = this.left;
	}

	/** A table that goes on over pages, with its head on each. */
	private table(table: SheetTable): void {
		const { x = this.left, width = this.width } = table;
		const head = table.rows.filter(({ style }) => style === 'head');
		const body = table.rows.filter(({ style }) => style !== 'head');
		const headHeight = head.reduce((sum, row) => sum + this.rowHeight(row, table), 0);
		const columnStyles = table.columns.map(({ width: column = '*', align = 'left' }) => ({
			width: column,
			align: { x: align, y: 'top' as const }
		}));
		let rows: SheetRow[] = [...head];
		let height = headHeight;
		const flush = () => {
			if (rows.length > head.length) this.drawTable(rows, { x, width, columnStyles });
		};
		for (const row of body) {
			const rowHeight = this.rowHeight(row, table);
			if (this.doc.y + height + rowHeight >= this.doc.page.maxY()) {
				flush();
				this.doc.addPage();
				this.doc.x = x;
				rows = [...head];
				height = headHeight;
			}
			rows.push(row);
			height += rowHeight;
		}
		flush();
		this.doc.x = this.left;
	}

	/** Tables beside each other, kept together on one page with what is said about them. */
	beside(
		tables: readonly { heading: string; table: Omit<SheetTable, 'x' | 'width'>; note: string | null }[]
	): void {
		const gap = 18;
		const width = (this.width - gap * (tables.length - 1)) / tables.length;
		const placed = tables.map(({ heading, table }, index) => ({
			heading,
			table: { ...table, width, x: this.left + index * (width + gap) }
		}));
		const tallest = Math.max(...placed.map(({ table }) => this.tableHeight(table)));
		const notes = tables.flatMap(({ note }) => (note === null ? [] : [note]));
		const noted = notes.reduce((sum, note) => sum + this.textHeight(note, NOTE_SIZE) + NOTE_SPACE, 0);
		this.ensureRoom(HEADING_ROOM + tallest + noted);
		this.space(HEADING_SPACE.before);
		const top = this.doc.y;
		let bottom = top;
		for (const { heading, table } of placed) {
			this.text(heading, { tag: 'H2', bold: true, size: HEADING_SIZE, x: table.x, y: top, width });
			this.space(HEADING_SPACE.after);
			this.doc.x = table.x;
			this.table(table);
			bottom = Math.max(bottom, this.doc.y);
		}
		this.y = bottom;
		for (const note of notes) this.note(note);
	}

	/** A bar of shares in greys, each told apart from its neighbour. */
	private bar(shares: readonly number[]): void {
		this.doc.markContent('Artifact', { type: 'Layout' });
		let x = this.left;
		shares.forEach((share, index) => {
			const shade = Math.round(40 + (180 / Math.max(1, shares.length - 1)) * index);
			this.doc
				.rect(x, this.doc.y, share * this.width, BAR_HEIGHT)
				.fillColor([shade, shade, shade])
				.fill();
			x += share * this.width;
		});
		this.doc.endMarkedContent();
		this.doc.fillColor(INK);
		this.space(BAR_HEIGHT + BAR_SPACE);
	}

	rule(): void {
		this.doc.markContent('Artifact', { type: 'Layout' });
		this.doc
			.moveTo(this.left, this.doc.y)
			.lineTo(this.left + this.width, this.doc.y)
			.lineWidth(1)
			.strokeColor(INK)
			.stroke();
		this.doc.endMarkedContent();
	}

	/** Writes the foot of every page and closes the file. */
	async finish(foot: (page: number, pages: number) => { start: string; end: string }): Promise<Buffer> {
		const { start, count } = this.doc.bufferedPageRange();
		for (let page = 0; page < count; page++) {
			this.doc.switchToPage(start + page);
			const { start: left, end: right } = foot(page + 1, count);
			const y = this.doc.page.height - MARGIN - 10;
			this.doc.page.margins.bottom = 0;
			this.doc.markContent('Artifact', { type: 'Pagination' });
			this.doc.fontSize(8).fillColor(SOFT);
			this.doc.text(left, this.left, y, { width: this.width, lineBreak: false });
			this.doc.text(right, this.left, y, { width: this.width, align: 'right' });
			this.doc.endMarkedContent();
		}
		this.root.end();
		this.doc.end();
		await this.ended;
		return Buffer.concat(this.chunks);
	}

	private drawTable(
		rows: readonly SheetRow[],
		place: { x: number; width: number; columnStyles: PDFKit.Mixins.ColumnStyle[] }
	): void {
		const table = this.doc.table({
			position: { x: place.x, y: this.doc.y },
			maxWidth: place.width,
			columnStyles: place.columnStyles,
			defaultStyle: {
				border: { top: 0, left: 0, right: 0, bottom: 0.5 },
				borderColor: LINE,
				padding: CELL_PADDING
			},
			structParent: this.root
		});
		for (const { cells, style } of rows) {
			const isHead = style === 'head';
			const font = isHead || style === 'strong' ? { font: { src: 'bold' } } : {};
			table.row(
				cells.map((text, column) => ({
					text: printable(text),
					...font,
					...(isHead ? { backgroundColor: SHADE, type: 'TH' as const, scope: 'Column' as const } : {}),
					...(column === 0 && !isHead ? { type: 'TH' as const, scope: 'Row' as const } : {}),
					...(column === 0 && style === 'sub'
						? { padding: { ...CELL_PADDING, left: CELL_PADDING.left + INDENT } }
						: {})
				}))
			);
		}
		table.end();
	}

	/** Height of a paragraph across the page. */
	private textHeight(text: string, size = BODY_SIZE): number {
		this.doc.font('regular').fontSize(size);
		const height = this.doc.heightOfString(printable(text), { width: this.width });
		this.doc.fontSize(BODY_SIZE);
		return height;
	}

	private tableHeight(table: SheetTable): number {
		return table.rows.reduce((sum, row) => sum + this.rowHeight(row, table), 0);
	}

	/** What the row will need, by the same measure that draws it. */
	private rowHeight({ cells, style }: SheetRow, { columns, width = this.width }: SheetTable): number {
		const fixed = columns.reduce((sum, column) => sum + (column.width ?? 0), 0);
		const shared =
			(width - fixed) / Math.max(1, columns.filter((column) => column.width === undefined).length);
		this.doc.font(style === 'head' || style === 'strong' ? 'bold' : 'regular').fontSize(BODY_SIZE);
		const heights = cells.map((text, index) => {
			const indent = index === 0 && style === 'sub' ? INDENT : 0;
			const room = (columns[index]?.width ?? shared) - CELL_PADDING.left - CELL_PADDING.right - indent;
			return this.doc.heightOfString(text === '' ? ' ' : printable(text), { width: room });
		});
		this.doc.font('regular');
		return Math.max(...heights) + CELL_PADDING.top + CELL_PADDING.bottom;
	}
}

/** The font has no thin spaces, which dates of some languages carry. */
function printable(text: string): string {
	return text.replace(/[\u2009\u200a\u202f]/g, '\u00a0');
}
