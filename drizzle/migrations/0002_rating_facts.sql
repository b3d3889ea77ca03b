ALTER TABLE "account" ADD COLUMN "large_household" jsonb;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "low_income" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "reading_months" smallint DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "contracts_w" jsonb DEFAULT '{}'::jsonb NOT NULL;