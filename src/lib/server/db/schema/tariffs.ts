import {
	bigint,
	date,
	integer,
	jsonb,
	pgTable,
	primaryKey,
	text,
	timestamp,
	uniqueIndex
} from 'drizzle-orm/pg-core';
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

/** 定比定量表: a part of the account's energy that is under another tariff, [valid_from, valid_to). */
export const accountShare = pgTable(
	'account_share',
	{
		accountId: bigint('account_id', { mode: 'number' })
			.notNull()
			.references(() => account.id),
		/** Part of the references of its lines. */
		id: text().notNull(),
		/** As the customer knows it. */
		name: text(),
		/** Either a percentage of what was metered, times 10,000, or so much a month. */
		percentE4: integer('percent_e4'),
		whPerMonth: bigint('wh_per_month', { mode: 'number' }),
		tariffCode: text('tariff_code').notNull(),
		validFrom: date('valid_from').$type<LocalDate>().notNull(),
		validTo: date('valid_to').$type<LocalDate>()
	},
	(table) => [primaryKey({ columns: [table.accountId, table.id, table.validFrom] })]
);
