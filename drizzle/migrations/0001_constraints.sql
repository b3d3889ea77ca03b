CREATE EXTENSION IF NOT EXISTS btree_gist;
--> statement-breakpoint
ALTER TABLE account_service_point ADD CONSTRAINT account_service_point_one_account
	EXCLUDE USING gist (service_point_id WITH =, daterange(valid_from, valid_to) WITH &&);
--> statement-breakpoint
ALTER TABLE account_tariff ADD CONSTRAINT account_tariff_one_at_a_time
	EXCLUDE USING gist (account_id WITH =, daterange(valid_from, valid_to) WITH &&);
--> statement-breakpoint
ALTER TABLE tariff_version ADD CONSTRAINT tariff_version_no_overlap
	EXCLUDE USING gist (code WITH =, daterange(valid_from, valid_to) WITH &&);
--> statement-breakpoint
ALTER TABLE load_day ADD CONSTRAINT load_day_interval CHECK (interval_minutes IN (5, 10, 15, 30, 60)),
	ADD CONSTRAINT load_day_qualities CHECK (length(qualities) IN (1, cardinality(quantities)));
