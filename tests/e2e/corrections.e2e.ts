import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import type { CorrectionSummary } from '#lib/server/billing/index.ts';
import { expect, signInAs, test } from '../support/e2e.ts';

const HOUSE = '9900000005';
const METER = 'DEMO-SOLAR';
/** Days of the corrected month whose readings come anew. */
const DAYS = ['04', '05', '09'];

const PROFILE = {
	name: 'reread',
	title: 'readings that were taken again',
	time: { columns: ['start'], pattern: 'YYYY-MM-DD HH:mm', label: 'start' },
	intervalMinutes: 60,
	source: { id: METER },
	series: [{ channel: 'active_import', column: 'import_kwh', unit: 'kWh' }]
};

let correction: CorrectionSummary;

/** The month before last: the last one carries its use. December's is carried into no other, so the one before it. */
function correctedMonth(): string {
	const date = new Date(`${new Date().toISOString().slice(0, 7)}-01T00:00:00Z`);
	date.setUTCMonth(date.getUTCMonth() - (date.getUTCMonth() === 1 ? 3 : 2));
	return date.toISOString().slice(0, 7);
}

/** Takes in readings of a month anew and corrects its bill, as an operator does. */
test.beforeAll(async ({ operate }) => {
	const month = correctedMonth();
	const hours = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, '0')}:00`);
	const rows = DAYS.flatMap((day) => hours.map((hour) => `${month}-${day} ${hour},2.5`));
	const folder = await mkdtemp(path.join(tmpdir(), 'meterside-reread-'));
	try {
		const [readings, profile] = [path.join(folder, 'readings.csv'), path.join(folder, 'profile.json')];
		await writeFile(readings, ['start,import_kwh', ...rows, ''].join('\n'));
		await writeFile(profile, JSON.stringify(PROFILE));
		await operate('import', '--meter', METER, '--profile', profile, readings);
	} finally {
		await rm(folder, { recursive: true });
	}
	const { candidates } = (await operate('bill-correct', '--find')) as { candidates: { billNo: string }[] };
	expect(candidates.map(({ billNo }) => billNo)).toEqual([`${HOUSE}-${month.replace('-', '')}`]);
	correction = (await operate('bill-correct', '--account', HOUSE, '--from', month)) as CorrectionSummary;
});

test.beforeEach(async ({ page, identities }) => {
	const house = identities.find(({ identifier }) => identifier === HOUSE);
	if (house === undefined) throw new Error(`the demo has no identity ${HOUSE}`);
	await signInAs(page, house);
});

/** "+¥1,234.50", "-¥3.10" as whole fen. */
function minor(text: string): number {
	return Math.round(Number(text.replace(/[¥,+\s]/g, '')) * 100);
}

async function expectFit(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).analyze();
	const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
	expect(grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
	const [width, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
	expect(width).toBeLessThanOrEqual(room ?? 0);
}

/** Opens a corrected bill through the list. */
async function openCorrected(page: Page, bill = correction.bills[0]): Promise<void> {
	await page.goto('/bills');
	const rows = page.getByRole('listitem').or(page.getByRole('row'));
	const replaced = rows.filter({ hasText: `replaced by ${bill?.billNo}` }).filter({ visible: true });
	await expect(replaced.getByText('Corrected', { exact: true })).toBeVisible();
	await replaced.getByRole('link').click();
	await expect(page.getByText(`Bill ${bill?.billNo} has taken its place`)).toBeVisible();
}

/** Opens the valid bill of its month, through the corrected one. @returns what it says of the correction */
async function openCorrection(page: Page, bill = correction.bills[0]): Promise<Locator> {
	await openCorrected(page, bill);
	await page.getByRole('link', { name: 'Open the valid bill' }).click();
	const card = page.getByRole('region', { name: `Correction of bill ${bill?.corrects}` });
	await expect(card).toBeVisible();
	return card;
}

test('a corrected bill is kept in the list, and leads to the one that has taken its place', async ({
	page
}) => {
	await openCorrected(page);
	await expectFit(page);
	await page.getByRole('button', { name: 'Compute again' }).click();
	await expect(page.getByText(/All \d+ lines and the total agree\./)).toBeVisible();
	await openCorrection(page);
	await page.getByRole('link', { name: 'Open the corrected bill' }).click();
	await expect(page.getByText('This bill was corrected.')).toBeVisible();
});

test('a correction says what is to be paid, why, and what each line was before', async ({ page }) => {
	const card = await openCorrection(page);
	await expect(card.getByText(/^You pay ¥[\d,.]+ more/)).toBeVisible();
	await expect(card.getByText(/readings of 3 days arrived later or were corrected/)).toBeVisible();
	const table = card.getByRole('table').first();
	const differences = await table.getByRole('row').locator('td:last-child').allInnerTexts();
	const total = minor(differences.at(-1) ?? '');
	expect(differences.slice(0, -1).reduce((sum, text) => sum + minor(text), 0)).toBe(total);
	const [bill] = correction.bills;
	expect(total).toBe(Number(bill?.afterMinor) - Number(bill?.beforeMinor));
	await expectFit(page);
	await page.getByRole('button', { name: 'Compute again' }).click();
	await expect(page.getByText(/All \d+ lines and the total agree\./)).toBeVisible();
	await card.getByRole('link', { name: /^9 / }).click();
	await expect(page).toHaveURL(/\/usage\?.*date=\d{4}-\d\d-09/);
});

test('a correction is printed and filed with what it has changed', async ({ page }) => {
	await openCorrection(page);
	await page.getByRole('link', { name: 'Print view' }).click();
	const sheet = page.getByRole('region', { name: /^Correction of bill / });
	await expect(sheet.getByText(/readings of 3 days .+: 4 – 5 .+, 9 /)).toBeVisible();
	await expectFit(page);
	const answer = await page.request.get(page.url().replace('/print', '/pdf'));
	expect(answer.headers()['content-type']).toBe('application/pdf');
});

test('a later bill that was corrected for the use before it says so', async ({ page }) => {
	const later = correction.bills[1];
	expect(later?.causes).toMatchObject([{ kind: 'carried' }]);
	const card = await openCorrection(page, later);
	await expect(card.getByText(/^An earlier bill was corrected: /)).toBeVisible();
});
