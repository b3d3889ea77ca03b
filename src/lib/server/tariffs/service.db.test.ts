import path from 'node:path';
import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp } from '../../../../tests/support/app-context.ts';
import { addAccount } from '../../../../tests/support/billing.ts';
import { month, tariffJson } from '../../../../tests/support/rating.ts';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import { accountTariff, tariffVersion } from '#lib/server/db/schema/index.ts';
import { assignTariff, loadTariffs, readTariffFolder, tariffSpansOf } from './index.ts';

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

describe('putting an account on a tariff', () => {
	const validFrom = localDate('2026-02-01');
	const choice = { tariffCode: 'zhejiang_residential', validFrom };

	it('holds from that day on, once, for that account alone', async () => {
		const own = await addAccount(app, 'assigned', {});
		const other = await addAccount(app, 'assigned-other', {});
		expect(await assignTariff(app, own, choice)).toBe(true);
		expect(await assignTariff(app, own, choice)).toBe(false);
		const spans = await tariffSpansOf(app.db, own, {
			start: localDate('2026-01-01'),
			end: localDate('2027-01-01')
		});
		expect(spans.map(({ period, tariff }) => [tariff.code, period.start, period.end])).toEqual([
			['zhejiang_residential', '2026-02-01', '2027-01-01']
		]);
		expect(await tariffSpansOf(app.db, other, month('2026-02'))).toEqual([]);
	});

	it('is refused while another tariff holds, whichever came first', async () => {
		const own = await addAccount(app, 'reassigned', {});
		await assignTariff(app, own, choice);
		for (const from of ['2026-01-01', '2026-02-01', '2026-03-01']) {
			const other = { tariffCode: 'zhejiang_residential_tou', validFrom: localDate(from) };
			await expect(assignTariff(app, own, other)).rejects.toMatchObject({
				code: 'CONFLICT',
				message: expect.stringContaining('(zhejiang_residential since 2026-02-01)') as unknown
			});
		}
	});

	it.each([
		[
			'is not published',
			{ tariffCode: 'zhejiang_resident' },
			{},
			/published for zhejiang: .*zhejiang_residential_tou/
		],
		[
			'ended before',
			{ validFrom: localDate('2099-01-01'), tariffCode: 'hubei_two_part_1_10kv' },
			{ supplyArea: 'hubei' },
			/in force on or after 2099-01-01/
		],
		[
			'is for another supply area',
			{ tariffCode: 'shandong_residential' },
			{},
			/is for shandong, the account lies in zhejiang/
		],
		['is for another voltage', {}, { voltage: '35kv' }, /is for below_1kv, the account has 35kv/],
		['is in another currency', {}, { currency: 'TWD' }, /is in CNY, the account in TWD/]
	] as const)('is refused when the tariff %s', async (what, other, facts, message) => {
		const own = await addAccount(app, `refused ${what}`, facts);
		await expect(assignTariff(app, own, { ...choice, ...other })).rejects.toMatchObject({
			code: 'VALIDATION_FAILED',
			message: expect.stringMatching(message) as unknown
		});
		expect(await tariffSpansOf(app.db, own, month('2026-02'))).toEqual([]);
	});
});
