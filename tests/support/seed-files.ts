/** What a file holds: intervals, sum in Wh or varh and days of each series, in the order of the file. */
export type SeededSeries = readonly [channel: string, intervals: number, total: number, days: number];

export interface AcceptedFile {
	readonly file: string;
	readonly timeZone: string;
	readonly profile?: string;
	/** The file's meters, where it has several. */
	readonly meters?: readonly string[];
	readonly series: readonly SeededSeries[];
	readonly gaps?: number;
	readonly estimated?: number;
	readonly duplicates?: number;
	readonly ignored?: number;
	readonly registerReadings?: number;
}

export interface RefusedFile {
	readonly file: string;
	readonly profile?: string;
	readonly reason: string;
	readonly line?: number;
	readonly element?: string;
	readonly column?: number | string;
}

export const PACIFIC = 'America/Los_Angeles';
const EASTERN = 'America/New_York';
const NEM = 'Australia/Brisbane';

/** Sums of SOURCES.md; where it gives none, of the file's own values added up by another program. */
export const ACCEPTED: readonly AcceptedFile[] = [
	{
		file: 'greenbutton/energyos_Coastal_Multi_Family_12hr_2011_RC3.xml.gz',
		timeZone: PACIFIC,
		series: [['active_import', 8760, 4_425_305, 365]]
	},
	{
		file: 'greenbutton/energyos_Coastal_Multi_Family_Daily_2011_RC4.xml.gz',
		timeZone: PACIFIC,
		series: [['active_import', 8760, 4_425_305, 365]]
	},
	{
		file: 'greenbutton/energyos_Desert_Multi_Family_2011_RC6.xml.gz',
		timeZone: PACIFIC,
		series: [['active_import', 8760, 5_219_781, 365]]
	},
	{
		file: 'greenbutton/energyos_Inland_Multi_Family_2011_RC8.xml.gz',
		timeZone: PACIFIC,
		series: [['active_import', 8760, 4_800_263, 365]]
	},
	{
		file: 'greenbutton/energyos_TestGBDataHourlyNineDaysBinnedDaily.xml.gz',
		timeZone: EASTERN,
		series: [['active_import', 216, 199_563, 9]]
	},
	{
		file: 'greenbutton/espi_electric_containerized_abridged.xml',
		timeZone: PACIFIC,
		series: [['active_import', 8, 4_086, 1]],
		gaps: 8
	},
	{
		file: 'greenbutton/openespi_test_usage_data_11_dst_day_2012-03-11.xml',
		timeZone: EASTERN,
		series: [['active_import', 92, 109_403, 1]]
	},
	{
		file: 'greenbutton/openespi_test_usage_data_15min_2012-03.xml.gz',
		timeZone: EASTERN,
		series: [['active_import', 1340, 1_391_666, 14]],
		estimated: 1
	},
	// 5,520 readings, one of which repeats another; the day after the change of the clock has all its hours.
	{
		file: 'greenbutton/oroeco_history_393days_part_a.xml.gz',
		timeZone: PACIFIC,
		series: [['active_import', 5519, 2_872_120, 230]],
		duplicates: 1
	},

	{
		file: 'nem12/Example_NEM12_actual_interval.csv',
		timeZone: NEM,
		series: [
			['active_import', 48, 53_328, 1],
			['reactive_import', 48, 106_656, 1]
		]
	},
	// E2 is a second import register of the same NMI, and V1 a voltage.
	{
		file: 'nem12/Example_NEM12_different_interval_length.csv',
		timeZone: NEM,
		meters: ['C123', 'C123:E2'],
		series: [
			['active_import', 48, 254_000, 1],
			['active_import', 48, 120_000, 1]
		],
		ignored: 1
	},
	{
		file: 'nem12/Example_NEM12_month_solar.csv',
		timeZone: NEM,
		series: [
			['active_export', 8928, 589_172, 31],
			['active_import', 8928, 270_738, 31]
		]
	},
	{
		file: 'nem12/Example_NEM12_multiple_meters.csv',
		timeZone: NEM,
		meters: ['NCDE001111', 'NCDE001111:E2', 'NDDD001888'],
		series: [
			['active_import', 192, 1_920, 2],
			['active_export', 192, 1_920, 2],
			['reactive_import', 192, 9_600, 2],
			['active_import', 192, 19_200, 2],
			['active_export', 192, 3_840, 2],
			['reactive_export', 192, 9_600, 2]
		]
	},
	{
		file: 'nem12/Example_NEM12_multiple_quality.csv',
		timeZone: NEM,
		series: [['active_import', 48, 896_990, 1]],
		estimated: 44
	},
	{
		file: 'nem12/Example_NEM12_no_scheduled_read.csv',
		timeZone: NEM,
		series: [['active_import', 96, 5_840, 1]]
	},
	{ file: 'nem12/Example_NEM13_consumption_data.csv', timeZone: NEM, series: [], registerReadings: 1 },
	{ file: 'nem12/Example_NEM13_forward_estimate.csv', timeZone: NEM, series: [], registerReadings: 2 },
	{
		file: 'nem12/NEM12_Scenario07_ETSAMDP_NEMMCO.zip',
		timeZone: NEM,
		series: [
			['reactive_import', 192, 3_540_645, 4],
			['reactive_export', 192, 1_204_495, 4]
		],
		estimated: 48
	},
	{
		file: 'nem12/nem12_S02_INTEGM_NEMMCO.zip',
		timeZone: NEM,
		series: (['active_import', 'reactive_import', 'reactive_export', 'active_export'] as const).map(
			(channel) => [channel, 384, 576_000, 4]
		),
		estimated: 1536
	},

	{
		file: 'residential/ca_openmv_2011-11_2012-03_hourly_tou.csv.gz',
		profile: 'ca-openmv',
		timeZone: 'America/Toronto',
		series: [['active_import', 2712, 1_209_420, 114]]
	},
	// Each hour is rounded to a Wh; the source's sums are 9,711.8 kWh and 1,020.4 kvarh.
	{
		file: 'residential/fr_sceaux_uci235_2007_hourly.csv.gz',
		profile: 'fr-sceaux',
		timeZone: 'Europe/Paris',
		series: [
			['active_import', 8698, 9_712_230, 364],
			['reactive_import', 8698, 1_020_844, 364]
		],
		gaps: 124
	},
	{
		file: 'residential/uk_lcl_MAC000002_2012-10_2014-02_30min_raw.csv.gz',
		profile: 'uk-lcl',
		timeZone: 'Europe/London',
		series: [['active_import', 24_140, 6_095_672, 505]],
		gaps: 52,
		duplicates: 17
	},
	{
		file: 'residential/uk_opendsm_sample0_2020-2022_hourly_utc.csv.gz',
		profile: 'uk-opendsm',
		timeZone: 'Europe/London',
		series: [['active_import', 23_508, 3_789_626, 980]]
	},
	...(
		[
			['b01', 10_583_412],
			['b02', 9_353_654],
			['b05', 8_807_677],
			['b07', 7_856_380],
			['b12', 11_212_286]
		] as const
	).map(([house, total]): AcceptedFile => ({
		file: `residential/us_fontana_citylearn_${house}_2016-08_2017-07_hourly.csv.gz`,
		profile: 'fontana-citylearn',
		timeZone: PACIFIC,
		series: [['active_import', 8760, total, 365]]
	})),
	// 200 intervals are absent: 196 of lost days and hours, and the hour that came twice is there once.
	{
		file: 'residential/us_pge_D202_2016-11_2017-09_15min.csv.gz',
		profile: 'us-pge',
		timeZone: PACIFIC,
		series: [['active_import', 31_864, 4_042_480, 332]],
		gaps: 200,
		estimated: 39
	},

	{
		file: 'industrial/kr_steel_2018_15min.csv.gz',
		profile: 'kr-steel',
		timeZone: 'Asia/Seoul',
		series: [
			['active_import', 35_040, 959_636_710, 365],
			['reactive_import', 35_040, 456_759_840, 365],
			['reactive_export', 35_040, 135_638_040, 365]
		]
	},
	{
		file: 'commercial/us_bdg2_two_buildings_2016_hourly.csv.gz',
		profile: 'us-bdg2',
		timeZone: '-05:00',
		meters: ['building_1', 'building_2'],
		series: [
			['active_import', 6553, 1_396_657_011, 274],
			['active_import', 6553, 1_613_382_051, 274]
		]
	}
];

