import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BoxView } from '#lib/i18n/billing/boxes.ts';
import type { BillView } from '#lib/i18n/billing/bill-view.ts';
import { causeLine } from '#lib/i18n/billing/correction.ts';
import type { GroupView } from '#lib/i18n/billing/lines.ts';
import { m } from '#lib/i18n/paraglide/messages.js';
import { loadPdfFonts } from './fonts.ts';
import { Sheet, type SheetRow, type SheetTable } from './sheet.ts';

const SECTIONS: readonly ((sheet: Sheet, view: BillView) => void)[] = [
	drawHead,
	drawCorrection,
	drawFacts,
	drawWarnings,
	drawLines,
	drawPeriods,
	drawBoxes,
	drawTiers,
	drawReadings,
	drawTariffs
];

/** The bill as a PDF of A4 pages: the same view as the bill page, in the view's language. */
export async function renderBillPdf(view: BillView): Promise<Buffer> {
	const { locale } = view;
	const brand = m.app_name({}, { locale });
	const sheet = new Sheet(await loadPdfFonts(), {
		title: `${view.title} · ${view.accountNo}`,
		author: brand,
		subject: view.periodText,
		language: locale
	});
	for (const draw of SECTIONS) {
		draw(sheet, view);
		// Laying out text is slow work: other requests get their turn between the sections.
		await nextTurn();
	}
	return sheet.finish((page, pages) => ({
		start: m.billing_print_footer({ billNo: view.billNo, accountNo: view.accountNo }, { locale }),
		end: m.billing_page_of({ page, pages }, { locale })
	}));
}

function drawHead(sheet: Sheet, view: BillView): void {
	const { locale } = view;
	const top = sheet.y;
	const half = sheet.width / 2;
	sheet.text(m.app_name({}, { locale }), { soft: true });
	sheet.text(view.title, { tag: 'H1', bold: true, size: 18, width: half + 60 });
	if (view.state !== null) sheet.text(view.state.text, { bold: true, width: half });
	const bottom = sheet.y;
	const right = { x: sheet.left + half, width: half, align: 'right' as const };
	sheet.text(m.billing_total({}, { locale }), { ...right, y: top, soft: true });
	sheet.text(view.totalText, { ...right, bold: true, size: 22 });
	sheet.text(m.billing_due_on({ date: view.dueOn }, { locale }), right);
	sheet.y = Math.max(bottom, sheet.y) + 8;
	sheet.rule();
	sheet.space(8);
	sheet.text(view.change.sentence);
}

/** What a correction has changed, and why; lines that stayed the same are among the bill's own. */
function drawCorrection(sheet: Sheet, { correction, locale }: BillView): void {
	if (correction === null) return;
	const head: SheetRow = {
		style: 'head',
		cells: [
			m.billing_column_item({}, { locale }),
			m.billing_correction_before({}, { locale }),
			m.billing_correction_after({}, { locale }),
			m.billing_correction_difference({}, { locale })
		]
	};
	const total: SheetRow = {
		style: 'strong',
		cells: [m.billing_lines_total({}, { locale }), correction.before, correction.after, correction.difference]
	};
	const rows = correction.changedLines.map(({ label, quantity, before, after, difference }): SheetRow => ({
		cells: [joined([label, quantity]), before, after, difference]
	}));
	const amount = { width: 86, align: 'right' as const };
	sheet.section({
		heading: correction.title,
		intro: [correction.sentence, ...correction.causes.map((cause) => `· ${causeLine(cause, locale)}`)].join(
			'\n'
		),
		table: { columns: [{}, amount, amount, amount], rows: [head, ...rows, total] }
	});
}

/** Two facts to a row. */
function drawFacts(sheet: Sheet, { facts, locale }: BillView): void {
	const rows: SheetRow[] = [];
	for (let index = 0; index < facts.length; index += 2) {
		const [first, second] = [facts[index], facts[index + 1]];
		rows.push({
			cells: [first?.label ?? '', first?.value ?? '', second?.label ?? '', second?.value ?? '']
		});
	}
	sheet.section({
		heading: m.billing_facts_title({}, { locale }),
		table: { columns: [{ width: 104 }, {}, { width: 104 }, {}], rows }
	});
}

function drawWarnings(sheet: Sheet, { warnings, locale }: BillView): void {
	if (warnings.length === 0) return;
	sheet.heading(m.billing_warnings_title({}, { locale }));
	for (const warning of warnings) sheet.text(`· ${warning}`);
}

function drawLines(sheet: Sheet, { groups, locale, totalText }: BillView): void {
	const rows: SheetRow[] = [
		{
			style: 'head',
			cells: [
				m.billing_column_item({}, { locale }),
				m.billing_column_quantity({}, { locale }),
				m.billing_column_unit_price({}, { locale }),
				m.billing_column_line_amount({}, { locale })
			]
		}
	];
	for (const group of groups) {
		if (group.block !== null) rows.push({ style: 'strong', cells: [group.block, '', '', ''] });
		rows.push(...groupRows(group));
	}
	rows.push({ style: 'strong', cells: [m.billing_lines_total({}, { locale }), '', '', totalText] });
	sheet.section({
		heading: m.billing_lines_title({}, { locale }),
		table: {
			columns: [
				{},
				{ width: 110, align: 'right' },
				{ width: 112, align: 'right' },
				{ width: 92, align: 'right' }
			],
			rows
		},
		note: m.billing_lines_total_note({}, { locale })
	});
}

