import type { IgnoredSeries, RegisterFragment } from './fragment.ts';
import { nem13Meaning, nemQuality } from './nem-codes.ts';
import { parseDecimal } from './quantity.ts';
import { refuse } from './refusal.ts';

const NEM_OFFSET_MS = 10 * 3_600_000;

/** A 250 record of a NEM13 file: the energy between two readings of a register. */
export function parseRegisterReading(
	fields: readonly string[],
	at: { fileName: string; line: number }
): RegisterFragment | IgnoredSeries {
	const field = (index: number) => fields[index]?.trim() ?? '';
	const nmi = field(1);
	const suffix = field(4);
	const no = (column: number, reason: string): never =>
		refuse(at.fileName, { line: at.line, column }, reason);
	if (nmi === '') no(2, 'the NMI is missing');
	const meaning = nem13Meaning(field(7), field(19));
	if (!meaning.kept) return { kind: 'ignored', sourceId: nmi, register: suffix, reason: meaning.reason };
	const quality = nemQuality(field(15)) ?? no(16, `unknown quality "${field(15)}"`);
	const quantity = parseDecimal(field(18), 0, field(18).length, meaning.decimals);
	if (!(quantity >= 0) || quantity > Number.MAX_SAFE_INTEGER) no(19, `"${field(18)}" is no quantity`);
	const fromMs = instantMs(field(9)) ?? no(10, `"${field(9)}" is no date and time (YYYYMMDDhhmmss)`);
	const toMs = instantMs(field(14)) ?? no(15, `"${field(14)}" is no date and time (YYYYMMDDhhmmss)`);
	if (toMs <= fromMs) no(15, 'the current reading is not later than the previous one');
	return {
		kind: 'register',
		sourceId: nmi,
		register: suffix,
		channel: meaning.channel,
		fromMs,
		toMs,
		previousReading: field(8),
		currentReading: field(13),
		quantity,
		quality,
		place: { line: at.line }
	};
}

/** Market standard time as an instant. */
function instantMs(text: string): number | undefined {
	const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text);
	if (match === null) return undefined;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
	const ms = Date.UTC(year, month - 1, day, hour, minute, second);
	const same = new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14) === text;
	return same ? ms - NEM_OFFSET_MS : undefined;
}
