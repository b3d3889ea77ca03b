import { bigint, date, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { LocalDate } from '#lib/domain/kernel/civil-time.ts';
import { customer, servicePoint } from './identity.ts';

/** Where a demo customer's readings come from, and how far they are loaded. Empty outside the demo. */
export const demoFeed = pgTable('demo_feed', {
	servicePointId: bigint('service_point_id', { mode: 'number' })
		.primaryKey()
		.references(() => servicePoint.id),
	customerId: bigint('customer_id', { mode: 'number' })
		.notNull()
		.references(() => customer.id),
	sourceKey: text('source_key').notNull(),
	/** Whole weeks added to the source's dates when the demo was first loaded. */
	shiftWeeks: integer('shift_weeks').notNull(),
	loadedThrough: date('loaded_through').$type<LocalDate>().notNull(),
	/** Title, author, licence, address and changes, as shown to the customer. */
	attribution: jsonb().notNull()
});
