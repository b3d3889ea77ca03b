import { localDate, type LocalDate } from '#lib/domain/kernel/civil-time.ts';
import type { LocalizedText } from '#lib/domain/tariffs/tariff.ts';

export type DemoSourceKey = 'steel' | 'california' | 'london' | 'paris' | 'solar';

/** A real, published series of readings that a demo customer is supplied with. */
export interface DemoSource {
	readonly key: DemoSourceKey;
	/** Path below `drizzle/seed/data`. */
	readonly file: string;
	/** Name of the shipped CSV profile that reads it; `solar` nets load and PV output first. */
	readonly profile: 'kr-steel' | 'us-pge' | 'uk-lcl' | 'fr-sceaux' | 'solar';
	/** First and last day that the source covers from midnight to midnight. */
	readonly firstSourceDay: LocalDate;
	readonly lastSourceDay: LocalDate;
	readonly origin: {
		readonly title: string;
		readonly author: string;
		readonly licence: string;
		readonly licenceUrl: string;
		readonly address: string;
		readonly changes: LocalizedText;
	};
}

/** Installed PV of the solar household: an assumption, the source gives output per kW installed. */
export const SOLAR_INSTALLED_KW = 4;

const CC_BY_4_URL = 'https://creativecommons.org/licenses/by/4.0/';

export const DEMO_SOURCES: Readonly<Record<DemoSourceKey, DemoSource>> = {
	steel: {
		key: 'steel',
		file: 'industrial/kr_steel_2018_15min.csv.gz',
		profile: 'kr-steel',
		firstSourceDay: localDate('2018-01-01'),
		lastSourceDay: localDate('2018-12-31'),
		origin: {
			title: 'Steel Industry Energy Consumption (UCI Machine Learning Repository, no. 851)',
			author: 'Sathishkumar V E, Changsun Shin, Yongyun Cho',
			licence: 'CC BY 4.0',
			licenceUrl: CC_BY_4_URL,
			address: 'https://doi.org/10.24432/C52G8C',
			changes: {
				'zh-CN': '韩国光阳一家钢铁厂的实测数据，数值未改动；滞后无功作正向无功，超前无功作反向无功。',
				en:
					'Measured at a steel plant in Gwangyang, South Korea; values unchanged. Lagging reactive energy is ' +
					'shown as reactive import, leading as reactive export.'
			}
		}
	},
	california: {
		key: 'california',
		file: 'residential/us_pge_D202_2016-11_2017-09_15min.csv.gz',
		profile: 'us-pge',
		firstSourceDay: localDate('2016-11-01'),
		lastSourceDay: localDate('2017-09-30'),
		origin: {
			title: 'D202: electricity usage of a household in California, download of its utility',
			author: 'Jaganadh Gopinadhan',
			licence: 'MIT',
			licenceUrl: 'https://opensource.org/license/mit',
			address: 'https://github.com/jaganadhg/LSTM_Electricity_01',
			changes: {
				'zh-CN':
					'数值未改动；原数据标为估算的读数仍标为估算，缺失的日子和时段（含夏令时跳过的一小时）仍为缺失。',
				en:
					'Values unchanged. Readings that the source marks as estimated stay estimated; lost days and ' +
					'intervals, and the hour that daylight saving time skipped, stay missing.'
			}
		}
	},
	london: {
		key: 'london',
		file: 'residential/uk_lcl_MAC000002_2012-10_2014-02_30min_raw.csv.gz',
		profile: 'uk-lcl',
		firstSourceDay: localDate('2012-10-13'),
		lastSourceDay: localDate('2014-02-27'),
		origin: {
			title: 'SmartMeter Energy Consumption Data in London Households (Low Carbon London), MAC000002',
			author: 'UK Power Networks, London Datastore',
			licence: 'CC BY 4.0',
			licenceUrl: CC_BY_4_URL,
			address: 'https://data.london.gov.uk/dataset/smartmeter-energy-use-data-in-london-households',
			changes: {
				'zh-CN': '数值未改动；去除 17 行重复和 1 行无值记录，缺失的半小时仍为缺失；首尾不完整的两天未用。',
				en:
					'Values unchanged. 17 repeated rows and one row without a value are dropped, missing half hours ' +
					'stay missing; the incomplete first and last day are not used.'
			}
		}
	},
	paris: {
		key: 'paris',
		file: 'residential/fr_sceaux_uci235_2007_hourly.csv.gz',
		profile: 'fr-sceaux',
		firstSourceDay: localDate('2007-01-01'),
		lastSourceDay: localDate('2007-12-31'),
		origin: {
			title: 'Individual Household Electric Power Consumption (UCI Machine Learning Repository, no. 235)',
			author: 'Georges Hebrail, Alice Berard',
			licence: 'CC BY 4.0',
			licenceUrl: CC_BY_4_URL,
			address: 'https://doi.org/10.24432/C58K54',
			changes: {
				'zh-CN': '由每分钟功率汇总为每小时电量并取整到 Wh 和 varh；没有测量值的小时仍为缺失。',
				en: 'Summed from minutes to hours and rounded to Wh and varh; hours without a measurement stay missing.'
			}
		}
	},
	solar: {
		key: 'solar',
		file: 'residential/us_fontana_citylearn_b01_2016-08_2017-07_hourly.csv.gz',
		profile: 'solar',
		firstSourceDay: localDate('2016-08-01'),
		lastSourceDay: localDate('2017-07-30'),
		origin: {
			title: 'CityLearn Challenge 2022, building 1: house with photovoltaics in Fontana, California',
			author:
				'Intelligent Environments Laboratory (Vázquez-Canteli, Nweye, Nagy et al.), data from an EPRI study',
			licence: 'MIT',
			licenceUrl: 'https://opensource.org/license/mit',
			address: 'https://github.com/intelligent-environments-lab/CityLearn',
			changes: {
				'zh-CN':
					`光伏装机容量按 ${SOLAR_INSTALLED_KW} kW 假定；每小时用电量减去光伏发电量，` +
					'正值为下网电量，负值为上网电量（按小时相抵），取整到 Wh；首尾不完整的两天未用。',
				en:
					`${SOLAR_INSTALLED_KW} kW of installed photovoltaics is an assumption. Each hour's load minus its ` +
					'photovoltaic output is import where positive and export where negative (netted by the hour), ' +
					'rounded to Wh; the incomplete first and last day are not used.'
			}
		}
	}
};
