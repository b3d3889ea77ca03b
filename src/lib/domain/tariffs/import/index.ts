import { isAppError } from '#lib/domain/kernel/app-error.ts';
import { parseTariff, type TariffDocument } from '../parse.ts';
import { USUAL_IMPORT_OPTIONS, type ImportOptions, type TariffImporter } from './importer.ts';
import { ratebook } from './ratebook.ts';
import { taipower } from './taipower.ts';
import { urdb } from './urdb.ts';

export { USUAL_IMPORT_OPTIONS, type ImportOptions } from './importer.ts';
export { importRatebook } from './ratebook.ts';
export { importTaipower } from './taipower.ts';
export { importUrdb } from './urdb.ts';

export const IMPORT_FORMATS = ['urdb', 'ratebook', 'taipower'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

const IMPORTERS: Readonly<Record<ImportFormat, TariffImporter>> = { urdb, ratebook, taipower };

/** What became of one foreign tariff. */
export type ImportOutcome = { readonly name: string } & (
	| { readonly document: TariffDocument }
	| { readonly refusal: { readonly path: string; readonly reason: string } }
);

/**
 * The tariffs of a foreign file: each a document that `parseTariff` accepts, or refused with path and reason.
 * @throws AppError TARIFF_INVALID where the file as a whole is not of the format
 */
export function importTariffs(
	json: unknown,
	format: ImportFormat,
	options: ImportOptions = USUAL_IMPORT_OPTIONS
): ImportOutcome[] {
	const importer = IMPORTERS[format];
	return importer.split(json).map(({ name, record }) => {
		try {
			const document = importer.convert(record, options);
			parseTariff(document);
			return { name, document };
		} catch (error) {
			if (!isAppError(error, 'TARIFF_INVALID')) throw error;
			const { path, reason } = error.details;
			return { name, refusal: { path: String(path), reason: String(reason) } };
		}
	});
}
