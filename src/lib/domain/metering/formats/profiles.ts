import { AppError } from '#lib/domain/kernel/app-error.ts';
import { csvProfileSchema, type CsvProfile, type CsvProfileInput } from './csv-profile.ts';

/** A house load of the CityLearn data: clock hours without daylight saving; PV output is not in it. */
const FONTANA: CsvProfileInput = {
	name: 'fontana-citylearn',
	title: 'CityLearn Challenge 2022, houses in Fontana: hourly load before PV',
	time: { columns: ['start_nominal'], pattern: 'YYYY-MM-DD HH:mm', label: 'start', clock: '-08:00' },
	intervalMinutes: 60,
	source: { id: 'fontana' },
	series: [{ channel: 'active_import', column: 'load_kwh', unit: 'kWh' }]
};

const SHIPPED: readonly CsvProfileInput[] = [
	{
		name: 'kr-steel',
		title: 'UCI 851, DAEWOO Steel Gwangyang 2018: active, lagging and leading reactive energy, 15 minutes',
		// Labels are interval ends, but 23:45 to 24:00 is written "same day 00:00", after 23:45 in the file.
		time: {
			columns: ['date'],
			pattern: 'DD-MM-YYYY HH:mm',
			label: 'end',
			midnight: 'ends_date',
			clock: 'Asia/Seoul'
		},
		intervalMinutes: 15,
		source: { id: 'steel' },
		series: [
			{ channel: 'active_import', column: 'Usage_kWh', unit: 'kWh' },
			{ channel: 'reactive_import', column: 'Lagging_Current_Reactive.Power_kVarh', unit: 'kvarh' },
			{ channel: 'reactive_export', column: 'Leading_Current_Reactive_Power_kVarh', unit: 'kvarh' }
		]
	},
	{
		name: 'us-bdg2',
		title: 'Building Data Genome Project 2, two buildings 2016, hourly',
		// No hour of the daylight-saving changes is missing or double: standard time, taken as UTC-5.
		time: { columns: ['timestamp'], pattern: 'YYYY-MM-DD HH:mm:ss', label: 'start', clock: '-05:00' },
		intervalMinutes: 60,
		source: { id: 'bdg2' },
		series: [
			{ channel: 'active_import', column: 'building_1', unit: 'kWh', sourceId: 'building_1' },
			{ channel: 'active_import', column: 'building_2', unit: 'kWh', sourceId: 'building_2' }
		]
	},
	{
		name: 'us-pge',
		title: "PG&E's own download of a household, 15 minutes, wall clock with daylight saving",
		time: { columns: ['DATE', 'START TIME'], pattern: 'M/D/YY H:mm', label: 'start' },
		intervalMinutes: 15,
		source: { id: 'D202' },
		series: [{ channel: 'active_import', column: 'USAGE', unit: 'kWh' }],
		estimated: { column: 'NOTES', matches: 'estimated' },
		only: { column: 'TYPE', equals: 'Electric usage' }
	},
	{
		name: 'uk-lcl',
		title: 'Low Carbon London, raw household readings, 30 minutes, GMT all year',
		// The publisher does not say what the label names; its tariff file of the same trial labels starts.
		time: { columns: ['DateTime'], pattern: 'YYYY-MM-DD HH:mm:ss.S', label: 'start', clock: 'UTC' },
		intervalMinutes: 30,
		source: { column: 'LCLid' },
		series: [{ channel: 'active_import', column: 'KWH/hh (per half hour)', unit: 'kWh' }],
		missing: ['', 'Null'],
		offGrid: 'drop_if_missing'
	},
	{
		name: 'uk-opendsm',
		title: 'OpenDSM sample household, hourly, labels with their offset from UTC',
		time: { columns: ['start'], pattern: 'YYYY-MM-DD HH:mm:ssZZ', label: 'start', clock: 'label' },
		intervalMinutes: 60,
		source: { id: 'sample0' },
		series: [{ channel: 'active_import', column: 'value', unit: 'kWh' }]
	},
	{
		name: 'fr-sceaux',
		title:
			'UCI 235, household near Paris 2007, hourly active and reactive energy; hours without data are empty',
		// 24 rows every day of the year: the source keeps winter time.
		time: { columns: ['start_local'], pattern: 'YYYY-MM-DD HH:mm', label: 'start', clock: '+01:00' },
		intervalMinutes: 60,
		source: { id: 'sceaux' },
		series: [
			{ channel: 'active_import', column: 'kwh', unit: 'kWh' },
			{ channel: 'reactive_import', column: 'kvarh', unit: 'kvarh' }
		]
	},
	{
		name: 'ca-openmv',
		title: 'openmv.net, household in Ontario, hourly, wall clock with daylight saving',
		time: {
			columns: ['DateTime'],
			pattern: 'MM/DD/YYYY HH:mm:ss',
			label: 'end',
			midnight: 'ends_date'
		},
		intervalMinutes: 60,
		source: { id: 'openmv' },
		series: [{ channel: 'active_import', column: 'Consumption kWh', unit: 'kWh' }]
	},
	FONTANA
];

/** The profiles that come with the portal, by name. */
export const CSV_PROFILES: ReadonlyMap<string, CsvProfile> = new Map(
	SHIPPED.map((input) => [input.name, csvProfileSchema.parse(input)])
);

/** @throws AppError VALIDATION_FAILED naming the profiles that there are */
export function csvProfile(name: string): CsvProfile {
	const profile = CSV_PROFILES.get(name);
	if (profile === undefined) {
		const known = [...CSV_PROFILES.keys()].join(', ');
		throw new AppError('VALIDATION_FAILED', `there is no profile "${name}"; there are: ${known}`, {
			profile: name
		});
	}
	return profile;
}

/**
 * A profile from an operator's own JSON.
 * @throws AppError VALIDATION_FAILED naming the first field that is wrong
 */
export function parseCsvProfile(json: unknown): CsvProfile {
	const parsed = csvProfileSchema.safeParse(json);
	if (parsed.success) return parsed.data;
	const issue = parsed.error.issues[0];
	const field = issue?.path.join('.') ?? '';
	throw new AppError('VALIDATION_FAILED', `profile, ${field}: ${issue?.message}`, { field });
}
