import type { z } from 'zod';

/** Where a document first fails its schema, "(document)" for the whole of it, and why. */
export interface FirstIssue {
	readonly path: string;
	readonly reason: string;
}

/** Of a choice between forms, what is wrong with the form that came nearest counts. */
export function firstIssue({ issues }: z.ZodError): FirstIssue {
	const found = nearest(issues[0], []);
	return { path: found.path.join('.') || '(document)', reason: found.reason };
}

function nearest(
	issue: z.core.$ZodIssue | undefined,
	above: readonly PropertyKey[]
): { path: readonly PropertyKey[]; reason: string } {
	if (issue === undefined) return { path: above, reason: 'not valid' };
	const path = [...above, ...issue.path];
	if (issue.code !== 'invalid_union' || issue.errors.length === 0) return { path, reason: issue.message };
	const [best] = [...issue.errors].sort((a, b) => (b[0]?.path.length ?? 0) - (a[0]?.path.length ?? 0));
	return nearest(best?.[0], path);
}
