import { inflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { lineDifferences } from '#lib/domain/billing/correction.ts';
import { billView } from '#lib/i18n/billing/bill-view.ts';
import { homeBill, plantBill } from '../../../../../tests/support/sample-bills.ts';
import { renderBillPdf } from './bill-pdf.ts';
import { loadPdfFonts } from './fonts.ts';
import { Sheet } from './sheet.ts';

/** Characters that the fonts of the file stand for: the targets of their ToUnicode maps. */
function charactersOf(pdf: Buffer): Set<string> {
	const characters = new Set<string>();
	const text = pdf.toString('latin1');
	for (const match of text.matchAll(/stream\r?\n/g)) {
		const start = match.index + match[0].length;
		const body = pdf.subarray(start, text.indexOf('endstream', start));
		let map: string;
		try {
			map = inflateSync(body).toString('latin1');
		} catch {
			continue;
		}
		if (!map.includes('beginbfrange')) continue;
		for (const [, hex = ''] of map.matchAll(/<([0-9a-f]{4,8})>/gi)) {
			characters.add(Buffer.from(hex, 'hex').swap16().toString('utf16le'));
		}
	}
	return characters;
}

describe('the PDF of a bill', () => {
	let pdf: Buffer;

	beforeAll(async () => {
		pdf = await renderBillPdf(billView(plantBill(), 'zh-CN'));
	}, 60_000);

	it('is a file of A4 pages with its title, language and structure', () => {
		const text = pdf.toString('latin1');
		expect(text.startsWith('%PDF-1.7')).toBe(true);
		expect(text).toContain('/MediaBox [0 0 595.28 841.89]');
		expect(text).toContain('/Lang (zh-CN)');
		expect(text).toContain('/Marked true');
		expect(text).toContain('/DisplayDocTitle true');
	});
	it('carries Chinese as text that can be searched and copied', () => {
		const characters = charactersOf(pdf);
		for (const character of '功率因数调整电费¥①⑦湖北演示假设') expect(characters).toContain(character);
	});
	it('embeds a part of the font, not all of it', () => {
		expect(pdf.length).toBeLessThan(400_000);
	});
	it('goes on over more pages when the lines do not fit on one, with page numbers', async () => {
		const bill = plantBill();
		const long = { ...bill, lines: Array.from({ length: 12 }, () => bill.lines).flat() };
		const many = await renderBillPdf(billView(long, 'en'));
		const pages = many.toString('latin1').match(/\/Type \/Page\n/g)?.length ?? 0;
		expect(pages).toBeGreaterThan(4);
	});
	it('says of a correction what it has changed, and of a corrected bill which is valid', async () => {
		const bill = homeBill();
		const correction = {
			corrected: { id: 7, billNo: 'B-7' },
			beforeMinor: bill.totalMinor,
			differenceMinor: 0n,
			lines: lineDifferences(bill.lines, bill.lines),
			causes: [{ kind: 'carried' as const, fromWh: 1000, toWh: 2000 }]
		};
		const state = 'corrected' as const;
		const again = await renderBillPdf(billView({ ...bill, state, correction }, 'zh-CN'));
		for (const character of '退补原账单不再有效') expect(charactersOf(again)).toContain(character);
	});
	it('is made for a home as well, in both languages', async () => {
		for (const locale of ['zh-CN', 'en'] as const) {
			const home = await renderBillPdf(billView(homeBill(), locale));
			expect(home.toString('latin1')).toContain(`/Lang (${locale})`);
		}
	});
});

describe('a table under its heading', () => {
	const PAGE_FOOT = 760;
	const section = (rows: number) => ({
		heading: 'Readings',
		table: { columns: [{}], rows: Array.from({ length: rows }, (_, row) => ({ cells: [`Row ${row}`] })) }
	});
	const newSheet = async () =>
		new Sheet(await loadPdfFonts(), { title: 't', author: 'a', subject: 's', language: 'en' });

	it('goes to the next page as a whole where it is small and does not fit', async () => {
		const fresh = await newSheet();
		fresh.section(section(8));
		const sheet = await newSheet();
		sheet.y = PAGE_FOOT - 80;
		sheet.section(section(8));
		expect(sheet.y).toBeCloseTo(fresh.y, 5);
	});

	it('stays where it fits', async () => {
		const sheet = await newSheet();
		sheet.y = 300;
		sheet.section(section(8));
		expect(sheet.y).toBeGreaterThan(300);
	});

	it('begins at once and goes on over pages where it is large', async () => {
		const sheet = await newSheet();
		sheet.y = 500;
		sheet.section(section(34));
		const fresh = await newSheet();
		fresh.section(section(34));
		expect(sheet.y).toBeLessThan(fresh.y);
	});
});
