import { parseCsv } from './csv.ts';
import type { CsvProfile } from './csv-profile.ts';
import { parseEspi } from './espi.ts';
import type { FileItem, ParseOptions, TextChunks } from './fragment.ts';
import { parseNem } from './nem12.ts';
import { refuse } from './refusal.ts';

/** How a file is to be read. A CSV file says nothing of itself and needs a profile. */
export type FileFormat =
	| { readonly kind: 'espi' }
	| { readonly kind: 'nem12' }
	| { readonly kind: 'csv'; readonly profile: CsvProfile };

/** Parses a meter data file of any known format. @throws AppError IMPORT_REFUSED */
export function parseMeterFile(
	format: FileFormat,
	chunks: TextChunks,
	options: ParseOptions
): AsyncGenerator<FileItem> {
	switch (format.kind) {
		case 'espi':
			return parseEspi(chunks, options);
		case 'nem12':
			return parseNem(chunks, options);
		case 'csv':
			return parseCsv(chunks, format.profile, options);
	}
}

/**
 * The format that the beginning of a file shows.
 * @throws AppError IMPORT_REFUSED where it is neither of the formats that describe themselves
 */
export function recogniseFormat(beginning: string, fileName: string): FileFormat {
	const text = beginning.replace(/^\uFEFF/, '').trimStart();
	if (text === '') refuse(fileName, {}, 'the file is empty');
	if (text.startsWith('<')) return { kind: 'espi' };
	if (/^(?:100|200|250|300)\s*,/.test(text)) return { kind: 'nem12' };
	return refuse(fileName, { line: 1 }, 'neither Green Button XML nor NEM12; a CSV file needs a profile');
}

export { CSV_PROFILES, csvProfile, parseCsvProfile } from './profiles.ts';
export type { CsvProfile } from './csv-profile.ts';
export {
	METER_CLOCK,
	type FileItem,
	type Fragment,
	type RegisterFragment,
	type TextChunks
} from './fragment.ts';
