CREATE TABLE "bill" (
	"account_id" bigint NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "bill_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"bill_no" text NOT NULL,
	"state" text NOT NULL,
	"period_start" date NOT NULL,
	"period_end" date NOT NULL,
	"due_on" date NOT NULL,
	"currency" text NOT NULL,
	"total_minor" bigint NOT NULL,
	"energy_wh" bigint NOT NULL,
	"rests_on_incomplete_data" boolean NOT NULL,
	"snapshot" jsonb NOT NULL,
	"document" jsonb NOT NULL,
	"issued_at" timestamp with time zone NOT NULL,
	CONSTRAINT "bill_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
CREATE TABLE "bill_line" (
	"account_id" bigint NOT NULL,
	"bill_id" bigint NOT NULL,
	"line_no" integer NOT NULL,
	"reference" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"detail" jsonb NOT NULL,
	CONSTRAINT "bill_line_account_id_bill_id_line_no_pk" PRIMARY KEY("account_id","bill_id","line_no")
);
--> statement-breakpoint
CREATE TABLE "billing_terms" (
	"supply_area" text NOT NULL,
	"valid_from" date NOT NULL,
	"due_day" smallint NOT NULL,
	"min_days_to_pay" smallint NOT NULL,
	"remark" text NOT NULL,
	CONSTRAINT "billing_terms_supply_area_valid_from_pk" PRIMARY KEY("supply_area","valid_from")
);
--> statement-breakpoint
CREATE TABLE "demo_feed" (
	"service_point_id" bigint PRIMARY KEY NOT NULL,
	"customer_id" bigint NOT NULL,
	"source_key" text NOT NULL,
	"shift_weeks" integer NOT NULL,
	"loaded_through" date NOT NULL,
	"attribution" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "account" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "account_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"account_no" text NOT NULL,
	"customer_id" bigint NOT NULL,
	"customer_kind" text NOT NULL,
	"supply_area" text NOT NULL,
	"time_zone" text NOT NULL,
	"currency" text NOT NULL,
	"voltage" text NOT NULL,
	"contracted_capacity_va" bigint,
	"demand_basis" text NOT NULL,
	"contract_demand_w" bigint,
	"power_factor_standard" text,
	"address" text NOT NULL,
	"opened_on" date NOT NULL,
	"closed_on" date
);
--> statement-breakpoint
CREATE TABLE "account_service_point" (
	"account_id" bigint NOT NULL,
	"service_point_id" bigint NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	CONSTRAINT "account_service_point_account_id_service_point_id_valid_from_pk" PRIMARY KEY("account_id","service_point_id","valid_from")
);
--> statement-breakpoint
CREATE TABLE "credential" (
	"customer_id" bigint PRIMARY KEY NOT NULL,
	"password_hash" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "customer" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "customer_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"customer_no" text NOT NULL,
	"kind" text NOT NULL,
	"display_name" text NOT NULL,
	"phone" text,
	"email" text,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_limit" (
	"key" text PRIMARY KEY NOT NULL,
	"points" integer DEFAULT 0 NOT NULL,
	"expire" bigint
);
--> statement-breakpoint
CREATE TABLE "service_point" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "service_point_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"meter_no" text NOT NULL,
	"time_zone" text NOT NULL,
	"address" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "session" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" bigint NOT NULL,
	"user_agent" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "load_day" (
	"account_id" bigint NOT NULL,
	"service_point_id" bigint NOT NULL,
	"local_date" date NOT NULL,
	"channel" smallint NOT NULL,
	"interval_minutes" smallint NOT NULL,
	"version" integer NOT NULL,
	"import_id" bigint NOT NULL,
	"quantities" integer[] NOT NULL,
	"qualities" "bytea" NOT NULL,
	CONSTRAINT "load_day_account_id_service_point_id_channel_local_date_pk" PRIMARY KEY("account_id","service_point_id","channel","local_date")
);
--> statement-breakpoint
CREATE TABLE "load_day_history" (
	"account_id" bigint NOT NULL,
	"service_point_id" bigint NOT NULL,
	"local_date" date NOT NULL,
	"channel" smallint NOT NULL,
	"interval_minutes" smallint NOT NULL,
	"version" integer NOT NULL,
	"import_id" bigint NOT NULL,
	"quantities" integer[] NOT NULL,
	"qualities" "bytea" NOT NULL,
	CONSTRAINT "load_day_history_account_id_service_point_id_channel_local_date_version_pk" PRIMARY KEY("account_id","service_point_id","channel","local_date","version")
);
--> statement-breakpoint
CREATE TABLE "meter_import" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "meter_import_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"sha256" text NOT NULL,
	"profile" text NOT NULL,
	"file_name" text NOT NULL,
	"summary" jsonb NOT NULL,
	"imported_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "register_reading" (
	"account_id" bigint NOT NULL,
	"service_point_id" bigint NOT NULL,
	"register" text NOT NULL,
	"channel" smallint NOT NULL,
	"read_from" timestamp with time zone NOT NULL,
	"read_to" timestamp with time zone NOT NULL,
	"version" integer NOT NULL,
	"previous_reading" text NOT NULL,
	"current_reading" text NOT NULL,
	"quantity" bigint NOT NULL,
	"quality" smallint NOT NULL,
	"import_id" bigint NOT NULL,
	CONSTRAINT "register_reading_pk" PRIMARY KEY("account_id","service_point_id","register","channel","read_to")
);
--> statement-breakpoint
CREATE TABLE "register_reading_history" (
	"account_id" bigint NOT NULL,
	"service_point_id" bigint NOT NULL,
	"register" text NOT NULL,
	"channel" smallint NOT NULL,
	"read_from" timestamp with time zone NOT NULL,
	"read_to" timestamp with time zone NOT NULL,
	"version" integer NOT NULL,
	"previous_reading" text NOT NULL,
	"current_reading" text NOT NULL,
	"quantity" bigint NOT NULL,
	"quality" smallint NOT NULL,
	"import_id" bigint NOT NULL,
	CONSTRAINT "register_reading_history_pk" PRIMARY KEY("account_id","service_point_id","register","channel","read_to","version")
);
--> statement-breakpoint
CREATE TABLE "account_tariff" (
	"account_id" bigint NOT NULL,
	"tariff_code" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	CONSTRAINT "account_tariff_account_id_valid_from_pk" PRIMARY KEY("account_id","valid_from")
);
--> statement-breakpoint
CREATE TABLE "tariff_version" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tariff_version_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"code" text NOT NULL,
	"edition" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"document" jsonb NOT NULL,
	"sha256" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "bill" ADD CONSTRAINT "bill_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bill_line" ADD CONSTRAINT "bill_line_account_id_bill_id_bill_account_id_id_fk" FOREIGN KEY ("account_id","bill_id") REFERENCES "public"."bill"("account_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "demo_feed" ADD CONSTRAINT "demo_feed_service_point_id_service_point_id_fk" FOREIGN KEY ("service_point_id") REFERENCES "public"."service_point"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "demo_feed" ADD CONSTRAINT "demo_feed_customer_id_customer_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customer"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_customer_id_customer_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customer"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_service_point" ADD CONSTRAINT "account_service_point_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_service_point" ADD CONSTRAINT "account_service_point_service_point_id_service_point_id_fk" FOREIGN KEY ("service_point_id") REFERENCES "public"."service_point"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credential" ADD CONSTRAINT "credential_customer_id_customer_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customer"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_customer_id_customer_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customer"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "load_day_history" ADD CONSTRAINT "load_day_history_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "load_day_history" ADD CONSTRAINT "load_day_history_service_point_id_service_point_id_fk" FOREIGN KEY ("service_point_id") REFERENCES "public"."service_point"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "load_day_history" ADD CONSTRAINT "load_day_history_import_id_meter_import_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."meter_import"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "register_reading" ADD CONSTRAINT "register_reading_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "register_reading" ADD CONSTRAINT "register_reading_service_point_id_service_point_id_fk" FOREIGN KEY ("service_point_id") REFERENCES "public"."service_point"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "register_reading" ADD CONSTRAINT "register_reading_import_id_meter_import_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."meter_import"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "register_reading_history" ADD CONSTRAINT "register_reading_history_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "register_reading_history" ADD CONSTRAINT "register_reading_history_service_point_id_service_point_id_fk" FOREIGN KEY ("service_point_id") REFERENCES "public"."service_point"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "register_reading_history" ADD CONSTRAINT "register_reading_history_import_id_meter_import_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."meter_import"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_tariff" ADD CONSTRAINT "account_tariff_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "bill_once_per_period" ON "bill" USING btree ("account_id","period_start") WHERE state = 'issued';--> statement-breakpoint
CREATE UNIQUE INDEX "bill_no_unique" ON "bill" USING btree ("account_id","bill_no");--> statement-breakpoint
CREATE UNIQUE INDEX "account_no_unique" ON "account" USING btree ("account_no");--> statement-breakpoint
CREATE INDEX "account_customer" ON "account" USING btree ("customer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "customer_no_unique" ON "customer" USING btree ("customer_no");--> statement-breakpoint
CREATE UNIQUE INDEX "customer_phone_unique" ON "customer" USING btree ("phone");--> statement-breakpoint
CREATE UNIQUE INDEX "customer_email_unique" ON "customer" USING btree ("email");--> statement-breakpoint
CREATE UNIQUE INDEX "service_point_meter_no_unique" ON "service_point" USING btree ("meter_no");--> statement-breakpoint
CREATE INDEX "session_customer" ON "session" USING btree ("customer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "meter_import_once" ON "meter_import" USING btree ("sha256","profile");--> statement-breakpoint
CREATE UNIQUE INDEX "tariff_version_edition" ON "tariff_version" USING btree ("code","edition");