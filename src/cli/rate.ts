import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { AppError, isAppError, type AppErrorDetails } from '#lib/domain/kernel/app-error.ts';
import { firstIssue } from '#lib/domain/kernel/first-issue.ts';
import { clip, isLocalDate, type DatePeriod, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { FILLING_METHODS, type FillingMethod } from '#lib/domain/metering/filling.ts';
import { accountFile, accountOf, shareOf, type ShareFile } from '#lib/domain/rating/files/account-file.ts';
import { resultFile, type ResultFile } from '#lib/domain/rating/files/result-file.ts';
import { pointOf, usageFile } from '#lib/domain/rating/files/usage-file.ts';
import type { RatingRefusal } from '#lib/domain/rating/notices.ts';
import { rate } from '#lib/domain/rating/rate.ts';
import type { MeterShare, PointUsage, PriceSeries, TariffSpan } from '#lib/domain/rating/types.ts';
import { parseTariff } from '#lib/domain/tariffs/parse.ts';
import type { Tariff } from '#lib/domain/tariffs/tariff.ts';
import { holidayCalendar } from '#lib/server/tariffs/index.ts';
import { defineOfflineCommand } from './operator-command.ts';
import { readCurve } from './support/curve-file.ts';
import { UsageError } from './support/failure.ts';
import { readPrices } from './support/price-file.ts';

interface Options {
	readonly tariff: string[];
	readonly usage?: string;
	readonly account?: string;
	readonly profile?: string;
	readonly prices: string[];
	readonly fill?: string;
	readonly from?: string;
	readonly to?: string;
}

/** Why nothing was rated: a refusal of the rating, or a file that cannot be used. */
interface Refused {
	readonly ok: false;
	readonly refusal:
		RatingRefusal | { readonly code: string; readonly message: string; readonly details: AppErrorDetails };
}

export const command = defineOfflineCommand<ResultFile | Refused, Options>({
	name: 'rate',
	describe: 'rates one billing period from files: a tariff document, usage, and facts of the account',
	configure(command) {
		command
			.option('--tariff <file>', 'tariff document (JSON); several editions: repeat', collect, [])
			.option('--usage <file>', 'register quantities (JSON), or interval readings (CSV, Green Button, NEM12)')
			.option('--account <file>', 'facts of the account and what earlier bills carried over (JSON)')
			.option(
				'--profile <file>',
				'for CSV that has not the columns below: a profile as of the command import'
			)
			.option(
				'--prices <series=file>',
				'real-time prices (CSV with start, price) of the series that the tariff names; may be repeated',
				collect,
				[]
			)
			.option(
				'--fill <method>',
				'how missing intervals are filled: none, linear (gaps up to two hours), like_days (mean of like days)'
			)
			.option('--from <date>', 'first day of the bill')
			.option('--to <date>', 'first day after the bill')
			.addHelpText('after', HELP);
	},
	async runOffline({ options }) {
		const period = periodOf(options);
		if (options.tariff.length === 0) throw new UsageError('--tariff FILE is missing');
		if (options.usage === undefined) throw new UsageError('--usage FILE is missing');
		const filling = FILLING_METHODS.find((method) => method === (options.fill ?? 'none'));
		if (filling === undefined) {
			throw new UsageError(`--fill ${options.fill}: one of ${FILLING_METHODS.join(', ')} is wanted`);
		}
		try {
			return await rateFiles(options.tariff, options.usage, filling, options, period);
		} catch (error) {
			if (!isAppError(error)) throw error;
			return { ok: false, refusal: { code: error.code, message: error.message, details: error.details } };
		}
	},
	toText: (result) => (result.ok ? billText(result) : `Refused: ${refusalText(result.refusal)}`),
	isOk: ({ ok }) => ok,
	exitCode: 2
});

const HELP = `
The period is [from, to): January is --from 2026-01-01 --to 2026-02-01.
CSV of intervals: a header with "start" or "end" (local time, YYYY-MM-DD HH:MM) and import_kwh (or kwh), and where
they exist export_kwh, lagging_kvarh, leading_kvarh and quality (measured, estimated, missing).
A refusal is answered with its code and exit code 2.`;

function collect(value: string, all: string[]): string[] {
	return [...all, value];
}

async function rateFiles(
	tariffFiles: readonly string[],
	usage: string,
	filling: FillingMethod,
	options: Options,
	period: DatePeriod
): Promise<ResultFile | Refused> {
	const tariffs = await Promise.all(tariffFiles.map(readTariff));
	const [first] = tariffs;
	if (first === undefined) throw new UsageError('--tariff FILE is missing');
	const facts = options.account === undefined ? {} : await readJson(options.account);
	const file = checked(accountFile, facts, options.account ?? '');
	const account = accountOf(file, first);
	const result = rate({
		...account,
		period,
		tariffs: spansOf(tariffs, period),
		usage: await readUsage(usage, options, period, account.timeZone),
		shares: await Promise.all(file.shares.map((share) => readShare(share, options.account ?? '', period))),
		filling,
		calendar: holidayCalendar(),
		priceSeries: await Promise.all(options.prices.map((named) => readSeries(named, account.timeZone)))
	});
	return result.ok ? resultFile(result) : result;
}

/** Each edition on the days of its validity inside the bill, in order. */
function spansOf(tariffs: readonly Tariff[], period: DatePeriod): TariffSpan[] {
	return tariffs
		.map((tariff) => ({
			tariff,
			period: clip({ start: tariff.validFrom, end: tariff.validTo ?? period.end }, period)
		}))
		.filter(({ period: { start, end } }) => start < end)
		.sort((a, b) => (a.period.start < b.period.start ? -1 : 1));
}

/** @param accountFileName whose folder the share's tariffs are looked for in */
async function readShare(share: ShareFile, accountFileName: string, period: DatePeriod): Promise<MeterShare> {
	const folder = path.dirname(accountFileName);
	const tariffs = await Promise.all(
		[share.tariff].flat().map((name) => readTariff(path.resolve(folder, name)))
	);
	return shareOf(share, spansOf(tariffs, period));
}

async function readUsage(
	file: string,
	{ profile }: Options,
	period: DatePeriod,
	timeZone: string
): Promise<PointUsage[]> {
	const curveOf = (name: string) => readCurve(name, timeZone, profile);
	if (!file.endsWith('.json')) {
		return [{ servicePointId: 1, period, days: await curveOf(file), registers: null, losses: null }];
	}
	const { meters } = checked(usageFile, await readJson(file), file);
	return Promise.all(
		meters.map(async (meter, index) => {
			const curve =
				meter.curve === undefined ? [] : await curveOf(path.resolve(path.dirname(file), meter.curve));
			return pointOf(meter, index, period, curve);
		})
	);
}

function readSeries(named: string, timeZone: string): Promise<PriceSeries> {
	const at = named.indexOf('=');
	if (at < 1) throw new UsageError(`--prices ${named}: SERIES=FILE is wanted`);
	return readPrices(named.slice(0, at), named.slice(at + 1), timeZone);
}

async function readTariff(file: string): Promise<Tariff> {
	try {
		return parseTariff(await readJson(file));
	} catch (error) {
		if (!isAppError(error)) throw error;
		throw new AppError(error.code, `${path.basename(file)}: ${error.message}`, { ...error.details, file });
	}
}

async function readJson(file: string): Promise<unknown> {
	const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
		throw new AppError('VALIDATION_FAILED', `${file} cannot be read (${error.code})`, { file });
	});
	try {
		return JSON.parse(text);
	} catch {
		throw new AppError('VALIDATION_FAILED', `${file} is no JSON`, { file });
	}
}

