import { bigint, date, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { account } from './identity.ts';

/** A tariff document as it was published; never changed, a new edition is a new row. */
export const tariffVersion = pgTable(
	'tariff_version',
	{
		id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
		code: text().notNull(),
		edition: text().notNull(),
		validFrom: date('valid_from').$type<LocalDate>().notNull(),
		validTo: date('valid_to').$type<LocalDate>(),
		document: jsonb().notNull(),
		sha256: text().notNull(),
		createdAt: timestamp('created_at', { withTimezone: true }).notNull()
	},
	(table) => [uniqueIndex('tariff_version_edition').on(table.code, table.edition)]
);

/** Which tariff an account is on, [valid_from, valid_to). */
export const accountTariff = pgTable(
	'account_tariff',
	{
		accountId: bigint('account_id', { mode: 'number' })
			.notNull()
			.references(() => account.id),
		tariffCode: text('tariff_code').notNull(),
		validFrom: date('valid_from').$type<LocalDate>().notNull(),
		validTo: date('valid_to').$type<LocalDate>()
	},
	(table) => [primaryKey({ columns: [table.accountId, table.validFrom] })]
);
