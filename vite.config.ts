import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';
import { paraglideOptions } from './src/lib/i18n/paraglide-options.ts';
import { staticIcons } from './src/lib/components/ui/static-icons.ts';

/**
 * What many pages load together: a few files compress better than two dozen small ones. A file takes along all
 * that its modules import, so what two files need stands in the earlier one: a page must not load a whole file
 * for the sake of an icon in it.
 */
const SHARED_FILES = [
	{
		// Every page. `enhance` is for the few pages with forms of that kind.
		name: 'base',
		test: /node_modules.(svelte|@sveltejs.kit|clsx|devalue|esm-env).(?!.*app.forms)|icons.(house|chevron-right|circle-check|info|triangle-alert)\.svelte|paraglide.(runtime|messages.app_name)|components.(layout.(Progress|Mark|ErrorScreen|appearance)|pwa.AppShell)/
	},
	{
		// Every page of a customer.
		name: 'customer',
		test: /components.(layout.(Navigation|AccountSwitch|account-address)|ui.(Badge|Card|Figure|Stat))/
	},
	{
		// Sign-in, usage and the customer's own page.
		name: 'controls',
		test: /components.ui.(Button|Notice|Segmented)/
	},
	{
		// The pages behind home.
		name: 'inner',
		test: /components.(ui.(PageHeader|EmptyState|Skeleton)|metering.usage-address)|i18n.format|icons.chevron-(left|down)\.svelte/
	}
];

/** A minute of them; the zone is part of each case, so one run says all. */
const GENERATED_CASES = ['src/**/slow-rating.test.ts'];

export default defineConfig({
	build: { rolldownOptions: { output: { codeSplitting: { groups: SHARED_FILES } } } },
	resolve: {
		// The package's entry is its ES5 build, twice the size of the modern one.
		alias: [{ find: /^workbox-window$/, replacement: 'workbox-window/build/workbox-window.prod.mjs' }]
	},
	plugins: [
		tailwindcss(),
		staticIcons(),
		paraglideVitePlugin({ ...paraglideOptions, strategy: [...paraglideOptions.strategy] }),
		sveltekit()
	],
	test: {
		expect: { requireAssertions: true },
		projects: [
			{
				extends: true,
				test: {
					name: 'unit',
					include: ['src/**/*.test.ts', 'tests/architecture/**/*.test.ts'],
					exclude: ['src/**/*.db.test.ts', ...GENERATED_CASES],
					// A hang is found; a slow machine is no failure.
					testTimeout: 60_000
				}
			},
			{
				extends: true,
				test: { name: 'generated', include: GENERATED_CASES, testTimeout: 60_000 }
			},
			{
				extends: true,
				test: {
					name: 'database',
					include: ['src/**/*.db.test.ts', 'tests/golden/**/*.test.ts', 'tests/faults/**/*.db.test.ts'],
					globalSetup: ['tests/support/database.global.ts'],
					testTimeout: 180_000,
					hookTimeout: 300_000
				}
			},
			{
				extends: true,
				test: {
					name: 'start',
					include: ['tests/faults/start/**/*.test.ts'],
					globalSetup: ['tests/faults/start/global.ts'],
					// Each start wants the whole machine.
					fileParallelism: false,
					testTimeout: 180_000,
					hookTimeout: 120_000
				}
			}
		]
	}
});
