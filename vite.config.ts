import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';
import { paraglideOptions } from './src/lib/i18n/paraglide-options.ts';
import { staticIcons } from './src/lib/components/ui/static-icons.ts';

/**
 * What every page loads, and what every page of a customer loads besides: two files compress better than two
 * dozen small ones.
 */
const SHARED_FILES = [
	{
		name: 'base',
		test: /node_modules.(svelte|@sveltejs.kit|clsx|devalue|esm-env).|paraglide.(runtime|messages.app_name)|components.(layout.(Progress|Mark|ErrorScreen|appearance)|pwa.AppShell)/
	},
	{
		name: 'customer',
		test: /components.(layout.(Navigation|AccountSwitch|account-address)|ui.(Badge|Card|Figure|Stat))/
	}
];

export default defineConfig({
	build: { rolldownOptions: { output: { codeSplitting: { groups: SHARED_FILES } } } },
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
					exclude: ['src/**/*.db.test.ts'],
					// A hang is found; a slow machine is no failure.
					testTimeout: 60_000
				}
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
			}
		]
	}
});
