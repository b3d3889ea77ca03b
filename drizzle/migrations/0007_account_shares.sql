CREATE TABLE "account_share" (
	"account_id" bigint NOT NULL,
	"id" text NOT NULL,
	"name" text,
	"percent_e4" integer,
	"wh_per_month" bigint,
	"tariff_code" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	CONSTRAINT "account_share_account_id_id_valid_from_pk" PRIMARY KEY("account_id","id","valid_from")
);
--> statement-breakpoint
ALTER TABLE "billing_terms" ADD COLUMN "missing_filling" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "account_share" ADD CONSTRAINT "account_share_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE billing_terms ADD CONSTRAINT billing_terms_missing_filling
	CHECK (missing_filling IN ('none', 'linear', 'like_days'));
--> statement-breakpoint
ALTER TABLE account_share ADD CONSTRAINT account_share_part CHECK (num_nonnulls(percent_e4, wh_per_month) = 1),
	ADD CONSTRAINT account_share_percent CHECK (percent_e4 > 0 AND percent_e4 <= 1000000),
	ADD CONSTRAINT account_share_quantity CHECK (wh_per_month > 0),
	ADD CONSTRAINT account_share_period CHECK (valid_from < valid_to),
	ADD CONSTRAINT account_share_once
		EXCLUDE USING gist (account_id WITH =, id WITH =, daterange(valid_from, valid_to) WITH &&);
