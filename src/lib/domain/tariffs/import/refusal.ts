import type { z } from 'zod';
import { AppError } from '#lib/domain/kernel/app-error.ts';

/** A place in the foreign record, outermost first. */
export type RecordPath = readonly PropertyKey[];

/**
 * Refuses a foreign record.
 * @throws AppError TARIFF_INVALID whose details name the path in the record and the reason
 */
export function refuse(at: RecordPath, reason: string): never {
	const path = at.length === 0 ? '(record)' : at.map(String).join('.');
	throw new AppError('TARIFF_INVALID', `${path}: ${reason}`, { path, reason });
}

/** The record as the schema reads it, or a refusal with the first thing that is wrong. */
export function readRecord<Schema extends z.ZodType>(schema: Schema, json: unknown): z.output<Schema> {
	const parsed = schema.safeParse(json);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0];
	return refuse(issue?.path ?? [], issue?.message ?? 'not valid');
}
