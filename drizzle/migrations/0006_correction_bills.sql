CREATE TABLE "bill_event" (
	"account_id" bigint NOT NULL,
	"bill_id" bigint NOT NULL,
	"from_state" text,
	"to_state" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_purpose" text,
	"reason" text NOT NULL,
	"remark" text,
	CONSTRAINT "bill_event_account_id_bill_id_to_state_pk" PRIMARY KEY("account_id","bill_id","to_state")
);
--> statement-breakpoint
ALTER TABLE "bill" ALTER COLUMN "due_on" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "bill" ALTER COLUMN "issued_at" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "bill" ADD COLUMN "corrects_bill_id" bigint;--> statement-breakpoint
ALTER TABLE "bill_event" ADD CONSTRAINT "bill_event_account_id_bill_id_bill_account_id_id_fk" FOREIGN KEY ("account_id","bill_id") REFERENCES "public"."bill"("account_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bill" ADD CONSTRAINT "bill_account_id_corrects_bill_id_bill_account_id_id_fk" FOREIGN KEY ("account_id","corrects_bill_id") REFERENCES "public"."bill"("account_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "bill_drafted_once_per_period" ON "bill" USING btree ("account_id","period_start") WHERE state = 'draft';--> statement-breakpoint
ALTER TABLE bill ADD CONSTRAINT bill_dates CHECK (
	(issued_at IS NULL) = (due_on IS NULL)
	AND CASE state WHEN 'draft' THEN issued_at IS NULL WHEN 'cancelled' THEN true ELSE issued_at IS NOT NULL END
);--> statement-breakpoint
-- The content of a bill never changes; only a draft that is issued gets its dates.
CREATE OR REPLACE FUNCTION refuse_bill_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	changing text[] := CASE WHEN OLD.state = 'draft' AND NEW.state = 'issued'
		THEN ARRAY['state', 'issued_at', 'due_on'] ELSE ARRAY['state'] END;
BEGIN
	IF to_jsonb(NEW) - changing IS DISTINCT FROM to_jsonb(OLD) - changing THEN
		RAISE EXCEPTION 'bill is append-only: UPDATE refused' USING ERRCODE = 'restrict_violation';
	END IF;
	IF (OLD.state, NEW.state) NOT IN
		(('draft', 'issued'), ('draft', 'cancelled'), ('issued', 'corrected'), ('issued', 'cancelled')) THEN
		RAISE EXCEPTION 'a bill that is % cannot become %', OLD.state, NEW.state
			USING ERRCODE = 'restrict_violation';
	END IF;
	RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER bill_begins_as_draft_or_issued BEFORE INSERT ON bill FOR EACH ROW
	WHEN (NEW.state NOT IN ('draft', 'issued')) EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER bill_event_is_immutable BEFORE UPDATE OR DELETE ON bill_event
	FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER bill_event_is_never_truncated BEFORE TRUNCATE ON bill_event EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- Checked when the transaction ends: a change of state and its entry arrive one after the other.
CREATE FUNCTION check_bill_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM bill_event e WHERE e.account_id = NEW.account_id AND e.bill_id = NEW.id
		AND e.from_state = OLD.state AND e.to_state = NEW.state) THEN
		RAISE EXCEPTION 'bill % became % without an entry in bill_event', NEW.bill_no, NEW.state
			USING ERRCODE = 'check_violation';
	END IF;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER bill_change_is_recorded AFTER UPDATE ON bill
	DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_bill_event();
