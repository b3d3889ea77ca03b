import { expect, it } from 'vitest';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import { addMeteredAccount } from '../../../../tests/support/metering.ts';
import { authorizeAccounts } from './policy.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });

it('gives an actor those of many accounts that are theirs, in order, and says nothing of the others', async () => {
	const own = await addMeteredAccount(app, { meterNo: 'own' });
	const neighbour = await addMeteredAccount(app, { meterNo: 'neighbour' });
	const asked = [neighbour.accountId, 999_999, own.accountId];
	const idsFor = async (actor: Parameters<typeof authorizeAccounts>[1]) =>
		(await authorizeAccounts(app, actor, asked, 'view')).map(({ id }) => id);
	expect(await idsFor({ kind: 'customer', customerId: own.customerId, sessionId: '' })).toEqual([
		own.accountId
	]);
	expect(await idsFor({ kind: 'system', purpose: 'test' })).toEqual([own.accountId, neighbour.accountId]);
});