/** A charge with one line takes one row; else its lines follow it. */
function groupRows({ number, label, quantity, amount, lines }: GroupView): SheetRow[] {
	const heading = `${number} ${label}`.trim();
	const [only] = lines;
	if (lines.length === 1 && only !== undefined) {
		const name = [heading, only.label === label ? null : only.label, only.days, ...only.notes];
		return [{ style: 'strong', cells: [joined(name), only.quantity, only.unitPrice, only.amount] }];
	}
	return [
		{ style: 'strong', cells: [heading, quantity, '', amount] },
		...lines.map((line): SheetRow => ({
			style: 'sub',
			cells: [joined([line.label, line.days, ...line.notes]), line.quantity, line.unitPrice, line.amount]
		}))
	];
}

function joined(parts: readonly (string | null)[]): string {
	return parts.filter((part) => part !== null).join(' · ');
}

function drawPeriods(sheet: Sheet, { periods, locale }: BillView): void {
	if (periods.length === 0) return;
	const head: SheetRow = {
		style: 'head',
		cells: [
			m.billing_periods_period({}, { locale }),
			m.billing_column_energy({}, { locale }),
			m.billing_periods_share({}, { locale })
		]
	};
	sheet.section({
		heading: m.billing_periods_title({}, { locale }),
		shares: periods.map(({ share }) => share),
		table: {
			columns: [{}, { width: 120, align: 'right' }, { width: 80, align: 'right' }],
			rows: [head, ...periods.map(({ name, energy, shareText }) => ({ cells: [name, energy, shareText] }))]
		}
	});
}

/** Demand and power factor stand side by side, as on the State Grid's bill. */
function drawBoxes(sheet: Sheet, { boxes }: BillView): void {
	if (boxes.length === 0) return;
	sheet.beside(boxes.map((box) => ({ heading: box.title, table: boxTable(box), note: box.note })));
}

function boxTable({ facts }: BoxView): SheetTable {
	return {
		columns: [{ width: 100 }, { align: 'right' }],
		rows: facts.map(({ label, value }) => ({ cells: [label, value] }))
	};
}

function drawTiers(sheet: Sheet, { tiers, locale }: BillView): void {
	if (tiers === null) return;
	const head: SheetRow = {
		style: 'head',
		cells: [
			m.billing_tiers_tier({}, { locale }),
			m.billing_tiers_range({}, { locale }),
			m.billing_tiers_surcharge({}, { locale }),
			m.billing_tiers_energy({}, { locale })
		]
	};
	const rows = tiers.rows.map(({ name, range, surcharge, energy }) => ({
		cells: [name, range, surcharge, energy]
	}));
	sheet.section({
		heading: `${m.billing_tiers_title({}, { locale })} · ${tiers.cycle}`,
		intro: `${tiers.summary} · ${tiers.before}`,
		table: {
			columns: [{ width: 90 }, {}, { width: 110, align: 'right' }, { width: 110, align: 'right' }],
			rows: [head, ...rows]
		}
	});
}

function drawReadings(sheet: Sheet, { readings, registersNote, locale }: BillView): void {
	const number = { width: 56, align: 'right' as const };
	const head: SheetRow = {
		style: 'head',
		cells: [
			m.billing_readings_channel({}, { locale }),
			m.billing_readings_quantity({}, { locale }),
			m.billing_readings_days({}, { locale }),
			m.billing_readings_measured({}, { locale }),
			m.billing_readings_corrected({}, { locale }),
			m.billing_readings_estimated({}, { locale }),
			m.billing_readings_missing({}, { locale })
		]
	};
	const rows = readings.map((row) => ({
		cells: [row.channel, row.quantity, row.days, row.measured, row.corrected, row.estimated, row.missing]
	}));
	sheet.section({
		heading: m.billing_readings_title({}, { locale }),
		table: {
			columns: [
				{},
				{ width: 104, align: 'right' },
				{ width: 62, align: 'right' },
				...[number, number, number, number]
			],
			rows: [head, ...rows]
		},
		note: [registersNote, m.billing_readings_note({}, { locale })].filter((text) => text !== null).join('\n')
	});
}

function drawTariffs(sheet: Sheet, { tariffs, locale }: BillView): void {
	sheet.heading(m.billing_tariff_title({}, { locale }));
	for (const { name, edition, days, documents, note } of tariffs) {
		sheet.text(`${name} · ${edition} · ${days}`, { bold: true });
		for (const { label, document, address } of documents) {
			sheet.text(m.billing_labelled({ label, value: document }, { locale }));
			sheet.text(address, { soft: true, size: 8 });
		}
		if (note !== null) sheet.text(note);
		sheet.space(6);
	}
}
