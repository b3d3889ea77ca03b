import type { Page } from '@playwright/test';
import { bundleForBrowser } from '../support/browser-bundle.ts';
import { expect, test } from '../support/e2e.ts';
import { CASES_SEED, FAMILIES } from '../support/rating-cases.ts';
import * as onServer from '../support/rating-digests.ts';

test.skip(({ isMobile }) => isMobile, 'the same on every device');

/** The same module as the bundle leaves it in the page. */
declare const inBrowser: typeof onServer;

/** The portal's pages allow no scripts but their own, so the bundle has an empty page of its origin to itself. */
async function openWith(page: Page, script: string): Promise<void> {
	await page.route('/empty', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
	await page.goto('/empty');
	await page.addScriptTag({ content: script });
}

/** Fails with the first case that differs, so that the case can be made again. */
async function showDifference(page: Page, block: onServer.BlockDigest, aspect: 'ofCases' | 'ofResults') {
	const { [aspect]: here } = onServer.textsOfBlock(block);
	const { [aspect]: there } = await page.evaluate((one) => inBrowser.textsOfBlock(one), block);
	const place = here.findIndex((text, index) => text !== there[index]);
	const what = aspect === 'ofCases' ? 'the generated case' : 'the result';
	const which = `no. ${block.from + place} of "${FAMILIES[block.family]?.[0]}", seed ${CASES_SEED}`;
	expect(JSON.parse(there[place] ?? 'null'), `${what} in the browser, ${which}`).toEqual(
		JSON.parse(here[place] ?? 'null')
	);
}

/** Calendar arithmetic is the browser's own where it has Temporal, and the polyfill's as on the server elsewhere. */
const BROWSERS = [
	{ kind: 'this browser', hasTemporal: true, divisor: 1, least: 10_000 },
	{ kind: 'a browser without Temporal', hasTemporal: false, divisor: 10, least: 1_000 }
];

for (const { kind, hasTemporal, divisor, least } of BROWSERS) {
	test(`${kind} rates at least ${least} generated cases as the server does`, async ({ page }) => {
		test.setTimeout(600_000);
		if (!hasTemporal) await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'Temporal'));
		await openWith(page, await bundleForBrowser('tests/support/rating-digests.ts', 'inBrowser'));
		const [there, here] = await Promise.all([
			page.evaluate((chosen) => inBrowser.digestCases(chosen), divisor),
			onServer.digestCases(divisor)
		]);
		const sum = (key: 'count' | 'refused') => here.reduce((total, block) => total + block[key], 0);
		expect(sum('count')).toBeGreaterThanOrEqual(least);
		expect(sum('refused')).toBeLessThan(sum('count') / 10);
		for (const aspect of ['ofCases', 'ofResults'] as const) {
			const differing = here.find((block, index) => block[aspect] !== there[index]?.[aspect]);
			if (differing !== undefined) await showDifference(page, differing, aspect);
		}
		expect(there).toEqual(here);
	});
}
