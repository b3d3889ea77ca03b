ALTER TABLE "account" ADD COLUMN "reading_parity" text;--> statement-breakpoint
ALTER TABLE "account_service_point" ADD COLUMN "losses" jsonb;--> statement-breakpoint
UPDATE account SET reading_parity = 'even' WHERE reading_months = 2;--> statement-breakpoint
ALTER TABLE account ADD CONSTRAINT account_reading_cycle CHECK (reading_months = 1 AND reading_parity IS NULL
	OR reading_months = 2 AND reading_parity IN ('odd', 'even') AND reading_parity IS NOT NULL);
--> statement-breakpoint
DROP TRIGGER bill_total_is_sum_of_lines ON bill;--> statement-breakpoint
DROP TRIGGER bill_line_belongs_to_total ON bill_line;--> statement-breakpoint
DROP FUNCTION check_bill_total();--> statement-breakpoint
-- Checked when the transaction ends: a bill and its lines arrive one after the other.
CREATE FUNCTION check_bill_total() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lines_minor numeric;
BEGIN
	SELECT coalesce(sum(amount_minor), 0) INTO lines_minor FROM bill_line
		WHERE account_id = NEW.account_id AND bill_id = NEW.id;
	IF NEW.total_minor <> lines_minor THEN
		RAISE EXCEPTION 'bill total % is not the sum of its lines %', NEW.total_minor, lines_minor
			USING ERRCODE = 'check_violation';
	END IF;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER bill_total_is_sum_of_lines AFTER INSERT ON bill
	DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_bill_total();
--> statement-breakpoint
-- The lines of a bill arrive in one statement, and one check per statement holds for all of them.
CREATE FUNCTION check_bill_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
	SELECT b.total_minor, l.amount_minor INTO wrong
		FROM (SELECT DISTINCT account_id, bill_id FROM added) a
		JOIN bill b ON b.account_id = a.account_id AND b.id = a.bill_id
		CROSS JOIN LATERAL (SELECT sum(amount_minor) AS amount_minor FROM bill_line
			WHERE account_id = a.account_id AND bill_id = a.bill_id) l
		WHERE b.total_minor <> l.amount_minor LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'bill total % is not the sum of its lines %', wrong.total_minor, wrong.amount_minor
			USING ERRCODE = 'check_violation';
	END IF;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER bill_line_belongs_to_total AFTER INSERT ON bill_line REFERENCING NEW TABLE AS added
	FOR EACH STATEMENT EXECUTE FUNCTION check_bill_lines();
