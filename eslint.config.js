import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default ts.config(
	{
		ignores: [
			'.data/',
			'.svelte-kit/',
			'build/',
			'drizzle/migrations/',
			'drizzle/seed/data/',
			'playwright-report/',
			'src/lib/i18n/paraglide/',
			'src/lib/i18n/project.inlang/',
			'test-results/'
		]
	},
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	js.configs.recommended,
	...ts.configs.recommendedTypeChecked,
	...svelte.configs.recommended,
	{
		languageOptions: {
			globals: { ...globals.browser, ...globals.node },
			parserOptions: {
				projectService: true,
				tsconfigRootDir: import.meta.dirname,
				extraFileExtensions: ['.svelte']
			}
		},
		rules: {
			// The compiler knows every name; this rule knows neither types nor runes.
			'no-undef': 'off',
			'no-console': ['error', { allow: ['error'] }],
			eqeqeq: ['error', 'always', { null: 'ignore' }],
			'@typescript-eslint/await-thenable': 'error',
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
			'@typescript-eslint/restrict-template-expressions': [
				'error',
				{ allowNumber: true, allowBoolean: true, allowNullish: true }
			],
			// A function may be async because its type says so.
			'@typescript-eslint/require-await': 'off'
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
		rules: {
			// All links of this app are within it and it is served at the root.
			'svelte/no-navigation-without-resolve': 'off',
			// Types of values that come out of components are lost to this parser, not to svelte-check.
			'@typescript-eslint/no-unsafe-argument': 'off',
			'@typescript-eslint/no-unsafe-assignment': 'off',
			'@typescript-eslint/no-unsafe-call': 'off',
			'@typescript-eslint/no-unsafe-member-access': 'off',
			'@typescript-eslint/no-unsafe-return': 'off'
		}
	},
	{
		// The configuration of other tools, whose values come without types.
		files: ['*.config.js'],
		...ts.configs.disableTypeChecked
	},
	{
		files: ['tests/**/*.ts', '**/*.test.ts'],
		rules: {
			// Playwright's fixtures declare what they use, and some use nothing.
			'no-empty-pattern': 'off',
			// Measurements are for whoever runs them.
			'no-console': 'off'
		}
	}
);
