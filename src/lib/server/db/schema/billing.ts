import {
	bigint,
	boolean,
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
import { sql } from 'drizzle-orm';
import { BILL_STATES, type BillEventReason } from '#lib/domain/billing/bill-state.ts';
import type { Actor } from '#lib/domain/identity/actor.ts';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { Currency } from '#lib/domain/kernel/money.ts';
import { FILLING_METHODS } from '#lib/domain/metering/filling.ts';
import { account } from './identity.ts';

/** How a supply area is billed from a date on: settings of the operator. */
export const billingTerms = pgTable(
	'billing_terms',
	{
		supplyArea: text('supply_area').notNull(),
		validFrom: date('valid_from').$type<LocalDate>().notNull(),
		/** Day of the month after the billed one. */
		dueDay: smallint('due_day').notNull(),
		minDaysToPay: smallint('min_days_to_pay').notNull(),
		/** How missing intervals are filled before they are billed. */
		missingFilling: text('missing_filling', { enum: FILLING_METHODS }).notNull().default('none'),
		remark: text().notNull()
	},
	(table) => [primaryKey({ columns: [table.supplyArea, table.validFrom] })]
);

/**
 * A bill for [period_start, period_end). The database refuses to delete one or to change its content; its state
 * changes as `bill-state.ts` allows, each time with an entry in `bill_event`.
 */
export const bill = pgTable(
	'bill',
	{
		accountId: bigint('account_id', { mode: 'number' })
			.notNull()
			.references(() => account.id),
		id: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
		billNo: text('bill_no').notNull(),
		state: text({ enum: BILL_STATES }).notNull(),
		periodStart: date('period_start').$type<LocalDate>().notNull(),
		periodEnd: date('period_end').$type<LocalDate>().notNull(),
		/** The bill of the same period that this one takes the place of. */
		correctsBillId: bigint('corrects_bill_id', { mode: 'number' }),
		/** Null until the bill is issued. */
		dueOn: date('due_on').$type<LocalDate>(),
		currency: text().$type<Currency>().notNull(),
		totalMinor: bigint('total_minor', { mode: 'bigint' }).notNull(),
		energyWh: bigint('energy_wh', { mode: 'number' }).notNull(),
		/** Whether active energy was missing or estimated somewhere. */
		restsOnIncompleteData: boolean('rests_on_incomplete_data').notNull(),
		/** What the rating rested on: account facts, tariff versions, load-day versions, carried state. */
		snapshot: jsonb().notNull(),
		/** Everything the bill page shows beside its lines. */
		document: jsonb().notNull(),
		/** Null until the bill is issued; a draft that was cancelled never gets one. */
		issuedAt: timestamp('issued_at', { withTimezone: true })
	},
	(table) => [
		primaryKey({ columns: [table.accountId, table.id] }),
		foreignKey({
			columns: [table.accountId, table.correctsBillId],
			foreignColumns: [table.accountId, table.id]
		}),
		uniqueIndex('bill_once_per_period')
			.on(table.accountId, table.periodStart)
			.where(sql`state = 'issued'`),
		uniqueIndex('bill_drafted_once_per_period')
			.on(table.accountId, table.periodStart)
			.where(sql`state = 'draft'`),
		uniqueIndex('bill_no_unique').on(table.accountId, table.billNo)
	]
);

/** Lines in printed order; each rounded once, their sum is the bill's total. */
export const billLine = pgTable(
	'bill_line',
	{
		accountId: bigint('account_id', { mode: 'number' }).notNull(),
		billId: bigint('bill_id', { mode: 'number' }).notNull(),
		lineNo: integer('line_no').notNull(),
		/** Stable reference of the line, e.g. "energy.purchase.peak". */
		reference: text().notNull(),
		amountMinor: bigint('amount_minor', { mode: 'bigint' }).notNull(),
		/** The explained line as the rating engine gave it. */
		detail: jsonb().notNull()
	},
	(table) => [
		primaryKey({ columns: [table.accountId, table.billId, table.lineNo] }),
		foreignKey({ columns: [table.accountId, table.billId], foreignColumns: [bill.accountId, bill.id] })
	]
);

/**
 * How bills came by their states: every change of state, and the making of drafts and corrections. A bill of a
 * bill run is made as issued, as its own date tells. A state is entered once at most, so it is part of the key.
 */
export const billEvent = pgTable(
	'bill_event',
	{
		accountId: bigint('account_id', { mode: 'number' }).notNull(),
		billId: bigint('bill_id', { mode: 'number' }).notNull(),
		/** Null where the bill was made. */
		fromState: text('from_state', { enum: BILL_STATES }),
		toState: text('to_state', { enum: BILL_STATES }).notNull(),
		at: timestamp({ withTimezone: true }).notNull(),
		actorKind: text('actor_kind').$type<Actor['kind']>().notNull(),
		/** Of the system: which command. */
		actorPurpose: text('actor_purpose'),
		reason: text().$type<BillEventReason>().notNull(),
		/** The operator's own words. */
		remark: text()
	},
	(table) => [
		primaryKey({ columns: [table.accountId, table.billId, table.toState] }),
		foreignKey({ columns: [table.accountId, table.billId], foreignColumns: [bill.accountId, bill.id] })
	]
);
