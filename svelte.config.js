import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
	preprocess: vitePreprocess(),
	compilerOptions: { runes: ({ filename }) => (filename.includes('node_modules') ? undefined : true) },
	kit: {
		adapter: adapter({ out: 'build', precompress: true }),
		csp: {
			mode: 'auto',
			directives: {
				'default-src': ['self'],
				'script-src': ['self'],
				'style-src': ['self', 'unsafe-inline'],
				'img-src': ['self', 'data:', 'blob:'],
				'font-src': ['self'],
				'connect-src': ['self'],
				'worker-src': ['self'],
				'manifest-src': ['self'],
				'object-src': ['none'],
				'base-uri': ['self'],
				'form-action': ['self'],
				'frame-ancestors': ['none']
			}
		},
		// Off in favour of the check in hooks.server.ts, which covers every body type and knows loopback names.
		csrf: { trustedOrigins: ['*'] },
		serviceWorker: { register: false },
		alias: {},
		typescript: {
			// What lies outside src and tests is checked too.
			config: (config) => {
				config.include.push('../*.config.js', '../*.config.ts', '../drizzle/*.ts', '../src/**/*.mjs');
			}
		},
		version: { pollInterval: 0 }
	}
};
