import { createApp } from '#lib/server/app.ts';
import { loadDemo, type DemoResult } from '#lib/server/demo/index.ts';
import { createLogger } from '#lib/server/logger.ts';
import type { Connected } from './database.ts';
import type { Progress } from './progress.ts';

/** Brings the demo up to date, with its counts on the terminal. */
export async function loadDemoInto({ env }: Connected, progress: Progress): Promise<DemoResult> {
	const app = createApp(env, { logger: createLogger('warn') });
	try {
		const result = await loadDemo(app, {
			onProgress: ({ label, done, total }) => progress.update(label, done, total)
		});
		progress.finish();
		return result;
	} finally {
		await app.close();
	}
}

/** For the terminal: whom to sign in as, and which bills are missing and why. */
export function describeDemo({ identities, refusedBills }: DemoResult): string {
	const width = Math.max(0, ...identities.map(({ identifier }) => identifier.length));
	const lines = identities.map(
		({ identifier, password, label }) => `  ${identifier.padEnd(width)}  ${password}  ${label}`
	);
	if (lines.length > 0) lines.unshift('Demo identities: sign in with');
	if (refusedBills.length > 0) {
		lines.push(`${refusedBills.length} bills of the demo could not be issued:`);
		lines.push(...refusedBills.map((bill) => `  ${bill}`));
	}
	return lines.join('\n');
}
