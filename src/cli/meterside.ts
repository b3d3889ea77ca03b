import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { createApp } from '#lib/server/app.ts';
import { countAppliedMigrations, countExpectedMigrations } from '#lib/server/db/migrate.ts';
import { createLogger } from '#lib/server/logger.ts';
import type { AnyCommand, CommandInput, OperatorCommand } from './operator-command.ts';
import { toJson, toPlainText } from './support/answer.ts';
import { connectForCommand, readSettings } from './support/database.ts';
import { describeFailure, OperatorError, UsageError } from './support/failure.ts';
import { createLifecycle } from './support/lifecycle.ts';
import { createProgress } from './support/progress.ts';
import { migrationsDir } from './support/project.ts';

const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;
/** Files of this folder that run by themselves and are no operator commands. */
const programs = new Set(['bench', 'dev', 'meterside', 'operator-command', 'start', 'test']);
const here = import.meta.dirname;
const life = createLifecycle();
const progress = createProgress();

await life.stop(await main(process.argv.slice(2)));

async function main(args: string[]): Promise<number> {
	let exitCode = 0;
	const program = new Command('meterside')
		.description('Operates a Meterside portal. Every command has --help; most of them have --json.')
		.usage('<command> [options]')
		.exitOverride()
		.helpCommand(false);
	try {
		for (const command of await loadCommands(args)) {
			addCommand(program, command, async (run) => {
				exitCode = await run();
			});
		}
		if (args.length === 0) throw new UsageError(`Which command?\n\n${program.helpInformation()}`);
		await program.parseAsync(args, { from: 'user' });
		return exitCode;
	} catch (error) {
		progress.abandon();
		if (life.signal.aborted) return EXIT_REFUSED;
		// Commander has said already what is wrong, or has shown its help.
		if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
		process.stderr.write(`${error instanceof UsageError ? error.message : describeFailure(error)}\n`);
		if (process.env['LOG_LEVEL'] === 'debug') console.error(error);
		return error instanceof UsageError ? EXIT_USAGE : EXIT_REFUSED;
	}
}

/** The command that is asked for, or all of them for the list. */
async function loadCommands([asked]: string[]): Promise<AnyCommand[]> {
	const isName = asked !== undefined && /^[a-z][a-z-]*$/.test(asked) && !programs.has(asked);
	const names =
		isName && existsSync(path.join(here, `${asked}.ts`))
			? [asked]
			: readdirSync(here)
					.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
					.map((file) => file.slice(0, -'.ts'.length))
					.filter((name) => !programs.has(name))
					.sort();
	const modules = await Promise.all(
		names.map((name) => import(`./${name}.ts`) as Promise<{ command?: AnyCommand }>)
	);
	return modules.flatMap(({ command }) => (command === undefined ? [] : [command]));
}

function addCommand(
	program: Command,
	command: AnyCommand,
	perform: (run: () => Promise<number>) => Promise<void>
): void {
	const sub = program.command(command.name).description(command.describe);
	command.configure?.(sub);
	sub.option('--json', 'answer in JSON');
	sub.action(() => perform(() => runCommand(command, sub)));
}

async function runCommand(command: AnyCommand, parsed: Command): Promise<number> {
	const { json, ...options } = parsed.opts<{ json?: boolean } & Record<string, unknown>>();
	const input: CommandInput<Record<string, unknown>> = {
		// Arguments that commander has put into a list (`<files...>`) count one by one.
		args: parsed.processedArgs.flat().filter((arg): arg is string => typeof arg === 'string'),
		options,
		progress,
		signal: life.signal
	};
	const result =
		'runOffline' in command ? await command.runOffline(input) : await runConnected(command, input);
	progress.finish();
	const text = json === true ? toJson(result) : (command.toText?.(result) ?? toPlainText(result));
	if (text !== '') process.stdout.write(`${text}\n`);
	return command.isOk?.(result) === false ? (command.exitCode ?? EXIT_REFUSED) : 0;
}

async function runConnected(
	command: OperatorCommand,
	input: CommandInput<Record<string, unknown>>
): Promise<unknown> {
	const settings = readSettings();
	const { env } = await connectForCommand(settings, command.name, { life, progress });
	const logger = createLogger(process.env['LOG_LEVEL'] ? env.LOG_LEVEL : 'silent');
	const app = createApp(env, { logger });
	try {
		if (command.anyMigration !== true) await requireMigrated(app.pool);
		return await command.run(app, input);
	} finally {
		await app.close();
	}
}

async function requireMigrated(pool: Parameters<typeof countAppliedMigrations>[0]): Promise<void> {
	const missing = countExpectedMigrations(migrationsDir) - (await countAppliedMigrations(pool));
	if (missing > 0) {
		throw new OperatorError(`The database lacks ${missing} migrations: run npm run -s meterside -- migrate`);
	}
}
