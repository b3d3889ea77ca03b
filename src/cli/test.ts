import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findChromium } from '../../tests/support/chromium.ts';
import { createLifecycle } from './support/lifecycle.ts';
import { projectDir } from './support/project.ts';

/*
 * npm test: everything, in an order in which the cheap and telling comes first, going on after a failure.
 * A step without a count of its own (the type check) counts as one test.
 */
interface Counts {
	passed: number;
	failed: number;
}

interface Step {
	readonly title: string;
	/** Program, from the project's folder. */
	readonly tool: string;
	readonly args: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	/** Reads the counts from the report that the tool has written to this file. */
	readonly count?: (reportPath: string) => Counts;
	/** Why the step cannot be run on this machine. */
	readonly unable?: () => string | undefined;
}

const life = createLifecycle();
const reportsDir = mkdtempSync(path.join(tmpdir(), 'meterside-reports-'));
life.onStop(() => rmSync(reportsDir, { recursive: true, force: true }));

/** In this order; what stands in a list of its own runs at the same time, each on one core. */
const plan: readonly (Step | readonly Step[])[] = [
	{ title: 'messages', tool: 'src/cli/support/compile-messages.ts', args: [] },
	{ title: 'generated types', tool: 'node_modules/@sveltejs/kit/svelte-kit.js', args: ['sync'] },
	[
		{ title: 'lint', tool: 'node_modules/eslint/bin/eslint.js', args: ['--max-warnings', '0', '.'] },
		{
			title: 'type check',
			tool: 'node_modules/svelte-check/bin/svelte-check',
			args: ['--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human']
		},
		{ title: 'formatting', tool: 'node_modules/prettier/bin/prettier.cjs', args: ['--check', '.'] },
		{
			title: 'type check of the service worker',
			tool: 'node_modules/typescript/bin/tsc',
			args: ['-p', 'src/service-worker']
		}
	],
	unitTests('UTC', '--project', 'generated'),
	{
		title: 'database and API tests',
		tool: 'node_modules/vitest/vitest.mjs',
		args: ['run', '--project', 'database', '--reporter', 'default', '--reporter', 'json'],
		count: countVitest
	},
	{
		title: 'build',
		tool: 'src/cli/bootstrap.mjs',
		args: ['build']
	},
	// The start waits for processes most of the time.
	[
		{
			title: 'tests of the start',
			tool: 'node_modules/vitest/vitest.mjs',
			args: ['run', '--project', 'start', '--reporter', 'default', '--reporter', 'json'],
			count: countVitest
		},
		unitTests('Asia/Shanghai')
	],
	{
		title: 'end-to-end tests',
		tool: 'node_modules/@playwright/test/cli.js',
		args: ['test', '--reporter', 'list,json'],
		count: countPlaywright,
		unable: whyNoBrowser
	}
];

const total: Counts = { passed: 0, failed: 0 };
const summary: string[] = [];
for (const [index, planned] of plan.entries()) {
	if (life.signal.aborted) break;
	const steps = 'title' in planned ? [planned] : planned;
	const titles = steps.map(({ title }) => title).join(', ');
	process.stdout.write(`\n== ${index + 1}/${plan.length} ${titles}\n`);
	const outcomes = await Promise.all(
		steps.map((step, place) => timed(step, path.join(reportsDir, `${index}-${place}.json`)))
	);
	for (const { counts, line } of outcomes) {
		total.passed += counts.passed;
		total.failed += counts.failed;
		summary.push(line);
	}
}
if (!life.signal.aborted) {
	process.stdout.write(`\n${summary.join('\n')}\n\n${total.passed} passed, ${total.failed} failed\n`);
}
await life.stop(total.failed === 0 ? 0 : 1);

/** Days and clock changes differ between zones; pure code must not care where it runs. */
function unitTests(zone: string, ...more: string[]): Step {
	return {
		title: `unit and architecture tests in ${zone}`,
		tool: 'node_modules/vitest/vitest.mjs',
		args: ['run', '--project', 'unit', '--reporter', 'default', '--reporter', 'json', ...more],
		env: { TZ: zone },
		count: countVitest
	};
}

async function timed(step: Step, reportPath: string): Promise<{ counts: Counts; line: string }> {
	const startedAt = Date.now();
	const counts = await perform(step, reportPath);
	const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
	return { counts, line: `${step.title}: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)` };
}

async function perform(step: Step, reportPath: string): Promise<Counts> {
	const reason = step.unable?.();
	if (reason !== undefined) {
		process.stdout.write(`${reason}\n`);
		return { passed: 0, failed: 1 };
	}
	const isOk = await run(step, reportPath);
	if (step.count === undefined) return isOk ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
	let counts: Counts;
	try {
		counts = step.count(reportPath);
	} catch {
		return { passed: 0, failed: 1 };
	}
	// A run can fail without a failed test: an error outside the tests, or no test found at all.
	return isOk || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

function run(step: Step, reportPath: string): Promise<boolean> {
	const reportArgs = step.tool.startsWith('node_modules/vitest') ? [`--outputFile.json=${reportPath}`] : [];
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [path.join(projectDir, step.tool), ...step.args, ...reportArgs], {
			cwd: projectDir,
			env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: reportPath, ...step.env },
			stdio: ['ignore', 'inherit', 'inherit']
		});
		const stop = () => child.kill('SIGTERM');
		life.signal.addEventListener('abort', stop);
		child.once('error', reject);
		child.once('close', (code) => {
			life.signal.removeEventListener('abort', stop);
			resolve(code === 0);
		});
	});
}

function countVitest(reportPath: string): Counts {
	const report = JSON.parse(readFileSync(reportPath, 'utf8')) as {
		numPassedTests: number;
		numFailedTests: number;
		testResults: { status: string; assertionResults: unknown[] }[];
	};
	// A file that could not be loaded has no tests to fail.
	const brokenFiles = report.testResults.filter(
		({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0
	);
	return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length };
}

function countPlaywright(reportPath: string): Counts {
	const { stats, errors } = JSON.parse(readFileSync(reportPath, 'utf8')) as {
		stats: { expected: number; unexpected: number; flaky: number };
		errors: unknown[];
	};
	return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length };
}

function whyNoBrowser(): string | undefined {
	try {
		findChromium();
		return undefined;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}
