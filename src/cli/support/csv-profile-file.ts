import { readFile } from 'node:fs/promises';
import { CSV_PROFILES, parseCsvProfile, type CsvProfile } from '#lib/domain/metering/formats/index.ts';
import { UsageError } from './failure.ts';

/** A shipped CSV profile by its name, or one from a JSON file. @throws UsageError where there is neither */
export async function readCsvProfile(nameOrFile: string): Promise<CsvProfile> {
	const shipped = CSV_PROFILES.get(nameOrFile);
	if (shipped !== undefined) return shipped;
	const text = await readFile(nameOrFile, 'utf8').catch(() => {
		throw new UsageError(
			`--profile ${nameOrFile}: neither a file nor one of ${[...CSV_PROFILES.keys()].join(', ')}`
		);
	});
	try {
		return parseCsvProfile(JSON.parse(text));
	} catch (error) {
		if (error instanceof SyntaxError) throw new UsageError(`--profile ${nameOrFile}: ${error.message}`);
		throw error;
	}
}
