import type { App } from '#lib/server/app.ts';
import { demoIdentities, type DemoIdentity } from './identities.ts';

export interface DemoResult {
	/** In the order of the sign-in page. */
	readonly identities: readonly DemoIdentity[];
}

/** How far a step of the loading is. */
export interface DemoProgress {
	readonly label: string;
	readonly done: number;
	readonly total: number;
}

/** Loads the demo, or brings a loaded one up to date; repeated calls converge. */
export async function loadDemo(
	app: App,
	_options: { onProgress?: (progress: DemoProgress) => void } = {}
): Promise<DemoResult> {
	return { identities: await demoIdentities(app) };
}
