import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setPassword } from '#lib/server/identity/index.ts';
import { defineCommand } from './operator-command.ts';
import { UsageError } from './support/failure.ts';

export const command = defineCommand<{ customerNo: string; devicesSignedOut: number }>({
	name: 'password',
	describe: 'gives a customer a new password, read from standard input, and signs all their devices out',
	configure(command) {
		command
			.argument('<customer>', 'customer number')
			.addHelpText('after', '\nThe password is one line: meterside password C1 < password.txt');
	},
	async run(app, { args: [customerNo = ''], signal }) {
		const { devicesSignedOut } = await setPassword(app, customerNo, await readPassword(signal));
		return { customerNo, devicesSignedOut };
	}
});

/** Not an argument, which the list of processes and the shell's history would show; nor typed in plain sight. */
async function readPassword(signal: AbortSignal): Promise<string> {
	if (process.stdin.isTTY)
		throw new UsageError('Give the password on standard input: < FILE, or from a pipe');
	const content = await text(addAbortSignal(signal, process.stdin));
	const password = content.replace(/\r?\n$/, '');
	if (password === '') throw new UsageError('There is no password on standard input');
	if (/[\r\n]/.test(password)) throw new UsageError('The password must be one line');
	return password;
}
