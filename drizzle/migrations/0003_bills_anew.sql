-- Bills of development, before the first release, name other facts than those of today. They are issued anew.
ALTER TABLE bill DISABLE TRIGGER bill_is_never_truncated;--> statement-breakpoint
ALTER TABLE bill_line DISABLE TRIGGER bill_line_is_never_truncated;--> statement-breakpoint
TRUNCATE bill, bill_line;--> statement-breakpoint
ALTER TABLE bill ENABLE TRIGGER bill_is_never_truncated;--> statement-breakpoint
ALTER TABLE bill_line ENABLE TRIGGER bill_line_is_never_truncated;
