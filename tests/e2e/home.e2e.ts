import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { DemoIdentity } from '#lib/server/demo/index.ts';
import { expect, test } from '../support/e2e.ts';

const PLANT = '9900000001';
const HOME = '9900000002';

function identityOf(identities: readonly DemoIdentity[], identifier: string): DemoIdentity {
	const found = identities.find((identity) => identity.identifier === identifier);
	if (found === undefined) throw new Error(`the demo has no identity ${identifier}`);
	return found;
}

async function expectAccessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page }).analyze();
	expect(violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html}`)).toEqual([]);
}

test.describe('the home page of a household', () => {
	test.beforeEach(async ({ page, startSession, identities }) => {
		await startSession(identityOf(identities, HOME));
		await page.goto('/home');
	});

	test('answers what is owed, what is used and what there is to do on the first screen', async ({ page }) => {
		await expect(page.getByRole('heading', { name: /^Bill for / })).toBeVisible();
		await expect(page.getByText(/^(Due|Due date:) \d/).first()).toBeInViewport();
		await expect(page.getByRole('img', { name: /^Curve of / })).toBeInViewport({ ratio: 1 });
		const todo = page.getByRole('region', { name: 'To do' });
		await expect(todo.getByRole('listitem').first()).toBeInViewport({ ratio: 1 });
		const item = await todo.getByRole('listitem').first().boundingBox();
		const navigation = page.getByRole('navigation', { name: 'Main navigation' });
		const bar = await navigation.boundingBox();
		// On a phone the navigation lies over the lower end of the screen.
		if (bar !== null && bar.y > 400) expect((item?.y ?? 0) + (item?.height ?? 0)).toBeLessThanOrEqual(bar.y);
	});

	test('calls the customer by the name of the language, and by one only', async ({ page }) => {
		await page.goto('/me');
		await expect(page.getByRole('heading', { level: 1, name: 'Demo household, California' })).toBeVisible();
		await page.context().addCookies([{ name: 'locale', value: 'zh-CN', url: page.url() }]);
		await page.reload();
		await expect(page.getByRole('heading', { level: 1, name: '演示·加州家庭' })).toBeVisible();
	});

	test('leads to the bill and to the curve', async ({ page }) => {
		await page.getByRole('link', { name: /^Bill for \w+ \d{4}$/ }).click();
		await expect(page).toHaveURL(/\/bills\/\d+$/);
		await page
			.getByRole('navigation', { name: 'Main navigation' })
			.getByRole('link', { name: 'Home' })
			.click();
		await page.getByRole('region', { name: 'Usage' }).getByRole('link', { name: 'Usage' }).click();
		await expect(page).toHaveURL(/\/usage$/);
	});

	test('can be used from the keyboard: the first stop skips the navigation', async ({ page }) => {
		await page.keyboard.press('Tab');
		await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
		await page.keyboard.press('Enter');
		await expect(page.getByRole('main')).toBeFocused();
	});

	for (const theme of ['light', 'dark'] as const) {
		test(`is accessible in the ${theme} theme, in large type and in Chinese`, async ({ page }) => {
			await page.emulateMedia({ colorScheme: theme });
			await expectAccessible(page);
			await page.context().addCookies([
				{ name: 'text_size', value: 'large', url: page.url() },
				{ name: 'locale', value: 'zh-CN', url: page.url() }
			]);
			await page.reload();
			await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
			await expect(page.getByRole('heading', { name: '用电情况' })).toBeVisible();
			await expectAccessible(page);
			const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
			expect(overflow).toBeLessThanOrEqual(0);
		});
	}

	test('says in words that a page does not exist, and leads back', async ({ page }) => {
		await page.goto('/bills/999999');
		await expect(page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
		await expectAccessible(page);
		await page.getByRole('link', { name: 'Go to the home page' }).click();
		await expect(page).toHaveURL(/\/home$/);
	});
});

test('the home page of a plant has demand, load factor and power factor at hand', async ({
	page,
	startSession,
	identities
}) => {
	await startSession(identityOf(identities, PLANT));
	await page.goto('/home');
	const plant = page.getByRole('region', { name: 'Demand and power factor' });
	await expect(plant).toContainText(/Max\. demand, last day\s*[\d.,]+\s*kW/);
	await expect(plant).toContainText(/Load factor\s*\d+\.\d%/);
	await expect(plant).toContainText(/Power factor, month\s*0\.\d{2}\s*Standard 0\.90/);
	await expect(page.getByRole('region', { name: /^Where the money went/ }).getByRole('listitem')).toHaveCount(
		4
	);
	await expectAccessible(page);
});
