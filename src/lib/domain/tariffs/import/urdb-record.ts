import { z } from 'zod';

const figure = z.number();
const schedule = z.array(z.array(z.int().min(0)).length(24)).length(12);
const byMonth = z.array(figure).length(12);
const step = z.object({
	rate: figure.optional(),
	adj: figure.optional(),
	sell: figure.optional(),
	max: figure.optional(),
	unit: z.string().optional()
});
const structure = z.array(z.array(step).min(1)).min(1);
const perUnit = z.enum(['$/month', '$/day', '$/year']);
const optionalText = z.string().optional();

/** The fields of a URDB record that decide a bill; others (revisions, approval, …) are ignored. */
export const urdbRecord = z.object({
	label: optionalText,
	uri: optionalText,
	name: optionalText,
	utility: optionalText,
	sector: optionalText,
	source: optionalText,
	description: optionalText,
	basicinformationcomments: optionalText,
	energycomments: optionalText,
	demandcomments: optionalText,
	startdate: figure.optional(),
	enddate: figure.optional(),
	energyratestructure: structure.optional(),
	energyweekdayschedule: schedule.optional(),
	energyweekendschedule: schedule.optional(),
	fueladjustmentsmonthly: byMonth.optional(),
	flatdemandstructure: structure.optional(),
	flatdemandmonths: z.array(z.int().min(0)).length(12).optional(),
	flatdemandunit: optionalText,
	demandratestructure: structure.optional(),
	demandweekdayschedule: schedule.optional(),
	demandweekendschedule: schedule.optional(),
	demandrateunit: optionalText,
	demandwindow: figure.optional(),
	demandratchetpercentage: z.array(figure).optional(),
	demandreactivepowercharge: figure.optional(),
	lookbackpercent: figure.optional(),
	lookbackmonths: z.array(figure).optional(),
	coincidentratestructure: structure.optional(),
	fixedmonthlycharge: figure.optional(),
	fixedchargefirstmeter: figure.optional(),
	fixedchargeunits: perUnit.optional(),
	fixedchargeeaaddl: figure.optional(),
	minmonthlycharge: figure.optional(),
	mincharge: figure.optional(),
	minchargeunits: perUnit.optional(),
	annualmincharge: figure.optional(),
	dgrules: optionalText,
	usenetmetering: z.boolean().optional()
});
export type UrdbRecord = z.output<typeof urdbRecord>;
