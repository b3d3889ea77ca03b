import type { LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import { UsageError } from './failure.ts';

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** @throws UsageError */
export function parseMonth(text: string): LocalMonth {
	if (!MONTH.test(text)) throw new UsageError(`Not a month (YYYY-MM): ${text}`);
	return text as LocalMonth;
}
