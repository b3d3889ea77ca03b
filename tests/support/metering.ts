import path from 'node:path';
import type { App } from '#lib/server/app.ts';
import { account, accountServicePoint, customer, servicePoint } from '#lib/server/db/schema/index.ts';
import { importSourceOf, type ImportSource } from '#lib/server/metering/index.ts';

const seedDataDir = path.resolve(import.meta.dirname, '../../drizzle/seed/data');

/** A file of the shipped data. */
export function seedFile(name: string): string {
	return path.join(seedDataDir, name);
}

/** A text as a file to import, cut into pieces of `pieceBytes`. */
export function textSource(text: string, fileName = 'test.csv', pieceBytes = 1_000): ImportSource {
	const bytes = new TextEncoder().encode(text);
	return importSourceOf(
		fileName,
		(async function* () {
			for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.slice(at, at + pieceBytes);
		})()
	);
}

/** A customer with one account, supplied through one meter since `validFrom`. */
export async function addMeteredAccount(
	app: App,
	of: { meterNo: string; timeZone?: string; validFrom?: string; validTo?: string | null }
): Promise<{ customerId: number; accountId: number; servicePointId: number }> {
	const timeZone = of.timeZone ?? 'Asia/Shanghai';
	const validFrom = (of.validFrom ?? '2000-01-01') as typeof accountServicePoint.$inferInsert.validFrom;
	const validTo = (of.validTo ?? null) as typeof accountServicePoint.$inferInsert.validTo;
	const [owner] = await app.db
		.insert(customer)
		.values({
			customerNo: `C-${of.meterNo}`,
			kind: 'residential',
			displayName: of.meterNo,
			createdAt: new Date(app.clock.now().epochMilliseconds)
		})
		.returning({ id: customer.id });
	const customerId = owner?.id ?? 0;
	const [supplied] = await app.db
		.insert(account)
		.values({
			accountNo: `A-${of.meterNo}`,
			customerId,
			customerKind: 'residential',
			supplyArea: 'zhejiang',
			timeZone,
			currency: 'CNY',
			voltage: 'below_1kv',
			demandBasis: 'none',
			address: of.meterNo,
			openedOn: validFrom
		})
		.returning({ id: account.id });
	const accountId = supplied?.id ?? 0;
	const [point] = await app.db
		.insert(servicePoint)
		.values({ meterNo: of.meterNo, timeZone, address: of.meterNo })
		.returning({ id: servicePoint.id });
	const servicePointId = point?.id ?? 0;
	await app.db.insert(accountServicePoint).values({ accountId, servicePointId, validFrom, validTo });
	return { customerId, accountId, servicePointId };
}
