import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { checkBill, parseCheckFile, type BillCheck } from '#lib/domain/billing/check-file.ts';
import { isAppError } from '#lib/domain/kernel/app-error.ts';
import { defineOfflineCommand } from './operator-command.ts';
import { OperatorError, UsageError } from './support/failure.ts';

export const command = defineOfflineCommand<BillCheck[]>({
	name: 'bill-check',
	describe: 'computes bills again from the files that the portal offers with them, and compares every line',
	configure(command) {
		command.argument('<files...>', 'bills with their input, as downloaded (JSON)');
	},
	async runOffline({ args }) {
		const checks: BillCheck[] = [];
		for (const file of args) {
			try {
				checks.push(await checkBill(parseCheckFile(await readJson(file))));
			} catch (error) {
				if (!isAppError(error)) throw error;
				throw new UsageError(`${path.basename(file)}: ${error.message}`);
			}
		}
		return checks;
	},
	toText: (checks) => checks.map(checkText).join('\n\n'),
	isOk: (checks) => checks.every(({ agrees }) => agrees)
});

async function readJson(file: string): Promise<unknown> {
	const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
		throw new OperatorError(`${file} cannot be read (${error.code})`);
	});
	try {
		return JSON.parse(text);
	} catch {
		throw new UsageError(`${path.basename(file)} is no JSON`);
	}
}

function checkText({
	billNo,
	currency,
	isInputIntact,
	lines,
	billedTotal,
	computedTotal,
	agrees
}: BillCheck): string {
	const width = Math.max(...lines.map(({ reference }) => reference.length));
	const rows = lines.map(({ reference, billed, computed, agrees: same }) =>
		[
			same ? 'agrees ' : 'DIFFERS',
			reference.padEnd(width),
			(billed ?? '-').padStart(14),
			(computed ?? '-').padStart(14)
		].join('  ')
	);
	return [
		`${billNo}: ${agrees ? 'agrees' : 'DOES NOT AGREE'}, ${billedTotal} ${currency} billed, ${computedTotal ?? 'nothing'} computed`,
		...(isInputIntact ? [] : ['The input is not the one that the hash in the file was made of.']),
		...rows
	].join('\n');
}
