import type { BrowserContext, Page } from '@playwright/test';
import { expect, signInAs, test } from '../support/e2e.ts';

/** Waits until the service worker answers this page, so that it also answers without a network. */
async function waitForServiceWorker(page: Page): Promise<void> {
	await page.evaluate(async () => void (await navigator.serviceWorker.ready));
	// A page that was on its way while the worker took over is its own from the next load on.
	await page.reload();
	await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
}

/** Everything that the browser keeps for this origin, as one text. */
async function everythingKept(page: Page): Promise<string> {
	return page.evaluate(async () => {
		const kept: unknown[] = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
		for (const name of await caches.keys()) {
			const cache = await caches.open(name);
			for (const request of await cache.keys()) {
				kept.push(request.url, await (await cache.match(request))?.text());
			}
		}
		for (const { name } of await indexedDB.databases()) {
			const db = await new Promise<IDBDatabase>((resolve, reject) => {
				const opening = indexedDB.open(name ?? '');
				opening.onsuccess = () => resolve(opening.result);
				opening.onerror = () => reject(opening.error ?? new Error('cannot open'));
			});
			for (const store of db.objectStoreNames) {
				kept.push(
					await new Promise((resolve, reject) => {
						const all = db.transaction(store).objectStore(store).getAll();
						all.onsuccess = () =>
							resolve(
								JSON.stringify(all.result, (_, value: unknown) =>
									typeof value === 'bigint' ? `${value}` : value
								)
							);
						all.onerror = () => reject(all.error ?? new Error('cannot read'));
					})
				);
			}
			db.close();
		}
		return kept.join('\n');
	});
}

async function goOffline(context: BrowserContext): Promise<void> {
	await context.setOffline(true);
}

test.describe('without a network', () => {
	test('the last seen home, day curve and bills open with their age; the rest says what it needs', async ({
		page,
		context,
		identities
	}) => {
		await signInAs(page, identities[0] ?? { identifier: '', password: '' });
		await page.goto('/home');
		await waitForServiceWorker(page);
		for (const path of ['/home', '/usage', '/bills']) {
			await page.goto(path);
			await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
		}
		await expect.poll(async () => (await everythingKept(page)).includes('"/bills"')).toBe(true);

		await goOffline(context);
		for (const path of ['/home', '/usage', '/bills']) {
			await page.goto(path);
			await expect(page).toHaveURL(new RegExp(`/offline\\?to=${encodeURIComponent(path)}$`));
			await expect(page.getByText(/As seen (just now|\d+ minutes? ago)\./)).toBeVisible();
			await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
		}
		const navigation = page.getByRole('navigation', { name: 'Main navigation' });
		await expect(navigation.getByRole('link', { name: 'Bills' })).toHaveAttribute('aria-current', 'page');
		await navigation.getByRole('link', { name: 'Usage' }).click();
		await expect(page).toHaveURL(/\/offline\?to=%2Fusage$/);
		await navigation.getByRole('link', { name: 'Me', exact: true }).click();
		await expect(page.getByText('This page needs the network.')).toBeVisible();

		await context.setOffline(false);
		await expect(page.getByText('The network is back.')).toBeVisible();
		await page.getByRole('link', { name: 'Open the current page' }).click();
		await expect(page).toHaveURL(/\/me$/);
	});

	test('kept bills are told apart by their month, and open from the list', async ({
		page,
		context,
		identities
	}) => {
		await signInAs(page, identities[3] ?? { identifier: '', password: '' });
		await page.goto('/bills');
		await waitForServiceWorker(page);
		const bars = page
			.getByRole('list', { name: 'Last 13 months' })
			.getByRole('link', { name: /Open the bill/ });
		const months: string[] = [];
		for (const place of [-1, -2]) {
			const bar = bars.nth(place);
			months.push(/^[^:]+/.exec((await bar.getAttribute('aria-label')) ?? '')?.[0] ?? '');
			await bar.click();
			await expect(page.getByRole('heading', { level: 1, name: /^Electricity bill, / })).toBeVisible();
			const path = new URL(page.url()).pathname;
			await expect.poll(async () => (await everythingKept(page)).includes(`"${path}"`)).toBe(true);
			await page.goto('/bills');
		}
		await goOffline(context);
		await page.goto('/me');
		for (const month of months) {
			await expect(page.getByRole('link', { name: `Bill of ${month}` })).toBeVisible();
		}
		await page.getByRole('link', { name: `Bill of ${months[1]}` }).click();
		await expect(
			page.getByRole('heading', { level: 1, name: `Electricity bill, ${months[1]}` })
		).toBeVisible();
	});

	test('a tap on a page leads to what the device kept of it', async ({ page, context, identities }) => {
		await signInAs(page, identities[1] ?? { identifier: '', password: '' });
		await page.goto('/home');
		await waitForServiceWorker(page);
		await page.goto('/bills');
		await expect.poll(async () => (await everythingKept(page)).includes('"/bills"')).toBe(true);
		await goOffline(context);
		await page.getByRole('link', { name: 'Home' }).first().click();
		await expect(page).toHaveURL(/\/offline\?to=%2Fhome$/);
		await expect(page.getByText(/As seen/)).toBeVisible();
	});
});

test.describe('what stays on the device', () => {
	test.skip(({ isMobile }) => !isMobile, 'the same on every device');

	test('the caches hold nothing that is private, and after A left and B came nothing of A is anywhere', async ({
		page,
		identities
	}) => {
		const [a, b] = identities;
		if (a === undefined || b === undefined) throw new Error('two demo customers are needed');
		await signInAs(page, a);
		await page.goto('/bills');
		await waitForServiceWorker(page);
		await expect.poll(async () => (await everythingKept(page)).includes(a.identifier)).toBe(true);
		const cached = await page.evaluate(async () => {
			const texts: string[] = [];
			for (const name of await caches.keys()) {
				const cache = await caches.open(name);
				for (const request of await cache.keys())
					texts.push((await (await cache.match(request))?.text()) ?? '');
			}
			return texts.join('\n');
		});
		expect(cached).not.toContain(a.identifier);

		await page.goto('/me');
		await page.getByRole('button', { name: 'Sign out', exact: true }).click();
		await expect(page).toHaveURL(/\/sign-in/);
		expect(await everythingKept(page)).not.toContain(a.identifier);

		await signInAs(page, b);
		await page.goto('/bills');
		await expect.poll(async () => (await everythingKept(page)).includes(b.identifier)).toBe(true);
		expect(await everythingKept(page)).not.toContain(a.identifier);
	});

	test('signing out without a network wipes at once, and signs out as soon as there is one', async ({
		page,
		context,
		identities
	}) => {
		const a = identities[2] ?? { identifier: '', password: '' };
		await signInAs(page, a);
		await page.goto('/bills');
		await waitForServiceWorker(page);
		await expect.poll(async () => (await everythingKept(page)).includes(a.identifier)).toBe(true);
		await goOffline(context);
		await page.goto('/bills');
		await page.getByRole('button', { name: 'Sign out', exact: true }).click();
		await expect(page.getByText(/You are signed out/)).toBeVisible();
		expect(await everythingKept(page)).not.toContain(a.identifier);
		await expect(page.getByRole('navigation')).toHaveCount(0);

		await context.setOffline(false);
		await page.goto('/home');
		await expect(page).toHaveURL(/\/sign-in/);
		await signInAs(page, a);
		await page.goto('/home');
		await expect(page).toHaveURL(/\/home$/);
	});
});
