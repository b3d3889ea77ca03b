import { expect, signInAs, test } from '../support/e2e.ts';

test.describe('signing in', () => {
	test('leads to the page that was asked for, and back to it while signed in', async ({
		page,
		identities
	}) => {
		await page.goto('/me');
		await expect(page).toHaveURL(/\/sign-in\?to=%2Fme$/);
		await page.getByLabel(/customer number/i).fill(identities[0]?.identifier ?? '');
		await page.getByLabel(/^password/i).fill(identities[0]?.password ?? '');
		await page.getByRole('button', { name: 'Sign in', exact: true }).click();
		await expect(page).toHaveURL(/\/me$/);
		await page.goto('/sign-in?to=/me');
		await expect(page).toHaveURL(/\/me$/);
	});

	test('what was typed before the scripts arrived stays', async ({ page, identities }) => {
		const held = Promise.withResolvers<void>();
		await page.route('**/_app/immutable/**/*.js', async (route) => {
			await held.promise;
			await route.continue();
		});
		await page.goto('/sign-in', { waitUntil: 'commit' });
		await page.getByLabel(/customer number/i).fill(identities[0]?.identifier ?? '');
		await page.getByLabel(/^password/i).fill(identities[0]?.password ?? '');
		held.resolve();
		// The button is there as soon as the scripts run.
		await expect(page.getByRole('button', { name: 'Show password' })).toBeVisible();
		await expect(page.getByLabel(/customer number/i)).toHaveValue(identities[0]?.identifier ?? '');
		await page.getByRole('button', { name: 'Sign in', exact: true }).click();
		await expect(page).toHaveURL(/\/home$/);
	});

	test('says what is missing, beside each field', async ({ page }) => {
		await page.goto('/sign-in');
		await page.getByRole('button', { name: 'Sign in', exact: true }).click();
		const identifier = page.getByLabel(/customer number/i);
		await expect(identifier).toHaveAccessibleDescription(/enter your customer number/i);
		await expect(identifier).toBeFocused();
		await expect(page.getByLabel(/^password/i)).toHaveAccessibleDescription('Enter your password.');
	});

	test('says the same of a wrong password and of an unknown customer', async ({ page, identities }) => {
		const refusals: (string | null)[] = [];
		for (const identifier of [identities[0]?.identifier ?? '', 'nobody@example.com']) {
			await page.goto('/sign-in');
			await page.getByLabel(/customer number/i).fill(identifier);
			await page.getByLabel(/^password/i).fill('not the password');
			await page.getByRole('button', { name: 'Sign in', exact: true }).click();
			refusals.push(await page.getByRole('alert').textContent());
			await expect(page.getByLabel(/customer number/i)).toHaveValue(identifier);
		}
		expect(refusals[0]).toMatch(/not right/);
		expect(refusals[1]).toBe(refusals[0]);
	});

	test('the password can be looked at', async ({ page }) => {
		await page.goto('/sign-in');
		await page.getByLabel(/^password/i).fill('secret');
		await page.getByRole('button', { name: 'Show password' }).click();
		await expect(page.getByLabel(/^password/i)).toHaveAttribute('type', 'text');
		await page.getByRole('button', { name: 'Hide password' }).click();
		await expect(page.getByLabel(/^password/i)).toHaveAttribute('type', 'password');
	});

	test('the demo offers its customers by one tap, and says that it is a demo', async ({
		page,
		identities
	}) => {
		await page.goto('/sign-in?to=/me');
		await expect(page.getByRole('heading', { name: 'This is a demo' })).toBeVisible();
		for (const { name } of identities) {
			await expect(page.getByRole('button', { name: name.en })).toBeVisible();
		}
		await page.getByRole('button', { name: identities[1]?.name.en }).click();
		await expect(page).toHaveURL(/\/me$/);
		await expect(page.getByText(identities[1]?.identifier ?? '', { exact: true }).first()).toBeVisible();
	});
});

test.describe('without JavaScript', () => {
	test.use({ javaScriptEnabled: false });

	test('signing in, changing the language and signing out all work', async ({ page, identities }) => {
		await page.goto('/sign-in?to=/me');
		await page.getByLabel(/customer number/i).fill(identities[0]?.identifier ?? '');
		await page.getByLabel(/^password/i).fill('wrong');
		await page.getByRole('button', { name: 'Sign in', exact: true }).click();
		await expect(page.getByRole('alert')).toBeVisible();
		await page.getByLabel(/^password/i).fill(identities[0]?.password ?? '');
		await page.getByRole('button', { name: 'Sign in', exact: true }).click();
		await expect(page).toHaveURL(/\/me$/);

		await page.getByRole('radio', { name: '中文' }).check();
		await page.getByRole('button', { name: 'Apply' }).first().click();
		await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
		await expect(page).toHaveURL(/\/me$/);

		await page.getByRole('button', { name: '退出登录' }).click();
		await expect(page.getByText('您已退出登录。')).toBeVisible();
		await page.goto('/me');
		await expect(page).toHaveURL(/\/sign-in/);
	});
});

test.describe('language and looks', () => {
	test('the language is the browser’s, until another is chosen', async ({ browser, app }) => {
		const context = await browser.newContext({ locale: 'zh-CN', baseURL: app.origin });
		const page = await context.newPage();
		await page.goto('/sign-in');
		await expect(page.getByRole('heading', { name: '登录' })).toBeVisible();
		await page.getByRole('radio', { name: 'English' }).check();
		await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
		await expect(page.locator('html')).toHaveAttribute('lang', 'en');
		await context.close();
	});

	test('theme and large type hold from the first byte of the next page', async ({
		page,
		identities,
		app
	}) => {
		await signInAs(page, identities[0] ?? { identifier: '', password: '' });
		await page.goto('/me');
		await page.getByRole('radio', { name: 'Dark' }).check();
		await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
		await page.getByRole('radio', { name: 'Large' }).check();
		await expect(page.locator('html')).toHaveAttribute('data-type', 'large');
		const html = await (await page.request.get(`${app.origin}/me`)).text();
		expect(html).toContain('<html lang="en" data-theme="dark" data-type="large">');
	});
});

test.describe('devices', () => {
	test.skip(({ isMobile }) => isMobile, 'the same on every device');

	test('one browser signs another out', async ({ page, browser, identities, app }) => {
		const identity = identities[2] ?? { identifier: '', password: '' };
		const context = await browser.newContext({ baseURL: app.origin, locale: 'en-GB' });
		const lost = await context.newPage();
		await signInAs(lost, identity);
		await signInAs(page, identity);
		await page.goto('/me');
		const others = page.getByRole('button', { name: /^Sign out .+ on / });
		await others.first().click();
		await expect(page.getByText('The device is signed out.')).toBeVisible();
		await lost.goto('/me');
		await expect(lost).toHaveURL(/\/sign-in/);
		expect(await context.cookies()).not.toContainEqual(expect.objectContaining({ httpOnly: true }));
		await context.close();
	});

	test('signing out everywhere ends them all', async ({ page, browser, identities, app }) => {
		const identity = identities[3] ?? { identifier: '', password: '' };
		const context = await browser.newContext({ baseURL: app.origin, locale: 'en-GB' });
		const other = await context.newPage();
		await signInAs(other, identity);
		await signInAs(page, identity);
		await page.goto('/me');
		await page.getByRole('button', { name: 'Sign out on all devices' }).click();
		await expect(page).toHaveURL(/\/sign-in/);
		await other.goto('/me');
		await expect(other).toHaveURL(/\/sign-in/);
		await context.close();
	});
});
