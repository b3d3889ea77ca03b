/** How the message files become modules: for the build and for commands that run without one. */
export const paraglideOptions = {
	project: './src/lib/i18n/project.inlang',
	outdir: './src/lib/i18n/paraglide',
	strategy: ['cookie', 'preferredLanguage', 'baseLocale'],
	cookieName: 'locale',
	// One module per message lets each page load its own messages only; one per language starts faster.
	outputStructure: process.env['NODE_ENV'] === 'production' ? 'message-modules' : 'locale-modules'
} as const;
