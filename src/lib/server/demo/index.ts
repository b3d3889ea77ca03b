import type { App } from '#lib/server/app.ts';

/** Someone to sign in as in the demo. */
export interface DemoIdentity {
	readonly identifier: string;
	readonly password: string;
	/** Who this is, in a few words. */
	readonly label: string;
}

export interface DemoResult {
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
	_app: App,
	_options: { onProgress?: (progress: DemoProgress) => void } = {}
): Promise<DemoResult> {
	return Promise.resolve({ identities: [] });
}
