import AxeBuilder from '@axe-core/playwright';
import { expect, signInAs, test } from '../support/e2e.ts';

test.describe('the load curve page', () => {
	test.beforeEach(async ({ page, startSession, identities }) => {
		const plant = identities.find(({ identifier }) => identifier === '9900000001') ?? identities[0];
		if (plant === undefined) throw new Error('the demo has no identities');
		await startSession(plant);
		await page.goto('/usage');
	});

	test('shows the newest day with its figures, and steps by link and by key', async ({ page }) => {
		const date = page.getByLabel('Date', { exact: true });
		const newest = await date.inputValue();
		await expect(page.getByText('Maximum demand', { exact: true })).toBeVisible();
		await expect(page.getByText(/Complete: all 96 intervals read/)).toBeVisible();
		await page.getByRole('link', { name: 'Previous day' }).click();
		await expect(date).not.toHaveValue(newest);
		await page.getByRole('heading', { name: 'Electricity use' }).click();
		await page.keyboard.press('ArrowRight');
		await expect(date).toHaveValue(newest);
		await page.keyboard.press('Shift+ArrowUp');
		await expect(page).toHaveURL(/view=week/);
	});

	test('reads the curve interval by interval from the keyboard', async ({ page }) => {
		const cursor = page.getByRole('slider', { name: 'Interval under the cursor' });
		await cursor.focus();
		await page.keyboard.press('ArrowRight');
		await expect(cursor).toHaveAttribute('aria-valuetext', /^00:15–00:30, Active [\d.,]+ kW/);
		await page.keyboard.press('End');
		await expect(cursor).toHaveAttribute('aria-valuetext', /^23:45–24:00/);
		await expect(cursor).toHaveAccessibleDescription(/used\./);
	});

	test('unit and comparisons are in the address, and outlive a reload', async ({ page }) => {
		await page.getByRole('link', { name: 'kWh', exact: true }).click();
		await page.getByRole('link', { name: 'Week before' }).click();
		await expect(page).toHaveURL(/unit=kWh/);
		await expect(page).toHaveURL(/compare=usual%2Cweek-before/);
		await page.reload();
		await expect(page.getByRole('link', { name: 'kWh', exact: true })).toHaveAttribute(
			'aria-current',
			'true'
		);
		const chosen = page.getByRole('link', { name: 'Week before' });
		await expect(chosen).toHaveAttribute('aria-current', 'true');
	});

	test('draws the price of one more kWh, and says it in figures, words and the table', async ({ page }) => {
		const asked = page.getByRole('link', { name: 'Price of 1 more kWh' });
		await asked.click();
		await expect(page).toHaveURL(/price=1/);
		await expect(asked).toHaveAttribute('aria-current', 'true');
		await expect(page.getByText(/^What one more kWh in the interval would have cost \(¥\/kWh/)).toBeVisible();
		await expect(page.getByText(/^(The month so far|Bill \S+) rated with one kWh more/)).toBeVisible();
		const cursor = page.getByRole('slider', { name: 'Interval under the cursor' });
		await cursor.focus();
		await page.keyboard.press('ArrowRight');
		await expect(cursor).toHaveAttribute('aria-valuetext', /1 more kWh: ¥[\d.]+\/kWh \(energy ¥/);
		await expect(cursor).toHaveAccessibleDescription(/One more kWh would have cost least at .+: ¥/);
		await page.getByText('All intervals as a table', { exact: true }).click();
		await expect(page.getByRole('columnheader', { name: '1 more kWh (¥/kWh)' })).toBeAttached();
		await page.reload();
		await expect(asked).toHaveAttribute('aria-current', 'true');
		const { violations } = await new AxeBuilder({ page }).analyze();
		const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
		expect(grave.map(({ id }) => id)).toEqual([]);
		await asked.click();
		await expect(page).not.toHaveURL(/price=/);
	});

	test('has the curve in words, as a table, and as three kinds of file', async ({ page }) => {
		await page.getByText('In words', { exact: true }).click();
		await expect(page.getByText(/The highest quarter was/)).toBeVisible();
		await page.getByText('All intervals as a table', { exact: true }).click();
		await expect(page.getByRole('rowheader', { name: '23:45–24:00' })).toBeAttached();
		await page.getByText('Download', { exact: true }).click();
		for (const [name, extension] of [
			['CSV', 'csv'],
			['Excel (XLSX)', 'xlsx'],
			['Green Button (XML)', 'xml']
		] as const) {
			const download = page.waitForEvent('download');
			await page.getByRole('link', { name, exact: true }).click();
			expect((await download).suggestedFilename()).toMatch(new RegExp(`^meterside_[\\w-]+\\.${extension}$`));
		}
	});

	test('a week, a month and a year lead back to their days', async ({ page }) => {
		await page.getByRole('link', { name: 'Week', exact: true }).click();
		const day = page.getByRole('list', { name: 'Energy per day' }).getByRole('link').first();
		await expect(day).toHaveAccessibleName(/kWh \(Sharp peak [\d.,]+\skWh, Peak .+, Flat .+, Valley .+\)$/);
		const curve = page.getByRole('figure', { name: /^Load curve of/ });
		await expect(curve.getByText('Sharp peak', { exact: true })).toBeVisible();
		await page.getByRole('link', { name: 'Month', exact: true }).click();
		await expect(page).toHaveURL(/view=month/);
		await page.getByRole('list', { name: 'Energy per day' }).getByRole('link').first().click();
		await expect(page).toHaveURL(/view=day/);
		await page.getByRole('link', { name: 'Year', exact: true }).click();
		const map = page.getByRole('slider', { name: 'Day on the heat map' });
		await expect(map).toBeAttached();
		await map.focus();
		await page.keyboard.press('End');
		await page.keyboard.press('Enter');
		await expect(page).toHaveURL(/view=day/);
	});

	test('a date that is none is named, and the newest day shown', async ({ page, isMobile }) => {
		test.skip(isMobile, 'the same on every device');
		const newest = await page.getByLabel('Date', { exact: true }).inputValue();
		for (const date of ['2026-02-31', 'yesterday', '1066-10-14']) {
			await page.goto(`/usage?date=${date}`);
			await expect(page.getByText(`The date “${date}” cannot be shown.`)).toBeVisible();
			await expect(page.getByLabel('Date', { exact: true })).toHaveValue(newest);
		}
	});

	test('an account that cannot be is answered like that of somebody else, on every page', async ({
		page,
		isMobile
	}) => {
		test.skip(isMobile, 'the same on every device');
		for (const path of ['/home', '/usage', '/usage?view=week', '/bills']) {
			const texts: string[] = [];
			for (const account of ['abc', '0', '999999999', '9'.repeat(40)]) {
				const answer = await page.goto(`${path}${path.includes('?') ? '&' : '?'}account=${account}`);
				expect(answer?.status()).toBe(404);
				texts.push(await page.getByRole('main').innerText());
			}
			expect(new Set(texts).size).toBe(1);
		}
		// The way out does not carry on what was wrong.
		await page
			.getByRole('navigation', { name: 'Main navigation' })
			.getByRole('link', { name: 'Bills' })
			.click();
		await expect(page).toHaveURL(/\/bills$/);
	});

	test('a day without readings offers no file, and has none', async ({ page, isMobile }) => {
		test.skip(isMobile, 'the same on every device');
		await page.goto('/usage?date=2020-01-01');
		await page.getByText('Download', { exact: true }).click();
		await expect(page.getByText('There are no readings of 1 Jan 2020 to download.')).toBeVisible();
		await expect(page.getByRole('link', { name: 'CSV', exact: true })).toHaveCount(0);
		const answer = await page.request.get('/usage/export/csv?from=2020-01-01&to=2020-01-02');
		expect(answer.status()).toBe(404);
	});

	test('the year zooms and comes back', async ({ page }) => {
		await page.goto('/usage?view=year');
		const shown = page.getByText(/^Span shown:/);
		const whole = await shown.textContent();
		await page.getByRole('button', { name: 'Zoom in' }).click();
		await expect(shown).not.toHaveText(whole ?? '');
		await page.getByRole('button', { name: 'Whole year' }).click();
		await expect(shown).toHaveText(whole ?? '');
	});

	for (const view of ['day', 'month', 'year']) {
		test(`${view}: nothing that axe calls serious or critical`, async ({ page }) => {
			await page.goto(`/usage?view=${view}`);
			await expect(page.getByText('Key figures')).toBeVisible();
			const { violations } = await new AxeBuilder({ page }).analyze();
			const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
			expect(grave.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
		});
	}
});

test('a household with estimates and gaps says so', async ({ page, startSession, identities }) => {
	const household = identities.find(({ identifier }) => identifier === '9900000002');
	test.skip(household === undefined, 'needs the household with estimates');
	await startSession(household!);
	await page.goto('/usage?view=year');
	await expect(page.getByText(/\d+ estimated, \d[\d,]* missing/).first()).toBeVisible();
});

test('without scripts the links and figures work', async ({ browser, app, identities }) => {
	const context = await browser.newContext({
		baseURL: app.origin,
		javaScriptEnabled: false,
		locale: 'en-GB'
	});
	const page = await context.newPage();
	await signInAs(page, identities[0]!);
	await page.goto('/usage');
	await page.getByRole('link', { name: 'Month', exact: true }).click();
	await expect(page).toHaveURL(/view=month/);
	await expect(page.getByRole('list', { name: 'Energy per day' })).toBeVisible();
	await context.close();
});
