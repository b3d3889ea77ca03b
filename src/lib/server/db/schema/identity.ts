import {
	bigint,
	boolean,
	date,
	index,
	integer,
	jsonb,
	pgTable,
	primaryKey,
	smallint,
	text,
	timestamp,
	uniqueIndex
} from 'drizzle-orm/pg-core';
import {
	CUSTOMER_KINDS,
	DEMAND_BASES,
	READING_PARITIES,
	VOLTAGE_CLASSES,
	type LargeHousehold
} from '#lib/domain/identity/account.ts';
import type { Currency } from '#lib/domain/kernel/money.ts';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { LossRule } from '#lib/domain/rating/types.ts';

export const customer = pgTable(
	'customer',
	{
		id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
		customerNo: text('customer_no').notNull(),
		kind: text({ enum: CUSTOMER_KINDS }).notNull(),
		displayName: text('display_name').notNull(),
		phone: text(),
		email: text(),
		createdAt: timestamp('created_at', { withTimezone: true }).notNull()
	},
	(table) => [
		uniqueIndex('customer_no_unique').on(table.customerNo),
		uniqueIndex('customer_phone_unique').on(table.phone),
		uniqueIndex('customer_email_unique').on(table.email)
	]
);

export const credential = pgTable('credential', {
	customerId: bigint('customer_id', { mode: 'number' })
		.primaryKey()
		.references(() => customer.id),
	passwordHash: text('password_hash').notNull(),
	changedAt: timestamp('changed_at', { withTimezone: true }).notNull()
});

/** A signed-in device. The cookie carries the session's secret; only its SHA-256 is kept. */
export const session = pgTable(
	'session',
	{
		id: text().primaryKey(),
		customerId: bigint('customer_id', { mode: 'number' })
			.notNull()
			.references(() => customer.id),
		userAgent: text('user_agent').notNull(),
		createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
		lastSeenAt: timestamp('last_seen_at', { withTimezone: true }).notNull(),
		expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
		revokedAt: timestamp('revoked_at', { withTimezone: true })
	},
	(table) => [index('session_customer').on(table.customerId)]
);

/** Counters of `rate-limiter-flexible`; its own column names. */
export const rateLimit = pgTable('rate_limit', {
	key: text().primaryKey(),
	points: integer().notNull().default(0),
	expire: bigint({ mode: 'number' })
});

export const account = pgTable(
	'account',
	{
		id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
		accountNo: text('account_no').notNull(),
		customerId: bigint('customer_id', { mode: 'number' })
			.notNull()
			.references(() => customer.id),
		customerKind: text('customer_kind', { enum: CUSTOMER_KINDS }).notNull(),
		supplyArea: text('supply_area').notNull(),
		timeZone: text('time_zone').notNull(),
		currency: text().$type<Currency>().notNull(),
		voltage: text({ enum: VOLTAGE_CLASSES }).notNull(),
		contractedCapacityVa: bigint('contracted_capacity_va', { mode: 'number' }),
		demandBasis: text('demand_basis', { enum: DEMAND_BASES }).notNull(),
		contractDemandW: bigint('contract_demand_w', { mode: 'number' }),
		powerFactorStandard: text('power_factor_standard'),
		largeHousehold: jsonb('large_household').$type<LargeHousehold>(),
		lowIncome: boolean('low_income').notNull().default(false),
		readingMonths: smallint('reading_months').$type<1 | 2>().notNull().default(1),
		readingParity: text('reading_parity', { enum: READING_PARITIES }),
		contractsW: jsonb('contracts_w').$type<Record<string, number>>().notNull().default({}),
		address: text().notNull(),
		openedOn: date('opened_on').$type<LocalDate>().notNull(),
		closedOn: date('closed_on').$type<LocalDate>()
	},
	(table) => [
		uniqueIndex('account_no_unique').on(table.accountNo),
		index('account_customer').on(table.customerId)
	]
);

/** A place with a meter. It outlives the accounts that it is supplied under. */
export const servicePoint = pgTable(
	'service_point',
	{
		id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
		meterNo: text('meter_no').notNull(),
		timeZone: text('time_zone').notNull(),
		address: text().notNull()
	},
	(table) => [uniqueIndex('service_point_meter_no_unique').on(table.meterNo)]
);

/** Which account a service point is supplied under, [valid_from, valid_to), and what is lost between the two. */
export const accountServicePoint = pgTable(
	'account_service_point',
	{
		accountId: bigint('account_id', { mode: 'number' })
			.notNull()
			.references(() => account.id),
		servicePointId: bigint('service_point_id', { mode: 'number' })
			.notNull()
			.references(() => servicePoint.id),
		validFrom: date('valid_from').$type<LocalDate>().notNull(),
		validTo: date('valid_to').$type<LocalDate>(),
		/** Null where the meter stands at the boundary of ownership. */
		losses: jsonb().$type<LossRule>()
	},
	(table) => [primaryKey({ columns: [table.accountId, table.servicePointId, table.validFrom] })]
);
