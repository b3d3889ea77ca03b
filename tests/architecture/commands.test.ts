import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { OperatorCommand } from '../../src/cli/operator-command.ts';
import { projectDir } from './sources.ts';

/** Run by themselves, so importing them would start them. */
const programs = ['bench.ts', 'dev.ts', 'meterside.ts', 'start.ts', 'test.ts'];

test('every operator command has the name of its file and a one-line description', async () => {
	const files = readdirSync(path.join(projectDir, 'src/cli')).filter(
		(file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !programs.includes(file)
	);
	const commands = new Map<string, OperatorCommand>();
	for (const file of files) {
		const { command } = (await import(`../../src/cli/${file}`)) as { command?: OperatorCommand };
		if (command !== undefined) commands.set(file, command);
	}
	expect(commands.size).toBeGreaterThan(0);
	for (const [file, command] of commands) {
		expect(`${command.name}.ts`).toBe(file);
		expect(command.describe).toMatch(/^[^\n]{10,100}$/);
	}
});
