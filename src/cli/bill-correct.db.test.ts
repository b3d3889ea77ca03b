import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp } from '../../tests/support/app-context.ts';
import { addAccount, addReadings, supply } from '../../tests/support/billing.ts';
import { days, series } from '../../tests/support/rating.ts';
import type { Account } from '#lib/domain/identity/account.ts';
import type { Authorized } from '#lib/domain/identity/actor.ts';
import type { LocalMonth } from '#lib/domain/kernel/civil-time.ts';
import { loadBillingTerms, runBills } from '#lib/server/billing/index.ts';
import { loadTariffs, readTariffFile } from '#lib/server/tariffs/index.ts';
import { command as cancel } from './bill-cancel.ts';
import { command as correct } from './bill-correct.ts';
import { command as issue } from './bill-issue.ts';
import { createProgress } from './support/progress.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });
const terminal = { isTTY: false, columns: 80, write: () => true };
const input = {
	args: [],
	progress: createProgress(terminal as unknown as NodeJS.WriteStream),
	signal: new AbortController().signal
};
const usual = { facts: 'frozen', reason: 'late_readings' } as const;

let own: Authorized<Account>;
let meter: number;

beforeAll(async () => {
	const tariff = path.resolve(
		import.meta.dirname,
		'../../drizzle/seed/tariffs/zhejiang_residential_tou.2024.json'
	);
	await loadBillingTerms(app);
	await loadTariffs(app, [await readTariffFile(tariff)]);
	for (const name of ['other', 'own']) {
		own = await addAccount(app, name, {});
		meter = await supply(
			app,
			own,
			'zhejiang_residential_tou',
			series(days('2025-12-01', '2026-03-01'), () => 2000, { intervalMinutes: 60 })
		);
	}
	await runBills(app, { through: '2026-02' as LocalMonth });
});

async function textOf(options: Partial<Parameters<typeof correct.run>[1]['options']>): Promise<string[]> {
	const answer = await correct.run(app, { ...input, options: { ...usual, ...options } });
	return (correct.toText?.(answer) ?? '').split('\n');
}

describe('the commands of corrections', () => {
	it('find, draft, issue and cancel, and say what they did and why', async () => {
		expect(await textOf({ find: true })).toEqual(['0 bills rest on other readings than there are now']);
		const read = series(days('2026-01-10', '2026-01-12'), () => 2100, { intervalMinutes: 60 });
		await addReadings(
			app,
			own,
			meter,
			read.map((day) => ({ ...day, version: 2 }))
		);
		expect(await textOf({ find: true })).toEqual([
			'1 bills rest on other readings than there are now',
			'  A-own  A-own-202601  2026-01-01 to 2026-01-31'
		]);
		const drafting = { account: 'A-own', from: '2026-01', draft: true };
		// 2.8 kWh more at 0.568 and 2 kWh at 0.288; in February 4.8 kWh more above the threshold at 0.05.
		const corrections = [
			'  A-own-202601-2 for A-own-202601: 673.75 instead of 671.58, difference 2.17 CNY',
			'    readings, active_import: 2026-01-10 to 2026-01-11',
			'  A-own-202602-2 for A-own-202602: 610.43 instead of 610.19, difference 0.24 CNY',
			'    use carried in: 1492800 Wh instead of 1488000 Wh'
		];
		expect(await textOf(drafting)).toEqual([
			'A-own: 2 of 2 bills have a draft of their correction; bill-issue issues them',
			...corrections
		]);
		expect(await textOf(drafting)).toEqual(['A-own: 2 drafts are there already', ...corrections]);
		const issued = await issue.run(app, { ...input, options: { account: 'A-own' } });
		expect(issue.toText?.(issued).split('\n')).toEqual([
			'A-own: 2 of 2 bills were corrected',
			...corrections
		]);
		expect(await textOf({ account: 'A-own', from: '2025-12' })).toEqual([
			'A-own: 3 bills agree, nothing was written'
		]);
		const cancelling = { bill: 'A-own-202602-2', reason: 'issued_in_error' } as const;
		const cancelled = await cancel.run(app, { ...input, options: cancelling });
		expect(cancel.toText?.(cancelled)).toBe('A-own-202602-2 is cancelled');
	});

	it('ask for what is missing and refuse what they do not know', async () => {
		await expect(textOf({ from: '2026-01' })).rejects.toThrow('--account is missing');
		await expect(textOf({ account: 'A-own' })).rejects.toThrow('--from is missing');
		await expect(textOf({ account: 'A-own', from: '2026-13' })).rejects.toThrow('Not a month');
		await expect(textOf({ find: true, account: 'A-own' })).rejects.toThrow('without --account');
		await expect(textOf({ account: 'A-none', from: '2026-01' })).rejects.toThrow('no account A-none');
		await expect(textOf({ account: 'A-own', from: '2024-01' })).rejects.toThrow('no valid bill of 2024-01');
		await expect(issue.run(app, { ...input, options: {} })).rejects.toThrow('--account is missing');
		const bill = 'A-own-202601';
		await expect(cancel.run(app, { ...input, options: { bill } })).rejects.toThrow('--reason is missing');
		await expect(cancel.run(app, { ...input, options: { bill, reason: 'other' } })).rejects.toThrow(
			'another has taken its place'
		);
	});
});