export const REFUSED: readonly RefusedFile[] = [
	{
		file: 'greenbutton/espi_gas_direct_abridged.xml',
		element: 'ServiceCategory',
		reason: 'not electricity: service kind 1 (gas)'
	},
	{
		file: 'greenbutton/gba_ApplicationInformation-Entry-Anonymized.xml',
		element: 'ApplicationInformation',
		reason: 'contains no interval readings'
	},
	{
		file: 'greenbutton/gba_Authorization-Entry-Anonymized.xml',
		element: 'Authorization',
		reason: 'contains no interval readings'
	},
	{
		file: 'greenbutton/gba_Customer-Subscription-Feed-Anonymized.xml',
		element: 'Customer',
		reason: 'contains no interval readings'
	},
	{
		file: 'greenbutton/gba_Multiple-Authorization-Feed-Anonymized.xml',
		element: 'Authorization',
		reason: 'contains no interval readings'
	},
	{
		file: 'greenbutton/gba_Usage-Subscription-Feed-Anonymized.xml',
		element: 'UsagePoint',
		reason: 'contains no interval readings'
	},
	{
		file: 'nem12/invalid_Example_NEM12_15min_200_30min_300.csv',
		line: 3,
		column: 51,
		reason: '48 values, but 15 minutes (record 200) make 96 a day'
	},
	{
		file: 'nem12/invalid_Example_NEM12_30min_200_15min_300.csv',
		line: 3,
		column: 51,
		reason: '96 values, but 30 minutes (record 200) make 48 a day'
	},
	{ file: 'nem12/invalid_Example_NEM12_empty.csv', reason: 'contains no interval readings' },
	{
		file: 'nem12/invalid_Example_NEM12_missing_header.csv',
		line: 2,
		column: 1,
		reason: 'record 200 before the header record 100'
	},
	{ file: 'nem12/invalid_Example_empty_file.csv', reason: 'the file is empty' },
	// The right file with the wrong profile.
	{
		file: 'residential/us_pge_D202_2016-11_2017-09_15min.csv.gz',
		profile: 'uk-lcl',
		line: 1,
		column: 'DateTime',
		reason: 'the file has no such column'
	},
	{
		file: 'residential/us_pge_D202_2016-11_2017-09_15min.csv.gz',
		line: 1,
		reason: 'neither Green Button XML nor NEM12'
	}
];
