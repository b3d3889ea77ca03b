import {
	bigint,
	customType,
	date,
	foreignKey,
	integer,
	jsonb,
	pgTable,
	primaryKey,
	smallint,
	text,
	timestamp,
	uniqueIndex
} from 'drizzle-orm/pg-core';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { account, servicePoint } from './identity.ts';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** A file of meter data that was taken in whole. The same bytes with the same profile are taken once. */
export const meterImport = pgTable(
	'meter_import',
	{
		id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
		sha256: text().notNull(),
		/** Format and options that the meaning of the bytes depends on. */
		profile: text().notNull(),
		fileName: text('file_name').notNull(),
		summary: jsonb().notNull(),
		importedAt: timestamp('imported_at', { withTimezone: true }).notNull()
	},
	(table) => [uniqueIndex('meter_import_once').on(table.sha256, table.profile)]
);

/**
 * A day belongs to the account that its service point was supplied under on that date. One check per statement
 * holds that (the trigger `load_day_owner` in 0001_constraints.sql): foreign keys would be checked row by row,
 * three times a day of each meter.
 */
const dayColumns = {
	accountId: bigint('account_id', { mode: 'number' }).notNull(),
	servicePointId: bigint('service_point_id', { mode: 'number' }).notNull(),
	localDate: date('local_date').$type<LocalDate>().notNull(),
	/** Code of the channel: its place in `CHANNELS`, counted from 1. */
	channel: smallint().notNull(),
	intervalMinutes: smallint('interval_minutes').notNull(),
	version: integer().notNull(),
	importId: bigint('import_id', { mode: 'number' }).notNull(),
	/** Wh or varh per interval, NULL where missing. */
	quantities: integer().array().notNull(),
	/** One quality code for the whole day, or one per interval. */
	qualities: bytea().notNull()
};

/** The valid version of each day: a day's curve is one look-up in the primary key. */
export const loadDay = pgTable('load_day', dayColumns, (table) => [
	primaryKey({ columns: [table.accountId, table.servicePointId, table.channel, table.localDate] })
]);

/** Versions that a correction replaced: what was billed stays reproducible. */
export const loadDayHistory = pgTable('load_day_history', dayColumns, (table) => [
	primaryKey({
		columns: [table.accountId, table.servicePointId, table.channel, table.localDate, table.version]
	}),
	foreignKey({ columns: [table.accountId], foreignColumns: [account.id] }),
	foreignKey({ columns: [table.servicePointId], foreignColumns: [servicePoint.id] }),
	foreignKey({ columns: [table.importId], foreignColumns: [meterImport.id] })
]);

const registerColumns = {
	accountId: bigint('account_id', { mode: 'number' })
		.notNull()
		.references(() => account.id),
	servicePointId: bigint('service_point_id', { mode: 'number' })
		.notNull()
		.references(() => servicePoint.id),
	register: text().notNull(),
	channel: smallint().notNull(),
	readFrom: timestamp('read_from', { withTimezone: true }).notNull(),
	readTo: timestamp('read_to', { withTimezone: true }).notNull(),
	version: integer().notNull(),
	previousReading: text('previous_reading').notNull(),
	currentReading: text('current_reading').notNull(),
	/** Wh or varh. */
	quantity: bigint({ mode: 'number' }).notNull(),
	quality: smallint().notNull(),
	importId: bigint('import_id', { mode: 'number' })
		.notNull()
		.references(() => meterImport.id)
};

/** Register readings (cumulative meters, e.g. NEM13): a quantity between two readings; the valid version. */
export const registerReading = pgTable('register_reading', registerColumns, (table) => [
	primaryKey({
		name: 'register_reading_pk',
		columns: [table.accountId, table.servicePointId, table.register, table.channel, table.readTo]
	})
]);

/** Register readings that a correction replaced. */
export const registerReadingHistory = pgTable('register_reading_history', registerColumns, (table) => [
	primaryKey({
		name: 'register_reading_history_pk',
		columns: [
			table.accountId,
			table.servicePointId,
			table.register,
			table.channel,
			table.readTo,
			table.version
		]
	})
]);
