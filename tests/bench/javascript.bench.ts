import { gzipSync } from 'node:zlib';
import { chromium, type Browser, type BrowserContextOptions } from '@playwright/test';
import { startApp } from '../support/app.ts';
import { findChromium } from '../support/chromium.ts';
import { startBenchDatabase } from './support/bench-database.ts';
import { startEmptyApp } from './support/empty-app.ts';
import { signIn } from './support/portal.ts';
import { median, note, readOptions, report, type Comparison } from './support/report.ts';

const EMPTY_APP_PORT = 4319;
const MAX_RATIO = 2;
/** The curve page brings its chart with it. */
const MAX_RATIO_CURVE = 2.8;
const BROWSER_ARGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync'
];

/** JavaScript that a page loads until it is idle, gzipped, against that of an empty SvelteKit application. */
export async function run(args: string[]): Promise<void> {
	const options = readOptions(args, 1);
	note('Building the empty application ...');
	const empty = await startEmptyApp(EMPTY_APP_PORT);
	const database = await startBenchDatabase();
	const portal = await startApp({ databaseUrl: database.url, env: { DEMO: '1' } });
	const browser = await chromium.launch({ executablePath: findChromium(), args: BROWSER_ARGS });
	try {
		const { name, value } = await signIn(portal.origin, 'steel');
		const session = { storageState: { cookies: [cookieOf(portal.origin, name, value)], origins: [] } };
		const pages = [
			{ name: 'sign-in', address: `${portal.origin}/sign-in`, signedIn: {}, atMost: MAX_RATIO },
			{ name: 'home', address: `${portal.origin}/home`, signedIn: session, atMost: MAX_RATIO },
			{ name: 'curve', address: `${portal.origin}/usage`, signedIn: session, atMost: MAX_RATIO_CURVE }
		];
		const reference = await medianBytes(browser, empty.origin, {}, options.rounds);
		const comparisons: Comparison[] = [];
		for (const { name, address, signedIn, atMost } of pages) {
			const product = await medianBytes(browser, address, signedIn, options.rounds);
			comparisons.push({
				name: `first-load JavaScript, ${name} page`,
				unit: 'kB gzip',
				product: product / 1000,
				reference: reference / 1000,
				referenceName: 'empty SvelteKit application',
				ratio: product / reference,
				target: { atMost }
			});
		}
		report('javascript', options, comparisons);
	} finally {
		await browser.close();
		await portal.stop();
		await database.stop();
		await empty.stop();
	}
}

function cookieOf(origin: string, name: string, value: string) {
	const { hostname: domain } = new URL(origin);
	return {
		name,
		value,
		domain,
		path: '/',
		expires: -1,
		httpOnly: true,
		secure: false,
		sameSite: 'Lax' as const
	};
}

async function medianBytes(
	browser: Browser,
	address: string,
	signedIn: BrowserContextOptions,
	rounds: number
): Promise<number> {
	const measured: number[] = [];
	for (let round = 0; round < rounds; round++) measured.push(await scriptBytes(browser, address, signedIn));
	return median(measured);
}

/** Sum over all scripts, each gzipped by itself, of a first visit with an empty cache. */
async function scriptBytes(
	browser: Browser,
	address: string,
	signedIn: BrowserContextOptions
): Promise<number> {
	const context = await browser.newContext({ ...signedIn, viewport: { width: 390, height: 844 } });
	const bodies: Promise<Buffer>[] = [];
	const page = await context.newPage();
	page.on('response', (response) => {
		if (response.request().resourceType() === 'script' && response.ok()) bodies.push(response.body());
	});
	const answer = await page.goto(address, { waitUntil: 'networkidle' });
	const arrivedAt = new URL(page.url()).pathname;
	if (!answer?.ok() || arrivedAt !== new URL(address).pathname) {
		throw new Error(`${address} was answered with ${answer?.status()} at ${arrivedAt}`);
	}
	const scripts = await Promise.all(bodies);
	await context.close();
	if (scripts.length === 0) throw new Error(`${address} has loaded no script`);
	return scripts.reduce((sum, script) => sum + gzipSync(script).length, 0);
}
