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
--> statement-breakpoint
ALTER TABLE bill ADD CONSTRAINT bill_period CHECK (period_start < period_end);
--> statement-breakpoint
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
-- An issued bill can change its state and nothing else.
CREATE FUNCTION refuse_bill_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF to_jsonb(NEW) - 'state' IS DISTINCT FROM to_jsonb(OLD) - 'state' THEN
		RAISE EXCEPTION 'bill is append-only: UPDATE refused' USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER bill_keeps_its_content BEFORE UPDATE ON bill FOR EACH ROW EXECUTE FUNCTION refuse_bill_change();
--> statement-breakpoint
CREATE TRIGGER bill_is_never_deleted BEFORE DELETE ON bill FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER bill_line_is_immutable BEFORE UPDATE OR DELETE ON bill_line
	FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER bill_is_never_truncated BEFORE TRUNCATE ON bill EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER bill_line_is_never_truncated BEFORE TRUNCATE ON bill_line EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER tariff_version_is_immutable BEFORE UPDATE OR DELETE ON tariff_version
	FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- Checked when the transaction ends: a bill and its lines arrive one after the other.
CREATE FUNCTION check_bill_total() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bill_key bigint; bill_minor bigint; lines_minor numeric;
BEGIN
	bill_key := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
	SELECT total_minor INTO bill_minor FROM bill WHERE account_id = NEW.account_id AND id = bill_key;
	SELECT coalesce(sum(amount_minor), 0) INTO lines_minor FROM bill_line
		WHERE account_id = NEW.account_id AND bill_id = bill_key;
	IF bill_minor IS DISTINCT FROM lines_minor THEN
		RAISE EXCEPTION 'bill total % is not the sum of its lines %', bill_minor, lines_minor
			USING ERRCODE = 'check_violation';
	END IF;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER bill_total_is_sum_of_lines AFTER INSERT ON bill
	DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_bill_total('id');
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER bill_line_belongs_to_total AFTER INSERT ON bill_line
	DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_bill_total('bill_id');
--> statement-breakpoint
CREATE FUNCTION check_load_day_owner() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	stray record;
BEGIN
	SELECT a.service_point_id, a.local_date INTO stray FROM added a
		WHERE NOT EXISTS (SELECT FROM account_service_point s
			WHERE s.account_id = a.account_id AND s.service_point_id = a.service_point_id
				AND s.valid_from <= a.local_date AND (s.valid_to IS NULL OR a.local_date < s.valid_to))
			OR NOT EXISTS (SELECT FROM meter_import i WHERE i.id = a.import_id)
		LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'load_day: service point % is not supplied under that account on %, or the import is unknown',
			stray.service_point_id, stray.local_date USING ERRCODE = 'foreign_key_violation';
	END IF;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER load_day_owner AFTER INSERT ON load_day REFERENCING NEW TABLE AS added
	FOR EACH STATEMENT EXECUTE FUNCTION check_load_day_owner();
