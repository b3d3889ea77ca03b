/** A broken invariant: a defect of ours, never the user's fault. */
export class AssertionError extends Error {
	override name = 'AssertionError';
}

/** Throws `AssertionError` with `message` unless `condition` holds. */
export function assert(condition: unknown, message: string): asserts condition {
	if (!condition) throw new AssertionError(message);
}
