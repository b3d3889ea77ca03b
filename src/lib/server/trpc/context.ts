import type { Actor } from '#lib/domain/identity/actor.ts';
import type { App } from '#lib/server/app.ts';

/** What every procedure may use. `actor` is null before sign-in. */
export interface TrpcContext {
	readonly app: App;
	readonly actor: Actor | null;
}
