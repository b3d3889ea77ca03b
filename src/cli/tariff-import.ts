import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Option } from 'commander';
import { isAppError } from '#lib/domain/kernel/app-error.ts';
import {
	IMPORT_FORMATS,
	importTariffs,
	USUAL_IMPORT_OPTIONS,
	type ImportFormat,
	type ImportOutcome
} from '#lib/domain/tariffs/import/index.ts';
import { TIER_ATTRIBUTIONS, type TierAttribution } from '#lib/domain/tariffs/tariff.ts';
import { defineOfflineCommand } from './operator-command.ts';
import { OperatorError } from './support/failure.ts';

interface Options {
	readonly from: ImportFormat;
	readonly out?: string;
	readonly cycle: 'bill' | 'month';
	readonly tiers: TierAttribution;
}

/** What became of one tariff of one file. */
interface ImportRow {
	readonly file: string;
	readonly tariff: string;
	readonly status: 'represented' | 'refused';
	/** The document's file, where documents are written; else its name. */
	readonly document: string | null;
	readonly leftOut: number;
	readonly path: string | null;
	readonly reason: string | null;
}

export const command = defineOfflineCommand<
	{ readonly represented: number; readonly refused: number; readonly tariffs: readonly ImportRow[] },
	Options
>({
	name: 'tariff-import',
	describe: 'makes tariff documents of foreign tariffs (URDB, ratebook, Taipower) and says what is refused',
	configure(command) {
		command
			.argument('<files...>', 'foreign tariffs (JSON)')
			.addOption(
				new Option('--from <format>', 'what the files are').choices(IMPORT_FORMATS).makeOptionMandatory()
			)
			.option('--out <folder>', 'where the documents are written (without it they are only checked)')
			.addOption(
				new Option('--cycle <cycle>', 'how long monthly thresholds count')
					.choices(['bill', 'month'])
					.default(USUAL_IMPORT_OPTIONS.cycle)
			)
			.addOption(
				new Option('--tiers <rule>', 'which energy of a period lies in which tier')
					.choices(TIER_ATTRIBUTIONS)
					.default(USUAL_IMPORT_OPTIONS.attribution)
			);
	},
	async runOffline({ args, options }) {
		if (options.out !== undefined) await mkdir(options.out, { recursive: true });
		const tariffs: ImportRow[] = [];
		for (const file of args) {
			for (const outcome of outcomesOf(await readJson(file), options)) {
				tariffs.push(await keep(path.basename(file), outcome, options.out));
			}
		}
		const represented = tariffs.filter(({ status }) => status === 'represented').length;
		return { represented, refused: tariffs.length - represented, tariffs };
	},
	isOk: ({ refused }) => refused === 0
});

/** A file that is nothing of the format is one refusal. */
function outcomesOf(json: unknown, { from, cycle, tiers }: Options): ImportOutcome[] {
	try {
		return importTariffs(json, from, { cycle, attribution: tiers });
	} catch (error) {
		if (!isAppError(error, 'TARIFF_INVALID')) throw error;
		const { path: at, reason } = error.details;
		return [{ name: '(file)', refusal: { path: String(at), reason: String(reason) } }];
	}
}

async function keep(file: string, outcome: ImportOutcome, folder: string | undefined): Promise<ImportRow> {
	if ('refusal' in outcome) {
		const { path: at, reason } = outcome.refusal;
		return { file, tariff: outcome.name, status: 'refused', document: null, leftOut: 0, path: at, reason };
	}
	const { document } = outcome;
	const name = `${document.code}.${document.edition}.json`;
	if (folder !== undefined) {
		await writeFile(path.join(folder, name), `${JSON.stringify(document, null, '\t')}\n`);
	}
	return {
		file,
		tariff: outcome.name,
		status: 'represented',
		document: folder === undefined ? name : path.join(folder, name),
		leftOut: document.unknown.length,
		path: null,
		reason: null
	};
}

async function readJson(file: string): Promise<unknown> {
	const content = await readFile(file, 'utf8').catch(() => {
		throw new OperatorError(`${file} cannot be read`);
	});
	try {
		return JSON.parse(content);
	} catch {
		throw new OperatorError(`${file} is not JSON`);
	}
}
