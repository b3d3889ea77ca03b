import type { Command } from 'commander';
import type { App } from '#lib/server/app.ts';
import type { Progress } from './support/progress.ts';

/** What a command gets besides the app. */
export interface CommandInput<Options> {
	/** The positional arguments, in order. */
	readonly args: readonly string[];
	/** The options, as commander has parsed them. */
	readonly options: Options;
	/** For steps that take long: shown on standard error. */
	readonly progress: Progress;
	/** Aborted when the operator stops the command. */
	readonly signal: AbortSignal;
}

interface CommandCommon<Result> {
	/** The same as the file's name. */
	readonly name: string;
	/** One line for the list of commands. */
	readonly describe: string;
	/** Declares arguments and options. --json and --help are there already. */
	configure?(command: Command): void;
	/** The answer as text; without it a list is shown as a table and an object as its fields. */
	toText?(result: Result): string;
	/** False in the answer means that the command has found something wrong: exit code 1, or `exitCode`. */
	isOk?(result: Result): boolean;
	readonly exitCode?: number;
}

/**
 * One command of `npm run -s meterside -- NAME`. The file src/cli/NAME.ts exports it as `command`; nothing
 * else needs to know of it. What `run` returns is the command's answer: as JSON with --json, else as text.
 * To refuse, throw OperatorError or an AppError (exit code 1), or UsageError for bad arguments (exit code 2).
 */
export interface OperatorCommand<
	Result = unknown,
	Options = Record<string, unknown>
> extends CommandCommon<Result> {
	/** `app` is connected to the database, which is migrated. */
	run(app: App, input: CommandInput<Options>): Promise<Result>;
	/** True for the command that migrates, which must not ask for a migrated database first. */
	readonly anyMigration?: boolean;
}

/** A command that reads and writes files only: it needs no settings and no database. */
export interface OfflineCommand<
	Result = unknown,
	Options = Record<string, unknown>
> extends CommandCommon<Result> {
	runOffline(input: CommandInput<Options>): Promise<Result>;
}

export type AnyCommand = OperatorCommand | OfflineCommand;

/** Keeps the types of a command's answer and options together. */
export function defineCommand<Result, Options = Record<string, unknown>>(
	command: OperatorCommand<Result, Options>
): OperatorCommand<Result, Options> {
	return command;
}

/** As `defineCommand` for a command without a database. */
export function defineOfflineCommand<Result, Options = Record<string, unknown>>(
	command: OfflineCommand<Result, Options>
): OfflineCommand<Result, Options> {
	return command;
}