function checked<Schema extends z.ZodType>(schema: Schema, json: unknown, file: string): z.output<Schema> {
	const parsed = schema.safeParse(json);
	if (parsed.success) return parsed.data;
	const issue = firstIssue(parsed.error);
	const message = `${path.basename(file)}: ${issue.path}: ${issue.reason}`;
	throw new AppError('VALIDATION_FAILED', message, { file, ...issue });
}

function periodOf({ from, to }: Options): DatePeriod {
	for (const [name, value] of [
		['--from', from],
		['--to', to]
	] as const) {
		if (value === undefined) throw new UsageError(`${name} DATE is missing`);
		if (!isLocalDate(value)) throw new UsageError(`${name} ${value}: not a date (YYYY-MM-DD)`);
	}
	return { start: from as LocalDate, end: to as LocalDate };
}

function billText({ lines, currency, total, warnings }: ResultFile): string {
	const width = Math.max(...lines.map(({ reference }) => reference.length));
	const rows = lines.map(({ reference, quantity, unit, unitPrice, percent, amount }) => {
		const price = percent === null ? (unitPrice ?? '-') : `${percent} %`;
		return `${reference.padEnd(width)}  ${quantity.padStart(14)} ${unit.padEnd(5)}  ${price.padStart(12)}  ${amount.padStart(14)}`;
	});
	return [...rows, `total ${total} ${currency}`, ...warnings.map((warning) => JSON.stringify(warning))].join(
		'\n'
	);
}

function refusalText(refusal: Refused['refusal']): string {
	if ('message' in refusal) return refusal.message;
	const { code, ...facts } = refusal;
	return `${code} ${JSON.stringify(facts)}`;
}
