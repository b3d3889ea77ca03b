import path from 'node:path';
import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import { addAccount } from '../../../../tests/support/billing.ts';
import { month, tariffJson } from '../../../../tests/support/rating.ts';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { accountTariff, tariffVersion } from '#lib/server/db/schema/index.ts';
import { loadTariffs, readTariffFolder, tariffSpansOf } from './index.ts';

const app = await createTestApp({ now: '2026-03-18T09:00:00+08:00' });
const folder = path.resolve(import.meta.dirname, '../../../../drizzle/seed/tariffs');

beforeAll(async () => {
	await loadTariffs(app, await readTariffFolder(folder));
});

describe('publishing tariff documents', () => {
	it('again changes nothing', async () => {
		const documents = await readTariffFolder(folder);
		expect(await loadTariffs(app, documents)).toEqual({ loaded: 0, unchanged: documents.length });
	});

	it('refuses an edition with other content', async () => {
		const json = { ...tariffJson('zhejiang_residential.2024'), validFrom: '2023-01-01' };
		await expect(loadTariffs(app, [{ name: 'z.json', json }])).rejects.toMatchObject({
			code: 'CONFLICT',
			details: { document: 'z.json', reason: 'this edition has other content' }
		});
	});

	it('refuses an edition that overlaps another', async () => {
		const json = { ...tariffJson('zhejiang_residential.2024'), edition: '2025', validFrom: '2025-01-01' };
		await expect(loadTariffs(app, [{ name: 'z.json', json }])).rejects.toMatchObject({
			code: 'CONFLICT',
			details: { reason: 'its validity overlaps another edition' }
		});
	});

	it('takes all documents or none, and names the broken one', async () => {
		const good = { ...tariffJson('zhejiang_residential.2024'), code: 'new_one' };
		const bad = { ...tariffJson('zhejiang_residential.2024'), code: 'new_two', seasons: [] };
		const documents = [
			{ name: 'good.json', json: good },
			{ name: 'bad.json', json: bad }
		];
		await expect(loadTariffs(app, documents)).rejects.toMatchObject({
			code: 'TARIFF_INVALID',
			details: { document: 'bad.json', path: 'seasons' }
		});
		expect(await app.db.select().from(tariffVersion).where(eq(tariffVersion.code, 'new_one'))).toEqual([]);
	});

	it('never changes what was published', async () => {
		const change = app.db
			.update(tariffVersion)
			.set({ sha256: 'x' })
			.where(eq(tariffVersion.code, 'zhejiang_residential'));
		await expect(change).rejects.toMatchObject({
			cause: { message: 'tariff_version is append-only: UPDATE refused' }
		});
	});
});

describe("an account's tariffs", () => {
	it('are cut to assignment, validity and period, and are nobody else’s', async () => {
		const own = await addAccount(app, 'spans', {});
		const other = await addAccount(app, 'spans-other', {});
		await app.db.insert(accountTariff).values([
			{
				accountId: own.id,
				tariffCode: 'zhejiang_residential',
				validFrom: localDate('2025-01-01'),
				validTo: localDate('2026-02-10')
			},
			{
				accountId: own.id,
				tariffCode: 'zhejiang_residential_tou',
				validFrom: localDate('2026-02-10'),
				validTo: null
			},
			{
				accountId: other.id,
				tariffCode: 'hubei_two_part_1_10kv',
				validFrom: localDate('2025-01-01'),
				validTo: null
			}
		]);
		const spans = await tariffSpansOf(app.db, own, month('2026-02'));
		expect(spans.map(({ period, tariff }) => [tariff.code, period.start, period.end])).toEqual([
			['zhejiang_residential', '2026-02-01', '2026-02-10'],
			['zhejiang_residential_tou', '2026-02-10', '2026-03-01']
		]);
		expect(await tariffSpansOf(app.db, other, month('2026-02'))).toEqual([]);
		expect((await tariffSpansOf(app.db, other, month('2026-01'))).map(({ period }) => period.end)).toEqual([
			'2026-02-01'
		]);
	});
});
