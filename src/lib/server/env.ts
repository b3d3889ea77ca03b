import { randomBytes } from 'node:crypto';
import { z } from 'zod';

const booleanText = z.enum(['0', '1', 'true', 'false']).transform((text) => text === '1' || text === 'true');

const wholeNumber = (min: number, max: number) =>
	z
		.string()
		.transform((text) => (/^\d{1,9}$/.test(text) ? Number(text) : NaN))
		.refine((value) => value >= min && value <= max, `a whole number from ${min} to ${max}`);

const settings = z.object({
	PORT: wholeNumber(1, 65_535).default(3000),
	HOST: z.string().min(1).default('0.0.0.0'),
	/** Public address of the portal, as the browser sees it. */
	ORIGIN: z.url({ protocol: /^https?$/ }).optional(),
	DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
	DATA_DIR: z.string().min(1).optional(),
	DEMO: booleanText.default(true),
	/** Starts the clock at this instant; refused outside the demo. */
	NOW: z.iso.datetime({ offset: true }).optional(),
	AUTH_SECRET: z.string().min(32, 'at least 32 characters').optional(),
	LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
	/** Header with the client's address, set by a proxy that is trusted. */
	ADDRESS_HEADER: z.string().min(1).optional(),
	XFF_DEPTH: wholeNumber(1, 10).default(1)
});

export type Env = Readonly<
	Omit<z.infer<typeof settings>, 'ORIGIN' | 'AUTH_SECRET'> & { ORIGIN: string; AUTH_SECRET: string }
>;

/** A setting that cannot be used; the message names it and is fit for one line on a terminal. */
export class SettingsError extends Error {
	override name = 'SettingsError';
}

/**
 * Validates the settings of a process.
 * @throws SettingsError naming the first bad setting and the reason
 */
export function loadEnv(source: Record<string, string | undefined>): Env {
	const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
	const parsed = settings.safeParse(present);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		throw new SettingsError(`Setting ${issue?.path.join('.')} is not valid: ${issue?.message}`);
	}
	const env = parsed.data;
	if (env.NOW !== undefined && !env.DEMO) {
		throw new SettingsError('Setting NOW is not valid: the clock can be set in demo mode (DEMO=1) only');
	}
	if (env.AUTH_SECRET === undefined && env.DATABASE_URL !== undefined && !env.DEMO) {
		throw new SettingsError(
			'Setting AUTH_SECRET is missing: sessions must outlive a restart when the database is external'
		);
	}
	return {
		...env,
		ORIGIN: new URL(env.ORIGIN ?? `http://localhost:${env.PORT}`).origin,
		AUTH_SECRET: env.AUTH_SECRET ?? randomBytes(32).toString('base64url')
	};
}
