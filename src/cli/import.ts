import path from 'node:path';
import { isAppError, type AppErrorDetails } from '#lib/domain/kernel/app-error.ts';
import { CSV_PROFILES } from '#lib/domain/metering/formats/index.ts';
import {
	importFile,
	openImportFile,
	type ImportResult,
	type ImportTargets
} from '#lib/server/metering/index.ts';
import { defineCommand } from './operator-command.ts';
import { readCsvProfile } from './support/csv-profile-file.ts';
import { UsageError } from './support/failure.ts';

interface Options {
	readonly meter?: string;
	readonly map: string[];
	readonly profile?: string;
	readonly meterClock?: boolean;
}

type FileResult = { readonly file: string } & (
	ImportResult | { readonly status: 'refused'; readonly message: string; readonly details: AppErrorDetails }
);

export const command = defineCommand<FileResult[], Options>({
	name: 'import',
	describe: 'takes in files of meter readings: Green Button XML, NEM12, NEM13, or CSV by a profile',
	configure(command) {
		command
			.argument(
				'<files...>',
				'files as they are, gzipped, or alone in a zip; each is taken in whole or not at all'
			)
			.option('--meter <number>', 'the files are of this one meter')
			.option(
				'--map <name=number>',
				"a meter by the file's own name for it: NMI or NMI:E2, usage point, column; may be repeated",
				(value: string, all: string[]) => [...all, value],
				[]
			)
			.option(
				'--profile <name|file>',
				`for CSV: a JSON file, or one of ${[...CSV_PROFILES.keys()].join(', ')}`
			)
			.option('--meter-clock', "read the file's times as wall-clock times where the meter stands")
			.addHelpText('after', '\nWithout --meter and --map the names in the files are meter numbers.');
	},
	async run(app, { args, options, progress }) {
		const targets = targetsOf(options);
		const profile = options.profile === undefined ? undefined : await readCsvProfile(options.profile);
		const results: FileResult[] = [];
		for (const filePath of args) {
			const file = path.basename(filePath);
			const request = { targets, profile, onMeterClock: options.meterClock === true };
			try {
				const source = await openImportFile(filePath);
				const result = await importFile(app, { ...request, source }, ({ step, done, total }) => {
					if (step === 'reading') progress.update(`Reading ${file}, bytes`, done, total);
					else progress.update(`Storing ${file}`);
				});
				results.push({ file, ...result });
			} catch (error) {
				if (!isAppError(error, 'IMPORT_REFUSED')) throw error;
				results.push({ file, status: 'refused', message: error.message, details: error.details });
			}
			progress.finish();
		}
		return results;
	},
	toText: (results) => results.map(describeResult).join('\n\n'),
	isOk: (results) => results.every(({ status }) => status !== 'refused')
});

function targetsOf({ meter, map }: Options): ImportTargets {
	if (meter !== undefined && map.length > 0) throw new UsageError('Either --meter or --map, not both');
	if (meter !== undefined) return { kind: 'meter', meterNo: meter };
	if (map.length === 0) return { kind: 'same' };
	const meterNos = map.map((pair): [string, string] => {
		const at = pair.lastIndexOf('=');
		if (at < 1 || at === pair.length - 1) throw new UsageError(`--map ${pair}: NAME=NUMBER is wanted`);
		return [pair.slice(0, at), pair.slice(at + 1)];
	});
	return { kind: 'map', meterNos: new Map(meterNos) };
}

function describeResult(result: FileResult): string {
	const { file } = result;
	if (result.status === 'refused') return `Refused, nothing was kept: ${result.message}`;
	const { summary } = result;
	const lines =
		result.status === 'already_imported'
			? [`${file}: already imported at ${result.importedAt}, nothing changed; it held:`]
			: [`${file}: imported`];
	const field = (name: string, value: string) => lines.push(`  ${name.padEnd(11)} ${value}`);
	const count = (value: number) => value.toLocaleString('en-US');
	const { newDays, changedDays, unchangedDays } = summary;
	field(
		'days',
		`${count(summary.days)} (${count(newDays)} new, ${count(changedDays)} changed, ${count(unchangedDays)} unchanged)`
	);
	field('intervals', count(summary.intervals));
	field('gaps', count(summary.gaps));
	field('estimates', count(summary.estimated));
	field('duplicates', count(summary.duplicates));
	field('corrected', count(summary.corrected));
	if (summary.registerReadings > 0) {
		field(
			'registers',
			`${count(summary.registerReadings)} readings (${count(summary.changedRegisterReadings)} new or changed)`
		);
	}
	for (const { meterNo, channel, intervals, total, from, to } of summary.series) {
		const unit = channel.startsWith('reactive_') ? 'varh' : 'Wh';
		lines.push(
			`  ${meterNo} ${channel}: ${count(intervals)} intervals, ${count(total)} ${unit}, ${from} to ${to}`
		);
	}
	if (summary.meters > summary.series.length) lines.push(`  ... ${count(summary.meters)} meters in all`);
	for (const { source, reason } of summary.ignored) lines.push(`  left out: ${source}: ${reason}`);
	for (const note of summary.notes) lines.push(`  note: ${note}`);
	return lines.join('\n');
}
