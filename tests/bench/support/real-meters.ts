import { USUAL_FACTS } from '#lib/domain/identity/account.ts';
import path from 'node:path';
import { localDate } from '#lib/domain/kernel/civil-time.ts';
import type { App } from '#lib/server/app.ts';
import { addSupply } from '#lib/server/identity/index.ts';
import { csvProfile } from '#lib/domain/metering/formats/index.ts';
import { importFile, openImportFile } from '#lib/server/metering/index.ts';

const DATA_DIR = path.resolve(import.meta.dirname, '../../../drizzle/seed/data');

/** A file of real readings with the profile that reads it. */
export interface RealMeter {
	readonly file: string;
	readonly profile: string;
	readonly timeZone: string;
}

export const QUARTER_HOUR_METERS: readonly RealMeter[] = [
	{ file: 'industrial/kr_steel_2018_15min.csv.gz', profile: 'kr-steel', timeZone: 'Asia/Seoul' },
	{
		file: 'residential/us_pge_D202_2016-11_2017-09_15min.csv.gz',
		profile: 'us-pge',
		timeZone: 'America/Los_Angeles'
	}
];

export const COARSER_METERS: readonly RealMeter[] = [
	{
		file: 'residential/uk_lcl_MAC000002_2012-10_2014-02_30min_raw.csv.gz',
		profile: 'uk-lcl',
		timeZone: 'Europe/London'
	},
	{ file: 'residential/fr_sceaux_uci235_2007_hourly.csv.gz', profile: 'fr-sceaux', timeZone: 'Europe/Paris' }
];

/** Takes a file in through the product's importer, under an account of its own. */
export async function importRealMeter(app: App, { file, profile, timeZone }: RealMeter): Promise<void> {
	const suppliedFrom = localDate('2000-01-01');
	await addSupply(app, {
		customer: {
			customerNo: profile.replaceAll('-', '').toUpperCase(),
			kind: 'residential',
			displayName: profile
		},
		account: {
			accountNo: profile,
			supplyArea: 'bench',
			timeZone,
			currency: 'CNY',
			voltage: 'below_1kv',
			contractedCapacityVa: null,
			demandBasis: 'none',
			contractDemandW: null,
			powerFactorStandard: null,
			...USUAL_FACTS,
			address: profile,
			openedOn: suppliedFrom,
			closedOn: null
		},
		meter: { meterNo: profile, suppliedFrom }
	});
	await importFile(app, {
		source: await openImportFile(path.join(DATA_DIR, file)),
		targets: { kind: 'meter', meterNo: profile },
		profile: csvProfile(profile)
	});
}
