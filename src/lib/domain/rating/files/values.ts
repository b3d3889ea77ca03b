import { z } from 'zod';
import { isLocalDate, type LocalDate, type LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import { parseScaled } from '#lib/domain/kernel/money.ts';

/** A plain decimal as text or JSON number with at most `decimals` decimals, as an integer times 10^decimals. */
export function decimal(decimals: number) {
	return z
		.union([z.string(), z.number()])
		.transform(String)
		.refine((text) => /^-?\d+(\.\d+)?$/.test(text), 'not a plain decimal')
		.refine((text) => (text.split('.')[1] ?? '').length <= decimals, `has more than ${decimals} decimals`)
		.transform((text) => Number(parseScaled(text, decimals)));
}

/** kWh in the file, Wh in the program; kvarh, kVA and kW alike. */
export const thousands = decimal(3).refine((value) => value >= 0, 'is negative');

/** kW with up to six decimals, as demand registers are printed, in W. */
export const kilowatts = decimal(6)
	.refine((value) => value >= 0, 'is negative')
	.transform((micro) => micro / 1000);

export const localDate = z
	.string()
	.refine(isLocalDate, 'not a date (YYYY-MM-DD)')
	.transform((text) => text as LocalDate);

export const timeZone = z.string().refine((name) => {
	try {
		return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
	} catch {
		return false;
	}
}, 'not a time zone (Asia/Shanghai)');

export const localMonth = z
	.string()
	.regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'not a month (YYYY-MM)')
	.transform((text) => text as LocalMonth);
