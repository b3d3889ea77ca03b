import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { OperatorError } from './failure.ts';

const instanceSchema = z.object({
	id: z.string().regex(/^[\w-]{10,40}$/),
	adminPassword: z.string().min(16),
	password: z.string().min(16),
	authSecret: z.string().min(32)
});

/** What this installation made up for itself once, and must keep. */
export type Instance = Readonly<z.infer<typeof instanceSchema>>;

/** Reads the installation's secrets from its data folder, or makes them up on the first start. */
export function loadInstance(dataDir: string): Instance {
	const file = path.join(dataDir, 'instance.json');
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'ENOTDIR') throw Object.assign(error as Error, { path: dataDir });
		if (code !== 'ENOENT') throw error;
		return createInstance(dataDir, file);
	}
	try {
		return instanceSchema.parse(JSON.parse(text));
	} catch {
		throw new OperatorError(
			`${file} is broken: restore it from a backup, or move the folder ${dataDir} away to begin anew`
		);
	}
}

function createInstance(dataDir: string, file: string): Instance {
	const secret = (bytes: number) => randomBytes(bytes).toString('base64url');
	const instance: Instance = {
		id: secret(12),
		adminPassword: secret(24),
		password: secret(24),
		authSecret: secret(32)
	};
	mkdirSync(dataDir, { recursive: true });
	const draft = `${file}.${process.pid}`;
	try {
		writeFileSync(draft, `${JSON.stringify(instance, null, '\t')}\n`, { mode: 0o600, flush: true });
		renameSync(draft, file);
	} catch (error) {
		rmSync(draft, { force: true });
		// The operator knows the folder, not the draft.
		throw Object.assign(error as Error, { path: dataDir });
	}
	return instance;
}
