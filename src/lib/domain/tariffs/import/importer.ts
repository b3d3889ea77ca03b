import type { TierAttribution } from '../tariff.ts';
import type { TariffDocument } from '../parse.ts';

/** What foreign records leave open and the operator decides. */
export interface ImportOptions {
	/** How long thresholds "per month" count: with every bill, or by calendar month. */
	readonly cycle: 'bill' | 'month';
	/** Which energy of a period lies in which tier. */
	readonly attribution: TierAttribution;
}

/** A utility bills by its reading cycle, and its tiers are filled by the total use, each period by its share. */
export const USUAL_IMPORT_OPTIONS: ImportOptions = { cycle: 'bill', attribution: 'pro_rata' };

/** One foreign format. */
export interface TariffImporter {
	/** The tariffs in a file, each by a name for reports. */
	split(json: unknown): readonly { readonly name: string; readonly record: unknown }[];
	/** @throws AppError TARIFF_INVALID naming the path in the record and what cannot be represented */
	convert(record: unknown, options?: ImportOptions): TariffDocument;
}
