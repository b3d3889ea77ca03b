import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { DemoIdentity } from '#lib/server/demo/index.ts';
import { expect, signInAs, test } from '../support/e2e.ts';

const PLANT = '9900000001';
const HOME = '9900000002';

function identityOf(identities: readonly DemoIdentity[], identifier: string): DemoIdentity {
	const found = identities.find((identity) => identity.identifier === identifier);
	if (found === undefined) throw new Error(`the demo has no identity ${identifier}`);
	return found;
}

/** "¥1,234.50", "-¥3.10" as whole fen. */
function minor(text: string): number {
	return Math.round(Number(text.replace(/[¥,\s]/g, '')) * 100);
}

/** Opens the newest bill through the list, as a customer does. */
async function openNewestBill(page: Page): Promise<void> {
	await page.goto('/bills');
	const chart = page.getByRole('list', { name: 'Last 13 months' });
	await chart
		.getByRole('link', { name: /Open the bill/ })
		.last()
		.click();
	await expect(page.getByRole('heading', { level: 1, name: /^Electricity bill, / })).toBeVisible();
}

async function expectAccessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).analyze();
	const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
	expect(grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

test.describe('the bills of a plant', () => {
	test.beforeEach(async ({ startSession, identities }) => {
		await startSession(identityOf(identities, PLANT));
	});

	test('are drawn for 13 months by amount and by energy, and a bar leads to its bill', async ({ page }) => {
		await page.goto('/bills');
		const months = page.getByRole('list', { name: 'Last 13 months' }).getByRole('listitem');
		await expect(months).toHaveCount(13);
		const newest = months.last().getByRole('link');
		await expect(newest).toHaveAccessibleName(/: ¥[\d,]+\.\d\d\. Open the bill$/);
		// The radio itself is invisible; what is pressed is its label.
		await page.getByText('Energy', { exact: true }).first().click();
		await expect(newest).toHaveAccessibleName(/: [\d,]+\skWh\. Open the bill$/);
		await expectAccessible(page);
		await newest.click();
		await expect(page).toHaveURL(/\/bills\/\d+$/);
	});

	test('add up, line by line, in the order of the State Grid', async ({ page }) => {
		await openNewestBill(page);
		const charges = page
			.getByRole('heading', { level: 3 })
			.or(page.locator('summary').filter({ hasText: /^\s*[②-⑦]/ }));
		await expect(charges).toHaveCount(7);
		const amounts = await page
			.locator('summary')
			.filter({ hasText: '¥' })
			.evaluateAll((lines) =>
				lines.map((line) => /-?¥[\d,]+\.\d\d(?!.*¥)/s.exec(line.textContent)?.[0] ?? '')
			);
		const total = page.getByText('Total', { exact: true }).locator('xpath=following-sibling::p');
		const sum = amounts.reduce((fen, amount) => fen + minor(amount), 0);
		expect(sum).toBe(minor(await total.innerText()));
		await expect(page.getByText(/a lower bound of what a sliding register shows/)).toBeVisible();
		await expect(page.getByText(/^Demo assumption: /)).toBeVisible();
		await expectAccessible(page);
	});

	test('lead from the total to the rule and the intervals in two taps', async ({ page }) => {
		await openNewestBill(page);
		const peak = page
			.getByRole('group')
			.filter({ has: page.getByText('Peak', { exact: true }) })
			.first();
		await peak.getByText('Peak', { exact: true }).click();
		await expect(peak.getByText('Rule', { exact: true })).toBeVisible();
		const days = peak.getByRole('list').getByRole('listitem');
		await days.first().getByRole('group').locator('summary').click();
		await expect(days.first().getByRole('rowheader', { name: '16:00–16:15' })).toBeVisible();
		await days.first().getByRole('link', { name: 'Load curve of the day' }).click();
		await expect(page).toHaveURL(/\/usage\?.*date=\d{4}-\d\d-\d\d/);
	});

	test('open the very block of the maximum demand', async ({ page }) => {
		await openNewestBill(page);
		await page.getByText('Actual maximum demand', { exact: true }).click();
		const block = page.getByRole('rowheader', { name: /^\d\d:\d\d–\d\d:\d\d$/ });
		await expect(block).toHaveCount(1);
	});

	test('print in black on white, also in the dark', async ({ page }) => {
		await page.emulateMedia({ colorScheme: 'dark' });
		await openNewestBill(page);
		await page.getByRole('link', { name: 'Print view' }).click();
		await expect(page.getByRole('article')).toHaveCSS('color', 'rgb(0, 0, 0)');
		await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(255, 255, 255)');
		await expect(page.getByRole('navigation', { name: 'Main navigation' })).toHaveCount(0);
		await expectAccessible(page);
	});

	test('are computed again in the browser, line by line, from inputs that can be kept', async ({ page }) => {
		await openNewestBill(page);
		await page.getByRole('button', { name: 'Compute again' }).click();
		await expect(page.getByText(/All \d+ lines and the total agree\./)).toBeVisible();
		await expect(page.getByRole('rowheader', { name: 'Power-factor adjustment' })).toBeVisible();
		const download = page.waitForEvent('download');
		await page.getByRole('link', { name: 'Download inputs' }).click();
		const file = await download;
		expect(file.suggestedFilename()).toMatch(/\.json$/);
		const command = ['src/cli/meterside.ts', 'bill-check', await file.path()];
		const { stdout } = await promisify(execFile)(process.execPath, command);
		expect(stdout).toMatch(/: agrees, [\d.]+ CNY billed, [\d.]+ computed/);
	});

	test('tell what each cause has changed, and the running month before them', async ({ page }) => {
		await page.goto('/bills');
		await expect(page.getByRole('heading', { name: 'Next bill so far' })).toBeVisible();
		await openNewestBill(page);
		await page.getByText('All causes', { exact: true }).click();
		await page
			.getByRole('link', { name: /^intervals/ })
			.first()
			.click();
		await expect(page).toHaveURL(/\/lines\//);
	});
});

test.describe('the bills of a home', () => {
	test.beforeEach(async ({ startSession, identities }) => {
		await startSession(identityOf(identities, HOME));
	});

	test('show the year against the thresholds, and say what is missing', async ({ page }) => {
		await openNewestBill(page);
		await expect(page.getByRole('heading', { name: 'Tiers' })).toBeVisible();
		await expect(page.getByRole('rowheader', { name: /^Tier 3/ })).toBeVisible();
		await expect(page.getByText(/(more|less) than in .+: .+ instead of .+\.$/)).toBeVisible();
		await expectAccessible(page);
	});

	test('are the same without scripts: the line has a page of its own', async ({ page, browser, baseURL }) => {
		const context = await browser.newContext({
			baseURL,
			javaScriptEnabled: false,
			storageState: await page.context().storageState()
		});
		const plain = await context.newPage();
		await plain.goto('/bills');
		await plain
			.getByRole('link', { name: /Open the bill/ })
			.last()
			.click();
		await plain.getByText('Valley', { exact: true }).first().click();
		await plain.getByRole('link', { name: 'Days and intervals behind it' }).first().click();
		await expect(plain.getByRole('heading', { level: 1, name: 'Energy · Valley' })).toBeVisible();
		await context.close();
	});
});

test.describe('bills beside their pages', () => {
	test.skip(({ isMobile }) => isMobile, 'the same on every device');

	test.beforeEach(async ({ startSession, identities }) => {
		await startSession(identityOf(identities, HOME));
	});

	test('are files as well, that no cache keeps', async ({ page }) => {
		await openNewestBill(page);
		const download = page.waitForEvent('download');
		await page.getByRole('link', { name: 'Download PDF' }).click();
		expect((await download).suggestedFilename()).toMatch(/^meterside-bill-\d{4}-\d\d-[\w-]+\.pdf$/);
		const answer = await page.request.get(`${new URL(page.url()).pathname}/pdf`);
		expect(answer.headers()).toMatchObject({
			'content-type': 'application/pdf',
			'cache-control': 'no-store',
			'content-language': 'en'
		});
		expect((await answer.body()).subarray(0, 5).toString()).toBe('%PDF-');
	});

	test('are not found in the account of somebody else, as if they did not exist', async ({
		page,
		browser,
		baseURL,
		identities
	}) => {
		await openNewestBill(page);
		const { pathname } = new URL(page.url());
		const context = await browser.newContext({ baseURL, locale: 'en-GB' });
		const stranger = await context.newPage();
		await signInAs(stranger, identityOf(identities, PLANT));
		const texts: string[] = [];
		for (const address of [pathname, '/bills/999999999', '/bills/none']) {
			const answer = await stranger.goto(address);
			expect(answer?.status()).toBe(404);
			expect(answer?.headers()['cache-control']).toBe('no-store');
			texts.push(await stranger.getByRole('main').innerText());
		}
		expect(new Set(texts).size).toBe(1);
		for (const address of [`${pathname}/pdf`, '/bills/999999999/pdf', '/bills/none/pdf']) {
			const answer = await stranger.request.get(address);
			expect(answer.status()).toBe(404);
			texts.push(await answer.text());
		}
		expect(new Set(texts.slice(3)).size).toBe(1);
		await context.close();
	});
});
