import os from 'node:os';
import { parseArgs } from 'node:util';

/** What a benchmark was asked for. */
export interface BenchOptions {
	readonly json: boolean;
	readonly rounds: number;
}

/** One comparison: the product's figure, the other way's, and how they must relate. */
export interface Comparison {
	readonly name: string;
	readonly unit: string;
	readonly product: number;
	readonly reference: number;
	/** What the other way is. */
	readonly referenceName: string;
	readonly ratio: number;
	/** Undefined where the ratio is told without being required. */
	readonly target?: { readonly atLeast: number } | { readonly atMost: number };
}

/** @throws Error naming an option that does not exist */
export function readOptions(args: string[], defaultRounds: number): BenchOptions {
	const { values } = parseArgs({
		args,
		options: { json: { type: 'boolean', default: false }, rounds: { type: 'string' } }
	});
	const rounds = Number(values.rounds ?? defaultRounds);
	if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds needs a whole number from 1');
	return { json: values.json, rounds };
}

export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? NaN;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Milliseconds that `work` takes. */
export async function measureMs(work: () => Promise<unknown>): Promise<number> {
	const startedAt = performance.now();
	await work();
	return performance.now() - startedAt;
}

/** A line about what is going on, beside the result. */
export function note(line: string): void {
	process.stderr.write(`${line}\n`);
}

function isMet({ ratio, target }: Comparison): boolean {
	if (target === undefined) return true;
	return 'atLeast' in target ? ratio >= target.atLeast : ratio <= target.atMost;
}

/** Prints the comparisons and sets the exit code to 1 where a target is missed. */
export function report(bench: string, options: BenchOptions, comparisons: readonly Comparison[]): void {
	const allMet = comparisons.every(isMet);
	if (!allMet) process.exitCode = 1;
	if (options.json) {
		const machine = { cpu: os.cpus()[0]?.model ?? 'unknown', cores: os.cpus().length, node: process.version };
		const results = comparisons.map((comparison) => ({ ...comparison, met: isMet(comparison) }));
		process.stdout.write(
			`${JSON.stringify({ bench, rounds: options.rounds, machine, results }, null, '\t')}\n`
		);
		return;
	}
	for (const comparison of comparisons) process.stdout.write(`${describe(comparison)}\n`);
}

function describe(comparison: Comparison): string {
	const { name, unit, product, reference, referenceName, ratio, target } = comparison;
	const wanted =
		target === undefined
			? ''
			: 'atLeast' in target
				? ` (at least ${target.atLeast}: ${isMet(comparison) ? 'met' : 'MISSED'})`
				: ` (at most ${target.atMost}: ${isMet(comparison) ? 'met' : 'MISSED'})`;
	const figure = (value: number) =>
		`${value.toLocaleString('en-US', { maximumSignificantDigits: 4 })} ${unit}`;
	return `${name}: ${figure(product)} against ${figure(reference)} (${referenceName}): ratio ${ratio.toFixed(2)}${wanted}`;
}
